"""The frame around the items.

On the wire::

    0        2    3    4               12            16      18        18 + N
    | e3 dc | 00 | 11 | seconds i64   | ns u32      | N u16 | items   | crc u32 |
                    |
                    bits 0-3 version 1, bit 4: a CRC-32 (zlib's) of all before it follows

Little-endian.  Devices answer with a CRC when asked with one; the portal's inner frames have none.  The peer's clock is
not judged: some clients put milliseconds where nanoseconds belong, and devices do not care.  Sources: SPEC 2,
captures e3dc/vectors.json.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple
from zlib import crc32

from heliobus.e3dc.protocol.cipher import BLOCK
from heliobus.e3dc.protocol.codec import MAX_DATA
from heliobus.e3dc.protocol.item import Timestamp
from heliobus.errors import Overflow, ProtocolError

_HEADER = Struct("<4sqIH")
_CRC = Struct("<I")
_WITH_CRC = b"\xe3\xdc\x00\x11"
_WITHOUT_CRC = b"\xe3\xdc\x00\x01"

HEADER_SIZE = _HEADER.size
MAX_FRAME = HEADER_SIZE + MAX_DATA + _CRC.size


class Frame(NamedTuple):
    """A frame whose header and checksum are right; ``decode(frame.data)`` gives its items."""

    time: Timestamp
    """The sender's clock."""
    crc: bool
    """Whether it had a checksum; an answer has one if the request had."""
    data: bytes

    def __repr__(self) -> str:
        # The data of a login holds the password.
        return f"Frame(time={self.time!r}, crc={self.crc}, data=<{len(self.data)} bytes>)"


def build_frame(data: bytes, *, time: Timestamp, crc: bool = True) -> bytes:
    """The frame that carries ``data``, made by ``encode``.  Raises Overflow if it does not fit."""
    if len(data) > MAX_DATA:
        raise Overflow(f"{len(data)} bytes of items, more than a frame holds")
    header = _HEADER.pack(_WITH_CRC if crc else _WITHOUT_CRC, *time, len(data))
    return b"".join((header, data, _CRC.pack(crc32(data, crc32(header))) if crc else b""))


def frame_size(start: bytes | bytearray) -> int:
    """The size, without padding, of the frame that begins with ``start``, 18 bytes at least.

    Raises ProtocolError if no frame of version 1 begins so; behind the cipher, that means a wrong key.
    """
    if len(start) < HEADER_SIZE:
        raise ProtocolError(f"{len(start)} bytes are no frame")
    mark, _, _, length = _HEADER.unpack_from(start)
    if mark == _WITH_CRC:
        return HEADER_SIZE + int(length) + _CRC.size
    if mark == _WITHOUT_CRC:
        return HEADER_SIZE + int(length)
    raise ProtocolError("no RSCP frame begins here")


def parse_frame(message: bytes) -> Frame:
    """The frame that ``message`` holds, whole, filled up with zeros at most to a block.  Raises ProtocolError."""
    size = frame_size(message)
    if not size <= len(message) < size + BLOCK:
        raise ProtocolError(f"a frame of {size} bytes came in {len(message)}")
    if message[size:].strip(b"\0"):
        # It may be the checksum: the bit that says whether there is one is not covered by it.
        raise ProtocolError("a frame is followed by something else than zeros")
    mark, seconds, nanoseconds, length = _HEADER.unpack_from(message)
    end = HEADER_SIZE + length
    crc = mark == _WITH_CRC
    if crc and _CRC.unpack_from(message, end)[0] != crc32(message[:end]):
        raise ProtocolError("the checksum of a frame is wrong")
    return Frame(Timestamp(seconds, nanoseconds), crc, message[HEADER_SIZE:end])
