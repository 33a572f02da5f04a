"""How a vendor's variable is declared: one row with its kind, unit and meaning; the attribute's name is the variable's.

A section is a view on the decoded answer: building one costs nothing, and a value is looked at when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar, Generic, TypeAlias, TypedDict, TypeVar, Unpack, overload

from heliobus.senec.protocol import Absent, packed_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heliobus.senec.protocol import Value

T = TypeVar("T")

_NO_SENSOR = -100  # °C: without a sensor MCU_TEMP is -150 to -160 (SPEC 3 rule 7, captures 40 and 50)


class Kind(StrEnum):
    """What a variable is; in a list, each of its places."""

    NUMBER = "number"
    TEMPERATURE = "temperature"
    INTEGER = "integer"
    FLAG = "flag"
    TEXT = "text"
    VERSION = "version"
    """Three numbers packed into one."""
    ADDRESS = "address"
    """An IPv4 address."""
    ANY = "any"
    """Nobody has published a value: number, text or list, as it comes."""


class Seen(StrEnum):
    """Where a variable was seen, and so how sure its row is."""

    RECORDED = "recorded"
    """Its wire form stands in a recorded answer."""
    SHOWN = "shown"
    """Decoded values of a V3 with firmware 0826 were published."""
    LISTED = "listed"
    """Other projects name it; some appliances answer VARIABLE_NOT_FOUND."""
    UNTIL_0825 = "until 0825"
    """Recorded, and gone since firmware 0825 of August 2023."""
    LFP = "LFP"
    """Named for the V3 with an LFP battery."""
    OLD_V2 = "old V2"
    """Named for early V2."""


class Row(Generic[T]):
    """One variable.  ``length`` is the usual number of places of a list, 0 for a single value.

    ``unset`` is the number that stands for none.  ``writable``: the appliance stores or obeys what is written there
    (SPEC 5).  ``variable`` is the vendor's name.
    """

    __slots__ = ("kind", "length", "meaning", "read", "seen", "unit", "unset", "variable", "writable")

    def __init__(
        self,
        kind: Kind,
        read: Callable[[Value | None], T],
        unit: str,
        meaning: str,
        *,
        length: int = 0,
        seen: Seen = Seen.RECORDED,
        writable: bool = False,
        variable: str = "",
        unset: int | None = None,
    ) -> None:
        self.kind = kind
        self.read = read
        self.unit = unit
        self.meaning = meaning
        self.length = length
        self.seen = seen
        self.writable = writable
        self.variable = variable
        self.unset = unset

    def __set_name__(self, owner: type[Section], name: str) -> None:
        self.variable = self.variable or name.upper()

    @overload
    def __get__(self, section: None, owner: type[Section]) -> Row[T]: ...
    @overload
    def __get__(self, section: Section, owner: type[Section]) -> T: ...
    def __get__(self, section: Section | None, owner: type[Section]) -> Row[T] | T:
        return self if section is None else self.read(section.values.get(self.variable))

    def is_unset(self, value: Value) -> bool:
        """Whether it is the number by which the appliance says that there is nothing: no sensor, not set."""
        if self.kind is Kind.TEMPERATURE:
            return isinstance(value, (float, int)) and value < _NO_SENSOR
        return self.unset is not None and value == self.unset


@dataclass(frozen=True)
class Section:
    """One section of an answer; whatever was not asked for, is not there or does not fit reads as None."""

    __slots__ = ("values",)  # by hand: slots=True breaks the __setattr__ of subclasses
    values: Mapping[str, Value]
    rows: ClassVar[Mapping[str, Row[object]]] = {}
    """By the vendor's names."""

    def __init_subclass__(cls) -> None:
        cls.rows = {**cls.rows, **{row.variable: row for row in vars(cls).values() if isinstance(row, Row)}}

    def decoded(self) -> dict[str, object]:
        """Every value that came and has a row, as the row reads it, by the vendor's names."""
        rows = self.rows
        return {name: rows[name].read(value) for name, value in self.values.items() if name in rows}


