"""The OpenAPI V1 of the simulated cloud, read and written by growattServer from PyPI (see ``test_growattserver``)."""

from __future__ import annotations

import asyncio
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.simulation.plant import Plant
from tests.growatt.conftest import HOUSE, NOON, PLANT, running
from tests.interop.test_growattserver import kilo, library

if TYPE_CHECKING:
    from collections.abc import Callable

NOW, TOTAL = PLANT.at(NOON), PLANT.counters(NOON)
DAY = date(2026, 6, 20)
with_v1 = pytest.mark.parametrize("number", ["1.7.1", "2.2.0"])


def near(value: float) -> object:
    return pytest.approx(value, abs=0.051)


async def asked(number: str, *steps: Callable[[Any, dict[str, Any]], Any], profile: str = "tlx") -> list[Any]:
    """What each step gives, run as the foreign program runs: blocking; ten minutes pass between two."""
    found: list[Any] = []
    async with running(profile=profile) as cloud:

        def run(step: Callable[[Any, dict[str, Any]], Any]) -> Any:
            with library(number) as growatt:
                told = cloud.told
                api = growatt.OpenApiV1(token=told["token"])
                api.api_url = f"{told['base_url']}v1/"
                return step(api, {**told, "plant": int(cloud.simulator.account.plant_id), "library": growatt})

        for step in steps:
            found.append(await asyncio.to_thread(run, step))
            await cloud.clock.advance(600)
    return found


@with_v1
async def test_it_finds_plants_and_devices(number: str) -> None:
    def ask(api: Any, told: dict[str, Any]) -> Any:
        plant = told["plant"]
        return (
            told, api.plant_list(), api.plant_details(plant), api.plant_energy_overview(plant),
            api.plant_power_overview(plant, DAY), api.plant_energy_history(plant, DAY, DAY), api.device_list(plant),
        )  # fmt: skip

    ((told, plants, details, overview, power, history, devices),) = await asked(number, ask)
    assert [plant["plant_id"] for plant in plants["plants"]] == [told["plant"]]
    assert details["timezone"] == "GMT+2"
    assert overview["current_power"] == kilo(NOW.pv, 2)
    assert overview["total_energy"] == kilo(TOTAL.pv, 1)
    newest = max((line for line in power["powers"] if line["power"] is not None), key=lambda line: line["time"])
    assert newest == {"time": "2026-06-20 12:30:00", "power": near(NOW.pv)}
    assert history["energys"][0]["date"] == "2026-06-20"
    assert [(one["device_sn"], one["type"]) for one in devices["devices"]] == [(told["serial"], 7)]


@with_v1
async def test_it_finds_three_in_one_plant_and_reads_each(number: str) -> None:
    def ask(api: Any, told: dict[str, Any]) -> Any:
        devices = api.device_list(told["plant"])["devices"]
        return [(one["device_sn"], api.min_energy(one["device_sn"])["ppv"]) for one in devices]

    (found,) = await asked(number, ask, profile="tlx+tlx+tlx")
    plants = [Plant(seed, house=HOUSE) for seed in (7, 8, 9)]
    assert found == [(f"SIMTLX000000{plant.seed}", near(plant.at(NOON).pv)) for plant in plants]


@with_v1
async def test_it_reads_a_min(number: str) -> None:
    def ask(api: Any, told: dict[str, Any]) -> Any:
        serial = told["serial"]
        return (
            api.min_detail(serial), api.min_energy(serial), api.min_settings(serial),
            api.min_energy_history(serial, DAY, DAY, None, 1, 5),
        )  # fmt: skip

    ((detail, energy, settings, history),) = await asked(number, ask)
    assert detail["tlxSetbean"] == {name: settings[name] for name in detail["tlxSetbean"]}
    assert energy["ppv"] == near(NOW.pv)
    assert energy["pacToLocalLoad"] == near(NOW.load)
    assert energy["pacToUserTotal"] - energy["pacToGridTotal"] == near(NOW.grid)
    assert energy["bdc1DischargePower"] - energy["bdc1ChargePower"] == near(NOW.battery)
    assert energy["etoUserTotal"] == kilo(TOTAL.grid_import, 1)
    assert energy["bmsSoc"] == pytest.approx(NOW.soc, abs=0.51)
    assert (history["count"], len(history["datas"]), history["next_page_start_id"]) == (151, 5, 6)
    assert history["datas"][0]["ppv"] == energy["ppv"]


