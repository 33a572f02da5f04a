"""The energy tables, made from the samples.

A write marks the buckets that depend on it as dirty, in its own transaction.  One roller recomputes dirty buckets and
then their local days, always as whole rows of one pure function, so live, late, repeated and imported samples leave the
same tables.  The bucket that is still being filled stays dirty, which spares the flash: a reader computes dirty
buckets by the same function on the way (``Buckets``).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from heliobus.recorder.calendar import day_at, span, zone_of
from heliobus.recorder.energy import BUCKET, COLUMNS, Origin, Totals, add_up, roll_up
from heliobus.recorder.samples import Samples

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from heliobus.recorder.counters import Fault

_STORE_BUCKET = "INSERT OR REPLACE INTO energy_15min VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_STORE_DAY = "INSERT OR REPLACE INTO energy_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
"""Always whole rows in the order of the tables, which is that of ``Totals``."""


def bucket_of(at: int) -> int:
    """Give the start in s of the bucket that the ms ``at`` lies in."""
    return at // 1000 // BUCKET * BUCKET


class Buckets:
    """The 15-min buckets and local days of a database, dirty ones computed from the samples."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._samples = Samples(connection)

    def computed(self, device: int, t0: int) -> tuple[Totals, tuple[Fault, ...]] | None:
        """Compute the bucket that starts at ``t0`` s; None if it has no sample."""
        start, length = t0 * 1000, BUCKET * 1000
        previous = self._samples.before(device, start)
        first = start if previous is None else min(previous, start - length)
        return roll_up(list(self._samples.between(device, first, start + length)), start)

    def quarters(self, device: int, start: int, end: int) -> dict[int, Totals]:
        """Give the buckets with start <= t0 < end (s)."""
        found = {
            row[1]: _totals(row[2:])
            for row in self._connection.execute(
                "SELECT * FROM energy_15min WHERE device = ? AND t0 >= ? AND t0 < ?", (device, start, end)
            )
        }
        for t0 in self.dirty(device, start, end):
            computed = self.computed(device, t0)
            if computed is not None:
                found[t0] = computed[0]
        return dict(sorted(found.items()))

    def days(self, device: int, zone: str, first: int, last: int) -> dict[int, Totals]:
        """Give the local days with first <= day < last."""
        found = {
            row[1]: _totals(row[2:-1])
            for row in self._connection.execute(
                "SELECT * FROM energy_day WHERE device = ? AND day >= ? AND day < ?", (device, first, last)
            )
        }
        place = zone_of(zone)
        for day in {day_at(t0, place) for t0 in self.dirty(device, span(first, place)[0], span(last, place)[0])}:
            totals = self.day(device, zone, day)
            if totals is not None:
                found[day] = totals
        return dict(sorted(found.items()))

    def day(self, device: int, zone: str, day: int) -> Totals | None:
        """Compute one local day from its buckets; None if it has none."""
        rows = self.quarters(device, *span(day, zone_of(zone))).values()
        return add_up(tuple(rows), of_one_day=True) if rows else None

    def dirty(self, device: int, start: int, end: int) -> list[int]:
        """Give the dirty buckets with start <= t0 < end (s)."""
        query = "SELECT t0 FROM dirty WHERE device = ? AND t0 >= ? AND t0 < ? ORDER BY t0"
        return [t0 for (t0,) in self._connection.execute(query, (device, start, end))]


def _totals(values: tuple[int | None, ...]) -> Totals:
    fields: dict[str, int | None] = dict(zip(COLUMNS, values, strict=True))
    return Totals(**fields | {"src": Origin(fields["src"])})  # type: ignore[arg-type]


def _values(totals: Totals) -> tuple[int | None, ...]:
    return tuple(getattr(totals, column) for column in COLUMNS)


# -- writing


