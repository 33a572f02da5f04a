"""Recorded series for charts: columns over an even grid of time, or the raw samples of one system.

A channel is ``system/path``; a bare path is the site's (``sites``).
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
from heliobus.recorder.sites import WALLBOX, Part, parts

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
    """A column and the series that it is made of."""

    name: str
    parts: tuple[Part, ...]


def chart(
    connection: sqlite3.Connection,
    start: int,
    end: int,
    *,
    resolution: str,
    channels: Sequence[str],
    site: str | None = None,
) -> Columns:
    """Give the columns of [start, end) ms; without ``channels`` all that is recorded.

    ``resolution``: ``1s``, ``1min``, ``15min``, ``1h``, ``raw`` or ``auto``.  ``site`` is the one that bare paths mean;
    it may be left out while there is only one.  Raises UsageError for an unknown word or channel, and for a span that
    is too long for the resolution.
    """
    known = entries(connection)
    names = dict.fromkeys(channels or _everything(known))
    wanted = [_wanted(known, name, site, start, end) for name in names]
    systems = {part.system: known[part.system] for one in wanted for part in one.parts}
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


def _wanted(known: Mapping[str, Entry], name: str, site: str | None, start: int, end: int) -> _Wanted:
    system, slash, path = name.rpartition("/")
    if path != WALLBOX and not any(path in entry.channels for entry in known.values()):
        _check_path(name, path)
    if slash:
        return _Wanted(name, (Part(find(known, system).name, path),))
    here = [entry for entry in known.values() if site in (None, entry.site)]
    if len({entry.site for entry in here}) > 1:
        raise UsageError(f"{name} of which site", remedy=f"Name the site, or the system: <system>/{name}.")
    return _Wanted(name, parts([entry for entry in here if entry.is_part(start / 1000, end / 1000)], path))


def _check_path(name: str, path: str) -> None:
    """What was never recorded is an empty column, if it is a channel at all."""
    try:
        fields.quantity(path)
    except KeyError:
        raise UsageError(f"no channel {name!r}", remedy="Name one like roof/pv.power.") from None


# -- drawing


def _series(connection: sqlite3.Connection, entry: Entry, wanted: Sequence[_Wanted], start: int, end: int) -> Series:
    """Read a system's samples, one more on either side of the span."""
    paths = tuple(sorted({part.path for one in wanted for part in one.parts if part.system == entry.name}))
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
        for one in wanted:
            found = [drawn[part.system, part.path] for part in one.parts]
            columns[one.name] += _added(one.parts, found, window.count)
        covered += [min(cells) for cells in zip(*covers, strict=True)] if covers else [0.0] * window.count
    return Columns(
        t=[(grid.start + grid.step * cell) / 1000 for cell in range(grid.count)],
        step=grid.step / 1000,
        columns=columns,
        coverage=covered,
    )


def _added(parts_: Sequence[Part], columns: Sequence[list[float | None]], count: int) -> list[float | None]:
    """Join the columns of the parts; one that is unknown makes the sum unknown."""
    if not parts_:
        return [None] * count
    if len(parts_) == 1:
        return columns[0]
    signs = [part.sign for part in parts_]
    out: list[float | None] = []
    for cells in zip(*columns, strict=True):
        known = [sign * cell for sign, cell in zip(signs, cells, strict=True) if cell is not None]
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
    values = {
        one.name: _added(one.parts, [series.values[part.path] for part in one.parts], len(series.times))
        for one in wanted
    }
    return Columns(
        t=[at / 1000 for at, _ in rows],
        step=0.0,
        columns={
            name: [None if index is None else column[index] for _, index in rows] for name, column in values.items()
        },
        coverage=[0.0 if index is None else 1.0 for _, index in rows],
    )
