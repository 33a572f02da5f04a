"""How a field of a JSON answer is declared: one row with its key, the way to read it and its unit.

A record is a view on the answer's object: building one costs nothing, a field is read when it is asked for, what is not
there or does not fit reads as None, and what has no row stays in ``extra``.  How a value is to be read is the vendors'
knowledge: each has its own makers of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, overload

T = TypeVar("T")
Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"


class Row(Generic[T]):
    """One field: ``key`` is the server's name of it; ``kind`` the record inside it, if there is one.

    ``unit`` is what its number is in where the answer names none.
    """

    __slots__ = ("key", "kind", "read", "unit")

    def __init__(
        self, key: str, read: Callable[[Json], T], unit: str = "", *, kind: type[Record] | None = None
    ) -> None:
        self.key = key
        self.read = read
        self.unit = unit
        self.kind = kind

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Row[T]: ...
    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T: ...
    def __get__(self, record: Record | None, owner: type[Record]) -> Row[T] | T:
        return self if record is None else self.read(record.values.get(self.key))


class Record:
    """One object of an answer; one that is none has no values."""

    __slots__ = ("values",)
    rows: ClassVar[Mapping[str, Row[Any]]] = {}
    """By the server's names: those of the bases, of the table that a class gives here, and its attributes."""

    def __init__(self, values: Json) -> None:
        self.values: Mapping[str, Json] = values if isinstance(values, dict) else {}

    def __init_subclass__(cls) -> None:
        bases = [base.rows for base in reversed(cls.__bases__) if issubclass(base, Record)]
        table = vars(cls).get("rows", {})
        named = {row.key: row for row in vars(cls).values() if isinstance(row, Row)}
        cls.rows = {key: row for rows in (*bases, table, named) for key, row in rows.items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and type(other) is type(self) and other.values == self.values

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        # Without values: addresses, serial numbers and a password's hash are nobody's business.
        return f"<{type(self).__name__} of {len(self.values)} fields>"

    @property
    def extra(self) -> Mapping[str, Json]:
        """What the server said beyond the rows."""
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
