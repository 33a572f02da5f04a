"""Reads the record; safe while the writer writes, from any thread.

Every call opens a read-only connection of its own for one consistent look.  What the roller has not yet stored is
computed from the samples on the way, so answers are as of the last commit.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import UsageError
from heliobus.recorder.calendar import day_number, midnight, periods, zone_of
from heliobus.recorder.catalog import entries, find
from heliobus.recorder.charts import Columns, chart
from heliobus.recorder.energy import BUCKET, Totals, add_up
from heliobus.recorder.reading import milliseconds
from heliobus.recorder.rollup import Buckets
from heliobus.recorder.samples import END, Samples
from heliobus.recorder.schema import reading
from heliobus.recorder.sums import Bucket, Energies, energies, site_energies

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from heliobus.model.quality import Quality
    from heliobus.recorder.catalog import Entry
    from heliobus.recorder.layout import Row

__all__ = ["Bucket", "ChannelInfo", "Columns", "Energies", "History", "Sample", "SystemInfo"]

SPANS = ("15min", "day", "month", "year")
MOST_BUCKETS = 40_000
"""Of one answer: more than a year of quarter hours."""
CHUNK = 6 * 3600 * 1000
"""Ms of raw samples that one look reads: a long export must not keep the writer from trimming its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemInfo:
    """A recorded system; ``first`` and ``last`` are the times of its samples, None before there is one."""

    name: str
    site: str
    timezone: str
    vendor: str
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo:
    """One series of a system; ``kind`` is a value of ``heliobus.model.quantity.Kind``."""

    path: str
    unit: str
    kind: str


class Sample(NamedTuple):
    """One poll as recorded: ``values`` by path, with None for what was asked for and missing.

    ``doubts`` gives the quality of those values that do not count in totals, ``source`` the way that it came by.
    """

    system: str
    time: datetime
    values: Mapping[str, float | None]
    doubts: Mapping[str, Quality]
    source: str = ""


