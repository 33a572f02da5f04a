"""Rows of packed integers: which channels a row holds, in which order and width.

A row is ``struct.pack(fmt, *values)``, each value a whole number of ``10**exp10`` units of its channel and the smallest
number of the width for "missing"; behind it three bytes (index, quality) for each value that does not count.  A layout
never changes once written: another set of channels is another layout.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
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

    @property
    def factor(self) -> float:
        """What a value is multiplied by before it is stored; the way back divides, which gives the nearest float."""
        return 10.0**-self.exp10

    def scaled(self, value: float) -> int:
        """As the whole number that is stored; what no width can hold is missing."""
        missing = _MISSING[self.code]
        product = value * self.factor
        return round(product) if abs(product) < -missing - 1 else missing


class Row(NamedTuple):
    """A sample as read back: ``at`` in ms, ``gap`` the longest time in ms to the sample before that is no gap."""

    at: int
    gap: int
    values: dict[str, float]
    doubts: Mapping[str, Quality]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``interval``: ms between two polls."""

    id: int
    interval: int
    channels: tuple[Channel, ...]
    packer: struct.Struct = field(init=False)
    _picks: dict[tuple[str, ...], list[tuple[int, int, float] | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packer", struct.Struct(fmt(self.channels)))

    def pack(self, values: Mapping[str, float], doubts: Mapping[str, Quality]) -> bytes:
        numbers = []
        tail = b""
        for index, channel in enumerate(self.channels):
            value = values.get(channel.path)
            numbers.append(_MISSING[channel.code] if value is None else channel.scaled(value))
            if channel.path in doubts:
                tail += _DOUBT.pack(index, doubts[channel.path])
        return self.packer.pack(*numbers) + tail

    @property
    def gap(self) -> int:
        """The longest time in ms to the sample before that is no gap."""
        return self.interval * MAX_INTERVALS

    def row(self, at: int, data: bytes) -> Row:
        """Unpack; missing values are left out."""
        values = {
            channel.path: number / channel.factor
            for channel, number in zip(self.channels, self.packer.unpack_from(data), strict=True)
            if number != _MISSING[channel.code]
        }
        return Row(at, self.gap, values, self._doubts(data))

    def pick(self, data: bytes, paths: tuple[str, ...]) -> list[float | None]:
        """Unpack some values, quickly; None is missing or does not count."""
        picks = self._picks.get(paths)
        if picks is None:
            picks = self._picks[paths] = self._plan(paths)
        numbers = self.packer.unpack_from(data)
        values = [
            None if pick is None or (number := numbers[pick[0]]) == pick[1] else number / pick[2] for pick in picks
        ]
        doubts = self._doubts(data)
        return (
            [None if path in doubts else value for path, value in zip(paths, values, strict=True)] if doubts else values
        )

    def _plan(self, paths: tuple[str, ...]) -> list[tuple[int, int, float] | None]:
        """Where each path stands in a row, what says that it is missing, and what to divide by."""
        places = {
            channel.path: (index, _MISSING[channel.code], channel.factor) for index, channel in enumerate(self.channels)
        }
        return [places.get(path) for path in paths]

    def _doubts(self, data: bytes) -> Mapping[str, Quality]:
        if len(data) == self.packer.size:
            return _NONE
        tail = _DOUBT.iter_unpack(data[self.packer.size :])
        return {self.channels[index].path: Quality(quality) for index, quality in tail}


def fmt(channels: tuple[Channel, ...]) -> str:
    return "<" + "".join(channel.code for channel in channels)


def channels(connection: sqlite3.Connection, device: int) -> list[Channel]:
    """Read the channels of a device."""
    query = "SELECT id, key, kind, unit, exp10 FROM channel WHERE device = ? ORDER BY id"
    return [Channel(row[0], row[1], Kind(row[2]), row[3], row[4]) for row in connection.execute(query, (device,))]


def load(connection: sqlite3.Connection, layout: int) -> Layout:
    """Read one layout."""
    query = "SELECT device, interval, channels FROM layout WHERE id = ?"
    device, interval, ids = connection.execute(query, (layout,)).fetchone()
    known = {channel.id: channel for channel in channels(connection, device)}
    return Layout(id=layout, interval=interval, channels=tuple(known[one] for one in json.loads(ids)))
