"""Records: what an inverter or meter measured, at the time of the datalogger's clock.

A body, behind the frame's header::

    | datalogger's serial | inverter's serial | date, 6 bytes | data by its layout |
    | meter's text: serial | 2 bytes | date, 6 bytes | 2 bytes | columns with commas |

A serial has 10 letters, and in protocol 06 20 zeros after them.  The date is year - 2000, month, day, hour, minute and
second in the zone that the datalogger's clock was set in.  Source: SPEC F.1, captures grott.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from struct import Struct
from typing import TYPE_CHECKING, TypeAlias

from heliobus.errors import ProtocolError, UsageError
from heliobus.growatt.protocol.datalogger.frame import Frame, Type
from heliobus.growatt.protocol.datalogger.layouts import BLOCKS, Field, Layout, choose, layout
from heliobus.growatt.protocol.datalogger.messages import put_serial, take_serial

if TYPE_CHECKING:
    from collections.abc import Mapping

Value: TypeAlias = "float | str"

_DATE = Struct("6B")
_CENTURY = 2000
_RANGE = Struct(">HH")
_TEXT_GAP = 2
_BEYOND = 1e100
"""No measurement: scaling it would end at infinity."""
RECORDS = frozenset({Type.ANNOUNCE, Type.DATA, Type.BUFFERED, Type.METER, Type.METER_TEXT})
"""The types of frames that are records; an announcement is one of an inverter's holding registers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRecord:
    """One record; ``values`` by Grott's names, divided as their layout says, without those that did not come."""

    kind: int
    """The frame's type; BUFFERED for one that is sent later than it was made."""
    logger: str
    serial: str | None = None
    """None for the record of a meter's text."""
    time: datetime | None = None
    """Naive, by the datalogger's clock; None if it shows none."""
    layout: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


def parse_record(frame: Frame, *, family: str | None = None) -> DataRecord:
    """Decode a record of whatever length by the layout of its ``family``, or the one that its blocks tell.

    Raises ProtocolError for a frame that is no record, or whose serials are none.
    """
    if frame.type not in RECORDS:
        raise ProtocolError(f"a datalogger's frame of type {frame.type:#04x} is no record")
    serial = None
    logger, rest = take_serial(frame.body, frame.protocol)
    if frame.type == Type.METER_TEXT:
        rest = rest[_TEXT_GAP:]
    else:
        serial, rest = take_serial(rest, frame.protocol)
    if len(rest) < _DATE.size:
        raise ProtocolError("a datalogger's record is cut off")
    data = rest[_DATE.size :]
    table = choose(data, protocol=frame.protocol, kind=frame.type, family=family)
    return DataRecord(
        kind=frame.type,
        logger=logger,
        serial=serial,
        time=_time(rest),
        layout="" if table is None else table.name,
        values={} if table is None else _values(table, data, text=frame.type == Type.METER_TEXT),
    )


def build_record(record: DataRecord, *, sequence: int = 1, protocol: int = 0x06, device: int = 0x01) -> Frame:
    """The frame of a record, its blocks' first and last registers filled in; UsageError for what does not fit."""
    table = layout(record.layout)
    parts = [put_serial(record.logger, protocol)]
    if record.kind == Type.METER_TEXT:
        parts += [bytes(_TEXT_GAP), _date(record.time), bytes(_TEXT_GAP), _columns(table, record.values)]
    else:
        parts += [put_serial(record.serial or "", protocol), _date(record.time), _data(table, record.values)]
    return Frame(sequence, protocol, device, record.kind, b"".join(parts))


# -- reading


def _time(start: bytes) -> datetime | None:
    year, *rest = _DATE.unpack_from(start)
    try:
        return datetime(_CENTURY + year, *rest)  # noqa: DTZ001 - its zone is not on the wire
    except ValueError:
        return None


def _values(table: Layout, data: bytes, *, text: bool) -> dict[str, Value]:
    columns = data[_TEXT_GAP:].decode("ascii", "replace").split(",") if text else []
    found = ((one.name, _column(one, columns) if text else _value(one, data)) for one in table.fields)
    return {name: value for name, value in found if value is not None}


def _value(one: Field, data: bytes) -> Value | None:
    raw = data[one.offset : one.offset + one.size]
    if len(raw) < one.size:
        return None
    if one.kind.endswith("t"):
        written = raw.replace(b"\0", b"").decode("ascii", "replace").strip()
        return written if written.isascii() and written.isprintable() else None
    number = int.from_bytes(raw, "big", signed=one.kind.endswith("s"))
    return number / one.divide if one.divide > 1 else number


def _column(one: Field, columns: list[str]) -> float | None:
    if one.offset >= len(columns):
        return None
    try:
        number = float(columns[one.offset].strip(" \0"))
    except ValueError:
        return None
    if not abs(number) < _BEYOND:  # so is not-a-number
        return None
    return {"c": number, "c+": max(number, 0.0), "c-": max(-number, 0.0)}[one.kind]


# -- writing


def _date(time: datetime | None) -> bytes:
    if time is None:
        return bytes(_DATE.size)
    return _DATE.pack(time.year - _CENTURY, time.month, time.day, time.hour, time.minute, time.second)


def _data(table: Layout, values: Mapping[str, Value]) -> bytes:
    ranges = BLOCKS.get(table.name, ())
    size = 1 + sum(_RANGE.size + 2 * (last - first + 1) for first, last in ranges)
    data = bytearray(max(size, *(one.offset + one.size for one in table.fields)))
    for one in table.fields:
        if one.name in values:
            data[one.offset : one.offset + one.size] = _written(one, values[one.name])
    if ranges:
        data[0] = len(ranges)
        at = 1
        for first, last in ranges:
            _RANGE.pack_into(data, at, first, last)
            at += _RANGE.size + 2 * (last - first + 1)
    return bytes(data)


def _written(one: Field, value: Value) -> bytes:
    if isinstance(value, str):
        return value.encode("ascii", "replace")[: one.size].ljust(one.size, b"\0")
    number = round(value * one.divide)
    if not -(1 << 8 * one.size - 1) <= number < 1 << 8 * one.size:
        raise UsageError(f"{one.name} cannot be {value}")
    return (number % (1 << 8 * one.size)).to_bytes(one.size, "big")


def _columns(table: Layout, values: Mapping[str, Value]) -> bytes:
    columns = [""] * (1 + max(one.offset for one in table.fields))
    for one in table.fields:
        if one.name in values and one.kind == "c":
            columns[one.offset] = str(values[one.name])
    return ",".join(columns).encode("ascii")
