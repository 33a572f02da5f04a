"""Messages as pye3dc writes them: ``(tag, type, value)``; the value of a container is a list of such.

Answers name tags and types: ``("EMS_POWER_PV", "Int32", 4687)``.  Requests may also give numbers, or members of an
enumeration.  Where pye3dc fails, at tags, types and error codes that are not in its lists, the number stands in place
of the name.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeAlias

from heliobus.compat.e3dc.errors import InvalidType
from heliobus.e3dc.models import request
from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Timestamp, Type, tags

RscpMessage: TypeAlias = "tuple[str | int | Enum, str | int | Enum, Any]"

_NAMES: dict[int, str] = {
    Type.NONE: "None",
    Type.BOOL: "Bool",
    Type.CHAR8: "Char8",
    Type.UCHAR8: "UChar8",
    Type.INT16: "Int16",
    Type.UINT16: "Uint16",
    Type.INT32: "Int32",
    Type.UINT32: "Uint32",
    Type.INT64: "Int64",
    Type.UINT64: "Uint64",
    Type.FLOAT32: "Float32",
    Type.DOUBLE64: "Double64",
    Type.BITFIELD: "Bitfield",
    Type.CSTRING: "CString",
    Type.CONTAINER: "Container",
    Type.TIMESTAMP: "Timestamp",
    Type.BYTEARRAY: "ByteArray",
    Type.ERROR: "Error",
}


def to_message(item: Item) -> RscpMessage:
    """What was answered, an error by its name."""
    name = _NAMES.get(item.type, f"{item.type:#04x}")
    if item.error is not None:
        return tags.label(item.tag), name, _error_name(item.error)
    value = [to_message(child) for child in item.children] if item.type == Type.CONTAINER else plain(item)
    return tags.label(item.tag), name, value


def plain(item: Item | None) -> Any:
    """The value of an answer as the device gave it, times in seconds; None where there is none, or an error."""
    if item is None or item.error is not None:
        return None
    return item.value.total if isinstance(item.value, Timestamp) else item.value


def to_item(message: RscpMessage) -> Item:
    """The request; a time is given in seconds.  Raises UsageError, which is a TypeError for what is no message."""
    try:
        tag, kind, value = message
    except (TypeError, ValueError):
        raise InvalidType(f"{message!r} is no message", remedy="Write (tag, type, value).") from None
    name = _word(kind)
    if name == "NoneType":
        name = "None"
    if isinstance(value, list):
        value = [to_item(child) for child in value]
    elif isinstance(value, bytearray):
        value = bytes(value)
    elif isinstance(value, int | float) and name in {"Timestamp", int(Type.TIMESTAMP)}:
        seconds, rest = divmod(value, 1)
        value = Timestamp(int(seconds), round(rest * 1e9))
    return request((_word(tag), name, value))


def _word(word: str | int | Enum) -> str | int:
    """A name or a number; the types of pye3dc's enumerations are not ours, their numbers are."""
    plain_word = word.value if isinstance(word, Enum) else word
    if not isinstance(plain_word, str | int):
        raise InvalidType(f"{word!r} names no tag and no type")
    return plain_word


def _error_name(error: ErrorAnswer) -> str:
    if error.code == ErrorCode.UNSPECIFIED:
        return "UNKNOWN"
    try:
        return f"RSCP_ERR_{ErrorCode(error.code).name}"
    except ValueError:
        return f"{error.code:#x}"
