"""What is not a record: answers of a server, commands to a datalogger and its answers to them.

A body begins with the datalogger's serial, 10 letters, which protocol 06 fills up with 20 zeros; its own answers to a
server's frames have no serial.  Logger registers hold text: 4 the interval in minutes, 17 and 18 the server's address
and port, 31 the date and time.  Source: SPEC F.1.
"""

from __future__ import annotations

import re
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import ProtocolError, UsageError
from heliobus.growatt.protocol.datalogger.frame import Frame, Type

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SERIAL_SIZE = 10
_PADDED = 0x06
_PADDING = bytes(20)
_U16 = Struct(">H")
_TWO = Struct(">HH")
_SERIAL = re.compile(rb"[0-9A-Za-z]{1,10}\0{0,9}")
_WORD = 0xFFFF
_MAX_REGISTERS = 125

ACKNOWLEDGED = frozenset({Type.ANNOUNCE, Type.DATA, Type.BUFFERED, Type.METER, Type.METER_TEXT})
"""The types that a datalogger repeats until they are acknowledged."""
COMMANDS = frozenset({Type.GET_REGISTER, Type.SET_REGISTER, Type.SET_REGISTERS, Type.SET_LOGGER, Type.GET_LOGGER})
"""The types with which a server asks or changes something; the datalogger answers with the same."""

INTERVAL = 4
SERVER_HOST = 17
SERVER_PORT = 18
TIME = 31


class Answer(NamedTuple):
    """A datalogger's answer to a command: of registers ``start`` to ``end``, or of the one logger register.

    ``result`` is 0 for a write that was carried out; ``data`` the registers' bytes, or a text.
    """

    logger: str
    start: int
    end: int
    result: int = 0
    data: bytes = b""

    @property
    def registers(self) -> dict[int, int]:
        """The values by their registers, unsigned."""
        words = (int(_U16.unpack_from(self.data, at)[0]) for at in range(0, len(self.data) - 1, 2))
        return dict(zip(range(self.start, self.end + 1), words, strict=False))


def acknowledge(frame: Frame) -> Frame | None:
    """What a server answers to a datalogger's frame; None for one that needs no answer."""
    if frame.type == Type.PING:
        return frame
    return frame._replace(body=b"\0") if frame.type in ACKNOWLEDGED else None


def get_registers(frame: Frame, *, logger: str, start: int, end: int) -> Frame:
    """Ask for the inverter's holding registers ``start`` to ``end``, in the protocol and to the device of ``frame``."""
    if not 0 <= start <= end <= _WORD or end - start >= _MAX_REGISTERS:
        raise UsageError(f"no range of registers: {start} to {end}", remedy="Ask for 1 to 125 registers at once.")
    return _command(frame, Type.GET_REGISTER, logger, _TWO.pack(start, end))


def set_register(frame: Frame, *, logger: str, register: int, value: int) -> Frame:
    """Write one holding register of the inverter."""
    return _command(frame, Type.SET_REGISTER, logger, _words(register, value))


def set_registers(frame: Frame, *, logger: str, start: int, values: Sequence[int]) -> Frame:
    """Write holding registers from ``start`` on."""
    if not 0 < len(values) <= _MAX_REGISTERS:
        raise UsageError(f"{len(values)} registers cannot be written at once", remedy="Write 1 to 125.")
    return _command(frame, Type.SET_REGISTERS, logger, _words(start, start + len(values) - 1, *values))


def get_logger(frame: Frame, *, logger: str, register: int) -> Frame:
    """Ask for one register of the datalogger itself."""
    return _command(frame, Type.GET_LOGGER, logger, _words(register, register))


def set_logger(frame: Frame, *, logger: str, register: int, text: str) -> Frame:
    """Write one register of the datalogger itself; UsageError for what is no printable ASCII."""
    if not text.isascii() or not text.isprintable():
        raise UsageError("a datalogger's registers hold printable ASCII only")
    return _command(frame, Type.SET_LOGGER, logger, _words(register, len(text)) + text.encode("ascii"))


def set_time(frame: Frame, *, logger: str, local: datetime) -> Frame:
    """Set the datalogger's clock, as a server does after an announcement; ``local`` is in the plant's zone."""
    return set_logger(frame, logger=logger, register=TIME, text=f"{local:%Y-%m-%d %H:%M:%S}")


