"""Items to bytes and back.

An item on the wire::

    0         4      5        7          7 + length
    | tag u32 | type | length | value ...|           little-endian; a Container's value is items

Decoding is lenient where a newer firmware may differ (tags, types, error codes, lengths of numbers, lengths of texts:
see ``item``) and strict where the structure is at stake: an item that leaves its container, nesting and numbers beyond
the limits below are a ProtocolError.  It does not recurse.  Sources: SPEC 3, design of the parsers' limits.
"""

from __future__ import annotations

import struct
from struct import Struct
from typing import TYPE_CHECKING, Any

from heliobus.e3dc.protocol import tags
from heliobus.e3dc.protocol.item import FORMATS, HEADER, ErrorAnswer, Item, Oversized, Timestamp, Type, Value
from heliobus.e3dc.protocol.rows import read_table
from heliobus.errors import Overflow, ProtocolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

MAX_DATA = 0xFFFF
"""Bytes of items in one frame: its length field has 16 bits."""
MAX_DEPTH = 16
"""Containers inside one another."""
MAX_ITEMS = 4096
"""Items in one frame; a table of history rows counts as one."""
MAX_TEXT = 4096
"""Bytes of a CString."""
MAX_UNKNOWN = 256
"""Bytes of a value whose type is unknown."""

_read_header = HEADER.unpack_from
_TIMESTAMP = Struct("<qI")
_ERROR = Struct("<I")
_CONTAINER, _CSTRING = int(Type.CONTAINER), int(Type.CSTRING)  # plain: looking a member up takes longer
_KNOWN = frozenset(map(int, Type))
_TRIES = 64
"""So often a table is begun in one frame: each looks at all that follows, and rows may be made to be unlike."""

# How numbers travel, by type: bytes of a value (none that a byte gives where the type is no number), how to read tag,
# type and value at once, how to write header and value at once.
_SIZES = [0x100] * 256
_READ: list[Callable[[bytes, int], tuple[Any, ...]]] = [HEADER.unpack_from] * 256
_PACK: list[Callable[..., bytes]] = [HEADER.pack] * 256
for _kind, _form in FORMATS.items():
    _item = Struct("<IBxx" + _form)
    _SIZES[_kind] = _item.size - HEADER.size
    _READ[_kind] = _item.unpack_from
    _PACK[_kind] = Struct(HEADER.format + _form).pack


def decode(data: bytes, *, tables: Container[int] = ()) -> list[Item]:
    """The items in ``data``, the content of a frame.

    ``tables`` names tags whose runs of containers are read as one item with a ``Table`` (``HISTORY_ROW``): many times
    quicker, and one item to the count.  Raises ProtocolError, and Overflow beyond a limit.
    """
    if len(data) > MAX_DATA:
        raise Overflow(f"{len(data)} bytes of items, more than a frame holds")
    try:
        return _decode(data, tables)
    except (IndexError, struct.error):
        raise ProtocolError("the frame ends within an item") from None


def _decode(data: bytes, tables: Container[int]) -> list[Item]:
    make, sizes, read = tuple.__new__, _SIZES, _READ  # make is quicker than Item(...), which goes through Python
    items: list[Item] = []
    outer: list[tuple[list[Item], int]] = []  # around the container that is being read: items so far, and the end
    pos, end, count, tries = 0, len(data), 0, _TRIES
    while True:
        while pos < end:
            kind = data[pos + 4]
            if data[pos + 5] == sizes[kind] and not data[pos + 6]:
                items.append(make(Item, read[kind](data, pos)))
                pos += 7 + sizes[kind]
                continue
            tag, _, size = _read_header(data, pos)
            start = pos + 7
            stop = start + size
            if kind != _CONTAINER:
                items.append(make(Item, (tag, kind, _value(kind, data[start:stop]))))
                pos = stop
                continue
            found = None
            if tag in tables and tries and len(outer) < MAX_DEPTH:
                tries -= 1
                found = read_table(data, pos, end)
            if found:
                table, pos = found
                items.append(Item(tag, kind, table))
            else:
                children: list[Item] = []
                items.append(make(Item, (tag, kind, children)))
                outer.append((items, end))
                items, pos, end = children, start, stop
        if pos != end:
            raise ProtocolError("an item is longer than what holds it")
        count += len(items)
        if count > MAX_ITEMS or len(outer) > MAX_DEPTH:
            raise Overflow(f"more than {MAX_ITEMS} items, or {MAX_DEPTH} containers inside one another")
        if not outer:
            return items
        items, end = outer.pop()


def _value(kind: int, raw: bytes) -> Value:
    """Everything but containers and well-formed numbers."""
    if kind == _CSTRING:
        return raw.rstrip(b"\0").decode("utf-8", "replace") if len(raw) <= MAX_TEXT else Oversized(len(raw))
    match kind:
        case Type.TIMESTAMP if len(raw) == _TIMESTAMP.size:
            return Timestamp(*_TIMESTAMP.unpack(raw))
        case Type.ERROR if len(raw) == _ERROR.size:
            return ErrorAnswer(*_ERROR.unpack(raw))
        case Type.NONE:
            return raw or None
        case _:
            return raw if kind in _KNOWN or len(raw) <= MAX_UNKNOWN else Oversized(len(raw))


def encode(items: Iterable[Item]) -> bytes:
    """The content of a frame that carries ``items``.

    Constant requests are encoded once and kept; ``build_frame`` gives them a fresh header and checksum.  ``bytes`` are
    taken as they are for every type, fitting or not.  Raises UsageError for a value that does not fit its type and
    Overflow beyond a limit.
    """
    data = _encode(items, 0)
    if len(data) > MAX_DATA:
        raise Overflow(f"{len(data)} bytes of items, more than a frame holds")
    return data


def _encode(items: Iterable[Item], depth: int) -> bytes:
    if depth > MAX_DEPTH:
        raise Overflow(f"more than {MAX_DEPTH} containers inside one another")
    return b"".join([_encode_item(item, depth) for item in items])


def _encode_item(item: Item, depth: int) -> bytes:
    tag, kind, value = item
    try:
        # struct would make a flag of anything, of None too
        if kind in FORMATS and isinstance(value, int | float):
            return _PACK[kind](tag, kind, _SIZES[kind], value)
        raw = _raw(kind, value, depth)
        if len(raw) > MAX_DATA:
            raise Overflow(f"{tags.label(tag)}: {len(raw)} bytes, more than a frame holds")
        return HEADER.pack(tag, kind, len(raw)) + raw
    except (struct.error, OverflowError, UnicodeEncodeError):
        # The value may be a secret: the message does not repeat it.
        raise UsageError(f"{tags.label(tag)}: the value does not fit type {kind:#04x}") from None


def _raw(kind: int, value: Value, depth: int) -> bytes:
    match kind, value:
        case _, bytes():
            return value
        case Type.NONE, None:
            return b""
        case Type.CSTRING, str():
            return value.encode()
        case Type.CONTAINER, list():
            return _encode(value, depth + 1)
        case Type.TIMESTAMP, Timestamp():
            return _TIMESTAMP.pack(*value)
        case Type.ERROR, ErrorAnswer():
            return _ERROR.pack(value.code)
    raise struct.error