def places(make: Callable[..., T], *columns: Sequence[object]) -> tuple[T, ...]:
    """One ``make(place, *row)`` for each place of some lists, counted from 1; a list that is shorter gives None."""
    return tuple([make(place, *row) for place, row in enumerate(zip_longest(*columns), 1)])


# -- the kinds of a single value, each from what decoding gave

Plain: TypeAlias = "float | int | str"


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


def _address(value: Value | None) -> str | None:
    if isinstance(value, int) and 0 <= value < 1 << 32:
        return ".".join(str(byte) for byte in value.to_bytes(4))
    return _text(value)


def _any(value: Value | None) -> Plain | tuple[Plain | None, ...] | None:
    if isinstance(value, list):
        return tuple([None if isinstance(item, Absent) else item for item in value])
    return None if isinstance(value, Absent) else value


def _but(unset: int) -> Callable[[Value | None], int | None]:
    def read_integer(value: Value | None) -> int | None:
        number = _integer(value)
        return None if number == unset else number

    return read_integer


def _each(read: Callable[[Value | None], T]) -> Callable[[Value | None], tuple[T, ...]]:
    def read_list(value: Value | None) -> tuple[T, ...]:
        return tuple([read(item) for item in value]) if isinstance(value, list) else ()

    return read_list


# -- rows: a list has as many places as the appliance sent, () when it sent none; a place without a value is None


class _More(TypedDict, total=False):
    """What else a row may say, by name."""

    seen: Seen
    writable: bool
    variable: str


def number(unit: str, meaning: str, **more: Unpack[_More]) -> Row[float | None]:
    return Row(Kind.NUMBER, _number, unit, meaning, **more)


def temperature(meaning: str, **more: Unpack[_More]) -> Row[float | None]:
    return Row(Kind.TEMPERATURE, _temperature, "°C", meaning, **more)


def integer(meaning: str, unit: str = "", *, unset: int | None = None, **more: Unpack[_More]) -> Row[int | None]:
    """``unset`` is the number that stands for none."""
    return Row(Kind.INTEGER, _integer if unset is None else _but(unset), unit, meaning, unset=unset, **more)


def text(meaning: str, **more: Unpack[_More]) -> Row[str | None]:
    return Row(Kind.TEXT, _text, "", meaning, **more)


def flag(meaning: str, **more: Unpack[_More]) -> Row[bool | None]:
    return Row(Kind.FLAG, _flag, "", meaning, **more)


def version(meaning: str, **more: Unpack[_More]) -> Row[str | None]:
    return Row(Kind.VERSION, _version, "", meaning, **more)


def address(meaning: str, **more: Unpack[_More]) -> Row[str | None]:
    return Row(Kind.ADDRESS, _address, "", meaning, **more)


def anything(meaning: str, unit: str = "", **more: Unpack[_More]) -> Row[Plain | tuple[Plain | None, ...] | None]:
    return Row(Kind.ANY, _any, unit, meaning, **more)


def numbers(length: int, unit: str, meaning: str, **more: Unpack[_More]) -> Row[tuple[float | None, ...]]:
    return Row(Kind.NUMBER, _each(_number), unit, meaning, length=length, **more)


def integers(length: int, meaning: str, unit: str = "", **more: Unpack[_More]) -> Row[tuple[int | None, ...]]:
    return Row(Kind.INTEGER, _each(_integer), unit, meaning, length=length, **more)


def texts(length: int, meaning: str, **more: Unpack[_More]) -> Row[tuple[str | None, ...]]:
    return Row(Kind.TEXT, _each(_text), "", meaning, length=length, **more)


def flags(length: int, meaning: str, **more: Unpack[_More]) -> Row[tuple[bool | None, ...]]:
    return Row(Kind.FLAG, _each(_flag), "", meaning, length=length, **more)
