"""pye3dc 0.10.0 from PyPI, as it is, reads the simulated system, and its writes change it.

It has faults of its own: an answer in two segments, or with a checksum that ends in 00 (1 in 256), it takes for a lost
one and asks again over a new connection.  So the simulator sends in one piece; and no two of its frames are alike, so
asking again succeeds.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from heliobus.e3dc.simulator import E3dcSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import House, Plant, summer_noon
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.simulation.plant import Energy

# It replaces its sockets without closing them.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PLANT = Plant(11, house=replace(House.draw(11), commissioned=datetime(2026, 5, 1, tzinfo=UTC)))
NIGHT = datetime(2026, 6, 20, 23, 30, tzinfo=UTC)
MOMENTS = {"noon": summer_noon(PLANT), "night": NIGHT}
NOON = MOMENTS["noon"]
BERLIN = ZoneInfo(PLANT.house.timezone)
R = TypeVar("R")


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-6, abs=1e-9)


def whole(value: float) -> Any:
    return pytest.approx(value, abs=0.5)


def simulator(moment: datetime = NOON, **options: Any) -> E3dcSimulator:
    return E3dcSimulator(SimulationOptions(plant=PLANT, clock=FrozenClock(moment), **options))


@pytest.fixture(scope="module", autouse=True)
def e3dc() -> Any:
    return pytest.importorskip("e3dc", reason="the foreign client pye3dc is not installed")


def client(told: dict[str, Any], **changes: Any) -> Any:
    from e3dc import E3DC

    account = {name: told[name] for name in ("username", "password", "key", "port")}
    return E3DC(E3DC.CONNECT_LOCAL, ipAddress=told["host"], **account | changes)


async def using(device: E3dcSimulator, use: Callable[[Any], R]) -> R:
    """What ``use`` gives for a client of the device, on a thread as its sockets block."""

    def work() -> R:
        made = client(device.announcement())
        try:
            return use(made)
        finally:
            made.disconnect()

    async with device:
        return await asyncio.to_thread(work)


# -- reading


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("profile", ["s10e", "s10e-pro"])
async def test_poll(name: str, profile: str) -> None:
    moment = MOMENTS[name]
    now = PLANT.at(moment)
    found = await using(simulator(moment, profile=profile), lambda e3dc: e3dc.poll())
    used, made = found["consumption"], found["production"]
    assert made["solar"] + made["add"] == whole(now.pv)
    assert made["grid"] == whole(now.grid)
    assert used["battery"] == whole(-now.battery)
    assert used["house"] == pytest.approx(now.load, abs=1.5)
    assert used["wallbox"] == 0
    assert made["solar"] + made["add"] + made["grid"] == used["house"] + used["battery"] + used["wallbox"]
    assert (made["add"] > 0) == (profile == "s10e-pro" and name == "noon")
    assert found["stateOfCharge"] == whole(now.soc)
    assert found["autarky"] == pytest.approx(100 * (1 - max(now.grid, 0) / now.load), abs=0.5)
    assert found["time"] == moment


@pytest.mark.parametrize(
    ("profile", "model"),
    [("s10e", "S10E"), ("s10-mini", "S10_Mini"), ("quattroporte", "Quattroporte"), ("s10e-pro", "S10E_Pro")],
)
async def test_system_info(profile: str, model: str) -> None:
    device = simulator(profile=profile)
    found = await using(device, lambda e3dc: e3dc.get_system_info())
    house = PLANT.house
    assert found["model"] == model
    assert found["serial"] == device.announcement()["serial"][4:]
    assert found["installedPeakPower"] == house.peak_power
    assert found["installedBatteryCapacity"] == house.battery_capacity
    assert found["maxBatChargePower"] == house.max_charge
    assert found["maxBatDischargePower"] == house.max_discharge
    limit = house.peak_power if house.feed_in_limit is None else house.feed_in_limit
    assert found["deratePower"] == near(limit)
    assert found["deratePercent"] == pytest.approx(100 * limit / house.peak_power, rel=1e-6)
    assert found["release"] == "S10_2026_02"


async def test_system_status() -> None:
    device = simulator()
    found = await using(device, lambda e3dc: e3dc.get_system_status())
    assert {name for name, holds in found.items() if holds} == {
        "batteryModuleAlive",
        "dcdcAlive",
        "emsAlive",
        "powerMeterAlive",
        "powerSaveEnabled",
        "pvInverterInited",
        "pvModuleAlive",
        "serverConnectionAlive",
        "sysConfChecked",
        "wallBoxAlive",
    }


@pytest.mark.parametrize(("profile", "count"), [("s10e", 1), ("s10e-pro", 3)])
async def test_batteries(profile: str, count: int) -> None:
    now = PLANT.at(NOON)

    def use(e3dc: Any) -> tuple[Any, Any]:
        there = e3dc.get_batteries()
        return there, e3dc.get_batteries_data(there)

    there, found = await using(simulator(profile=profile), use)
    assert [battery["index"] for battery in there] == list(range(count))
    assert sum(battery["current"] for battery in found) == near(-now.battery_current)
    for battery in found:
        assert battery["rsoc"] == near(now.soc)
        assert battery["moduleVoltage"] == near(now.battery_voltage)
        assert len(battery["dcbs"]) == battery["dcbCount"]
        assert sum(dcb["current"] for dcb in battery["dcbs"].values()) == pytest.approx(battery["current"], rel=1e-6)
        for dcb in battery["dcbs"].values():
            assert sum(dcb["voltages"]) == near(now.battery_voltage)
            assert dcb["temperatures"] == [pytest.approx(now.battery_temperature, abs=0.51)] * 6


async def test_inverters() -> None:
    now = PLANT.at(NOON)

    def use(e3dc: Any) -> tuple[Any, Any]:
        there = e3dc.get_pvis()
        return there, e3dc.get_pvis_data(there)

    (there,), (found,) = await using(simulator(), use)
    assert (there["phases"], there["strings"]) == (PLANT.house.phases, len(now.strings))
    for place, string in enumerate(now.strings):
        assert found["strings"][place]["power"] == near(string.power)
        assert found["strings"][place]["voltage"] == near(string.voltage)
        assert found["strings"][place]["current"] == near(string.current)
    assert sum(phase["power"] for phase in found["phases"].values()) == pytest.approx(now.pv + now.battery, rel=1e-6)
    assert found["temperature"]["min"] == near(now.case_temperature)
    assert found["deviceState"]["working"] is True


@pytest.mark.parametrize(
    ("profile", "faults", "places"),
    [("s10e", (), [0]), ("quattroporte", (), [6]), ("s10e", ("pm-gaps",), [0, 1, 3, 6])],
)
async def test_power_meters(profile: str, faults: tuple[str, ...], places: list[int]) -> None:
    now = PLANT.at(NOON)

    def use(e3dc: Any) -> tuple[Any, Any]:
        return e3dc.get_powermeters(), e3dc.get_powermeter_data()

    there, root = await using(simulator(profile=profile, faults=faults), use)
    assert [meter["index"] for meter in there] == places
    assert root["index"] == places[0]
    for name, phase in zip(("L1", "L2", "L3"), now.grid_phases, strict=True):
        assert root["power"][name] == near(phase.power)
        assert root["voltage"][name] == near(phase.voltage)
    assert root["activePhases"] == "111"


async def test_power_meter_totals() -> None:
    total = PLANT.counters(NOON)
    root = await using(simulator(), lambda e3dc: e3dc.get_powermeter_data())
    assert sum(root["energy"].values()) == near(total.grid_import - total.grid_export)


async def test_wallbox() -> None:
    found = await using(simulator(), lambda e3dc: e3dc.get_wallbox_data())
    assert found == {
        "appSoftware": 9,
        "batteryToCar": 0,
        "chargingActive": False,
        "chargingCanceled": False,
        "consumptionNet": 0,
        "consumptionSun": 0,
        "energyAll": 188_383,
        "energyNet": 154_391,
        "energySun": 33_992,
        "index": 0,
        "keyState": 0,
        "maxChargeCurrent": 16,
        "phases": 3,
        "plugLocked": True,
        "plugged": True,
        "schukoOn": False,
        "soc": 64,
        "sunModeOn": True,
    }


async def test_switches() -> None:
    found = await using(simulator(), lambda e3dc: e3dc.poll_switches())
    assert [(switch["id"], switch["name"], switch["status"]) for switch in found] == [
        (1, "Pool", 0),
        (4, "Wärmepumpe", 1),
        (7, "Garten", 0),
    ]


def is_truth(found: dict[str, Any], energy: Energy) -> None:
    assert found["solarProduction"] == near(energy.pv)
    assert found["consumption"] == near(energy.load)
    assert found["bat_power_in"] == near(energy.charge)
    assert found["bat_power_out"] == near(energy.discharge)
    assert found["grid_power_in"] == near(energy.grid_export)
    assert found["grid_power_out"] == near(energy.grid_import)
    assert found["autarky"] == pytest.approx(100 * (1 - energy.grid_import / energy.load), rel=1e-5)


async def test_history_of_a_day() -> None:
    midnight = datetime(NOON.year, NOON.month, NOON.day, tzinfo=BERLIN) - timedelta(days=1)
    start = int(midnight.replace(tzinfo=UTC).timestamp())  # the wall clock, written as if it were UTC
    found = await using(simulator(), lambda e3dc: e3dc.get_db_data_timestamp(start, 86_400))
    is_truth(found, PLANT.energy(midnight, midnight + timedelta(days=1)))
    assert found["stateOfCharge"] == near(PLANT.at(midnight + timedelta(days=1)).soc)


@pytest.mark.parametrize(("timespan", "days"), [("DAY", 1), ("MONTH", 31)])
async def test_history_by_date(timespan: str, days: int) -> None:
    day = date(2026, 5, 1)
    found = await using(simulator(), lambda e3dc: e3dc.get_db_data(day, timespan))
    # It sends the time of midnight on the machine that it runs on; the device reads the digits as its own wall clock.
    sent = datetime.fromtimestamp(time.mktime(day.timetuple()), UTC).replace(tzinfo=BERLIN).astimezone(UTC)
    start = max(sent, PLANT.house.commissioned)
    is_truth(found, PLANT.energy(start, sent + timedelta(days=days)))


# -- writing


async def test_power_settings_are_written() -> None:
    device = simulator()

    def use(e3dc: Any) -> tuple[Any, ...]:
        codes = (
            e3dc.set_power_limits(enable=True, max_charge=500, max_discharge=600, discharge_start=70),
            e3dc.set_powersave(enable=False),
            e3dc.set_weather_regulated_charge(enable=True),
        )
        settings = e3dc.get_power_settings()
        return (*codes, settings, e3dc.set_power_limits(enable=True, max_charge=100_000, max_discharge=10))

    *codes, settings, beyond = await using(device, use)
    assert codes == [0, 0, 0]
    assert beyond == -1
    kept = device.device.settings
    assert (kept.limits_used, kept.max_charge, kept.discharge_start) == (True, 500, 65)
    assert (kept.max_discharge, kept.powersave, kept.weather_regulated) == (10, False, True)
    assert (settings["maxChargePower"], settings["maxDischargePower"]) == (500, 600)
    assert (settings["dischargeStartPower"], settings["powerLimitsUsed"]) == (70, True)
    assert (settings["powerSaveEnabled"], settings["weatherRegulatedChargeEnabled"]) == (0, 1)


async def test_limits_are_switched_off() -> None:
    device = simulator()
    device.device.settings.limits_used = True
    assert await using(device, lambda e3dc: e3dc.set_power_limits(enable=False)) == 0
    assert not device.device.settings.limits_used


@pytest.mark.parametrize(
    ("write", "attribute", "value"),
    [
        (lambda e3dc: e3dc.set_wallbox_max_charge_current(10), "max_current", 10),
        (lambda e3dc: e3dc.set_wallbox_sunmode(enable=False), "sun_mode", False),
        (lambda e3dc: e3dc.set_wallbox_schuko(on=True), "schuko", True),
        (lambda e3dc: e3dc.toggle_wallbox_charging(), "charging", True),
        (lambda e3dc: e3dc.toggle_wallbox_phases(), "phases", 1),
    ],
)
async def test_the_wallbox_obeys(write: Callable[[Any], bool], attribute: str, value: object) -> None:
    device = simulator()
    assert getattr(device.device.wallboxes[0], attribute) != value
    assert await using(device, write)
    assert getattr(device.device.wallboxes[0], attribute) == value


async def test_a_second_wallbox_obeys_by_itself() -> None:
    device = simulator(profile="s10e-pro")
    assert await using(device, lambda e3dc: e3dc.set_wallbox_max_charge_current(8, wbIndex=1))
    assert [box.max_current for box in device.device.wallboxes.values()] == [16, 8]


async def test_an_absent_wallbox_refuses() -> None:
    assert not await using(simulator(), lambda e3dc: e3dc.set_wallbox_sunmode(enable=False, wbIndex=1))


async def test_battery_to_car() -> None:
    def use(e3dc: Any) -> tuple[Any, Any]:
        return e3dc.set_battery_to_car_mode(enabled=True), e3dc.get_wallbox_data()["batteryToCar"]

    assert await using(simulator(), use) == (True, 1)


async def test_a_switch_is_switched() -> None:
    device = simulator()
    await using(device, lambda e3dc: e3dc.set_switch_onoff(7, "on"))  # it answers False whatever happened
    assert [switch.on for switch in device.device.switches] == [False, True, True]


# -- errors


async def test_a_wrong_key() -> None:
    async with simulator() as device:
        from e3dc._e3dc_rscp_local import RSCPKeyError  # it has no public name

        with pytest.raises(RSCPKeyError):
            await asyncio.to_thread(client, device.announcement(), key="wrong")
        assert device.frames == 0


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody"}])
async def test_a_wrong_password(e3dc: Any, wrong: dict[str, str]) -> None:
    async with simulator() as device:
        with pytest.raises(e3dc.AuthenticationError):
            await asyncio.to_thread(client, device.announcement(), **wrong)


async def test_the_local_user() -> None:
    async with simulator() as device:
        told = device.announcement() | {"username": "local.user", "password": "offline password"}
        made = await asyncio.to_thread(client, told)
        assert made.serialNumber == told["serial"][4:]
        made.disconnect()
