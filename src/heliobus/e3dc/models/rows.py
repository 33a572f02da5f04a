"""How a vendor's value is declared: one row with its tag, unit and meaning, read whatever type the device sends.

A record is a view on answers: building one costs nothing, and a value is looked at when it is asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from heliobus.e3dc.protocol import Item, tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Self

    from heliobus.e3dc.protocol import ErrorAnswer, Timestamp

T = TypeVar("T")


class Row(Generic[T]):
    """One value; ``tag`` is that of the request where it is asked for, its own where it comes unasked."""

    __slots__ = ("meaning", "name", "read", "tag", "unit")

    def __init__(self, tag: int, read: Callable[[Item], T | None], unit: str, meaning: str) -> None:
        self.tag = tag
        self.read = read
        self.unit = unit
        self.meaning = meaning
        self.name = ""

    def __set_name__(self, owner: type[Record], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Row[T]: ...
    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T | None: ...
    def __get__(self, record: Record | None, owner: type[Record]) -> Row[T] | T | None:
        if record is None:
            return self
        answer = record.answers.get(self.tag)
        return None if answer is None else self.read(answer)


@dataclass(frozen=True, repr=False)
class Record:
    """What belongs together; a value that did not come, is an error or does not fit reads as None."""

    answers: Mapping[int, Item]
    rows: ClassVar[Mapping[str, Row[Any]]] = {}
    """By the attributes' names."""

    def __init_subclass__(cls) -> None:
        cls.rows = {**cls.rows, **{name: row for name, row in vars(cls).items() if isinstance(row, Row)}}

    @classmethod
    def requests(cls) -> list[Item]:
        """What to ask for; several rows may look at one answer."""
        return [Item(tag) for tag in dict.fromkeys(row.tag for row in cls.rows.values())]

    @classmethod
    def of(cls, answers: Iterable[Item | None]) -> Self:
        """From the answers to ``requests``, in their order."""
        told = zip(cls.requests(), answers, strict=True)
        return cls({request.tag: answer for request, answer in told if answer is not None})

    @classmethod
    def holding(cls, items: Iterable[Item]) -> Self:
        """From items that carry the rows' own tags."""
        return cls({item.tag: item for item in items})

    @classmethod
    def inside(cls, answer: Item | None) -> Self:
        """From the content of a container that carries the rows' own tags."""
        return cls.holding([] if answer is None else answer.children)

    def error(self, name: str) -> ErrorAnswer | None:
        """The error that the device gave in place of the value called ``name``."""
        answer = self.answers.get(self.rows[name].tag)
        return None if answer is None else answer.error

    @property
    def errors(self) -> dict[str, ErrorAnswer]:
        """The errors that the device gave in place of values, by the attributes' names."""
        return {name: error for name in self.rows if (error := self.error(name)) is not None}

    def values(self) -> dict[str, Any]:
        """All values by the attributes' names."""
        return {name: getattr(self, name) for name in self.rows}

    def __repr__(self) -> str:
        known = ", ".join(f"{name}={value!r}" for name, value in self.values().items() if value is not None)
        return f"{type(self).__name__}({known})"


# -- rows by the kind of value; ``child`` names the value inside an answer that is a container


def number(tag: int, unit: str, meaning: str, *, child: int | None = None) -> Row[float]:
    """A measurement; what is no finite number is None."""
    return Row(tag, _at(child, read_number), unit, meaning)


def whole(tag: int, meaning: str, unit: str = "", *, child: int | None = None) -> Row[int]:
    return Row(tag, _at(child, read_whole), unit, meaning)


def flag(tag: int, meaning: str, *, child: int | None = None) -> Row[bool]:
    """Yes or no, in whichever numeric type it travels."""
    return Row(tag, _at(child, lambda item: item.flag), "", meaning)


def text(tag: int, meaning: str, *, child: int | None = None) -> Row[str]:
    return Row(tag, _at(child, lambda item: item.text), "", meaning)


def moment(tag: int, meaning: str) -> Row[Timestamp]:
    return Row(tag, lambda item: item.time, "", meaning)


def choice(tag: int, names: str, meaning: str) -> Row[str]:
    """The name of a coded value, out of the set called ``names``; codes without a name are given as numbers."""

    def read(item: Item) -> str | None:
        code = read_whole(item)
        return None if code is None else tags.enum(names).get(code, str(code))

    return Row(tag, read, "", meaning)


def read_number(item: Item) -> float | None:
    value = item.number
    return value if value is not None and math.isfinite(value) else None


def read_whole(item: Item) -> int | None:
    value = read_number(item)
    return int(value) if value is not None and value == int(value) else None


def whole_in(holder: Item, tag: int) -> int | None:
    """The whole number that a container holds."""
    child = holder.get(tag)
    return None if child is None else read_whole(child)


def _at(child: int | None, read: Callable[[Item], T | None]) -> Callable[[Item], T | None]:
    if child is None:
        return read

    def look(item: Item) -> T | None:
        found = item.get(child)
        return None if found is None else read(found)

    return look
