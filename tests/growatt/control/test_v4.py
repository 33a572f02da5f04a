"""What V4 can write: every kind's table, and the numbered parameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import Error, NotSupported, OutOfBounds, Refused, UsageError
from heliobus.growatt.control import changed
from heliobus.growatt.control.v4 import SCALED, SETTINGS, VPP, call, told_vpp
from heliobus.growatt.models.slots import Slot
from heliobus.growatt.protocol import v4

if TYPE_CHECKING:
    from datetime import time

RANGES = {
    **dict.fromkeys((1, 2, 4, 7, 8, 13, 17, 18, 20, 25, 28), (0, 1)),
    5: (0, 100),
    6: (0, 100),
    9: (0, 6),
    10: (0, 60),
    11: (0, 5),
    12: (0, 20000),
    14: (-100, 100),
    15: (0, 100),
    16: (0, 300),
    19: (0, 20000),
    21: (0, 3),
    22: (70, 100),
    23: (10, 30),
    24: (10, 20),
    26: (0, 1440),
    27: (-100, 100),
    29: (10, 30),
}
"""SPEC D; 21 goes to 3, as its four words say."""
WIRE_RANGES = {30: (0, 15000), 31: (0, 15000), 32: (0, 2000), 33: (0, 2000)}
SAFE = {1, 22, 23, 24, 25, 26, 27, 28, 29, 34}


def written(kind: str, name: str, *values: Any, dangerous: bool = True) -> tuple[str, dict[str, str]]:
    change = changed(SETTINGS[kind], kind, name, values, dangerous=dangerous)
    return call(name, change.texts)


def test_the_table_has_all_34() -> None:
    assert list(VPP) == [f"set_param_{number}" for number in range(1, 35)]
    assert {*RANGES, *WIRE_RANGES, 3, 34} == set(range(1, 35))


@pytest.mark.parametrize("number", RANGES)
def test_a_parameter_takes_its_range_and_no_more(number: int) -> None:
    name, (low, high) = f"set_param_{number}", RANGES[number]
    for end in (low, high):
        assert written("sph", name, end) == ("setVppParameter", {"setType": name, "value": str(end)})
    for value in (low - 1, high + 1, "x", None, 0.5, [1]):
        with pytest.raises((OutOfBounds, UsageError)):
            written("sph", name, value)


@pytest.mark.parametrize("number", WIRE_RANGES)
def test_volts_and_amperes_go_in_steps(number: int) -> None:
    name, (low, high) = f"set_param_{number}", WIRE_RANGES[number]
    steps = SCALED[name]
    assert written("min", name, low / steps)[1]["value"] == str(low)
    assert written("min", name, high / steps)[1]["value"] == str(high)
    assert told_vpp(name, high) == high / steps
    with pytest.raises(OutOfBounds):
        written("min", name, (high + 1) / steps)


def test_the_clock_is_a_time() -> None:
    assert written("spa", "set_param_3", "2026-06-20 13:14:15")[1]["value"] == "2026-06-20 13:14:15"
    for wrong in ("2026-06-20", "2026-13-20 13:14:15", 5):
        with pytest.raises(UsageError):
            written("spa", "set_param_3", wrong)


def test_slots_are_minutes() -> None:
    name, parameters = written(
        "wit", "set_param_34", [Slot(start=0, end=300, percentage=95), Slot(start=301, end=720, percentage=-60)]
    )
    assert name == "setVppParameter"
    assert json.loads(parameters["value"]) == [
        {"percentage": 95, "startTime": 0, "endTime": 300},
        {"percentage": -60, "startTime": 301, "endTime": 720},
    ]
    many = [Slot(start=place, end=place + 1, percentage=1) for place in range(21)]
    for wrong, kind in ((many, OutOfBounds), (5, UsageError), ([{"start": 1}], UsageError), ("[]", UsageError)):
        with pytest.raises(kind):
            written("wit", "set_param_34", wrong)


def test_what_is_dangerous_has_to_be_meant() -> None:
    for kind, table in SETTINGS.items():
        for name, setting in table.items():
            if not setting.dangerous:
                continue
            values = ["2026-06-20 13:14:15" if name == "set_param_3" else 1]
            with pytest.raises(Refused, match="nothing was sent"):
                written(kind, name, *values, dangerous=False)
            written(kind, name, *values)
    dangerous = {int(name.rpartition("_")[2]) for name, setting in VPP.items() if setting.dangerous}
    assert dangerous == set(range(1, 35)) - SAFE


def test_a_noah_has_watts_and_the_others_percents() -> None:
    assert written("noah", "setPower", 800, dangerous=False) == ("setPower", {"value": "800"})
    assert written("max", "setPower", 100) == ("setPower", {"value": "100"})
    for kind, value in (("noah", 801), ("max", 101), ("noah", -1)):
        with pytest.raises(OutOfBounds):
            written(kind, "setPower", value)
    with pytest.raises(NotSupported):
        written("noah", "setOnOrOff", 1)
    with pytest.raises(NotSupported):
        written("inv", "set_param_1", 1)


modes = st.sampled_from([("load", "0"), ("battery", "1"), ("smart", "2")])


@given(st.integers(1, 9), modes, st.tuples(st.times(), st.times()), st.integers(-1, 801))
def test_a_segment_goes_as_it_is_or_not_at_all(
    place: int, mode: tuple[str, str], span: tuple[time, time], power: int
) -> None:
    start, end = (f"{one:%H:%M}" for one in span)
    try:
        name, sent = written("noah", f"setTimeSegment{place}", mode[0], *span, power, True, dangerous=False)
    except Error:
        assert start >= end or not 0 <= power <= 800
        return
    assert start < end
    expected = {"type": str(place), "mode": mode[1], "startTime": start, "endTime": end, "power": str(power)}
    assert (name, sent) == ("setTimeSegment", {**expected, "enable": "1"})
    v4.question("setTimeSegment", deviceSn="A", deviceType="noah", **sent)


def test_a_segment_is_told_as_it_was_written() -> None:
    setting = SETTINGS["noah"]["setTimeSegment3"]
    texts = setting.written(["smart", "7:05", "23:59", 300, True])
    told: dict[str, Any] = {
        "time3Mode": 2,
        "time3Start": "7:5",
        "time3End": "23:59",
        "time3Power": 300,
        "time3Enable": 1,
    }
    assert texts[1] == "07:05"
    assert setting.holds(texts, told | {"time3Start": "7:05"})
    assert setting.holds(texts, told), "the device does not pad"
