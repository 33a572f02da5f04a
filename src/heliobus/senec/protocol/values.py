"""Typed strings (``fl_43E26188``) to Python values and back, without loss.

A reading is a plain ``float``, ``int`` or ``str``; everything that is no reading is an ``Absent``, which keeps the word
that stood in its place.  So a caller can neither add up a sentinel nor take an unknown value for 0.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from math import isfinite
from struct import Struct
from struct import error as StructError  # noqa: N812 - the name says that it is an exception
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from heliobus.errors import OutOfBounds, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.model.records import Json


class Reason(Enum):
    """Why there is no value (SPEC 2.4)."""

    NOT_FOUND = "not_found"
    """The appliance does not know the variable or the section; usual, it depends on model and firmware."""
    FORBIDDEN = "forbidden"
    """Above the user level of the session."""
    MALFORMED = "malformed"
    """The appliance called a write or read malformed, or a payload does not fit its type."""
    NOT_READABLE = "not_readable"
    """An entry of the FILE section."""
    ERROR = "error"
    """``er_...``: an internal error of the appliance on this one variable."""
    NOT_FINITE = "not_finite"
    """NaN or infinity."""
    UNKNOWN_TYPE = "unknown_type"
    """Neither a known type nor a known word: kept as it came."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Stands where a value is missing: the reason, and what the appliance said instead (``raw`` encodes it again)."""

    reason: Reason
    raw: Json


Scalar: TypeAlias = "int | float | str | Absent"
Value: TypeAlias = "Scalar | list[Scalar]"
Answer: TypeAlias = "dict[str, dict[str, Value]]"


class Typed(NamedTuple):
    """A value with the type of its wire form.

    The type is ``""`` where the wire had none: a word, or a number that somebody decoded before (captures 49, 50).
    """

    type: str
    value: Scalar


Wire: TypeAlias = "Typed | Absent | str | float"  # a string or number is a wire form already
Leaf: TypeAlias = "Wire | Sequence[Wire]"

NOT_A_SECTION = ""
"""The key under which an answer keeps what stood in the place of a section without being one."""

_END_OF_ARRAY = "st_END_OF_ARRAY"  # closes the lists PV1.INV_* (capture 13)
_NUMBERS = {
    "fl": Struct(">f"),
    "u8": Struct(">B"),
    "u1": Struct(">H"),
    "u3": Struct(">I"),
    "u6": Struct(">Q"),
    "i8": Struct(">b"),
    "i1": Struct(">h"),
    "i3": Struct(">i"),
    "i6": Struct(">q"),
}
_TEXTS = frozenset({"st", "ch"})
_WORDS = {
    "VARIABLE_NOT_FOUND": Reason.NOT_FOUND,
    "OBJECT_NOT_FOUND": Reason.NOT_FOUND,
    "": Reason.NOT_FOUND,  # the leaf under the key OBJECT_NOT_FOUND (capture 51)
    "FORBIDDEN": Reason.FORBIDDEN,
    "MALFORMED_VALUE": Reason.MALFORMED,
    "FILE_VARIABLE_NOT_READABLE": Reason.NOT_READABLE,
}
# "fl_" -> length of the whole string and the bound unpack: one look-up a value, this is the hot path.
_UNPACK = {f"{name}_": (3 + 2 * number.size, number.unpack) for name, number in _NUMBERS.items()}
_LARGEST = 3.5e38  # more than any type holds, so a number that came as JSON is none either
_fromhex = bytes.fromhex


def decode_value(text: str) -> Scalar:
    """The value of one typed string; never raises.  NaN and infinity are absent, -0.0 and denormals stay."""
    return _decode_short(text) if len(text) <= _SHORT else _decode(text)


def _decode(text: str) -> Scalar:
    known = _UNPACK.get(text[:3])
    if known is None:
        return _decode_other(text)
    length, unpack = known
    if len(text) == length:  # exact, because fromhex would skip blanks
        try:
            value: float = unpack(_fromhex(text[3:]))[0]
        except (ValueError, StructError):
            return Absent(Reason.MALFORMED, text)
        return value if isfinite(value) else Absent(Reason.NOT_FINITE, text)
    return Absent(Reason.MALFORMED, text)


# Three of four strings of a poll stood in polls before (Perth recording: 73 to 80 %).  Only strings of the length of
# numbers are kept, so no device can fill the memory.
_SHORT = 19
_decode_short = functools.lru_cache(maxsize=1024)(_decode)


def _decode_other(text: str) -> Scalar:
    if text[2:3] == "_":
        if text[:2] in _TEXTS:
            return text[3:]
        if text[:2] == "er":
            return Absent(Reason.ERROR, text)
    return Absent(_WORDS.get(text, Reason.UNKNOWN_TYPE), text)


def _decode_item(item: Json) -> Scalar:
    if isinstance(item, str):
        return decode_value(item)
    if isinstance(item, int | float) and not isinstance(item, bool):
        return item if abs(item) <= _LARGEST else Absent(Reason.NOT_FINITE, item)
    return Absent(Reason.UNKNOWN_TYPE, item)


def decode_leaf(leaf: Json) -> Value:
    """The value of a leaf of an answer: a scalar or a list, without the list's ``END_OF_ARRAY`` mark."""
    if isinstance(leaf, str):
        return decode_value(leaf)
    if isinstance(leaf, list):
        return [
            decode_value(item) if isinstance(item, str) else _decode_item(item)
            for item in leaf
            if item != _END_OF_ARRAY
        ]
    return _decode_item(leaf)


