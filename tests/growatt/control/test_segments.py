"""Time segments and periods: what they send, what they refuse, and that they read what they sent."""

from __future__ import annotations

import json
from datetime import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import NotSupported, OutOfBounds, UsageError
from heliobus.growatt.control import (
    FAMILIES,
    NO_PERIOD,
    ChargePeriods,
    DischargePeriods,
    LoadFirstPeriods,
    NoahSegment,
    Period,
    TimeSegment,
    changed,
    noah_settings,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start, end = sorted((draw(TIMES), draw(TIMES)))
    return Period(start, end, draw(st.booleans()) and start < end)


THREE = st.tuples(periods(), periods(), periods())
PERCENT = st.integers(0, 100)


def sent(family: str, typed: Any) -> dict[str, Any]:
    """What a simulated inverter tells once it has this."""
    from heliobus.growatt.simulator.settings import SettingsStore
    from tests.growatt.control.conftest import SkippingClock

    store = SettingsStore(family, SkippingClock())
    name, values = typed.setting(family)
    assert store.write(name, changed(FAMILIES[family], family, name, values).texts) is None
    return store.device


@given(THREE, PERCENT, PERCENT, st.booleans())
def test_periods_of_an_sph(three: Any, power: int, soc: int, mains: bool) -> None:
    charge = ChargePeriods(power=power, stop_soc=soc, mains=mains, periods=three)
    assert ChargePeriods.read(sent("mix", charge), "mix") == charge
    discharge = DischargePeriods(power=power, stop_soc=soc, periods=three)
    assert DischargePeriods.read(sent("mix", discharge), "mix") == discharge


@given(THREE, PERCENT, PERCENT)
def test_periods_of_an_spa(three: Any, power: int, soc: int) -> None:
    charge = ChargePeriods(power=power, stop_soc=soc, periods=three)
    assert ChargePeriods.read(sent("spa", charge), "spa") == charge
    assert len(LoadFirstPeriods(periods=three).setting("spa")[1]) == 15


@given(periods(), st.integers(1, 9), st.sampled_from(["load", "battery", "grid"]))
def test_segments_of_a_min(period: Period, number: int, mode: str) -> None:
    segment = TimeSegment(number=number, mode=mode, start=period.start, end=period.end, enabled=period.enabled)
    assert TimeSegment.read(sent("tlx", segment), number) == segment


@given(periods(), st.integers(1, 9), st.integers(0, 800))
def test_segments_of_a_noah(period: Period, number: int, power: int) -> None:
    segment = NoahSegment(
        number=number, mode="smart", start=period.start, end=period.end, power=power, enabled=period.enabled
    )
    assert NoahSegment.read(sent("noah", segment), number) == segment


def test_a_noahs_segments_are_parts_of_a_text() -> None:
    told = noah_settings({"defaultPower": "200", "time_segment": [{"time_segment1": "2_8:0_12:30_300"}]})
    assert told["defaultPower"] == "200"
    assert NoahSegment.read(told, 1) == NoahSegment(number=1, mode="smart", start="8:00", end="12:30", power=300)
    assert NoahSegment.read(told, 2) is None
    assert NoahSegment.read(noah_settings({"time_segment": {"time_segment1": "null"}}), 1) is None


@pytest.mark.parametrize(
    ("start", "end"), [("22:0", "6:0"), ("0:0", "24:0"), ("0:0", "null"), ("0", "1:0"), ("a:b", "1:0")]
)
def test_what_is_told_but_no_period_of_a_day(start: str, end: str) -> None:
    segment: dict[str, Any] = {
        "forcedTimeStart1": start,
        "forcedTimeStop1": end,
        "forcedStopSwitch1": 1,
        "time1Mode": 1,
    }
    assert TimeSegment.read(segment, 1) is None
    three = {f"forcedDischargeTimeStart{n}": "1:0" for n in (1, 2, 3)} | {
        f"forcedDischargeTimeStop{n}": "2:0" for n in (1, 2, 3)
    }
    switches = {f"forcedDischargeStopSwitch{n}": False for n in (1, 2, 3)}
    told: dict[str, Any] = {**three, **switches, "disChargePowerCommand": 100, "wdisChargeSOCLowLimit": 10}
    assert DischargePeriods.read(told, "mix") is not None
    assert (
        DischargePeriods.read({**told, "forcedDischargeTimeStart2": start, "forcedDischargeTimeStop2": end}, "mix")
        is None
    )


def test_a_recorded_min(shared: Path) -> None:
    capture = json.loads((shared / "captures/growatt/v1_real/min_detail_tlx_data_info_mod12ktl3.json").read_text())
    told = capture["payload"]["data"]["tlxSetbean"]
    expected = TimeSegment(number=1, mode="load", start="13:30", end="15:00", enabled=False)
    assert TimeSegment.read(told, 1) == expected
    assert TimeSegment.read(told, 4) is None  # it tells three


def test_a_documented_sph(shared: Path) -> None:
    told = json.loads((shared / "captures/growatt/openapi_samples/sph.details.json").read_text())["payload"]["data"]
    charge = ChargePeriods.read(told, "mix")
    assert charge is not None
    assert (charge.power, charge.stop_soc, charge.mains) == (100, 100, True)
    assert charge.periods[1] == Period("21:30", "23:00")
    discharge = DischargePeriods.read(told, "mix")
    assert discharge is not None
    assert discharge.periods == (NO_PERIOD,) * 3  # 0:0 to 0:0, enabled: they never come


def test_seconds_do_not_count() -> None:
    assert Period(time(6, 0, 59), time(7, 30, 1)) == Period("6:00", "7:30") == Period("06:00:59", "7:30:01")
    with pytest.raises(UsageError, match="does not end after its start"):
        Period(time(6, 0, 1), time(6, 0, 59))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Period("22:00", "6:00"), UsageError, "use two"),
        (lambda: Period("6:00", "6:00"), UsageError, "use two"),
        (lambda: Period("6:00", "24:00"), UsageError, "23:59"),
        (lambda: Period("6", "7:00"), UsageError, "HH:MM"),
        (lambda: Period("6:60", "7:00"), UsageError, "HH:MM"),
        (lambda: TimeSegment(number=0, mode="load", start="0:00", end="1:00"), OutOfBounds, "bounds"),
        (lambda: TimeSegment(number=1, mode="sun", start="0:00", end="1:00"), UsageError, "battery"),
        (lambda: NoahSegment(number=1, mode="grid", start="0:00", end="1:00", power=1), UsageError, "smart"),
        (lambda: DischargePeriods(power=1, stop_soc=1, periods=(NO_PERIOD,)), UsageError, "NO_PERIOD"),
        (lambda: LoadFirstPeriods(periods=(NO_PERIOD,) * 4), UsageError, "NO_PERIOD"),
        (
            lambda: ChargePeriods(power=1, stop_soc=1, periods=(NO_PERIOD,) * 3).setting("mix"),
            UsageError,
            "grid",
        ),
        (lambda: LoadFirstPeriods(periods=(NO_PERIOD,) * 3).setting("tlx"), NotSupported, "capabilities"),
    ],
)
def test_what_is_refused(make: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        make()
    assert words in getattr(caught.value, "remedy", "")


def test_what_an_sph_is_sent() -> None:
    periods_ = (Period(time(2, 5), time(4, 0)), NO_PERIOD, NO_PERIOD)
    name, values = ChargePeriods(power=80, stop_soc=95, mains=True, periods=periods_).setting("mix")
    texts = changed(FAMILIES["mix"], "mix", name, values).texts
    assert texts == ("80", "95", "1", "2", "5", "4", "0", "1", *"00000", *"00000")
