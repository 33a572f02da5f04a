"""Requests as people write them: ``"EMS_REQ_POWER_PV"``, ``("BAT_REQ_DATA", {"BAT_INDEX": 0, "BAT_REQ_RSOC": None})``.

Names and numbers of tags are equal; a value becomes the type that the public lists give to its tag, or the one that it
suggests.  A third place in the tuple, before the value, names the type: ``("WB_INDEX", "UChar8", 0)``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from heliobus.e3dc.protocol import Item, Timestamp, Type, encode, tags
from heliobus.errors import UsageError

Request: TypeAlias = "str | int | Item | tuple[str | int, Any] | tuple[str | int, str | int, Any]"

_LIKELY: tuple[tuple[type, Type], ...] = (
    (bool, Type.BOOL),
    (int, Type.INT32),
    (float, Type.FLOAT32),
    (str, Type.CSTRING),
    (bytes, Type.BYTEARRAY),
    (Timestamp, Type.TIMESTAMP),
    (list, Type.CONTAINER),
)
_NUMBERS = range(Type.BOOL, Type.BITFIELD)


def request(asked: Request) -> Item:
    """The item that asks.  Raises UsageError for names, types and values that are none."""
    match asked:
        case Item():
            return asked
        case str() | int():
            return Item(_tag(asked))
        case (str() | int() as tag, value):
            return _with_value(_tag(tag), value)
        case (str() | int() as tag, kind, value):
            return _checked(Item(_tag(tag), _type(kind), _plain(value)))
        case _:
            raise UsageError(
                f"{asked!r} is no request", remedy="Write the name of a tag, or a tuple of a name and its value."
            )


def container(tag: int, *children: Item) -> Item:
    return Item(tag, Type.CONTAINER, list(children))


def typed(tag: int, value: Any, kind: int | None = None) -> Item:
    """An item whose value has the type ``kind``, else that of the lists."""
    return _checked(Item(tag, kind, value)) if kind is not None else _with_value(tag, value)


def _with_value(tag: int, value: Any) -> Item:
    plain = _plain(value)
    if plain is None:
        return Item(tag)
    likely = next((kind for python, kind in _LIKELY if isinstance(plain, python)), None)
    if likely is None:
        raise UsageError(f"{tags.label(tag)} cannot carry a {type(value).__name__}")
    listed = tags.type_of(tag)
    if listed == Type.TIMESTAMP and isinstance(plain, int):
        return Item(tag, listed, Timestamp(plain))
    both_numbers = listed in _NUMBERS and likely in _NUMBERS
    return _checked(Item(tag, listed if listed is not None and both_numbers else likely, plain))


def _checked(item: Item) -> Item:
    encode([item])  # says at once which value does not fit its type
    return item


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return [request((tag, child)) for tag, child in value.items()]
        case Timestamp():
            return value
        case list():
            return [request(child) for child in value]
        case datetime():
            if value.tzinfo is None:
                raise UsageError(f"the time {value} has no time zone")
            return Timestamp.of(value)
        case timedelta():
            return Timestamp(round(value.total_seconds()))
        case _:
            return value


def _tag(word: str | int) -> int:
    return word if isinstance(word, int) else tags.code(word)


def _type(kind: str | int) -> int:
    if isinstance(kind, int):
        return kind
    try:
        return Type[kind.upper()]
    except KeyError:
        known = ", ".join(one.name for one in Type)
        raise UsageError(f"no data type is called {kind!r}", remedy=f"Use one of: {known}.") from None
