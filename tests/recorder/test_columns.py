from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.recorder.columns import Grid, Series, coverage, draw

STEP = 60_000
GRID = Grid(start=0, step=STEP, count=10)

points = st.dictionaries(
    st.integers(-2 * STEP, 12 * STEP), st.one_of(st.none(), st.integers(-1000, 1000).map(float)), max_size=20
)


def series(points: dict[int, float | None], gap: int) -> Series:
    ordered = dict(sorted(points.items()))
    return Series(times=list(ordered), gaps=[gap] * len(ordered), values={"x": list(ordered.values())})


def line(known: Series, gap: int, at: float) -> float | None:
    """The value on the straight line between the neighbours of ``at``; None in a gap."""
    values = known.values["x"]
    for index in range(1, len(known.times)):
        left, right = known.times[index - 1], known.times[index]
        a, b = values[index - 1], values[index]
        if left <= at < right:
            return None if right - left > gap or a is None or b is None else a + (b - a) * (at - left) / (right - left)
    return None


@given(points=points, gap=st.sampled_from([10_000, 90_000, 10**7]))
def test_a_cell_is_the_mean_of_the_line_over_what_is_known(points: dict[int, float | None], gap: int) -> None:
    known = series(points, gap)
    drawn = draw(known, known.values["x"], GRID, sloped=True)
    covered = coverage(Series(times=known.times, gaps=known.gaps, values={}), GRID)
    for cell, value in enumerate(drawn):
        grains = 600
        on_line = [line(known, gap, (cell + (grain + 0.5) / grains) * STEP) for grain in range(grains)]
        there = [one for one in on_line if one is not None]
        if len(there) > grains / 10:
            assert value == pytest.approx(sum(there) / len(there), abs=2000 * 10 / grains)
        assert covered[cell] >= len(there) / grains - 20 / grains


@given(points=points)
def test_a_stepped_cell_is_a_value_that_was_read(points: dict[int, float | None]) -> None:
    known = series(points, 90_000)
    drawn = draw(known, known.values["x"], GRID, sloped=False)
    for cell, value in enumerate(drawn):
        inside = [one for at, one in sorted(points.items()) if at // STEP == cell and one is not None]
        assert value is None or value in points.values()
        assert not inside or value == inside[-1]


@pytest.mark.parametrize("sloped", [True, False])
def test_nothing_draws_nothing(*, sloped: bool) -> None:
    empty = series({}, 1)
    assert draw(empty, [], GRID, sloped=sloped) == [None] * GRID.count
    assert coverage(empty, GRID) == [0.0] * GRID.count
