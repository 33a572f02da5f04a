"""How a field of an answer is declared: one row with its key, kind and unit.

A record is a view on the answer's object: building one costs nothing, a field is read when it is asked for, and what
has no row stays in ``values``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from heliobus.growatt import protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from heliobus.growatt.protocol import Json, Money

T = TypeVar("T")


class Row(Generic[T]):
    """One field: ``key`` is the server's name of it, ``unit`` what its number is in where the answer names none."""

    __slots__ = ("key", "read", "unit")

    def __init__(self, key: str, read: Callable[[Json], T], unit: str = "") -> None:
        self.key = key
        self.read = read
        self.unit = unit

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Row[T]: ...
    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T: ...
    def __get__(self, record: Record | None, owner: type[Record]) -> Row[T] | T:
        return self if record is None else self.read(record.values.get(self.key))


class Record:
    """One object of an answer; what is not there or does not fit reads as None."""

    __slots__ = ("values",)
    rows: ClassVar[Mapping[str, Row[Any]]] = {}
    """By the server's names."""

    def __init__(self, values: Json) -> None:
        self.values: Mapping[str, Json] = values if isinstance(values, dict) else {}

    def __init_subclass__(cls) -> None:
        cls.rows = {**cls.rows, **{row.key: row for row in vars(cls).values() if isinstance(row, Row)}}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and type(other) is type(self) and other.values == self.values

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        # Without values: a login's answer holds the password's hash.
        return f"<{type(self).__name__} of {len(self.values)} fields>"

    @property
    def extra(self) -> Mapping[str, Json]:
        """What the server said beyond the rows."""
        return {key: value for key, value in self.values.items() if key not in self.rows}


R = TypeVar("R", bound=Record)


def number(key: str, unit: str = "") -> Row[float | None]:
    return Row(key, lambda value: protocol.number(value, unit), unit)


def integer(key: str) -> Row[int | None]:
    return Row(key, protocol.integer)


def text(key: str) -> Row[str | None]:
    return Row(key, protocol.text)


def flag(key: str) -> Row[bool | None]:
    return Row(key, protocol.flag)


def money(key: str) -> Row[Money | None]:
    return Row(key, protocol.money)


def java_time(key: str) -> Row[datetime | None]:
    return Row(key, protocol.java_time)


def record(key: str, kind: type[R]) -> Row[R | None]:
    return Row(key, lambda value: kind(value) if isinstance(value, dict) else None)


def records(key: str, kind: type[R]) -> Row[tuple[R, ...]]:
    def read(value: Json) -> tuple[R, ...]:
        return tuple([kind(one) for one in value if isinstance(one, dict)]) if isinstance(value, list) else ()

    return Row(key, read)


def numbers(key: str, unit: str = "") -> Row[Mapping[str, float | None]]:
    """Numbers by a label, such as a day of the month."""

    def read(value: Json) -> dict[str, float | None]:
        pairs = value.items() if isinstance(value, dict) else ()
        return {label: protocol.number(one, unit) for label, one in pairs}

    return Row(key, read, unit)


def texts(key: str) -> Row[tuple[str, ...]]:
    def read(value: Json) -> tuple[str, ...]:
        found = [protocol.text(one) for one in value] if isinstance(value, list) else []
        return tuple([one for one in found if one is not None])

    return Row(key, read)


def labelled(key: str) -> Row[Mapping[str, str]]:
    """Texts by their label, out of a list of objects with one field each."""

    def read(value: Json) -> dict[str, str]:
        pairs = (
            [pair for one in value if isinstance(one, dict) for pair in one.items()] if isinstance(value, list) else []
        )
        return {label: found for label, one in pairs if (found := protocol.text(one)) is not None}

    return Row(key, read)


def curves(key: str, unit: str = "") -> Row[Mapping[str, Mapping[str, float | None]]]:
    """Curves by their name, each by the time of day; the server also sends rows by the time of day (SPEC A.7)."""
    return Row(key, lambda value: read_curves(value, unit), unit)


def read_curves(value: Json, unit: str = "") -> dict[str, dict[str, float | None]]:
    """Curves by their name and label, out of either form."""
    found: dict[str, dict[str, float | None]] = {}
    for label, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(inner, dict):
            for name, one in inner.items():
                found.setdefault(name, {})[label] = protocol.number(one, unit)
        elif isinstance(inner, list):
            found[label] = {str(place): protocol.number(one, unit) for place, one in enumerate(inner)}
    return found
