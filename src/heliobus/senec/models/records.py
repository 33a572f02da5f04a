"""The rows of the clouds' JSON: how each kind of value is read."""

from __future__ import annotations

import math
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from heliobus.model.records import Record, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.model.records import Json

T = TypeVar("T")
R = TypeVar("R", bound=Record)

_MOST = sys.float_info.max


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


def number(key: str, unit: str = "") -> Row[float | None]:
    return Row(key, _number, unit)


def integer(key: str, unit: str = "") -> Row[int | None]:
    return Row(key, _integer, unit)


def text(key: str) -> Row[str | None]:
    return Row(key, _text)


def flag(key: str) -> Row[bool | None]:
    return Row(key, _flag)


def time(key: str) -> Row[datetime | None]:
    """ISO 8601 with a zone, as UTC; a time without one is none."""
    return Row(key, _time)


def epoch(key: str) -> Row[datetime | None]:
    """Milliseconds since 1970."""
    return Row(key, _epoch)


def texts(key: str) -> Row[tuple[str | None, ...]]:
    return Row(key, _each(_text))


def numbers(key: str, unit: str = "") -> Row[tuple[float | None, ...]]:
    return Row(key, _each(_number), unit)


def record(key: str, kind: type[R]) -> Row[R]:
    """An object; one that is not there is a record without values."""
    return Row(key, kind, kind=kind)


def records(key: str, kind: type[R]) -> Row[tuple[R, ...]]:
    return Row(key, _each(kind), kind=kind)
