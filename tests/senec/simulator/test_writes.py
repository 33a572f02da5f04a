"""What the simulated appliance does with writes beside the forced charge (SPEC 5.2 to 5.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from heliobus.senec.simulator.appliance import AWAY, DOWN, HOLD, LAG, OVERWRITES, TEST
from heliobus.senec.simulator.login import SETTLES, USERS
from heliobus.simulation.house import Wallbox
from heliobus.simulation.plant import House, Plant

from .conftest import new_house

if TYPE_CHECKING:
    from datetime import timedelta

    from .conftest import Bench, Start

EVENING = datetime(2026, 6, 19, 18, 30, tzinfo=UTC)  # a Friday: the car is back, the sun is not gone
POWERS = ("GUI_INVERTER_POWER", "GUI_GRID_POW", "GUI_HOUSE_POW", "GUI_BAT_DATA_POWER", "STAT_STATE")


async def pass_(bench: Bench, time: timedelta) -> None:
    await bench.clock.advance(time.total_seconds())


async def told(bench: Bench, section: str, *names: str) -> list[Any]:
    return list((await bench.ask({section: dict.fromkeys(names, "")}))[section].values())


async def press(bench: Bench, name: str, section: str = "ENERGY") -> Any:
    return (await bench.ask({section: {name: "u8_01"}}))[section][name]


# -- storage mode


async def test_the_storage_mode_stops_battery_and_sun(start: Start) -> None:
    bench = await start()
    before = await told(bench, "ENERGY", *POWERS)
    assert await press(bench, "LI_STORAGE_MODE_START") == 1
    assert await told(bench, "ENERGY", "LI_STORAGE_MODE_RUNNING", *POWERS) == [0, *before]
    await pass_(bench, LAG)
    pv, grid, house, battery, state = await told(bench, "ENERGY", *POWERS)
    assert (pv, battery, state) == (0, 0, 64)
    assert grid == pytest.approx(house)
    assert await told(bench, "ENERGY", "LI_STORAGE_MODE_RUNNING") == [1]
    assert (await told(bench, "PV1", "MPP_POWER"))[0] == [0, 0, 0]
    assert sum((await told(bench, "PM1OBJ1", "P_AC"))[0]) == pytest.approx(grid, rel=1e-4)
    await press(bench, "SAFE_CHARGE_FORCE")
    await pass_(bench, HOLD)
    assert (await told(bench, "ENERGY", "GUI_BAT_DATA_POWER", "SAFE_CHARGE_RUNNING")) == [0, 0]

    await press(bench, "LI_STORAGE_MODE_STOP")
    await pass_(bench, LAG)
    assert await told(bench, "ENERGY", "LI_STORAGE_MODE_RUNNING", "STAT_STATE", "GUI_INVERTER_POWER") == [0, 65, 0]
    await pass_(bench, TEST)
    pv, _, _, battery, state = await told(bench, "ENERGY", *POWERS)
    assert pv > 0
    assert battery > 0
    assert state == 14


async def test_ending_a_storage_mode_that_is_not_changes_nothing(start: Start) -> None:
    bench = await start()
    await press(bench, "LI_STORAGE_MODE_STOP")
    await pass_(bench, LAG)
    assert bench.simulator.plant.overrides == ()
    assert (await told(bench, "ENERGY", "STAT_STATE"))[0] == 14


# -- reboot


async def test_a_reboot_takes_minutes_and_ends_a_forced_charge(start: Start) -> None:
    bench = await start()
    await bench.ask({"SOCKETS": {"ENABLE": ["u8_01", ""]}})
    await press(bench, "SAFE_CHARGE_FORCE")
    await pass_(bench, LAG)
    assert await press(bench, "USER_REBOOT_DEVICE", "SYS_UPDATE") == 1
    await pass_(bench, DOWN)
    asked = bench.simulator.requests
    for path in ("lala.cgi", "js/DE-de.js"):
        with pytest.raises(aiohttp.ClientError):
            await bench.session.get(bench.url + path)
    assert bench.simulator.requests == asked
    assert bench.simulator.plant.at(bench.clock.now()).battery == 0
    await pass_(bench, AWAY)
    assert await told(bench, "ENERGY", "SAFE_CHARGE_RUNNING", "STAT_STATE") == [0, 14]
    assert await told(bench, "SYS_UPDATE", "USER_REBOOT_DEVICE") == [0]
    assert await told(bench, "SOCKETS", "ENABLE") == [[1, 0]]


# -- login


async def log_in(bench: Bench, user: str, password: str) -> list[Any]:
    typed = {"USERNAME": f"st_{user}", "PASSWORD": f"st_{password}", "LOG_IN_BUTT": "u8_01"}
    answer = await bench.raw({"LOG": {"USER_LEVEL": "", **typed}})
    assert answer["LOG"]["PASSWORD"] == answer["LOG"]["USERNAME"] == "st_"
    await pass_(bench, SETTLES)
    return await told(bench, "LOG", "USER_LEVEL", "LOG_IN_NOK_COUNT")


async def test_a_login_opens_what_is_forbidden(start: Start) -> None:
    bench = await start()
    secret = {"ENERGY": {"GUI_CAP_TEST_START": ""}}
    assert await log_in(bench, "fitter", "south roof_30") == [0, 1]
    assert await log_in(bench, "nobody", "") == [0, 2]
    assert await log_in(bench, "resident", USERS["resident"].password) == [1, 2]
    assert await bench.raw(secret) == {"ENERGY": {"GUI_CAP_TEST_START": "FORBIDDEN"}}
    assert await log_in(bench, "fitter", USERS["fitter"].password) == [2, 2]
    assert await bench.raw(secret) == {"ENERGY": {"GUI_CAP_TEST_START": "u8_00"}}
    await press(bench, "LOG_OUT_BUTT", "LOG")
    assert await told(bench, "LOG", "USER_LEVEL") == [0]
    assert await bench.raw(secret) == {"ENERGY": {"GUI_CAP_TEST_START": "FORBIDDEN"}}


# -- sockets


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ({}, 0),
        ({"FORCE_ON": "u8_01", "ENABLE": "u8_01"}, 1),
        ({"ENABLE": "u8_01"}, 0),
        ({"ENABLE": "u8_01", "UPPER_LIMIT": "u1_0001"}, 1),
        ({"ENABLE": "u8_01", "UPPER_LIMIT": "u1_4E20"}, 0),
        ({"UPPER_LIMIT": "u1_0001"}, 0),
        # 12:30 local time at NOON
        ({"ENABLE": "u8_01", "USE_TIME": "u8_01", "SWITCH_ON_HOUR": "u8_0C", "TIME_LIMIT": "u1_001E"}, 0),
        ({"ENABLE": "u8_01", "USE_TIME": "u8_01", "SWITCH_ON_HOUR": "u8_0C", "TIME_LIMIT": "u1_001F"}, 1),
        ({"ENABLE": "u8_01", "SWITCH_ON_HOUR": "u8_0C", "TIME_LIMIT": "u1_001F"}, 0),
    ],
)
async def test_a_socket_is_on_as_it_was_set(start: Start, written: dict[str, str], on: int) -> None:
    small = Plant(7, house=replace(new_house().house, battery_capacity=100.0, max_charge=50.0))  # it feeds in
    bench = await start(plant=small)
    await bench.ask({"SOCKETS": {name: ["", value] for name, value in written.items()}})
    assert (await told(bench, "SOCKETS", "POWER_ON"))[0] == [0, on]


# -- wallboxes


async def test_a_waiting_car_is_locked_out(start: Start) -> None:
    bench = await start(profile="v2.1")
    assert (await told(bench, "WALLBOX", "STATE"))[0] == [0xB2, 0, 0, 0]
    await bench.ask({"WALLBOX": {"PROHIBIT_USAGE": ["u8_01", "", "", ""]}})
    assert (await told(bench, "WALLBOX", "STATE"))[0] == [0xC1, 0, 0, 0]


def with_car() -> Plant:
    house = replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC), wallbox=Wallbox(solar=False))
    return Plant(7, house=house)


async def test_the_car_obeys_the_settings(start: Start) -> None:
    bench = await start(plant=with_car(), at=EVENING)
    names = ("STATE", "EV_CONNECTED", "APPARENT_CHARGING_POWER", "SET_ICMAX", "SMART_CHARGE_ACTIVE")

    async def first() -> list[float]:
        return [places[0] for places in await told(bench, "WALLBOX", *names)]

    assert await first() == pytest.approx([0xC2, 1, 16 * 3 * 230, 16, 0])
    house, grid, battery, pv = await told(
        bench, "ENERGY", "GUI_HOUSE_POW", "GUI_GRID_POW", "GUI_BAT_DATA_POWER", "GUI_INVERTER_POWER"
    )
    assert house == pytest.approx(pv + grid - battery - 16 * 3 * 230, abs=0.01)
    await bench.ask({"WALLBOX": {"SET_ICMAX": ["fl_41000000", "", "", ""]}})
    await pass_(bench, LAG)
    assert await first() == pytest.approx([0xC2, 1, 8 * 3 * 230, 8, 0])
    await bench.ask({"WALLBOX": {"PROHIBIT_USAGE": ["u8_01", "", "", ""]}})
    await pass_(bench, LAG)
    assert await first() == pytest.approx([0xC1, 1, 0, 8, 0])


async def test_the_cloud_overwrites_a_wallbox_and_nothing_else(start: Start) -> None:
    bench = await start(plant=with_car(), at=EVENING, faults=("cloud-overwrites",))
    await bench.ask({"WALLBOX": {"SET_ICMAX": ["fl_41000000", "", "", ""]}, "SOCKETS": {"ENABLE": ["u8_01", ""]}})
    await pass_(bench, OVERWRITES)
    assert (await told(bench, "WALLBOX", "SET_ICMAX"))[0][0] == 16
    assert (await told(bench, "SOCKETS", "ENABLE"))[0] == [1, 0]
    await pass_(bench, LAG)
    assert (await told(bench, "WALLBOX", "APPARENT_CHARGING_POWER"))[0][0] == pytest.approx(16 * 3 * 230)


# -- faults


@pytest.mark.parametrize("word", ["FORBIDDEN", "MALFORMED_VALUE"])
async def test_a_refused_write_changes_nothing(start: Start, word: str) -> None:
    bench = await start(faults=("write-" + word.partition("_")[0].lower(),))
    answer = await bench.raw({"SOCKETS": {"ENABLE": ["u8_01", ""], "FORCE_ON": ""}})
    assert answer["SOCKETS"] == {"ENABLE": word, "FORCE_ON": ["u8_00", "u8_00"]}
    assert await told(bench, "SOCKETS", "ENABLE") == [[0, 0]]


@pytest.mark.parametrize(("fault", "enabled"), [("write-lost", 0), ("write-unanswered", 1)])
async def test_a_write_without_an_answer(start: Start, fault: str, enabled: int) -> None:
    bench = await start(faults=(fault,))
    with pytest.raises(aiohttp.ClientError):
        await bench.raw({"SOCKETS": {"ENABLE": ["u8_01", ""]}})
    assert await told(bench, "SOCKETS", "ENABLE") == [[enabled, 0]]


async def test_a_write_into_a_reboot(start: Start) -> None:
    bench = await start(faults=("write-reboots",))
    with pytest.raises(aiohttp.ClientError):
        await bench.raw({"SOCKETS": {"ENABLE": ["u8_01", ""]}})
    with pytest.raises(aiohttp.ClientError):
        await bench.raw({"SOCKETS": {"ENABLE": ""}})
    await pass_(bench, AWAY)
    assert await told(bench, "SOCKETS", "ENABLE") == [[0, 0]]
