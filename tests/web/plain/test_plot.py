from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.web.plain.plot import Series, axis, clock, full_hours, runs, series, stretches
from tests.web.plain.made import LONG, ORDINARY, SHORT, day_of, keep, steady

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@given(st.floats(min_value=0, max_value=1e6))
def test_an_axis_has_few_round_lines_and_room_for_all(peak: float) -> None:
    made = axis(peak)
    assert made.most >= peak
    assert 2 <= len(made.lines) <= 6
    assert made.lines[0] == 0
    assert made.lines[-1] == pytest.approx(made.most)
    assert f"{made.tick:.0e}"[0] in "125"


@pytest.mark.parametrize(
    ("peak", "most", "digits"), [(0, 1000, 1), (950, 1000, 1), (1001, 1500, 1), (8200, 10_000, 0), (45_000, 50_000, 0)]
)
def test_axes(peak: float, most: float, digits: int) -> None:
    made = axis(peak)
    assert (made.most, made.digits) == (most, digits)


def test_runs_end_where_nothing_is_known() -> None:
    of = Series(step=300, times=[150, 450, 750, 1050, 1350], flows=[], sun=[], soc=[])
    found = runs(of, [1.0, 2.0, None, 3.0, None])
    assert [list(run.values) for run in found] == [[1.0, 2.0], [3.0]]
    assert [(run.start, run.end) for run in found] == [(0, 600), (900, 1200)]
    assert found[0].places() == [(0, 0), (150, 0), (450, 1), (600, 1)]
    assert found[0].places(1, 1) == [(450, 1), (600, 1)]
    assert runs(of, [None] * 5) == []


def test_stretches_hold_what_can_be_seen() -> None:
    assert stretches([0, 0, 5, 5, 0, 0, 0, 0, 7]) == [(1, 4), (7, 8)]
    assert stretches([3, 0, 3]) == [(0, 2)]
    assert stretches([0.5, 0.2]) == []


@pytest.mark.parametrize(
    ("day", "count", "twice"), [(ORDINARY, 24, []), (LONG, 25, [2]), (SHORT, 23, [])], ids=["24", "25", "23"]
)
def test_every_hour_of_a_day(tmp_path: Path, day: date, count: int, twice: list[int]) -> None:
    keep(tmp_path, day, every=900)
    read = day_of(tmp_path, day)
    hours = [moment.hour for _, moment in full_hours(read)]
    assert len(hours) == count
    assert sorted({hour for hour in hours if hours.count(hour) > 1}) == twice
    assert (clock(read, read.start), clock(read, read.end)) == ("00:00", "24:00")


def test_joined_steps_are_means_of_what_is_known(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, lambda at: None if at.hour == 3 else steady(at))
    read = day_of(tmp_path, ORDINARY)
    coarse = series(read, steps=2)
    assert len(coarse.times) == len(read.taps) / 2
    assert coarse.times[0] == read.start + 300
    assert coarse.sun[0] == 1200
    assert coarse.sun[3 * 6 + 2] is None
    assert coarse.flows[3 * 6 + 2] is None
    assert coarse.flows[0] is not None
