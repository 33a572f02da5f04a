"""Samples drawn onto an even grid of time, for charts.

Between two neighbouring samples a value is a straight line (a code, a setting or a counter keeps its earlier value);
a cell's value is the mean over that part of it that is known.  A gap stays a gap: the cell is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heliobus.model.quantity import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        for at, layout, data in samples:
            series.times.append(at)
            series.gaps.append(layout.gap)
            for column, value in zip(series.values.values(), layout.pick(data, paths), strict=True):
                column.append(value)
        return series


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """``count`` cells of ``step`` ms from ``start`` ms on."""

    start: int
    step: int
    count: int


def draw(series: Series, column: Sequence[float | None], grid: Grid, *, sloped: bool) -> list[float | None]:
    """Give one value per cell of the grid."""
    area, known = _areas(series, column, grid, sloped=sloped)
    found = _alone(series.times, column, grid, last=not sloped)
    if not sloped:  # the last reading in the cell; the one before where the cell lies between two
        return [
            single if single is not None else sum_ / time if time else None
            for single, sum_, time in zip(found, area, known, strict=True)
        ]
    return [sum_ / time if time else single for single, sum_, time in zip(found, area, known, strict=True)]


def coverage(series: Series, grid: Grid) -> list[float]:
    """Give the share of each cell that lies between two neighbouring samples."""
    _, known = _areas(series, [0.0] * len(series.times), grid, sloped=True)
    return [min(time / grid.step, 1.0) for time in known]


def _areas(
    series: Series, column: Sequence[float | None], grid: Grid, *, sloped: bool
) -> tuple[list[float], list[int]]:
    """Integrate each interval over the cells that it touches: value x ms, and ms known."""
    area, known = [0.0] * grid.count, [0] * grid.count
    start, step, end = grid.start, grid.step, grid.start + grid.step * grid.count
    times, gaps = series.times, series.gaps
    for index in range(1, len(times)):
        a, b = column[index - 1], column[index]
        if a is None or b is None:
            continue
        t0, t1 = times[index - 1], times[index]
        if t1 - t0 > gaps[index] or t1 <= start or t0 >= end:
            continue
        slope = (b - a) / (t1 - t0) if sloped else 0.0
        left = max(t0, start)
        while left < min(t1, end):
            cell = (left - start) // step
            right = min(t1, start + (cell + 1) * step)
            area[cell] += (a + slope * ((left + right) / 2 - t0)) * (right - left)
            known[cell] += right - left
            left = right
    return area, known


def _alone(times: Sequence[int], column: Sequence[float | None], grid: Grid, *, last: bool) -> list[float | None]:
    """Give what single readings say of their cells: the last one, or their mean."""
    readings: dict[int, list[float]] = {}
    for at, value in zip(times, column, strict=True):
        if value is not None and 0 <= at - grid.start < grid.step * grid.count:
            readings.setdefault((at - grid.start) // grid.step, []).append(value)
    out: list[float | None] = [None] * grid.count
    for cell, values in readings.items():
        out[cell] = values[-1] if last else sum(values) / len(values)
    return out
