"""The wallbox of the house is the first of the system: it shows the house's car, and the house obeys its settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.client import AsyncClient
from heliobus.model.command import WallboxLimit
from heliobus.simulation import truth
from heliobus.simulation.plant import House, Plant, Wallbox

if TYPE_CHECKING:
    from .conftest import Bench, Start

# The car has just come home, and needs hours.
EVENING = datetime(2026, 6, 22, 16, tzinfo=UTC)
BOX = Wallbox(solar=False, car_capacity=200_000.0)


def plant(box: Wallbox = BOX) -> Plant:
    return Plant(7, house=replace(House.draw(7), wallbox=box, commissioned=datetime(2026, 6, 1, tzinfo=UTC)))


def client_of(bench: Bench) -> AsyncClient:
    told = bench.simulator.announcement()
    return AsyncClient(
        told["host"],
        port=told["port"],
        username=told["username"],
        password=told["password"],
        key=told["key"],
        clock=bench.clock,
    )


@pytest.mark.parametrize(("profile", "index"), [("s10e", 0), ("s10e-2019", 0), ("s10e-pro", 0)])
async def test_it_is_the_house_s(start: Start, profile: str, index: int) -> None:
    bench = await start(at=EVENING, plant=plant(), profile=profile)
    true = truth.powers(plant(), EVENING) | truth.energies(plant(), EVENING)
    assert true["wallboxes.1.power"] > 10_000
    async with client_of(bench) as client:
        snapshot = await client.read()
    box = snapshot.wallboxes[index]
    assert box.power == pytest.approx(true["wallboxes.1.power"], abs=0.5)
    assert box.energy == pytest.approx(true["wallboxes.1.energy"], abs=1)
    assert box.car_soc == pytest.approx(true["wallboxes.1.car_soc"], abs=0.5)
    assert (box.current_limit, box.car_connected, box.state, box.mode) == (16, True, "charging", "mixed")
    assert snapshot.load.power == pytest.approx(true["load.power"], abs=2)
    assert snapshot.residual == pytest.approx(0, abs=1e-6)


async def test_a_car_that_is_away(start: Start) -> None:
    bench = await start(at=EVENING.replace(hour=10), plant=plant())
    async with client_of(bench) as client:
        (box,) = (await client.read()).wallboxes
    assert (box.power, box.car_connected, box.car_soc, box.state) == (0, False, None, "no car")


@pytest.mark.parametrize("profile", ["s10e", "s10e-2019"])
async def test_the_house_obeys(start: Start, profile: str) -> None:
    bench = await start(at=EVENING, plant=plant(), profile=profile)
    async with client_of(bench) as client:
        await client.execute(WallboxLimit(id="1", current=8.0))
        (box,) = (await client.read()).wallboxes
        assert box.power == 8 * 3 * 230
        assert bench.simulator.plant.at(bench.clock.now()).wallbox != plant().at(bench.clock.now()).wallbox


async def test_stopping_and_going_on(start: Start) -> None:
    bench = await start(at=EVENING, plant=plant())
    device = bench.simulator.device
    box = device.moment().wallbox(0)
    for aborted, power in ((True, 0), (False, 11_040)):
        box.aborted = aborted
        device.set_wallbox(box, now=bench.clock.now())
        now = device.moment().now.wallbox
        assert now is not None
        assert now.power == power


async def test_a_solar_box_is_one(start: Start) -> None:
    bench = await start(at=EVENING, plant=plant(Wallbox(phases=1, max_current=10.0)))
    async with client_of(bench) as client:
        (box,) = (await client.read()).wallboxes
    assert (box.mode, box.current_limit) == ("sun", 10)