def mark(connection: sqlite3.Connection, device: int, times: Iterable[int]) -> None:
    """Mark what depends on samples at ``times`` ms: their bucket, the one after it, and that of the next sample.

    The bucket after looks back for dips of counters; the next sample may be any time away.
    """
    samples = Samples(connection)
    touched = set()
    for t0 in {bucket_of(at) for at in times}:
        touched |= {t0, t0 + BUCKET}
        following = samples.after(device, (t0 + BUCKET) * 1000)
        if following is not None:
            touched.add(bucket_of(following))
    connection.executemany("INSERT OR IGNORE INTO dirty VALUES (?, ?)", [(device, t0) for t0 in sorted(touched)])


def due(connection: sqlite3.Connection, *, everything: bool) -> dict[int, list[int]]:
    """Give the dirty buckets of each device that are to be rolled up.

    Without ``everything`` those that may still grow are not: the one of the device's latest sample and later ones.
    """
    samples = Samples(connection)
    found: dict[int, list[int]] = {}
    marks = connection.execute("SELECT device, t0 FROM dirty ORDER BY device, t0").fetchall()
    for device, group in groupby(marks, key=lambda row: row[0]):
        latest = samples.before(device)
        growing = 0 if latest is None else bucket_of(latest)
        if of_device := [t0 for _, t0 in group if everything or t0 < growing]:
            found[device] = of_device
    return found


def roll(connection: sqlite3.Connection, marked: Mapping[int, Sequence[int]], zones: Mapping[int, str]) -> None:
    """Bring the energy tables up to the samples in the buckets ``marked``; ``zones`` are the devices' time zones."""
    buckets = Buckets(connection)
    for device, of_device in marked.items():
        for t0 in of_device:
            _store_bucket(connection, device, t0, buckets.computed(device, t0))
        connection.executemany("DELETE FROM dirty WHERE device = ? AND t0 = ?", [(device, t0) for t0 in of_device])
        zone = zones[device]
        for day in sorted({day_at(t0, zone_of(zone)) for t0 in of_device}):
            _store_day(connection, device, day, buckets.day(device, zone, day))


def rebuild_days(connection: sqlite3.Connection, device: int, zone: str) -> None:
    """Make all local days of a device anew: its site has moved to another time zone."""
    buckets = Buckets(connection)
    connection.execute("DELETE FROM energy_day WHERE device = ?", (device,))
    times = connection.execute("SELECT t0 FROM energy_15min WHERE device = ? ORDER BY t0", (device,)).fetchall()
    for day in dict.fromkeys(day_at(t0, zone_of(zone)) for (t0,) in times):
        _store_day(connection, device, day, buckets.day(device, zone, day))


def _store_bucket(
    connection: sqlite3.Connection, device: int, t0: int, computed: tuple[Totals, tuple[Fault, ...]] | None
) -> None:
    if computed is None:  # marked because a sample might come; samples never go
        return
    totals, faults = computed
    connection.execute(
        "DELETE FROM counter_event WHERE ts >= ? AND ts < ? AND channel IN (SELECT id FROM channel WHERE device = ?)",
        (t0 * 1000, (t0 + BUCKET) * 1000, device),
    )
    connection.execute(_STORE_BUCKET, (device, t0, *_values(totals)))
    connection.executemany(
        "INSERT INTO counter_event SELECT id, ?, ?, ?, ? FROM channel WHERE device = ? AND key = ?",
        [(one.at, round(one.before), round(one.after), one.reason, device, one.path) for one in faults],
    )


def _store_day(connection: sqlite3.Connection, device: int, day: int, totals: Totals | None) -> None:
    """``rev`` counts the changes of a row."""
    if totals is None:
        return
    key = (device, day)
    old = connection.execute("SELECT * FROM energy_day WHERE device = ? AND day = ?", key).fetchone()
    if old is None or old[2:-1] != _values(totals):
        connection.execute(_STORE_DAY, (*key, *_values(totals), 1 if old is None else old[-1] + 1))