def decode_answer(sections: Mapping[str, Json]) -> Answer:
    """A tree of typed strings as the same tree of Python values."""
    return {
        name: {variable: decode_leaf(leaf) for variable, leaf in section.items()}
        if isinstance(section, dict)
        else {NOT_A_SECTION: decode_leaf(section)}
        for name, section in sections.items()
    }


def decode_typed(leaf: Json) -> Typed | list[Typed]:
    """Like ``decode_leaf``, types kept and lists whole: ``encode_leaf`` gives the leaf back, hex in upper case."""
    if isinstance(leaf, list):
        return [_typed(item) for item in leaf]
    return _typed(leaf)


def _typed(item: Json) -> Typed:
    value = _decode_item(item)
    return Typed(item[:2] if isinstance(item, str) and not isinstance(value, Absent) else "", value)


def encode_value(type_: str, value: Scalar | None) -> str:
    """The typed string of a value, full width, upper case; ``None`` gives ``""``: read, or leave this place as it is.

    An ``Absent`` gives back its word.  Raises ``OutOfBounds`` for a number that the type cannot hold and
    ``UsageError`` for a value of the wrong kind or an unknown type.  Floats are rounded to 32 bit.
    """
    if value is None:
        return ""
    if isinstance(value, Absent) and isinstance(value.raw, str):
        return value.raw
    if type_ in _TEXTS and isinstance(value, str):
        return f"{type_}_{value}"
    number = _NUMBERS.get(type_)
    if number is None or not isinstance(value, int if type_ != "fl" else int | float):
        raise UsageError(f"a {type(value).__name__} cannot be written as a SENEC value of type {type_!r}")
    try:
        packed = number.pack(value) if isfinite(value) else b""
    except (OverflowError, StructError):
        packed = b""
    if not packed:
        raise OutOfBounds(f"{value!r} is beyond the range of the SENEC type {type_}")
    return f"{type_}_{packed.hex().upper()}"


def encode_leaf(leaf: Leaf) -> Json:
    """The wire form of a leaf of an answer or a request."""
    if isinstance(leaf, Sequence) and not isinstance(leaf, str | Typed):
        return [_encode_item(item) for item in leaf]
    return _encode_item(leaf)


def _encode_item(item: Wire) -> Json:
    if isinstance(item, Absent):
        return item.raw
    if not isinstance(item, Typed):
        return item
    if isinstance(item.value, Absent):
        return item.value.raw
    if item.type:
        return encode_value(item.type, item.value)
    return item.value


def encode_answer(tree: Mapping[str, Mapping[str, Leaf]]) -> bytes:
    """The body of an answer, as the appliance sends it: compact JSON.  For simulators and tests."""
    wire = {
        name: encode_leaf(section[NOT_A_SECTION])
        if NOT_A_SECTION in section
        else {variable: encode_leaf(leaf) for variable, leaf in section.items()}
        for name, section in tree.items()
    }
    return json.dumps(wire, separators=(",", ":")).encode()


# What single values mean beyond their type --------------------------------------------------------------------------

_OLDEST = datetime(2010, 1, 1, tzinfo=UTC).timestamp()  # before the first appliance: the clock was never set
_NEWEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
_DIGITS = re.compile("[0-9]{1,8}")
_LABEL = re.compile("^S(?=[0-9])")
_WEST, _EAST = -12 * 60, 14 * 60  # minutes: the time zones of the earth


def utc_time(web_time: object, utc_offset: object) -> datetime | None:
    """The appliance's clock in UTC, or None when it cannot be known.

    ``RTC.WEB_TIME`` is the **local** wall clock as epoch seconds, ``RTC.UTC_OFFSET`` the minutes east of UTC
    (SPEC 4; within two seconds of the Date header in captures 02 and 07).
    """
    if not isinstance(web_time, int | float) or not isinstance(utc_offset, int | float):
        return None
    seconds = web_time - 60 * utc_offset
    if _WEST <= utc_offset <= _EAST and _OLDEST <= seconds < _NEWEST:
        return datetime.fromtimestamp(seconds, UTC)
    return None


def packed_version(number: int) -> str:
    """``BAT1OBJ1.SW_VERSION*``: 0x03100014 is 3.16.20 (byte 3, byte 2, low 16 bit; SPEC 3 rule 6)."""
    return f"{number >> 24 & 0xFF}.{number >> 16 & 0xFF}.{number & 0xFFFF}"


def firmware_number(text: object) -> int | None:
    """``WIZARD.APPLICATION_VERSION`` and ``INTERFACE_VERSION`` as a number to compare: "0826" is 826."""
    return int(text) if isinstance(text, str) and _DIGITS.fullmatch(text) else None


def control_unit(text: str | None) -> str | None:
    """Give a control unit's number as the appliance itself tells it (``FACTORY.DEVICE_ID``).

    SENEC's clouds write an S in front of it (an example in the senec gem's README, and the note to DEVICE_ID in
    variables.csv).  All recordings have blackened it, so one without is taken as well.
    """
    return None if text is None else _LABEL.sub("", text)


def section_names(answer: Answer) -> tuple[str, ...]:
    """The sections in the answer to ``{"DEBUG": {"SECTIONS": ""}}``; others may answer unlisted (SPEC 2.5)."""
    listed = answer.get("DEBUG", {}).get("SECTIONS")
    return tuple(name for name in listed if isinstance(name, str) and name) if isinstance(listed, list) else ()