@with_v1
async def test_it_writes_and_reads_time_segments_and_parameters(number: str) -> None:
    def write(api: Any, told: dict[str, Any]) -> Any:
        serial = told["serial"]
        api.min_write_time_segment(serial, 3, 1, time(13, 30), time(15, 0), enabled=True)
        api.min_write_parameter(serial, "charge_power", 80)
        return api.min_read_parameter(serial, "charge_power")

    def read(api: Any, told: dict[str, Any]) -> Any:
        return api.min_read_time_segments(told["serial"])

    power, segments = await asked(number, write, read)
    assert power == "80"
    assert len(segments) == 9
    assert segments[2] == {
        "segment_id": 3, "batt_mode": 1, "mode_name": "Battery First", "start_time": "13:30", "end_time": "15:00",
        "enabled": True,
    }  # fmt: skip
    assert not segments[0]["enabled"]


@with_v1
async def test_it_is_told_why_not(number: str) -> None:
    def ask(api: Any, told: dict[str, Any]) -> Any:
        serial, error = told["serial"], told["library"].exceptions.GrowattV1ApiError
        api.min_energy(serial)
        codes = []
        calls: tuple[Callable[[], Any], ...] = (
            lambda: api.min_energy(serial),
            lambda: api.min_energy("FOREIGN"),
            lambda: api.min_write_parameter(serial, "charge_power", 180),
            lambda: api.min_write_parameter(serial, "nothing", 1),
            lambda: api.min_write_time_segment(serial, 1, 0, time(15), time(13)),
        )
        for call in calls:
            with pytest.raises(error) as caught:
                call()
            codes.append(caught.value.error_code)
        return codes

    assert await asked(number, ask) == [[10012, 10002, 10008, 10006, 10013]]


async def test_it_reads_a_sph() -> None:
    def ask(api: Any, told: dict[str, Any]) -> Any:
        serial = told["serial"]
        return (
            api.sph_detail(serial), api.sph_energy(serial), api.sph_energy_history(serial, DAY, DAY),
            api.get_device(serial, 5).device_sn == serial,
        )  # fmt: skip

    ((detail, energy, history, is_same),) = await asked("2.2.0", ask, profile="mix")
    assert detail["chargePowerCommand"] == 100
    assert energy["ppv"] == near(NOW.pv)
    assert energy["pacToUserR"] - energy["pacToGridTotal"] == near(NOW.grid)
    assert energy["pdischarge1"] - energy["pcharge1"] == near(NOW.battery)
    assert energy["plocalLoadTotal"] == near(NOW.load)
    assert energy["epvTotal"] == kilo(TOTAL.pv, 1)
    assert energy["echarge1Total"] == kilo(TOTAL.charge, 1)
    assert (history["count"], len(history["datas"])) == (151, 20)
    assert is_same


async def test_it_writes_and_reads_the_periods_of_a_sph() -> None:
    night = {"start_time": time(1, 30), "end_time": time(4, 0), "enabled": True}
    never = {"start_time": time(0, 0), "end_time": time(0, 0), "enabled": False}

    def write(api: Any, told: dict[str, Any]) -> Any:
        serial = told["serial"]
        api.sph_write_ac_charge_times(serial, 80, 95, mains_enabled=True, periods=[night, never, never])
        api.sph_write_ac_discharge_times(serial, 60, 20, periods=[never, night, never])
        api.sph_write_parameter(serial, "pv_active_p_rate", 70)
        return api.sph_read_parameter(serial, "pv_active_p_rate")

    def read(api: Any, told: dict[str, Any]) -> Any:
        settings = api.sph_detail(told["serial"])
        return (
            api.sph_read_ac_charge_times(told["serial"], settings),
            api.sph_read_ac_discharge_times(told["serial"], settings),
        )

    rate, (charge, discharge) = await asked("2.2.0", write, read, profile="mix")
    assert rate == "70"
    shown = {"start_time": "01:30", "end_time": "04:00", "enabled": True}
    assert (charge["charge_power"], charge["charge_stop_soc"], charge["mains_enabled"]) == (80, 95, True)
    assert charge["periods"][0] == {"period_id": 1, **shown}
    assert (discharge["discharge_power"], discharge["discharge_stop_soc"]) == (60, 20)
    assert discharge["periods"][1] == {"period_id": 2, **shown}
    assert not charge["periods"][1]["enabled"]
