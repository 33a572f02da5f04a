"""How a field of a cloud's JSON is declared: one row with its key, kind and unit.

A record is a view on the answer's object: building one costs nothing, a field is read when it is asked for, what is not
there or does not fit reads as None, and what has no row stays in ``extra``.
"""

from __future__ import annotations

import math
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from heliobus.senec.protocol import Json

T = TypeVar("T")

_MOST = sys.float_info.max


class Field(Generic[T]):
    """One field: ``key`` is the cloud's name of it; ``kind`` the record inside it, if there is one."""

    __slots__ = ("key", "kind", "read", "unit")

    def __init__(self, key: str, read: Callable[[Json], T], unit: str = "", kind: type[Record] | None = None) -> None:
        self.key = key
        self.read = read
        self.unit = unit
        self.kind = kind

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Field[T]: ...
    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T: ...
    def __get__(self, record: Record | None, owner: type[Record]) -> Field[T] | T:
        return self if record is None else self.read(record.values.get(self.key))


class Record:
    """One object of an answer; one that is none has no values."""

    __slots__ = ("values",)
    rows: ClassVar[Mapping[str, Field[object]]] = {}
    """By the cloud's names."""

    def __init__(self, values: Json) -> None:
        self.values: Mapping[str, Json] = values if isinstance(values, dict) else {}

    def __init_subclass__(cls) -> None:
        cls.rows = {**cls.rows, **{row.key: row for row in vars(cls).values() if isinstance(row, Field)}}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and type(other) is type(self) and other.values == self.values

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        # Without values: addresses and serial numbers are nobody's business.
        return f"<{type(self).__name__} of {len(self.values)} fields>"

    @property
    def extra(self) -> Mapping[str, Json]:
        """What the cloud said beyond the rows."""
        return {key: value for key, value in self.values.items() if key not in self.rows}

    def unmodelled(self) -> Iterator[str]:
        """The paths of all that has no row, here and in the records inside."""
        for key, value in self.values.items():
            row = self.rows.get(key)
            if row is None:
                yield key
            elif row.kind is not None:
                for one in value if isinstance(value, list) else [value]:
                    yield from (f"{key}.{path}" for path in row.kind(one).unmodelled())


R = TypeVar("R", bound=Record)


# -- the kinds of a single value


def _number(value: Json) -> float | None:
    """A finite number; JSON allows some that are not."""
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > _MOST:
        return None
    return None if math.isnan(value) else float(value)


def _integer(value: Json) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number.is_integer() else None


def _text(value: Json) -> str | None:
    """A text; the clouds write some ids as numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None


def _flag(value: Json) -> bool | None:
    return value if isinstance(value, bool) else None


def _time(value: Json) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None


def _epoch(value: Json) -> datetime | None:
    number = _number(value)
    try:
        return None if number is None else datetime.fromtimestamp(number / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _each(read: Callable[[Json], T]) -> Callable[[Json], tuple[T, ...]]:
    def read_list(value: Json) -> tuple[T, ...]:
        return tuple([read(one) for one in value]) if isinstance(value, list) else ()

    return read_list


# -- rows


def number(key: str, unit: str = "") -> Field[float | None]:
    return Field(key, _number, unit)


def integer(key: str, unit: str = "") -> Field[int | None]:
    return Field(key, _integer, unit)


def text(key: str) -> Field[str | None]:
    return Field(key, _text)


def flag(key: str) -> Field[bool | None]:
    return Field(key, _flag)


def time(key: str) -> Field[datetime | None]:
    """ISO 8601 with a zone, as UTC; a time without one is none."""
    return Field(key, _time)


def epoch(key: str) -> Field[datetime | None]:
    """Milliseconds since 1970."""
    return Field(key, _epoch)


def texts(key: str) -> Field[tuple[str | None, ...]]:
    return Field(key, _each(_text))


def numbers(key: str, unit: str = "") -> Field[tuple[float | None, ...]]:
    return Field(key, _each(_number), unit)


def record(key: str, kind: type[R]) -> Field[R]:
    """An object; one that is not there is a record without values."""
    return Field(key, kind, kind=kind)


def records(key: str, kind: type[R]) -> Field[tuple[R, ...]]:
    return Field(key, _each(kind), kind=kind)
