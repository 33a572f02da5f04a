"""How a vendor's variable is declared: one row with its kind, unit and meaning; the attribute's name is the variable's.

A section is a view on the decoded answer: building one costs nothing, and a value is looked at when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, overload

from heliobus.senec.protocol import packed_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.senec.protocol import Value

T = TypeVar("T")

_NO_SENSOR = -100  # °C: without a sensor MCU_TEMP is -150 to -160 (SPEC 3 rule 7, captures 40 and 50)


class Row(Generic[T]):
    """One variable.  ``length`` is the usual number of places of a list, 0 for a single value."""

    __slots__ = ("length", "meaning", "read", "unit", "variable")

    def __init__(self, read: Callable[[Value | None], T], unit: str, meaning: str, length: int = 0) -> None:
        self.read = read
        self.unit = unit
        self.meaning = meaning
        self.length = length
        self.variable = ""

    def __set_name__(self, owner: type[Section], name: str) -> None:
        self.variable = name.upper()

    @overload
    def __get__(self, section: None, owner: type[Section]) -> Row[T]: ...
    @overload
    def __get__(self, section: Section, owner: type[Section]) -> T: ...
    def __get__(self, section: Section | None, owner: type[Section]) -> Row[T] | T:
        return self if section is None else self.read(section.values.get(self.variable))


@dataclass(frozen=True)
class Section:
    """One section of an answer; whatever was not asked for, is not there or does not fit reads as None."""

    __slots__ = ("values",)  # by hand: slots=True breaks the __setattr__ of subclasses
    values: Mapping[str, Value]
    rows: ClassVar[Mapping[str, Row[object]]] = {}
    """By the vendor's names."""

    def __init_subclass__(cls) -> None:
        cls.rows = {**cls.rows, **{row.variable: row for row in vars(cls).values() if isinstance(row, Row)}}


# -- the kinds of a single value, each from what decoding gave


def _number(value: Value | None) -> float | None:
    return value if isinstance(value, (float, int)) else None


def _temperature(value: Value | None) -> float | None:
    number = _number(value)
    return None if number is None or number < _NO_SENSOR else number


def _integer(value: Value | None) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)  # an answer that somebody decoded and wrote as JSON again
    return value if isinstance(value, int) else None


def _text(value: Value | None) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: Value | None) -> bool | None:
    return value == 1 if isinstance(value, (float, int)) and value in {0, 1} else None


def _version(value: Value | None) -> str | None:
    return packed_version(value) if isinstance(value, int) else None


def _each(read: Callable[[Value | None], T]) -> Callable[[Value | None], tuple[T, ...]]:
    def read_list(value: Value | None) -> tuple[T, ...]:
        return tuple([read(item) for item in value]) if isinstance(value, list) else ()

    return read_list


# -- rows: a list has as many places as the appliance sent, () when it sent none; a place without a value is None


def number(unit: str, meaning: str) -> Row[float | None]:
    return Row(_number, unit, meaning)


def temperature(meaning: str) -> Row[float | None]:
    return Row(_temperature, "°C", meaning)


def integer(meaning: str, unit: str = "") -> Row[int | None]:
    return Row(_integer, unit, meaning)


def text(meaning: str) -> Row[str | None]:
    return Row(_text, "", meaning)


def flag(meaning: str) -> Row[bool | None]:
    return Row(_flag, "", meaning)


def version(meaning: str) -> Row[str | None]:
    return Row(_version, "", meaning)


def numbers(length: int, unit: str, meaning: str) -> Row[tuple[float | None, ...]]:
    return Row(_each(_number), unit, meaning, length)


def integers(length: int, meaning: str, unit: str = "") -> Row[tuple[int | None, ...]]:
    return Row(_each(_integer), unit, meaning, length)


def texts(length: int, meaning: str) -> Row[tuple[str | None, ...]]:
    return Row(_each(_text), "", meaning, length)


def flags(length: int, meaning: str) -> Row[tuple[bool | None, ...]]:
    return Row(_each(_flag), "", meaning, length)
