"""Clients that know nothing of heliobus read the simulated appliance: pysenec 0.3.0 from PyPI, and a bare POST."""

from __future__ import annotations

import asyncio
import json
import struct
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from heliobus.senec.simulator import SenecSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import House, Plant, summer_noon
from heliobus.vendor import SimulationOptions

NIGHT = datetime(2026, 6, 20, 23, 30, tzinfo=UTC)
PLANT = Plant(11, house=replace(House.draw(11), commissioned=datetime(2026, 5, 1, tzinfo=UTC)))
MOMENTS = {"noon": summer_noon(PLANT), "night": NIGHT}


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-6, abs=1e-9)


def simulator(moment: datetime, profile: str) -> SenecSimulator:
    return SenecSimulator(SimulationOptions(plant=PLANT, clock=FrozenClock(moment), profile=profile))


async def read(moment: datetime, profile: str) -> Any:
    pysenec = pytest.importorskip("pysenec", reason="the foreign client pysenec is not installed")
    async with simulator(moment, profile) as device, aiohttp.ClientSession() as session:
        told = device.announcement()
        client = pysenec.Senec(f"{told['host']}:{told['port']}", session)
        await client.update()
        assert device.requests == 1
    return client


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("profile", ["0811", "0826"])
async def test_pysenec_reads_the_powers(name: str, profile: str) -> None:
    moment = MOMENTS[name]
    now = PLANT.at(moment)
    client = await read(moment, profile)
    assert client.solar_generated_power == near(now.pv)
    assert client.house_power == pytest.approx(now.load, rel=1e-6)
    assert client.grid_state_power == near(now.grid)
    assert client.grid_imported_power == near(max(now.grid, 0))
    assert client.grid_exported_power == near(max(-now.grid, 0))
    assert client.battery_state_power == near(-now.battery)
    assert client.battery_charge_power == near(max(-now.battery, 0))
    assert client.battery_discharge_power == near(max(now.battery, 0))
    assert client.battery_charge_percent == near(now.soc)
    assert client.battery_temp == near(now.battery_temperature)
    assert client.case_temp == near(now.case_temperature)
    assert client.system_state == {"noon": "CHARGE", "night": "DISCHARGE"}[name]


async def test_pysenec_reads_the_totals_of_old_firmware() -> None:
    moment = MOMENTS["noon"]
    total = PLANT.counters(moment)
    client = await read(moment, "0811")
    assert 1000 * client.solar_total_generated == near(total.pv)
    assert 1000 * client.house_total_consumption == near(total.load)
    assert 1000 * client.grid_total_import == near(total.grid_import)
    assert 1000 * client.grid_total_export == near(total.grid_export)
    assert 1000 * client.battery_total_charged == near(total.charge)
    assert 1000 * client.battery_total_discharged == near(total.discharge)


async def test_pysenec_finds_no_totals_on_new_firmware() -> None:
    assert (await read(MOMENTS["noon"], "0826")).solar_total_generated == "VARIABLE_NOT_FOUND"


async def test_a_bare_post_reads_the_powers() -> None:
    moment = MOMENTS["noon"]

    def post(url: str) -> bytes:
        with urllib.request.urlopen(url, data=b'{"ENERGY":{"GUI_GRID_POW":""},"PV1":{"MPP_POWER":""}}') as answer:
            assert answer.status == 200
            return bytes(answer.read())

    async with simulator(moment, "0826") as device:
        answer = json.loads(await asyncio.to_thread(post, device.announcement()["base_url"] + "lala.cgi"))

    def number(leaf: str) -> float:
        assert leaf.startswith("fl_")
        return float(struct.unpack(">f", bytes.fromhex(leaf.removeprefix("fl_")))[0])

    now = PLANT.at(moment)
    assert number(answer["ENERGY"]["GUI_GRID_POW"]) == near(now.grid)
    assert sum(number(leaf) for leaf in answer["PV1"]["MPP_POWER"]) == near(now.pv)
