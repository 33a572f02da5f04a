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
_FIRST = _BETWEEN + " LIMIT 1"
_LAST = _BETWEEN + " DESC LIMIT 1"


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

    def packed(
        self, device: int, start: int, end: int, *, query: str = _BETWEEN
    ) -> Iterator[tuple[int, Layout, bytes]]:
        """Give the same, not unpacked: time, layout, row."""
        for number, layout, data in self._connection.execute(query, (key(device, start), key(device, end))):
            if layout not in self._layouts:
                self._layouts[layout] = layouts.load(self._connection, layout)
            yield number % END, self._layouts[layout], data

    def before(self, device: int, at: int) -> Row | None:
        """Give the last sample before ``at`` ms."""
        return next((layout.row(at, data) for at, layout, data in self.packed(device, 0, at, query=_LAST)), None)

    def after(self, device: int, at: int) -> Row | None:
        """Give the first sample at or after ``at`` ms."""
        return next((layout.row(at, data) for at, layout, data in self.packed(device, at, END, query=_FIRST)), None)

    def first(self, device: int) -> int | None:
        """Give the time of the first sample."""
        row = self.after(device, 0)
        return None if row is None else row.at

    def last(self, device: int) -> int | None:
        """Give the time of the last sample."""
        row = self.before(device, END)
        return None if row is None else row.at
