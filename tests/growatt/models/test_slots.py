"""What a battery shall do at which time of each day."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import OutOfBounds, UsageError
from heliobus.growatt.models.slots import DAY, Slot, checked, clock, minute, rows_of, slots_of

days = st.lists(st.integers(0, DAY), min_size=2, max_size=20, unique=True).map(sorted)


@given(days, st.integers(-100, 100), st.booleans())
def test_slots_come_back_as_they_went(bounds: list[int], percentage: int, clocks: bool) -> None:
    pairs = list(zip(bounds[::2], bounds[1::2], strict=False))
    slots = [Slot(start=start, end=end, percentage=percentage) for start, end in pairs]
    back = slots_of(rows_of(checked(reversed(slots), 10), clocks=clocks))
    # A clock has no 24:00: what ends with the day ends a minute earlier there.
    expected = [one for one in slots if not (clocks and one.start == DAY - 1)]
    assert [(one.start, one.percentage) for one in back] == [(one.start, one.percentage) for one in expected]
    assert all(one.end == min(other.end, DAY - clocks) for one, other in zip(back, expected, strict=True))


@pytest.mark.parametrize(
    ("start", "end", "percentage"), [(-1, 5, 0), (5, 5, 0), (6, 5, 0), (0, DAY + 1, 0), (0, 5, 101), (0, 5, -101)]
)
def test_what_is_no_slot(start: int, end: int, percentage: int) -> None:
    with pytest.raises(OutOfBounds):
        Slot(start=start, end=end, percentage=percentage)


def test_slots_that_do_not_fit() -> None:
    first, second = Slot(start=0, end=60, percentage=1), Slot(start=59, end=61, percentage=1)
    with pytest.raises(OutOfBounds, match="same time"):
        checked([first, second], 2)
    with pytest.raises(OutOfBounds, match="at most 1"):
        checked([first, first], 1)
    with pytest.raises(UsageError):
        checked([first, {"start": 1}], 2)


def test_what_a_device_tells_that_is_none_is_left_out() -> None:
    empty = {"startTime": 0, "endTime": 0, "percentage": 0}
    told: Any = [{"startTime": "16:00", "endTime": "18:00", "percentage": 80}, empty, {"startTime": 5}, 1, None]
    assert slots_of(told) == (Slot(start=960, end=1080, percentage=80),)
    assert slots_of("no json") == slots_of(None) == slots_of({}) == ()
    assert slots_of('[{"startTime":1,"endTime":2,"percentage":-5}]') == (Slot(start=1, end=2, percentage=-5),)


def test_clock_times() -> None:
    assert (clock(0), clock(61), clock(DAY)) == ("00:00", "01:01", "23:59")
    assert (minute("1:05"), minute("24:00"), minute(7), minute("x"), minute(None)) == (65, DAY, 7, None, None)
