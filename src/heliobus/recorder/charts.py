"""Recorded series for charts: columns over an even grid of time, or the raw samples of one system.

A channel is ``system/path``; a bare path means the site: the only system that has the channel, or the sum of several
for ``pv.power`` and ``battery.power``.
"""

from __future__ import annotations

import heapq
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import UsageError
from heliobus.model import fields
from heliobus.recorder.catalog import entries, find
from heliobus.recorder.columns import SLOPED, Grid, Series, coverage, draw
from heliobus.recorder.samples import Samples

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from heliobus.recorder.catalog import Entry

AUTO = 2000
"""Points at most that ``auto`` chooses its resolution for."""
HOUR, DAY = 3_600_000, 86_400_000
WINDOW = 6 * HOUR
"""Ms of samples that stand in memory at a time, however long the span is."""


class Resolution(NamedTuple):
    """``step`` is the width of a cell, ``longest`` the longest span at it, both in ms."""

    step: int
    longest: int


RESOLUTIONS = {
    "1s": Resolution(1000, 6 * HOUR),
    "1min": Resolution(60_000, 7 * DAY),
    "15min": Resolution(900_000, 93 * DAY),
    "1h": Resolution(HOUR, 93 * DAY),
}
RAW = Resolution(0, 2 * DAY)
ADDED = frozenset({"pv.power", "battery.power"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """``t`` is the start of each cell in s since 1970, ``step`` its width in s (0: raw samples, ``t`` their times).

    ``columns`` are by the name that was asked for; None is unknown.  ``coverage`` is the share of each cell (0 to 1)
    that lies between two neighbouring samples, of the worst system.
    """

    t: list[float]
    step: float
    columns: dict[str, list[float | None]]
    coverage: list[float]


class _Wanted(NamedTuple):
    """A column and the series that it is made of, as (system, path)."""

    name: str
    parts: tuple[tuple[str, str], ...]


def chart(connection: sqlite3.Connection, start: int, end: int, *, resolution: str, channels: Sequence[str]) -> Columns:
    """Give the columns of [start, end) ms; without ``channels`` all that is recorded.

    ``resolution``: ``1s``, ``1min``, ``15min``, ``1h``, ``raw`` or ``auto``.  Raises UsageError for an unknown word or
    channel, and for a span that is too long for the resolution.
    """
    known = entries(connection)
    wanted = [_wanted(known, name) for name in dict.fromkeys(channels or _everything(known))]
    systems = {system: known[system] for one in wanted for system, _ in one.parts}
    if resolution == "raw":
        _check("raw", RAW, end - start)
        return _raw(connection, systems, wanted, start, end)
    return _even(connection, systems, wanted, _grid(start, end, resolution))


def _grid(start: int, end: int, resolution: str) -> Grid:
    if resolution == "auto":
        # A span that begins within a cell touches one more.
        fine = (name for name, one in RESOLUTIONS.items() if end - start <= one.step * (AUTO - 1))
        resolution = next(fine, "1h")
    if resolution not in RESOLUTIONS:
        raise UsageError(f"no resolution {resolution!r}", remedy=f"Use one of: {', '.join(RESOLUTIONS)}, raw, auto.")
    found = RESOLUTIONS[resolution]
    _check(resolution, found, end - start)
    first = start // found.step * found.step
    return Grid(start=first, step=found.step, count=-(-(end - first) // found.step))


def _check(name: str, resolution: Resolution, span: int) -> None:
    if span > resolution.longest:
        raise UsageError(
            f"{span / DAY:.1f} days are too long for the resolution {name}",
            remedy="Ask for a shorter span, a coarser resolution, or energies by day.",
        )


def _everything(known: Mapping[str, Entry]) -> list[str]:
    return [f"{entry.name}/{path}" for entry in known.values() for path in entry.channels]


def _wanted(known: Mapping[str, Entry], name: str) -> _Wanted:
    system, slash, path = name.rpartition("/")
    if not any(path in entry.channels for entry in known.values()):
        _check_path(name, path)
    if slash:
        return _Wanted(name, ((find(known, system).name, path),))
    if len({entry.site for entry in known.values()}) > 1:
        raise UsageError(f"{name} of which site", remedy=f"Name the system: <system>/{name}.")
    carriers = [entry.name for entry in known.values() if path in entry.channels]
    if len(carriers) > 1 and path not in ADDED:
        raise UsageError(f"{name} does not add up over systems", remedy=f"Name the system: {carriers[0]}/{name}.")
    return _Wanted(name, tuple((carrier, path) for carrier in carriers))


def _check_path(name: str, path: str) -> None:
    """What was never recorded is an empty column, if it is a channel at all."""
    try:
        fields.quantity(path)
    except KeyError:
        raise UsageError(f"no channel {name!r}", remedy="Name one like roof/pv.power.") from None


# -- drawing


def _series(connection: sqlite3.Connection, entry: Entry, wanted: Sequence[_Wanted], start: int, end: int) -> Series:
    """Read a system's samples, one more on either side of the span."""
    paths = tuple(sorted({path for one in wanted for system, path in one.parts if system == entry.name}))
    samples = Samples(connection)
    found = []
    for device in entry.devices:
        before, after = samples.before(device, start), samples.after(device, end)
        low = start if before is None else before
        high = end if after is None else after + 1
        found.append(samples.packed(device, low, high))
    return Series.of(heapq.merge(*found, key=operator.itemgetter(0)), paths)


def _even(
    connection: sqlite3.Connection, systems: Mapping[str, Entry], wanted: Sequence[_Wanted], grid: Grid
) -> Columns:
    columns: dict[str, list[float | None]] = {one.name: [] for one in wanted}
    covered: list[float] = []
    for window in grid.windows(WINDOW):
        drawn: dict[tuple[str, str], list[float | None]] = {}
        covers: list[list[float]] = []
        for entry in systems.values():
            series = _series(connection, entry, wanted, window.start, window.end)
            covers.append(coverage(series, window))
            for path, column in series.values.items():
                channel = entry.channels.get(path)
                sloped = channel is None or channel.kind in SLOPED
                drawn[entry.name, path] = draw(series, column, window, sloped=sloped)
        nothing: list[float | None] = [None] * window.count
        for one in wanted:
            columns[one.name] += _added([drawn[part] for part in one.parts]) or nothing
        covered += [min(cells) for cells in zip(*covers, strict=True)] if covers else [0.0] * window.count
    return Columns(
        t=[(grid.start + grid.step * cell) / 1000 for cell in range(grid.count)],
        step=grid.step / 1000,
        columns=columns,
        coverage=covered,
    )


def _added(columns: Sequence[list[float | None]]) -> list[float | None]:
    if len(columns) == 1:
        return columns[0]
    out: list[float | None] = []
    for cells in zip(*columns, strict=True):
        known = [cell for cell in cells if cell is not None]
        out.append(sum(known) if len(known) == len(cells) else None)
    return out


def _raw(
    connection: sqlite3.Connection, systems: Mapping[str, Entry], wanted: Sequence[_Wanted], start: int, end: int
) -> Columns:
    """Give the samples as they came; in the middle of a gap stands a row of None."""
    if len(systems) > 1:
        raise UsageError("raw samples are of one system at a time", remedy="Name the channels of one system.")
    series = Series(values={})
    for entry in systems.values():
        series = _series(connection, entry, wanted, start, end)
    rows: list[tuple[float, int | None]] = []
    for index, at in enumerate(series.times):
        if index and at - series.times[index - 1] > series.gaps[index]:
            rows.append(((at + series.times[index - 1]) / 2, None))
        rows.append((at, index))
    rows = [row for row in rows if start <= row[0] < end]
    nothing: list[float | None] = [None] * len(series.times)
    values = {one.name: series.values[one.parts[0][1]] if one.parts else nothing for one in wanted}
    return Columns(
        t=[at / 1000 for at, _ in rows],
        step=0.0,
        columns={
            name: [None if index is None else column[index] for _, index in rows] for name, column in values.items()
        },
        coverage=[0.0 if index is None else 1.0 for _, index in rows],
    )
