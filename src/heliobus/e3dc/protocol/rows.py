"""Histories, fast: many containers of one layout read as a table.

A history answer holds one container for each step of time, and all of them look the same but for their values::

    06800020 0E L | 06800001 0A 4 f f f f | 06800002 0A 4 f f f f | ...
    06800020 0E L | 06800001 0A 4 f f f f | 06800002 0A 4 f f f f | ...

The first one gives the layout.  As one big integer, the rows XOR the same moved by one row show where anything but a
value differs, and so where the layout ends; the rows before that are unpacked by one ``Struct``.
"""

from __future__ import annotations

from itertools import repeat
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from heliobus.e3dc.protocol.item import Item, Table, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEADER = Struct("<IBH")
"""Of an item: tag, type, length of the value."""
FORMATS = {
    0x01: "?",
    0x02: "b",
    0x03: "B",
    0x04: "h",
    0x05: "H",
    0x06: "i",
    0x07: "I",
    0x08: "q",
    0x09: "Q",
    0x0A: "f",
    0x0B: "d",
}
"""The numeric types as ``struct`` writes them."""
HISTORY_ROW = 0x06800020
"""DB_VALUE_CONTAINER, the tag of a history's rows."""

_SIZES = {kind: Struct("<" + form).size for kind, form in FORMATS.items()}
ALIKE = 7
"""A header that comes again so many containers later begins rows; learning the layout of fewer costs what it saves."""


class Rows(NamedTuple):
    """What a run of containers of one layout holds."""

    table: Table
    kinds: tuple[int, ...]
    end: int
    """Where the next item begins."""

    @property
    def size(self) -> int:
        """How many values."""
        return len(self.kinds) * len(self.table.rows)

    def items(self, tag: int) -> list[Item]:
        """The containers, as if read item by item."""
        make, item, kind = tuple.__new__, repeat(Item), int(Type.CONTAINER)
        return [
            Item(tag, kind, list(map(make, item, zip(self.table.columns, self.kinds, row, strict=True))))
            for row in self.table.rows
        ]


def read_rows(data: bytes, start: int, end: int) -> Rows | None:
    """Read the containers from ``start`` on that look like the first one, as far as ``end``.

    ``None`` if the first one holds anything but well-formed numbers, or is longer than that.
    """
    _, _, length = HEADER.unpack_from(data, start)
    size = HEADER.size + length
    layout = _layout(data, start + HEADER.size, start + size) if start + size <= end else None
    if layout is None:
        return None
    columns, kinds, row, mask = layout
    count = (end - start) // size
    whole = int.from_bytes(data[start : start + count * size], "little")
    changes = (whole ^ whole >> 8 * size) & int.from_bytes(mask * (count - 1), "little")
    if changes:
        lowest = (changes & -changes).bit_length() - 1
        count = 1 + lowest // (8 * size)
    stop = start + count * size
    return Rows(Table(columns, list(row.iter_unpack(data[start:stop]))), kinds, stop)


def _layout(data: bytes, pos: int, end: int) -> tuple[tuple[int, ...], tuple[int, ...], Struct, bytes] | None:
    """Tags, types, ``Struct`` and mask (0xff where no value stands) of a row whose children fill ``pos`` to ``end``."""
    columns, kinds = [], []
    form = ["<7x"]
    mask = [b"\xff" * HEADER.size]
    while pos + HEADER.size <= end:
        tag, kind, length = HEADER.unpack_from(data, pos)
        if _SIZES.get(kind) != length:
            return None
        columns.append(tag)
        kinds.append(kind)
        form.append("7x" + FORMATS[kind])
        mask.append(b"\xff" * HEADER.size + bytes(length))
        pos += HEADER.size + length
    return (tuple(columns), tuple(kinds), Struct("".join(form)), b"".join(mask)) if pos == end else None


def records(items: Iterable[Item], tag: int = HISTORY_ROW) -> Iterator[dict[int, float | None]]:
    """The rows among ``items``, each as values by tag: out of tables and out of containers that fitted in none.

    A value that is an error or no number is ``None``.
    """
    for item in items:
        if item.tag != tag:
            continue
        if isinstance(item.value, Table):
            for row in item.value.rows:
                yield dict(zip(item.value.columns, row, strict=True))
        else:
            yield {child.tag: child.number for child in item.children}