def answer_of(frame: Frame) -> Answer:
    """What a datalogger answered to a command.  Raises ProtocolError for anything else."""
    if frame.type not in COMMANDS:
        raise ProtocolError(f"a datalogger's frame of type {frame.type:#04x} is no answer")
    logger, rest = take_serial(frame.body, frame.protocol)
    start = _word(rest, 0)
    if frame.type == Type.GET_REGISTER:
        return Answer(logger, start, _word(rest, 2), data=rest[4:])
    if frame.type == Type.GET_LOGGER:
        size = _word(rest, 2)
        if len(rest) < 4 + size:
            raise ProtocolError("a datalogger's answer is cut off")
        return Answer(logger, start, start, data=rest[4 : 4 + size])
    if frame.type == Type.SET_REGISTERS:
        return Answer(logger, start, _word(rest, 2), _byte(rest, 4))
    return Answer(logger, start, start, _byte(rest, 2), rest[3:])


def command_of(frame: Frame) -> Answer:
    """What a server asks for, for the datalogger's side: ``data`` is what is to be written.  Raises ProtocolError."""
    if frame.type not in COMMANDS:
        raise ProtocolError(f"a server's frame of type {frame.type:#04x} is no command")
    logger, rest = take_serial(frame.body, frame.protocol)
    start, second = _word(rest, 0), _word(rest, 2)
    if frame.type == Type.SET_REGISTER:
        return Answer(logger, start, start, data=rest[2:4])
    if frame.type == Type.SET_LOGGER:
        if len(rest) < 4 + second:
            raise ProtocolError("a server's command is cut off")
        return Answer(logger, start, start, data=rest[4 : 4 + second])
    return Answer(logger, start, second, data=rest[4:])


def build_answer(frame: Frame, answer: Answer) -> Frame:
    """A datalogger's answer to the command ``frame``."""
    if frame.type == Type.GET_REGISTER:
        rest = _TWO.pack(answer.start, answer.end) + answer.data
    elif frame.type == Type.GET_LOGGER:
        rest = _TWO.pack(answer.start, len(answer.data)) + answer.data
    elif frame.type == Type.SET_REGISTERS:
        rest = _TWO.pack(answer.start, answer.end) + bytes([answer.result])
    else:
        rest = _U16.pack(answer.start) + bytes([answer.result]) + answer.data
    return frame._replace(body=put_serial(answer.logger, frame.protocol) + rest)


# -- serials


def put_serial(serial: str, protocol: int) -> bytes:
    """A serial as a body holds it; UsageError for what is none."""
    written = serial.encode("ascii", "replace").ljust(SERIAL_SIZE, b"\0")
    if not _SERIAL.fullmatch(written):
        raise UsageError(f"{serial!r} is no serial number", remedy="Use up to 10 letters and digits.")
    return written + (_PADDING if protocol == _PADDED else b"")


def take_serial(body: bytes, protocol: int) -> tuple[str, bytes]:
    """The serial that ``body`` begins with, and what follows it.  Raises ProtocolError."""
    written = body[:SERIAL_SIZE]
    if len(written) < SERIAL_SIZE or not _SERIAL.fullmatch(written):
        raise ProtocolError("no serial number where a datalogger's frame has one")
    return written.rstrip(b"\0").decode("ascii"), body[serial_size(protocol) :]


def serial_size(protocol: int) -> int:
    """Bytes that a serial takes in a body."""
    return SERIAL_SIZE + (len(_PADDING) if protocol == _PADDED else 0)


def _command(frame: Frame, kind: Type, logger: str, rest: bytes) -> Frame:
    return frame._replace(type=kind, body=put_serial(logger, frame.protocol) + rest)


def _words(*values: int) -> bytes:
    wrong = next((value for value in values if not 0 <= value <= _WORD), None)
    if wrong is not None:
        raise UsageError(f"{wrong} does not fit into a register", remedy="Use 0 to 65535.")
    return b"".join(map(_U16.pack, values))


def _word(data: bytes, at: int) -> int:
    if len(data) < at + 2:
        raise ProtocolError("a datalogger's frame is cut off")
    return int(_U16.unpack_from(data, at)[0])


def _byte(data: bytes, at: int) -> int:
    if len(data) <= at:
        raise ProtocolError("a datalogger's frame is cut off")
    return data[at]
