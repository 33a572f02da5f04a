"""Writes readings, events and the configured systems into the tables; one transaction at a time.

What is cached here (devices, channels, layouts) is forgotten when a transaction fails, since its rows are gone then.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import uuid
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from heliobus.model import fields
from heliobus.model.event import Event
from heliobus.recorder import layout as layouts
from heliobus.recorder.layout import Channel, Layout
from heliobus.recorder.reading import Reading, milliseconds, storable
from heliobus.recorder.rollup import due, mark, rebuild_days, roll
from heliobus.recorder.samples import key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


LOG = logging.getLogger(__name__)

_SPARE = 8
_CHOICES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A configured system; ``interval`` is the time between two polls in ms, ``grid``: it measures its site's grid."""

    site: str
    timezone: str
    name: str
    vendor: str
    interval: int
    grid: bool = False


class _Way(NamedTuple):
    """How samples came: ms between two of them, and ``Snapshot.source``."""

    interval: int
    source: str


Item = System | Reading | Event


class Tables:
    """The writing half of the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._systems: dict[str, System] = {}
        self._forget()

    def write(self, items: Sequence[Item]) -> None:
        """Commit ``items`` in one transaction.

        Raises sqlite3.Error if the disk refuses.  An item that itself cannot be kept is left out and logged.
        """
        if not items:
            return
        with self._transaction():
            touched: dict[int, set[int]] = defaultdict(set)
            for item in items:
                try:
                    self._apply(item, touched)
                except sqlite3.Error:
                    raise
                except Exception:
                    LOG.exception("cannot be recorded: %r", item)
            for device, times in touched.items():
                mark(self._connection, device, times)

    def roll(self, *, everything: bool) -> None:
        """Roll up the buckets that are complete, or ``everything``, in a transaction of its own."""
        marked = due(self._connection, everything=everything)
        if marked:
            with self._transaction():
                roll(self._connection, marked, self._zones())

    def _apply(self, item: Item, touched: dict[int, set[int]]) -> None:
        if isinstance(item, Reading):
            touched[self._add(item)].add(item.at)
        elif isinstance(item, System):
            self._declare(item)
        else:
            self._note(item)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        systems = dict(self._systems)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._forget()
            self._systems = systems
            if self._connection.in_transaction:  # a full disk has rolled back by itself
                self._connection.execute("ROLLBACK")
            raise

    def _forget(self) -> None:
        self._devices: dict[tuple[str, str | None], int] = {}
        self._channels: dict[int, dict[str, Channel]] = {}
        self._layouts: dict[int, list[Layout]] = {}
        self._chosen: dict[tuple[int, _Way, tuple[str, ...]], Layout] = {}

    def _zones(self) -> Mapping[int, str]:
        return dict(self._connection.execute("SELECT device.id, tz FROM device JOIN site ON site.id = site"))

    # -- systems and their devices

    def _declare(self, system: System) -> None:
        run = self._connection.execute
        if not self._systems:
            run("UPDATE device SET active = 0")
        self._systems[system.name] = system
        self._devices.clear()
        site = self._site(system)
        moved = run("UPDATE OR IGNORE device SET site = ? WHERE system = ? AND site <> ?", (site, system.name, site))
        run("UPDATE device SET active = 1, grid = ? WHERE system = ?", (system.grid, system.name))
        if run("SELECT 1 FROM device WHERE system = ?", (system.name,)).fetchone() is None:
            self._new_device(system, _placeholder(system.name))
        if moved.rowcount:
            self._rebuild(site, system.timezone)

    def _site(self, system: System) -> int:
        run = self._connection.execute
        found = run("SELECT id, tz FROM site WHERE name = ?", (system.site,)).fetchone()
        if found is None:
            values = (uuid.uuid4().bytes, system.site, system.timezone)
            return _id(run("INSERT INTO site (uid, name, tz) VALUES (?, ?, ?)", values))
        site, zone = found
        if zone != system.timezone:
            run("UPDATE site SET tz = ? WHERE id = ?", (system.timezone, site))
            self._rebuild(site, system.timezone)
        return int(site)

    def _rebuild(self, site: int, zone: str) -> None:
        for (device,) in self._connection.execute("SELECT id FROM device WHERE site = ?", (site,)).fetchall():
            rebuild_days(self._connection, device, zone)

    def _new_device(self, system: System, serial: str) -> int:
        query = "INSERT INTO device (site, vendor, serial, system, grid) SELECT id, ?, ?, ?, ? FROM site WHERE name = ?"
        return _id(self._connection.execute(query, (system.vendor, serial, system.name, system.grid, system.site)))

    def _device(self, reading: Reading) -> int:
        key = (reading.system, reading.serial)
        if key not in self._devices:
            self._devices[key] = self._find_device(self._systems[reading.system], reading.serial)
        return self._devices[key]

    def _find_device(self, system: System, serial: str | None) -> int:
        """A box is its serial number, whatever it is called; without one it is the system's latest box."""
        run = self._connection.execute
        latest, known = run(
            "SELECT id, serial FROM device WHERE system = ? ORDER BY id DESC LIMIT 1", (system.name,)
        ).fetchone()
        if serial is None:
            return int(latest)
        found = run(
            "SELECT device.id, system FROM device JOIN site ON site.id = site WHERE site.name = ? AND serial = ?",
            (system.site, serial),
        ).fetchone()
        if found is None:
            if known != _placeholder(system.name):
                return self._new_device(system, serial)
            run("UPDATE device SET serial = ? WHERE id = ?", (serial, latest))
            return int(latest)
        device, name = found
        if name not in self._systems:
            run("UPDATE device SET system = ?, active = 1, grid = ? WHERE id = ?", (system.name, system.grid, device))
        return int(device)

    # -- samples and events

    def _add(self, reading: Reading) -> int:
        device = self._device(reading)
        layout = self._layout(device, reading)
        self._connection.execute(
            "INSERT INTO hot (id, layout, v) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET layout = excluded.layout, v = excluded.v",
            (key(device, reading.at), layout.id, layout.pack(reading.values, reading.doubts)),
        )
        return device

    def _note(self, event: Event) -> None:
        data = json.dumps(dict(event.data), default=str)
        self._connection.execute(
            "INSERT INTO event (at, system, kind, text, data) VALUES (?, ?, ?, ?, ?)",
            (milliseconds(event.at), event.system, event.kind, storable(event.text), data),
        )

    def _layout(self, device: int, reading: Reading) -> Layout:
        configured = self._systems[reading.system].interval
        way = _Way(configured if reading.interval is None else reading.interval, reading.source)
        key = (device, way, tuple(reading.values))
        if key not in self._chosen:
            if len(self._chosen) >= _CHOICES:  # values that come and go in every combination
                self._chosen.clear()
            self._chosen[key] = self._choose(device, way, reading.values)
        return self._chosen[key]

    def _choose(self, device: int, way: _Way, values: Mapping[str, float]) -> Layout:
        """Take the smallest layout that holds the channels without much waste, or write a new one.

        A new one grows out of the most similar, so values that come and go do not breed layouts.
        """
        needed = {self._channel(device, path) for path in values}
        most = 2 * len(needed) + _SPARE
        known = [one for one in self._known(device) if (one.interval, one.source) == way and len(one.channels) <= most]
        enough = [one for one in known if needed <= set(one.channels)]
        if enough:
            return min(enough, key=lambda one: len(one.channels))
        base = max(known, key=lambda one: (len(needed & set(one.channels)), len(one.channels)), default=None)
        channels = tuple(dict.fromkeys((*(base.channels if base else ()), *sorted(needed))))
        return self._new_layout(device, way, channels if len(channels) <= most else tuple(sorted(needed)))

    def _known(self, device: int) -> list[Layout]:
        if device not in self._layouts:
            ids = self._connection.execute("SELECT id FROM layout WHERE device = ?", (device,)).fetchall()
            self._layouts[device] = [layouts.load(self._connection, one) for (one,) in ids]
        return self._layouts[device]

    def _new_layout(self, device: int, way: _Way, channels: tuple[Channel, ...]) -> Layout:
        ids = json.dumps([channel.id for channel in channels])
        number = _id(
            self._connection.execute(
                "INSERT INTO layout (device, interval, source, fmt, channels) VALUES (?, ?, ?, ?, ?)",
                (device, way.interval, way.source, layouts.fmt(channels), ids),
            )
        )
        layout = Layout(id_=number, interval=way.interval, channels=channels, source=way.source)
        self._known(device).append(layout)
        return layout

    def _channel(self, device: int, path: str) -> Channel:
        if device not in self._channels:
            self._channels[device] = {one.path: one for one in layouts.channels(self._connection, device)}
        known = self._channels[device]
        if path not in known:
            what = fields.quantity(path)
            number = _id(
                self._connection.execute(
                    "INSERT INTO channel (device, key, kind, unit, exp10) VALUES (?, ?, ?, ?, ?)",
                    (device, path, what.kind, what.unit, what.exp10),
                )
            )
            known[path] = Channel(number, path, what.kind, what.unit, what.exp10)
        return known[path]


def _placeholder(system: str) -> str:
    """What stands for the serial number until the device has told it."""
    return f"system:{system}"


def _id(cursor: sqlite3.Cursor) -> int:
    """Give the id of the row that was just inserted."""
    return cast("int", cursor.lastrowid)
