"""Rows of packed integers: which channels a row holds, in which order and width.

A row is ``struct.pack(fmt, *values)``, each value a whole number of ``10**exp10`` units of its channel and the smallest
number of the width for "missing"; behind it three bytes (index, quality) for each value that does not count.  A layout
never changes once written: another set of channels is another layout.
"""

from __future__ import annotations

import json
import struct
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heliobus.model.quality import Quality
from heliobus.model.quantity import Kind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

WIDE = frozenset({Kind.COUNTER, Kind.DAY_COUNTER, Kind.STATE})
"""Kinds kept in 64 bits: lifetime counters in Wh, and codes, which may use all 32 bits unsigned."""
_MISSING = {"i": -(2**31), "q": -(2**63)}
MAX_INTERVALS = 3
"""Poll intervals without a sample beyond which nobody knows what happened (MODEL: energy of a time span)."""
_DOUBT = struct.Struct("<HB")
_NONE: Mapping[str, Quality] = MappingProxyType({})


class Channel(NamedTuple):
    """One series of a device."""

    id: int
    path: str
    kind: Kind
    unit: str
    exp10: int

    @property
    def code(self) -> str:
        """The width in struct's letters."""
        return "q" if self.kind in WIDE else "i"


class _Place(NamedTuple):
    """How a channel stands in a row: multiplied by ``factor`` (the way back divides, which gives the nearest float)."""

    path: str
    missing: int
    factor: float


class Row(NamedTuple):
    """A sample as read back: ``at`` in ms, ``gap`` the longest time in ms to the sample before that is no gap."""

    at: int
    gap: int
    values: dict[str, float]
    doubts: Mapping[str, Quality]
    source: str = ""


class Layout:
    """Packs and unpacks the rows of one layout.

    ``interval`` is the time between two polls in ms, ``source`` the way that they came by, as ``Snapshot.source``.
    """

    def __init__(self, *, id_: int, interval: int, channels: tuple[Channel, ...], source: str = "") -> None:
        self.id = id_
        self.interval = interval
        self.source = source
        self.channels = channels
        self.gap = interval * MAX_INTERVALS
        self._packer = struct.Struct(fmt(channels))
        self._places = tuple(_Place(one.path, _MISSING[one.code], 10.0**-one.exp10) for one in channels)
        self._picks: dict[tuple[str, ...], list[tuple[int, int, float] | None]] = {}

    def pack(self, values: Mapping[str, float], doubts: Mapping[str, Quality]) -> bytes:
        """Pack the known values; what its width cannot hold is missing."""
        numbers = []
        for path, missing, factor in self._places:
            value = values.get(path)
            product = None if value is None else value * factor
            numbers.append(missing if product is None or abs(product) >= -missing - 1 else round(product))
        tail = [_DOUBT.pack(index, doubts[one.path]) for index, one in enumerate(self._places) if one.path in doubts]
        return self._packer.pack(*numbers) + b"".join(tail)

    def row(self, at: int, data: bytes) -> Row:
        """Unpack; missing values are left out."""
        values = {
            path: number / factor
            for (path, missing, factor), number in zip(self._places, self._packer.unpack_from(data), strict=True)
            if number != missing
        }
        return Row(at, self.gap, values, self._doubts(data), self.source)

    def pick(self, data: bytes, paths: tuple[str, ...]) -> list[float | None]:
        """Unpack some values, quickly; None is missing or does not count."""
        picks = self._picks.get(paths)
        if picks is None:
            places = {path: (index, missing, factor) for index, (path, missing, factor) in enumerate(self._places)}
            picks = self._picks[paths] = [places.get(path) for path in paths]
        numbers = self._packer.unpack_from(data)
        values = [
            None if pick is None or (number := numbers[pick[0]]) == pick[1] else number / pick[2] for pick in picks
        ]
        doubts = self._doubts(data)
        if not doubts:
            return values
        return [None if path in doubts else value for path, value in zip(paths, values, strict=True)]

    def _doubts(self, data: bytes) -> Mapping[str, Quality]:
        if len(data) == self._packer.size:
            return _NONE
        tail = _DOUBT.iter_unpack(data[self._packer.size :])
        return {self.channels[index].path: Quality(quality) for index, quality in tail}


def fmt(channels: tuple[Channel, ...]) -> str:
    return "<" + "".join(channel.code for channel in channels)


def channels(connection: sqlite3.Connection, device: int) -> list[Channel]:
    """Read the channels of a device."""
    query = "SELECT id, key, kind, unit, exp10 FROM channel WHERE device = ? ORDER BY id"
    return [Channel(row[0], row[1], Kind(row[2]), row[3], row[4]) for row in connection.execute(query, (device,))]


def load(connection: sqlite3.Connection, layout: int) -> Layout:
    """Read one layout."""
    query = "SELECT device, interval, source, channels FROM layout WHERE id = ?"
    device, interval, source, ids = connection.execute(query, (layout,)).fetchone()
    known = {channel.id: channel for channel in channels(connection, device)}
    ordered = tuple(known[one] for one in json.loads(ids))
    return Layout(id_=layout, interval=interval, channels=ordered, source=source)
