"""The frame around everything that a datalogger and its server say.

On the wire::

    0        2    3          4       6     7      8           6 + N
    | seq u16 | 00 | protocol | N u16 | dev | type | body ...  | crc u16 |

Big-endian.  ``N`` counts from ``dev`` to the end of the body.  Protocol 02 is plain and has no checksum; in 05 and 06
the body is masked with the repeating letters "Growatt", and a CRC-16/Modbus of all before it, masked as it is, follows.
Nothing authenticates the peer, and the mask is no secret.  Sources: SPEC F.1, captures grott/packet_0104_proto06.hex.
"""

from __future__ import annotations

from enum import IntEnum
from itertools import cycle
from struct import Struct
from typing import NamedTuple

from heliobus.errors import Overflow, ProtocolError

_HEADER = Struct(">HBBHBB")
_CRC = Struct(">H")
_COUNTED = 2
"""Bytes of the header that the length counts too."""
_MASK = b"Growatt"

PLAIN = 0x02
PROTOCOLS = (PLAIN, 0x05, 0x06)
HEADER_SIZE = _HEADER.size
MAX_BODY = 4094
"""The longest records known have 560 bytes; a register range, 250."""


class Type(IntEnum):
    """What a frame is about; others exist and are kept as numbers."""

    ANNOUNCE = 0x03
    DATA = 0x04
    GET_REGISTER = 0x05
    SET_REGISTER = 0x06
    SET_REGISTERS = 0x10
    PING = 0x16
    SET_LOGGER = 0x18
    GET_LOGGER = 0x19
    METER_TEXT = 0x1B
    METER = 0x20
    NOTE = 0x29
    """Needs no answer."""
    BUFFERED = 0x50
    """A record that could not be sent when it was made."""


class Frame(NamedTuple):
    """A frame with a right header and checksum; ``body`` is without the mask."""

    sequence: int
    protocol: int
    device: int
    type: int
    body: bytes

    def __repr__(self) -> str:
        return (
            f"Frame({self.sequence}, protocol {self.protocol:02x}, {self.device:02x}{self.type:02x}, "
            f"<{len(self.body)} bytes>)"
        )


def build_frame(frame: Frame) -> bytes:
    """The bytes of ``frame``.  Raises Overflow for a body that is too long, ProtocolError for an unknown protocol."""
    if len(frame.body) > MAX_BODY:
        raise Overflow(f"{len(frame.body)} bytes, more than a datalogger's frame holds")
    _known(frame.protocol)
    header = _HEADER.pack(frame.sequence, 0, frame.protocol, len(frame.body) + _COUNTED, frame.device, frame.type)
    if frame.protocol == PLAIN:
        return header + frame.body
    masked = header + mask(frame.body)
    return masked + _CRC.pack(crc16(masked))


def mask(body: bytes) -> bytes:
    """The body with the mask put on, or taken off."""
    return bytes(a ^ b for a, b in zip(body, cycle(_MASK), strict=False))


def crc16(data: bytes) -> int:
    """CRC-16/Modbus: polynomial 0x8005 reflected, start 0xffff."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


_CRC_TABLE = tuple(_crc_of(byte) for byte in range(256))


class Receiver:
    """One direction of a connection: bytes in, frames out; the bytes travel elsewhere."""

    __slots__ = ("_arrived", "_broken")

    def __init__(self) -> None:
        self._arrived = bytearray()
        self._broken = False

    @property
    def unfinished(self) -> bool:
        """Whether a part of a frame is here; if the stream ends now, that frame is lost."""
        return bool(self._arrived)

    def receive_data(self, data: bytes) -> list[Frame]:
        """Take what arrived, cut anywhere, and give the frames that it completes.

        Raises ProtocolError at the first wrong frame and ever after: nothing marks where the next one begins.  Frames
        that were whole before it in the same ``data`` are given first, and the error with the next call.
        """
        if self._broken:
            raise ProtocolError("the connection is out of step since a wrong frame")
        self._arrived += data
        frames: list[Frame] = []
        try:
            while (frame := self._next()) is not None:
                frames.append(frame)
        except ProtocolError:
            self._broken = True
            if not frames:
                raise
        return frames

    def _next(self) -> Frame | None:
        size = _size(self._arrived)
        if size is None or len(self._arrived) < size:
            return None
        frame = _parse(bytes(self._arrived[:size]))
        del self._arrived[:size]
        return frame


def _size(start: bytearray) -> int | None:
    """The size of the frame that begins so, None while that cannot be told; as strict as the bytes here allow."""
    if any(start[2:3]):
        raise ProtocolError("no datalogger's frame begins here")
    for protocol in start[3:4]:
        _known(protocol)
    if len(start) < HEADER_SIZE:
        return None
    _, _, protocol, length, _, _ = _HEADER.unpack_from(start)
    if not _COUNTED <= length <= MAX_BODY + _COUNTED:
        raise Overflow(f"a datalogger's frame claims {length} bytes")
    return HEADER_SIZE - _COUNTED + int(length) + (0 if protocol == PLAIN else _CRC.size)


def _parse(data: bytes) -> Frame:
    sequence, _, protocol, length, device, kind = _HEADER.unpack_from(data)
    end = HEADER_SIZE - _COUNTED + length
    body = data[HEADER_SIZE:end]
    if protocol == PLAIN:
        return Frame(sequence, protocol, device, kind, body)
    if _CRC.unpack_from(data, end)[0] != crc16(data[:end]):
        raise ProtocolError("the checksum of a datalogger's frame is wrong")
    return Frame(sequence, protocol, device, kind, mask(body))


def _known(protocol: int) -> None:
    if protocol not in PROTOCOLS:
        raise ProtocolError(f"a datalogger's frame of protocol {protocol:#04x}, which is not known")
