from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import Item, Type

from .conftest import in_container

if TYPE_CHECKING:
    from .conftest import Link, Start


async def meter(link: Link, index: int, *asked: Item | str) -> list[Item]:
    return await in_container(link, "PM", Type.UINT16, index, *asked)


async def types(link: Link) -> dict[int, float]:
    found = {}
    for index in range(8):
        (answer,) = await meter(link, index, "PM_REQ_TYPE")
        if answer.number is not None:
            found[index] = answer.number
    return found


@pytest.mark.parametrize(
    ("profile", "there"),
    [("s10e", {0: 1}), ("s10-mini", {6: 1}), ("quattroporte", {6: 1}), ("s10e-pro", {0: 1, 1: 3})],
)
async def test_where_the_meters_are(start: Start, profile: str, there: dict[int, float]) -> None:
    bench = await start(profile=profile)
    link = await bench.log_in()
    assert await types(link) == there
    bench.simulator.faults = ("pm-gaps",)
    assert await types(link) == {0: 1, 1: 4, 3: 3, 6: 7}


async def test_the_root_meter_is_the_grid(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    now = bench.simulator.plant.at(bench.clock.now())
    total = bench.simulator.plant.counters(bench.clock.now())
    net = 0.0
    for place, phase in enumerate(now.grid_phases, 1):
        power, volts, energy = await meter(
            link, 0, f"PM_REQ_POWER_L{place}", f"PM_REQ_VOLTAGE_L{place}", f"PM_REQ_ENERGY_L{place}"
        )
        assert (power.type, power.value) == (Type.DOUBLE64, phase.power)
        assert volts.number == pytest.approx(phase.voltage, rel=1e-6)
        net += energy.number or 0.0
    assert net == pytest.approx(total.grid_import - total.grid_export)


async def test_a_foreign_inverter_s_meter(start: Start) -> None:
    link = await (await start(profile="s10e-pro")).log_in()
    powers = await meter(link, 1, *(f"PM_REQ_POWER_L{phase}" for phase in (1, 2, 3)))
    add = await link.one("EMS_REQ_POWER_ADD")
    assert sum(power.number or 0.0 for power in powers) == pytest.approx(add.number)
    assert (add.number or 0) < 0
