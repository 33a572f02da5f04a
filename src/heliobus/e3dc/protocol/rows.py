"""Histories, fast: many containers of one layout read as a table.

A history answer holds one container for each step of time, and all of them look the same but for their values::

    06800020 0E L | 06800001 0A 4 f f f f | 06800002 0A 4 f f f f | ...
    06800020 0E L | 06800001 0A 4 f f f f | 06800002 0A 4 f f f f | ...

The first one gives the layout.  As one big integer, the rows XOR the same moved by one row show where anything but a
value differs, and so where the layout ends; the rows before that are unpacked by one ``Struct``.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from heliobus.e3dc.protocol.item import FORMATS, HEADER, Item, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HISTORY_ROW = 0x06800020
"""DB_VALUE_CONTAINER, the tag of a history's rows."""

_SIZES = {kind: Struct("<" + form).size for kind, form in FORMATS.items()}


def read_table(data: bytes, start: int, end: int) -> tuple[Table, int] | None:
    """Read the containers from ``start`` on that look like the first one, as far as ``end``.

    Gives the table and where it ends; ``None`` if the first one holds anything but well-formed numbers.
    """
    _, _, length = HEADER.unpack_from(data, start)
    size = HEADER.size + length
    layout = _layout(data, start + HEADER.size, start + size) if start + size <= end else None
    if layout is None:
        return None
    columns, row, mask = layout
    count = (end - start) // size
    whole = int.from_bytes(data[start : start + count * size], "little")
    changes = (whole ^ whole >> 8 * size) & int.from_bytes(mask * (count - 1), "little")
    if changes:
        lowest = (changes & -changes).bit_length() - 1
        count = 1 + lowest // (8 * size)
    stop = start + count * size
    return Table(columns, list(row.iter_unpack(data[start:stop]))), stop


def _layout(data: bytes, pos: int, end: int) -> tuple[tuple[int, ...], Struct, bytes] | None:
    """Tags, ``Struct`` and mask (0xff where no value stands) of a row whose children fill ``pos`` to ``end``."""
    columns = []
    form = ["<7x"]
    mask = [b"\xff" * HEADER.size]
    while pos + HEADER.size <= end:
        tag, kind, length = HEADER.unpack_from(data, pos)
        if _SIZES.get(kind) != length:
            return None
        columns.append(tag)
        form.append("7x" + FORMATS[kind])
        mask.append(b"\xff" * HEADER.size + bytes(length))
        pos += HEADER.size + length
    return (tuple(columns), Struct("".join(form)), b"".join(mask)) if pos == end else None


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
