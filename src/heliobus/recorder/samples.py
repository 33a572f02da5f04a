"""Reads the raw samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.recorder import layout as layouts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from heliobus.recorder.layout import Layout, Row

_SHIFT = 42
END = 1 << _SHIFT
"""Where the time of samples ends, in ms since 1970: 42 bits reach the year 2109."""
_BETWEEN = "SELECT id, layout, v FROM hot WHERE id >= ? AND id < ? ORDER BY id"
_FIRST = "SELECT id FROM hot WHERE id >= ? AND id < ? ORDER BY id LIMIT 1"
_LAST = "SELECT id FROM hot WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1"


def key(device: int, at: int) -> int:
    """Give the id of the sample of ``device`` at ``at`` ms: rising with time, so an append touches one leaf."""
    return (device << _SHIFT) + min(max(at, 0), END)


class Samples:
    """The samples of a database, unpacked."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._layouts: dict[int, Layout] = {}

    def between(self, device: int, start: int, end: int) -> Iterator[Row]:
        """Give the samples with start <= at < end (ms), in time order."""
        return (layout.row(at, data) for at, layout, data in self.packed(device, start, end))

    def packed(self, device: int, start: int, end: int) -> Iterator[tuple[int, Layout, bytes]]:
        """Give the same, not unpacked: time, layout, row."""
        for number, layout, data in self._connection.execute(_BETWEEN, (key(device, start), key(device, end))):
            if layout not in self._layouts:
                self._layouts[layout] = layouts.load(self._connection, layout)
            yield number % END, self._layouts[layout], data

    def before(self, device: int, at: int = END) -> int | None:
        """Give the time of the last sample before ``at`` ms."""
        return self._time(_LAST, key(device, 0), key(device, at))

    def after(self, device: int, at: int = 0) -> int | None:
        """Give the time of the first sample at or after ``at`` ms."""
        return self._time(_FIRST, key(device, at), key(device, END))

    def _time(self, query: str, low: int, high: int) -> int | None:
        row = self._connection.execute(query, (low, high)).fetchone()
        return None if row is None else row[0] % END
