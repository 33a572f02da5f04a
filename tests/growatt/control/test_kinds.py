"""Values of parameters: what is written, what is refused, and what counts as the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import OutOfBounds, UsageError
from heliobus.growatt.control.kinds import Choice, Kind, Moment, Number, Switch, Text, refuse

PERCENT = Number(((0, 100),), "%")
FACTOR = Number(((-1, -0.8), (0.8, 1)), step=0.01)
MODES = Choice({"0": "load", "1": "battery", "2": "grid"})


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        (PERCENT, 50, "50"),
        (PERCENT, 50.0, "50"),
        (PERCENT, "50 %", "50"),
        (PERCENT, 101, None),
        (PERCENT, -1, None),
        (PERCENT, 12.5, None),
        (PERCENT, float("nan"), None),
        (PERCENT, True, None),
        (PERCENT, "much", None),
        (PERCENT, None, None),
        (FACTOR, -0.85, "-0.85"),
        (FACTOR, 0.5, None),
        (FACTOR, 1, "1"),
        (Number(((44.4, 51.4),), "V", 0.1), 46.3, "46.3"),
        (Switch(), True, "1"),
        (Switch(), "off", "0"),
        (Switch(), 2, None),
        (Switch("0101", "0000"), True, "0101"),
        (Switch("0101", "0000"), "0000", "0000"),
        (MODES, "Battery", "1"),
        (MODES, 2, "2"),
        (MODES, "sun", None),
        (Moment(), datetime(2026, 6, 1, 12, 30, 5), "2026-06-01 12:30:05"),  # noqa: DTZ001, of the plant's clock
        (Moment(), datetime(2026, 6, 1, 12, 30, 5, tzinfo=UTC), None),
        (Moment(), "2026-06-01 12:30", None),
        (Moment(), "2026-13-01 12:30:00", None),
        (Text(5), "abc", "abc"),
        (Text(5), "abcdef", None),
        (Text(5), "a\nb", None),
    ],
)
def test_what_is_written(kind: Kind, value: object, written: str | None) -> None:
    assert kind.write(value) == written


@pytest.mark.parametrize(
    ("kind", "wanted", "told", "same"),
    [
        (PERCENT, "100", 100.0, True),
        (PERCENT, "100", "99", False),
        (Switch(), "1", True, True),
        (Switch(), "1", "true", True),
        (Switch(), "1", 0, False),
        (Switch("0101", "0000"), "0101", "1", True),
        (MODES, "1", 1, True),
        (MODES, "1", "1.0", True),
        (Number(((50, 600),), "V", 0.1), "264.5", 264.4999694824219, True),
        (Moment(), "2026-06-01 12:30:05", "2026-06-01 12:31:20", True),
        (Moment(), "2026-06-01 12:30:05", "2026-06-01 13:30:05", False),
        (Moment(), "2026-06-01 12:30:05", "null", False),
    ],
)
def test_what_counts_as_the_same(kind: Kind, wanted: str, told: object, same: bool) -> None:
    assert kind.same(kind.read(wanted), kind.read(told)) is same  # type: ignore[arg-type]


@given(st.integers() | st.floats() | st.text(max_size=12) | st.booleans() | st.none())
def test_what_is_written_reads_back_as_the_same(value: object) -> None:
    for kind in (PERCENT, FACTOR, MODES, Switch(), Moment()):
        written = kind.write(value)
        assert written is None or kind.same(kind.read(written), kind.read(written))


def test_a_refusal_names_the_range() -> None:
    error = refuse("charge_power", "value", 120, PERCENT)
    assert isinstance(error, OutOfBounds)
    assert error.what() == "charge_power: value '120' is not 0 to 100 %; nothing was sent"
    assert isinstance(refuse("ac_charge", "value", "maybe", Switch()), UsageError)
    assert "23:59" in refuse("time_segment1", "end hour", 24, Number(((0, 23),))).remedy
