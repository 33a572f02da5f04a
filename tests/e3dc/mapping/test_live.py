from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.mapping import FIELDS, carried, snapshot
from heliobus.e3dc.models import BriefBattery, BriefWallbox, Live, Powers
from heliobus.e3dc.models.answers import RESPONSE
from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Timestamp, Type, tags
from heliobus.model import fields
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.model.snapshot import Snapshot

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
POWERS = {"PV": 4687, "ADD": -120, "BAT": 2139, "GRID": -612, "HOME": 2056, "WB_ALL": 0}
watts = st.integers(-30_000, 30_000)


def item(tag: int, value: Any) -> Item:
    if isinstance(value, ErrorCode):
        return Item(tag | RESPONSE, Type.ERROR, ErrorAnswer(value))
    if isinstance(value, Timestamp):
        return Item(tag | RESPONSE, Type.TIMESTAMP, value)
    return Item(tag | RESPONSE, Type.FLOAT32 if isinstance(value, float) else Type.INT32, value)


def powers(**changes: Any) -> Powers:
    values = {f"EMS_REQ_POWER_{name}": value for name, value in POWERS.items()} | {"EMS_REQ_BAT_SOC": 64} | changes
    return Powers(
        {tags.code(name): item(tags.code(name), value) for name, value in values.items() if value is not None}
    )


def battery(index: int = 0, **values: Any) -> BriefBattery:
    known = {"RSOC": 64.25, "CURRENT": 42.0, "MODULE_VOLTAGE": 50.0, "USABLE_CAPACITY": 100.0} | values
    codes = {tags.code(f"BAT_REQ_{name}"): value for name, value in known.items() if value is not None}
    return BriefBattery({tag: item(tag, value) for tag, value in codes.items()}, index=index)


def wallbox(index: int, *, power: int | None = None, flags: int = 0) -> BriefWallbox:
    def array(tag: int, data: bytes) -> Item:
        return Item(tag | RESPONSE, Type.CONTAINER, [Item(tags.WB_EXTERN_DATA, Type.BYTEARRAY, data)])

    answers = {tags.WB_REQ_EXTERN_DATA_ALG: array(tags.WB_REQ_EXTERN_DATA_ALG, bytes([64, 3, flags, 16, 0, 0, 0, 0]))}
    if power is not None:
        total = power.to_bytes(2, "little", signed=True) + (188_383).to_bytes(4, "little")
        answers[tags.WB_REQ_EXTERN_DATA_ALL] = array(tags.WB_REQ_EXTERN_DATA_ALL, total)
    return BriefWallbox(answers, index=index)


def mapped(
    told: Powers | None = None, *, batteries: Sequence[BriefBattery] = (), boxes: Sequence[BriefWallbox] = ()
) -> Snapshot:
    live = Live(powers=told or powers(), batteries=tuple(batteries), wallboxes=tuple(boxes))
    return snapshot(live, received_at=NOW)


# -- powers


@given(pv=st.integers(0, 30_000), add=st.integers(-30_000, 0), bat=watts, grid=watts, box=st.integers(0, 22_000))
def test_signs_and_balance(pv: int, add: int, bat: int, grid: int, box: int) -> None:
    told = powers(
        EMS_REQ_POWER_PV=pv,
        EMS_REQ_POWER_ADD=add,
        EMS_REQ_POWER_BAT=bat,
        EMS_REQ_POWER_GRID=grid,
        EMS_REQ_POWER_WB_ALL=box,
        EMS_REQ_POWER_HOME=pv - add + grid - bat - box,  # SPEC 6.2
    )
    for seen in (mapped(told), mapped(told, batteries=[battery()], boxes=[wallbox(1)])):
        assert seen.pv.power == pv - add
        assert seen.pv.external_power == -add
        assert seen.grid.power == grid
        assert seen.battery.power == -bat
        assert seen.battery.charge_power == max(bat, 0)
        assert seen.residual == 0
        assert str(seen.battery.power) != "-0.0"


def test_a_real_poll() -> None:
    seen = mapped()
    assert (seen.pv.power, seen.grid.export_power, seen.battery.charge_power) == (4807.0, 612.0, 2139.0)
    assert seen.residual == 0
    assert seen.battery.soc == 64.0


def test_the_production_is_derived_only_where_somebody_else_produces() -> None:
    assert mapped().quality_of("pv.power") is Quality.DERIVED
    assert mapped(powers(EMS_REQ_POWER_ADD=0)).quality_of("pv.power") is Quality.GOOD


def test_a_system_that_knows_no_external_producer() -> None:
    seen = mapped(powers(EMS_REQ_POWER_ADD=ErrorCode.NOT_AVAILABLE))
    assert (seen.pv.power, seen.pv.external_power) == (4687.0, None)
    assert "pv.external_power" not in seen.quality
    assert "pv.external_power" not in carried(seen)


@pytest.mark.parametrize("lost", [None, ErrorCode.AGAIN])
def test_a_sum_without_a_part_is_missing(lost: ErrorCode | None) -> None:
    seen = mapped(powers(EMS_REQ_POWER_ADD=lost))
    assert seen.pv.power is None
    assert seen.quality["pv.power"] is Quality.MISSING
    assert mapped(powers(EMS_REQ_POWER_PV=lost)).pv.power is None


