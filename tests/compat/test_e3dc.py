"""``heliobus.compat.e3dc`` beside pye3dc 0.10.0, both reading the same system that stands still."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus import errors
from heliobus.compat import e3dc as compat
from heliobus.e3dc.protocol import tags
from heliobus.e3dc.simulator.settings import CHARGE, DISCHARGE, Idle
from tests.compat.conftest import NOON, access, local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.compat.conftest import Start

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # pye3dc drops sockets

MIDNIGHT = round(datetime(2026, 6, 19, tzinfo=UTC).timestamp())
WALLBOXES = {"s10-mini": 0}
READS: list[tuple[str, tuple[Any, ...]]] = [
    ("poll", ()),
    ("poll_switches", ()),
    ("get_system_info", ()),
    ("get_system_status", ()),
    ("get_power_settings", ()),
    ("get_batteries", ()),
    ("get_battery_data", ()),
    ("get_battery_data", (0, [0])),
    ("get_batteries_data", ()),
    ("get_pvis", ()),
    ("get_pvi_data", ()),
    ("get_pvi_data", (0, [1], [0, 2])),
    ("get_pvis_data", ()),
    ("get_powermeters", ()),
    ("get_powermeter_data", ()),
    ("get_powermeters_data", ()),
    ("get_wallbox_data", ()),
    ("get_db_data_timestamp", (MIDNIGHT, 86400)),
    ("get_db_data_timestamp", (MIDNIGHT + 3600, 7200)),
    ("get_db_data_timestamp", (MIDNIGHT, 0)),
    ("get_db_data", (date(2026, 6, 19),)),
    ("get_db_data", (date(2026, 5, 31), "MONTH")),
    ("get_db_data", (date(2026, 6, 1), "YEAR")),
    ("sendRequest", (("EMS_REQ_POWER_PV", "None", None),)),
    ("sendRequest", (("BAT_REQ_DATA", "Container", [("BAT_INDEX", "Uint16", 0), ("BAT_REQ_RSOC", "None", None)]),)),
    ("sendRequest", (("INFO_REQ_UTC_TIME", "None", None),)),
    ("sendRequestTag", ("INFO_REQ_SERIAL_NUMBER",)),
    ("get_system_info_static", ()),
]
BETTER = {
    "seriesCellCount": "pye3dc gives 0 and never looks",
}


@pytest.fixture(scope="module")
def pye3dc() -> Any:
    return pytest.importorskip("e3dc", reason="pye3dc, the library that is compared with, is not installed")


@pytest.fixture(autouse=True)
def computer_in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where pye3dc's days are those of the device."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def foreign(pye3dc: Any, system: Any) -> Any:
    return pye3dc.E3DC(pye3dc.E3DC.CONNECT_LOCAL, **access(system))


def assert_holds(ours: Any, theirs: Any, path: str) -> None:
    """Ours has all that theirs has, the same in value and type."""
    if isinstance(theirs, dict):
        assert isinstance(ours, dict), path
        assert theirs.keys() <= ours.keys(), path
        for key, value in theirs.items():
            if key not in BETTER:
                assert_holds(ours[key], value, f"{path}.{key}")
    elif isinstance(theirs, list | tuple):
        assert (type(ours), len(ours)) == (type(theirs), len(theirs)), path
        for place, value in enumerate(theirs):
            assert_holds(ours[place], value, f"{path}[{place}]")
    else:
        assert (type(ours), ours) == (type(theirs), theirs), path


# -- reading


@pytest.mark.parametrize("profile", ["s10e", "s10e-pro", "s10-mini", "quattroporte", "s10e-2019"])
def test_every_read_gives_what_pye3dc_gives(start: Start, pye3dc: Any, profile: str) -> None:
    system = start(profile=profile)
    ours, theirs = local(system), foreign(pye3dc, system)
    for name, arguments in READS:
        if name == "get_wallbox_data" and not system.device.built.wallboxes:
            continue
        got, wanted = (getattr(one, name)(*arguments, keepAlive=True) for one in (ours, theirs))
        assert_holds(got, wanted, name)


def test_several_batteries_and_inverters(start: Start, pye3dc: Any) -> None:
    system = start(profile="s10e-pro")
    ours, theirs = local(system), foreign(pye3dc, system)
    for kind, number in (("batteries", 3), ("pvis", 2), ("powermeters", 2)):
        found = getattr(ours, f"get_{kind}")()
        assert len(found) == number
        got, wanted = (getattr(one, f"get_{kind}_data")(found) for one in (ours, theirs))
        assert_holds(got, wanted, kind)
    assert_holds(ours.get_wallbox_data(1), theirs.get_wallbox_data(1), "wallbox")


def test_attributes(start: Start, pye3dc: Any) -> None:
    system = start()
    ours, theirs = local(system), foreign(pye3dc, system)
    names = {name for name in vars(theirs) if not name.startswith("_")}
    assert all(hasattr(ours, name) for name in names)
    for name in names - {"rscp", "guid", "connected", "lastRequest", "lastRequestTime"}:
        assert getattr(ours, name) == getattr(theirs, name), name
    for name in ("isConnected", "connect", "disconnect", "sendRequest", "sendCommand"):
        assert callable(getattr(ours.rscp, name))
    with pytest.raises(AttributeError, match="nothing"):
        _ = ours.nothing


def test_the_configuration_names_the_devices(start: Start) -> None:
    named = {"pvis": [{"index": 1}], "powermeters": [{"index": 1}], "batteries": [{"index": 2, "dcbs": 1}]}
    ours = local(start(profile="s10e-pro"), configuration=named)
    assert ours.get_pvi_data()["index"] == 1
    assert ours.get_powermeters_data()[0]["index"] == 1
    (battery,) = ours.get_batteries_data()
    assert battery["index"] == 2
    assert list(battery["dcbs"]) == [0]


def test_one_poll_is_one_round_trip_and_at_most_one_a_second(start: Start) -> None:
    system = start()
    ours = local(system)
    before = system.frames
    polled = ours.poll(keepAlive=True)
    assert system.frames == before + 1
    assert ours.poll(keepAlive=True) is polled
    assert system.frames == before + 1
    assert polled["time"] == NOON
    assert polled["sysStatus"] == str(ours.sendRequestTag("EMS_REQ_SYS_STATUS"))


def test_what_a_device_does_not_tell_is_none_and_costs_nothing_else(start: Start) -> None:
    system = start(faults=("missing-values",))
    inverter = local(system).get_pvi_data()
    assert inverter["frequency"] == {"under": None, "over": None}
    assert inverter["phases"][0]["voltage"] > 200


def test_devices_that_are_not_there(start: Start) -> None:
    ours = local(start())
    for method in (ours.get_battery_data, ours.get_pvi_data, ours.get_powermeter_data, ours.get_wallbox_data):
        with pytest.raises(compat.NotAvailableError, match="6"):
            method(6)


# -- where pye3dc is broken


def test_switches_are_set_and_say_so(start: Start, pye3dc: Any) -> None:
    system = start()
    ours, theirs = local(system), foreign(pye3dc, system)
    assert theirs.set_switch_onoff(1, "on") is False  # though it did
    assert {one["id"]: one["status"] for one in ours.poll_switches()} == {1: 1, 4: 1, 7: 0}
    for value, state in ((False, 0), (True, 1), ("off", 0), ("on", 1)):
        assert ours.set_switch_onoff(4, value) is True
        assert ours.poll_switches()[1]["status"] == state
    assert ours.set_switch_onoff(99, True) is False
    with pytest.raises(ValueError, match="dim"):
        ours.set_switch_onoff(4, "dim")


def test_idle_periods_are_read(start: Start, pye3dc: Any) -> None:
    system = start()
    system.device.settings.idle[DISCHARGE, 2] = Idle(active=True, start=(21, 15), end=(23, 45))
    assert foreign(pye3dc, system).get_idle_periods() is None
    periods = local(system).get_idle_periods()
    assert [period["day"] for period in periods["idleCharge"]] == list(range(7))
    assert periods["idleDischarge"][2] == {"day": 2, "start": (21, 15), "end": (23, 45), "active": True}


def test_idle_periods_are_set(start: Start, pye3dc: Any) -> None:
    system = start()
    wanted = {"idleCharge": [{"day": 3, "start": [6, 0], "end": [9, 30], "active": True}]}
    with pytest.raises(TypeError):
        foreign(pye3dc, system).set_idle_periods(wanted)
    ours = local(system)
    assert ours.set_idle_periods(wanted) is True
    assert system.device.settings.idle[CHARGE, 3] == Idle(active=True, start=(6, 0), end=(9, 30))
    assert ours.set_idle_periods({"idleCharge": [{"day": 3, "active": False}]}) is True
    assert system.device.settings.idle[CHARGE, 3] == Idle(active=False, start=(6, 0), end=(9, 30))
    assert ours.set_idle_periods(ours.get_idle_periods()) is True


@pytest.mark.parametrize("fault", ["crc-ends-00", "segments", "single-bytes", "unknown-tags"])
def test_answers_that_pye3dc_cannot_read(start: Start, pye3dc: Any, fault: str) -> None:
    system = start()
    ours, theirs = local(system), foreign(pye3dc, system)
    right = ours.get_battery_data()
    theirs.disconnect()
    system.faults = (fault,)
    with pytest.raises(pye3dc.SendError):
        theirs.get_battery_data()
    assert ours.get_battery_data() == right


def test_later_is_not_done(start: Start, pye3dc: Any) -> None:
    system = start()
    ours, theirs = local(system), foreign(pye3dc, system)
    system.faults = ("settings-later",)
    assert theirs.set_power_limits(True, 1000, 1000, 65) == 0
    assert ours.set_power_limits(True, 1000, 1000, 65) == -1


def test_days_are_those_of_the_device_wherever_the_computer_is(
    start: Start, pye3dc: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = start()
    ours, theirs = local(system), foreign(pye3dc, system)
    day = date(2026, 6, 18)
    right = ours.get_db_data(day)
    assert right == theirs.get_db_data(day)
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    assert ours.get_db_data(day) == right
    assert theirs.get_db_data(day) != right


def test_a_day_has_23_hours_when_the_clocks_go_forward(start: Start) -> None:
    system = start()
    begin, end = (datetime(2026, 3, day, hour, tzinfo=UTC) for day, hour in ((28, 23), (29, 22)))
    told = local(system).get_db_data(date(2026, 3, 29))
    assert told["solarProduction"] == pytest.approx(system.plant.energy(begin, end).pv, abs=0.1)
    assert told["timespanSeconds"] == 23 * 3600


def test_without_a_date_it_is_today(start: Start) -> None:
    told = local(start()).get_db_data()
    assert told["startDate"] == date(2026, 6, 20)
    assert list(told) == sorted(told)


# -- setting


def test_power_settings(start: Start) -> None:
    system = start()
    ours, settings = local(system), system.device.settings
    assert ours.set_power_limits(True, max_charge=900, max_discharge=800, discharge_start=100) == 0
    assert (settings.limits_used, settings.max_charge, settings.max_discharge) == (True, 900, 800)
    assert ours.set_power_limits(True, max_charge=900, max_discharge=800, discharge_start=30) == 1
    assert ours.set_power_limits(True, max_charge=10**6) == -1
    assert ours.set_power_limits(False) == 0
    assert settings.limits_used is False
    assert ours.set_power_limits(True) == 0
    assert settings.max_charge == ours.maxBatChargePower
    for enable in (False, True):
        assert ours.set_powersave(enable) == 0
        assert ours.set_weather_regulated_charge(enable) == 0
        assert (settings.powersave, settings.weather_regulated) == (enable, enable)
        assert ours.set_battery_to_car_mode(enable) is True
        assert settings.registers[tags.EMS_REQ_BATTERY_TO_CAR_MODE] == int(enable)
    assert ours.get_power_settings()["powerSaveEnabled"] == 1


def test_wallbox(start: Start) -> None:
    ours = local(start(profile="s10e-pro"))
    before = ours.get_wallbox_data(1)
    for enable in (False, True):
        assert ours.set_wallbox_sunmode(enable, wbIndex=1) is True
        assert ours.get_wallbox_data(1)["sunModeOn"] is enable
        assert ours.set_wallbox_schuko(enable, wbIndex=1) is True
    assert ours.set_wallbox_max_charge_current(9, wbIndex=1) is True
    assert ours.toggle_wallbox_charging(wbIndex=1) is True
    assert ours.toggle_wallbox_phases(wbIndex=1) is True
    after = ours.get_wallbox_data(1)
    assert after["maxChargeCurrent"] == 9
    assert after["chargingActive"] is not before["chargingActive"]
    assert {after["phases"], before["phases"]} == {1, 3}
    assert ours.get_wallbox_data(0)["maxChargeCurrent"] != 9
    with pytest.raises(ValueError, match="300"):
        ours.set_wallbox_max_charge_current(300)


@pytest.mark.parametrize(
    ("periods", "error"),
    [
        ({}, ValueError),
        ({"idleCharge": [{"start": (1, 0)}]}, ValueError),
        ({"idleCharge": [{"day": 7, "active": True}]}, ValueError),
        ({"idleCharge": [{"day": True, "active": True}]}, TypeError),
        ({"idleCharge": [{"day": 1}]}, TypeError),
        ({"idleCharge": [3]}, TypeError),
        ({"idleCharge": [{"day": 1, "active": "yes"}]}, TypeError),
        ({"idleDischarge": [{"day": 1, "start": (24, 0)}]}, ValueError),
        ({"idleDischarge": [{"day": 1, "start": 5}]}, TypeError),
        ({"idleDischarge": [{"day": 1, "start": (5, 0), "end": (4, 0)}]}, ValueError),
    ],
)
def test_what_is_no_idle_period_is_not_sent(start: Start, periods: Any, error: type[Exception]) -> None:
    system = start()
    before = dict(system.device.settings.idle)
    with pytest.raises(error) as caught:
        local(system).set_idle_periods(periods)
    assert isinstance(caught.value, errors.UsageError)
    assert system.device.settings.idle == before


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("set_power_limits", (True, -5)),
        ("set_switch_onoff", ("Pool", True)),
        ("get_battery_data", (-1,)),
        ("get_pvi_data", ("first",)),
        ("get_wallbox_data", (300,)),
        ("get_db_data_timestamp", (10**30, 900)),
        ("sendRequest", (("EMS_REQ_POWER_PV", "Foo", 1),)),
        ("sendRequest", (("NO_SUCH_TAG", "None", None),)),
        ("sendRequestTag", (1.5,)),
    ],
)
def test_what_does_not_fit_is_an_error_of_heliobus(start: Start, name: str, arguments: Any) -> None:
    system = start()
    ours = local(system)
    before = system.frames
    with pytest.raises(errors.UsageError):
        getattr(ours, name)(*arguments)
    assert system.frames == before


# -- raw messages


def test_raw_messages_may_write_and_know_no_limits(start: Start) -> None:
    system = start()
    ours = local(system)
    assert ours.sendRequest(("EMS_REQ_SET_BATTERY_TO_CAR_MODE", "UChar8", 1))[2] == 1
    assert system.device.settings.registers[tags.EMS_REQ_BATTERY_TO_CAR_MODE] == 1
    system.faults = ("unknown-tags",)
    name, kind, specs = ours.sendRequest((tags.EMS_REQ_GET_SYS_SPECS, 0, None))
    assert (name, kind) == ("EMS_GET_SYS_SPECS", "Container")
    assert specs[:2] == [("0x0100beef", "Int32", 1), ("0x0100bef0", "0x42", b"\x01\x02")]
    with pytest.raises(compat.SendError, match="UNKNOWN_TAG"):
        ours.sendRequestTag(0x0100BEEF)
    with pytest.raises(compat.NotAvailableError):
        ours.sendRequestTag("EMS_REQ_AC_POWER_LIMIT")
