"""Samples drawn onto an even grid of time, for charts.

Between two neighbouring samples a value is a straight line (a code, a setting or a counter keeps its earlier value);
a cell's value is the mean over that part of it that is known.  A gap stays a gap: the cell is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heliobus.model.quantity import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heliobus.recorder.layout import Layout

SLOPED = frozenset({Kind.POWER, Kind.GAUGE})


@dataclass(slots=True, kw_only=True)
class Series:
    """Samples by column: ``times`` and ``gaps`` (the longest time back that is no gap) in ms."""

    times: list[int] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    values: dict[str, list[float | None]]

    @classmethod
    def of(cls, samples: Iterable[tuple[int, Layout, bytes]], paths: tuple[str, ...]) -> Series:
        """Unpack the channels ``paths``; values that do not count are left out, as from totals."""
        series = cls(values={path: [] for path in paths})
        before = 0
        for at, layout, data in samples:
            series.times.append(at)
            series.gaps.append(max(layout.gap, before))  # a slower way may have taken over
            before = layout.gap
            for column, value in zip(series.values.values(), layout.pick(data, paths), strict=True):
                column.append(value)
        return series


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """``count`` cells of ``step`` ms from ``start`` ms on."""

    start: int
    step: int
    count: int

    @property
    def end(self) -> int:
        return self.start + self.step * self.count

    def windows(self, length: int) -> Iterator[Grid]:
        """Cut it into grids that are at most ``length`` ms long, or one cell."""
        most = max(length // self.step, 1)
        for first in range(0, self.count, most):
            yield Grid(start=self.start + self.step * first, step=self.step, count=min(most, self.count - first))


def draw(series: Series, column: Sequence[float | None], grid: Grid, *, sloped: bool) -> list[float | None]:
    """Give one value per cell of the grid."""
    area, known = _areas(series, column, grid, sloped=sloped)
    means = [sum_ / time if time else None for sum_, time in zip(area, known, strict=True)]
    if sloped and None not in means:
        return means
    # What lies between two readings goes before what single readings say; with codes it is the other way round.
    readings = _alone(series.times, column, grid, last=not sloped)
    first, second = (means, readings) if sloped else (readings, means)
    return [other if one is None else one for one, other in zip(first, second, strict=True)]


def coverage(series: Series, grid: Grid) -> list[float]:
    """Give the share of each cell that lies between two neighbouring samples."""
    _, known = _areas(series, [0.0] * len(series.times), grid, sloped=True)
    return [min(time / grid.step, 1.0) for time in known]


def _areas(
    series: Series, column: Sequence[float | None], grid: Grid, *, sloped: bool
) -> tuple[list[float], list[int]]:
    """Integrate each interval over the cells that it touches: value x ms, and ms known."""
    area, known = [0.0] * grid.count, [0] * grid.count
    start, step, end = grid.start, grid.step, grid.end
    ends = zip(series.times, series.times[1:], series.gaps[1:], column, column[1:], strict=False)
    for t0, t1, gap, a, b in ends:
        if a is None or b is None or t1 - t0 > gap or t1 <= start or t0 >= end:
            continue
        slope = (b - a) / (t1 - t0) if sloped else 0.0
        left, stop = max(start, t0), min(end, t1)
        while left < stop:
            cell = (left - start) // step
            right = start + (cell + 1) * step
            right = min(right, stop)
            area[cell] += (a + slope * ((left + right) / 2 - t0)) * (right - left)
            known[cell] += right - left
            left = right
    return area, known


def _alone(times: Sequence[int], column: Sequence[float | None], grid: Grid, *, last: bool) -> list[float | None]:
    """Give what single readings say of their cells: the last one, or their mean."""
    readings: dict[int, list[float]] = {}
    for at, value in zip(times, column, strict=True):
        if value is not None and grid.start <= at < grid.end:
            readings.setdefault((at - grid.start) // grid.step, []).append(value)
    out: list[float | None] = [None] * grid.count
    for cell, values in readings.items():
        out[cell] = values[-1] if last else sum(values) / len(values)
    return out