class History:
    """The reading half of the record.  Every method raises StorageError and DatabaseTooNew."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def systems(self) -> tuple[SystemInfo, ...]:
        """List the systems that are or were recorded."""
        with reading(self._path) as connection:
            return tuple(
                SystemInfo(
                    name=one.name,
                    site=one.site,
                    timezone=one.zone,
                    vendor=one.vendor,
                    first=_time(one.first),
                    last=_time(one.last),
                )
                for one in entries(connection).values()
            )

    def channels(self, system: str) -> tuple[ChannelInfo, ...]:
        """List what is recorded of a system; UsageError if there is none of that name."""
        with reading(self._path) as connection:
            channels = find(entries(connection), system).channels.values()
            return tuple(ChannelInfo(path=one.path, unit=one.unit, kind=str(one.kind)) for one in channels)

    def history(
        self,
        start: datetime,
        end: datetime,
        *,
        resolution: str = "auto",
        channels: Sequence[str] = (),
        site: str | None = None,
    ) -> Columns:
        """Give series for a chart; see ``charts``."""
        first, last = _span(start, end)
        with reading(self._path) as connection:
            return chart(connection, first, last, resolution=resolution, channels=channels, site=site)

    def parts(self, start: datetime, end: datetime, *, site: str) -> dict[str, frozenset[str]]:
        """Give the systems that a site had in [start, end), each with the paths that were ever recorded of it.

        One that is configured is part of the site even while it is silent; another is as long as it was recorded.
        """
        first, last = _span(start, end)
        with reading(self._path) as connection:
            known = entries(connection).values()
        here = [one for one in known if one.site == site and one.is_part(first / 1000, last / 1000)]
        return {one.name: frozenset(one.channels) for one in here}

    def energy(self, start: datetime, end: datetime, *, by: str) -> tuple[Bucket, ...]:
        """Give the energies of every span that touches [start, end), those without any data included.

        ``by``: ``15min`` (UTC), or ``day``, ``month``, ``year`` of each site's own time zone.  Raises UsageError for
        another word, a time without zone, or too many spans.
        """
        first, last = _span(start, end)
        if by not in SPANS:
            raise UsageError(f"no energies by {by!r}", remedy=f"Use one of: {', '.join(SPANS)}.")
        with reading(self._path) as connection:
            known = entries(connection).values()
            rows = (
                _quarters(connection, known, first, last)
                if by == "15min"
                else _local(connection, known, start, end, by)
            )
            return tuple(_bucket(span, rows[span]) for span in sorted(rows))

    def samples(
        self, start: datetime, end: datetime, *, system: str | None = None, channels: Sequence[str] = ()
    ) -> Iterator[Sample]:
        """Stream the raw samples in [start, end), system by system, in time order; all channels if none is named."""
        first, last = _span(start, end)
        with reading(self._path) as connection:
            known = entries(connection)
        wanted = known.values() if system is None else (find(known, system),)
        return self._stream(tuple(wanted), first, last, channels)

    def _stream(self, wanted: Sequence[Entry], first: int, last: int, channels: Sequence[str]) -> Iterator[Sample]:
        for entry in wanted:
            if entry.first is None or entry.last is None:
                continue
            for start in range(max(first, entry.first), min(last, entry.last + 1), CHUNK):
                with reading(self._path) as connection:
                    rows = _rows(connection, entry.devices, start, min(start + CHUNK, last))
                for row in rows:
                    yield _sample(entry.name, row, channels)


def _rows(connection: sqlite3.Connection, devices: Iterable[int], start: int, end: int) -> list[Row]:
    samples = Samples(connection)
    rows = [row for device in devices for row in samples.between(device, start, end)]
    return sorted(rows, key=lambda row: row.at)


def _sample(system: str, row: Row, channels: Sequence[str]) -> Sample:
    values = {path: row.values.get(path) for path in channels or row.values}
    doubts = {path: quality for path, quality in row.doubts.items() if path in values}
    return Sample(system, datetime.fromtimestamp(row.at / 1000, UTC), values, doubts, row.source)


def _time(milliseconds_: int | None) -> datetime | None:
    return None if milliseconds_ is None else datetime.fromtimestamp(milliseconds_ / 1000, UTC)


def _span(start: datetime, end: datetime) -> tuple[int, int]:
    first, last = milliseconds(start), milliseconds(end)
    if last <= first:
        raise UsageError("the span ends before it begins", remedy="Give a start that is before the end.")
    if first < 0 or last > END:
        raise UsageError("the span lies beyond the record", remedy="Give times between 1970 and 2109.")
    return first, last


# -- energies: (start, end) of a bucket in s -> its systems

_Rows = dict[tuple[int, int], list[tuple["Entry", "Totals | None"]]]


def _quarters(connection: sqlite3.Connection, known: Iterable[Entry], first: int, last: int) -> _Rows:
    start = first // 1000 // BUCKET * BUCKET
    end = -(-last // 1000)
    _limit((end - start) // BUCKET)
    buckets = Buckets(connection)
    rows: _Rows = {(t0, t0 + BUCKET): [] for t0 in range(start, end, BUCKET)}
    for entry in known:
        totals = _merged(buckets.quarters(device, start, end) for device in entry.devices)
        for t0, t1 in rows:
            rows[t0, t1].append((entry, totals.get(t0)))
    return rows


def _local(connection: sqlite3.Connection, known: Iterable[Entry], start: datetime, end: datetime, by: str) -> _Rows:
    buckets = Buckets(connection)
    rows: _Rows = defaultdict(list)
    for entry in known:
        zone = zone_of(entry.zone)
        dates = list(periods(start, end, by=by, zone=zone))
        numbers = [(day_number(first), day_number(last)) for first, last in dates]
        days = _merged(buckets.days(device, entry.zone, numbers[0][0], numbers[-1][1]) for device in entry.devices)
        for (first, last), (low, high) in zip(dates, numbers, strict=True):
            span = (midnight(first, zone), midnight(last, zone))
            inside = [days[day] for day in range(low, high) if day in days]
            if span[0] < span[1]:  # a day that a move over the date line has skipped
                rows[span].append((entry, add_up(inside) if inside else None))
    _limit(len(rows))
    return rows


def _limit(count: int) -> None:
    if count > MOST_BUCKETS:
        raise UsageError(
            f"{count} spans are more than the {MOST_BUCKETS} of one answer", remedy="Ask for fewer or longer spans."
        )


def _merged(of_devices: Iterable[Mapping[int, Totals]]) -> dict[int, Totals]:
    """A system's boxes follow one another: what the one knows and what the other knows add up."""
    parts: dict[int, list[Totals]] = defaultdict(list)
    for totals in of_devices:
        for key, one in totals.items():
            parts[key].append(one)
    return {key: add_up(found) if len(found) > 1 else found[0] for key, found in parts.items()}


def _bucket(span: tuple[int, int], rows: Sequence[tuple[Entry, Totals | None]]) -> Bucket:
    start, end = span
    systems = {entry.name: energies(totals, end - start) for entry, totals in rows}
    sites: dict[str, list[tuple[Entry, Energies]]] = {entry.site: [] for entry, _ in rows}
    for entry, _ in rows:
        if entry.is_part(start, end):
            sites[entry.site].append((entry, systems[entry.name]))
    return Bucket(
        start=datetime.fromtimestamp(start, UTC),
        end=datetime.fromtimestamp(end, UTC),
        systems=systems,
        sites={site: site_energies(parts) for site, parts in sites.items()},
    )