@pytest.mark.parametrize(
    ("name", "path"), [("GRID", "grid.power"), ("HOME", "load.power"), ("BAT", "batteries.1.power"), ("PV", "pv.power")]
)
@pytest.mark.parametrize("lost", [None, ErrorCode.AGAIN, ErrorCode.UNSPECIFIED, float("nan")])
def test_what_did_not_come_is_missing_never_zero(name: str, path: str, lost: Any) -> None:
    seen = mapped(powers(**{f"EMS_REQ_POWER_{name}": lost}))
    assert fields.get(seen, path) is None
    assert seen.quality[path] is Quality.MISSING


def test_every_quality_has_a_field() -> None:
    seen = mapped(Powers({}), batteries=[battery(0), battery(1, RSOC=None)], boxes=[wallbox(0), wallbox(1)])
    for path in seen.quality:
        fields.get(seen, path)  # KeyError for no such field


# -- batteries


def test_a_battery_has_its_own_finer_state_of_charge() -> None:
    (one,) = mapped(batteries=[battery()]).batteries
    assert (one.soc, one.voltage, one.current, one.power) == (64.25, 50.0, -42.0, -2139.0)
    assert one.capacity == 5000.0
    assert mapped(batteries=[battery(RSOC=None)]).batteries[0].soc == 64.0


@given(st.lists(st.floats(-200, 200), min_size=2, max_size=8), watts)
def test_several_batteries_share_all_of_the_power(currents: list[float], bat: int) -> None:
    told = [battery(index, CURRENT=current) for index, current in enumerate(currents)]
    seen = mapped(powers(EMS_REQ_POWER_BAT=bat), batteries=told)
    assert [one.id for one in seen.batteries] == [str(index + 1) for index in range(len(currents))]
    assert seen.battery.power == pytest.approx(-bat, abs=1e-6)
    assert seen.battery.soc == pytest.approx(64.25)


def test_they_share_it_as_they_share_the_current() -> None:
    seen = mapped(powers(EMS_REQ_POWER_BAT=3000), batteries=[battery(0, CURRENT=10.0), battery(2, CURRENT=20.0)])
    assert [(one.id, one.power) for one in seen.batteries] == [("1", -1000.0), ("3", -2000.0)]
    assert seen.quality["batteries.1.power"] is Quality.DERIVED


@pytest.mark.parametrize("current", [None, -10.0, 0.0])
def test_without_a_clue_they_share_it_evenly(current: float | None) -> None:
    told = [battery(0, CURRENT=current), battery(1, CURRENT=20.0 if current else current)]
    seen = mapped(powers(EMS_REQ_POWER_BAT=3000), batteries=told)
    assert [one.power for one in seen.batteries] == [-1500.0, -1500.0]
    assert seen.quality["batteries.2.power"] is Quality.ESTIMATED


def test_a_missing_power_is_missing_for_each() -> None:
    seen = mapped(powers(EMS_REQ_POWER_BAT=None), batteries=[battery(0), battery(1)])
    assert [one.power for one in seen.batteries] == [None, None]
    assert seen.quality["batteries.2.power"] is Quality.MISSING


# -- wallboxes


def test_several_wallboxes_have_their_own_powers() -> None:
    seen = mapped(powers(EMS_REQ_POWER_WB_ALL=5000), boxes=[wallbox(0, power=1265), wallbox(3, power=3700)])
    assert [(box.id, box.power, box.energy) for box in seen.wallboxes] == [
        ("1", 1265.0, 188_383.0),
        ("4", 3700.0, 188_383.0),
    ]
    unknown = mapped(boxes=[wallbox(0), wallbox(1, power=1)])
    assert unknown.wallboxes[0].power is None
    assert unknown.quality["wallboxes.1.power"] is Quality.MISSING


def test_the_boxes_of_a_farm_are_one() -> None:
    (box,) = mapped(powers(EMS_REQ_POWER_WB_ALL=5000)).wallboxes
    assert (box.id, box.power) == ("all", 5000.0)
    assert mapped().wallboxes == ()


@pytest.mark.parametrize(
    ("flags", "state", "plugged", "mode"),
    [
        (0x00, "no car", False, "mixed"),
        (0x88, "waiting", True, "sun"),
        (0x38, "charging", True, "mixed"),
        (0x58, "stopped", True, "mixed"),
    ],
)
def test_states_of_a_wallbox(flags: int, state: str, *, plugged: bool, mode: str) -> None:
    (box,) = mapped(boxes=[wallbox(0, flags=flags)]).wallboxes
    assert (box.state, box.car_connected, box.mode) == (state, plugged, mode)
    assert box.car_soc == (64.0 if plugged else None)


# -- the rest


def test_the_status_is_a_number_and_its_names() -> None:
    assert mapped(powers(EMS_REQ_STATUS=0b10001)).system.state == "charging locked, feed-in derated"
    assert mapped(powers(EMS_REQ_STATUS=0)).system.state == "normal"
    assert mapped().system.state is None
    assert mapped(powers(EMS_REQ_STATUS=1 << 30)).system.state_code == 1 << 30


def test_the_devices_clock() -> None:
    assert mapped(powers(INFO_REQ_UTC_TIME=Timestamp.of(NOW))).device_time == NOW
    assert mapped(powers(INFO_REQ_UTC_TIME=Timestamp(1 << 60))).device_time is None
    assert mapped().device_time is None


def test_what_is_carried_is_known_to_be_carriable() -> None:
    seen = mapped(powers(EMS_REQ_STATUS=1), batteries=[battery()], boxes=[wallbox(0, power=5, flags=8)])
    assert carried(seen) <= FIELDS["live"] <= FIELDS["full"]
    assert carried(seen) >= {"pv.power", "battery.soc", "wallboxes.*.car_soc", "batteries.*.current"}
    assert FIELDS["full"] <= set(fields.declared())
