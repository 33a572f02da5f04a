"""Records of hundreds of fields: those that have a meaning here by name, all others as a table of kinds and names.

A table's line is a kind and names; ``epv{1-4}Total`` stands for four names.  A kind is a unit (W, V, A, Hz, %, kWh,
°C), or ``num`` (a number without a known unit), ``int`` (a count or code), ``flag``, ``text``, ``ms`` (a moment as
milliseconds since 1970) or ``json`` (kept as it is).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heliobus.growatt import protocol
from heliobus.growatt.models.rows import flag, integer, number, text
from heliobus.model.records import Record, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from heliobus.growatt.protocol import Json

_SERIES = re.compile(r"\{(\d+)-(\d+)\}")
_SNAKE = re.compile(r"_([a-z])")


class V4Record(Record):
    """One object of an answer.  ``table`` declares the fields that need no name of their own here.

    The server is not of one mind about ``echarge1Today`` and ``echarge1_today``: both are read as the former.
    """

    __slots__ = ()

    def __init__(self, values: Json) -> None:
        super().__init__(values)
        if "_" in "".join(self.values):
            self.values = {
                _renamed(key, self.values) if "_" in key else key: value for key, value in self.values.items()
            }

    def __init_subclass__(cls, *, table: str = "") -> None:
        super().__init_subclass__()
        cls.rows = {**rows(table), **cls.rows}

    def __getitem__(self, key: str) -> Any:
        """A field by the server's name, read by its kind; what has no row is as it came, what is not there None."""
        value = self.values.get(key)
        return self.rows[key].read(value) if key in self.rows else value


def millis(key: str) -> Row[datetime | None]:
    """A moment as milliseconds since 1970."""
    return Row(key, _moment)


def raw(key: str) -> Row[Json]:
    """What is kept as it is."""
    return Row(key, lambda value: value)


def rows(table: str) -> dict[str, Row[Any]]:
    """The rows of a table, by the server's names."""
    found: dict[str, Row[Any]] = {}
    kind = ""
    for line in table.splitlines():
        words = line.split()
        if words and not line.startswith("     "):
            kind, *words = words
        for word in words:
            found |= {name: _row(name, kind) for name in _names(word)}
    return found


_KINDS: Mapping[str, Callable[[str], Row[Any]]] = {
    "num": number,
    "int": integer,
    "flag": flag,
    "text": text,
    "ms": millis,
    "json": raw,
}


def _row(name: str, kind: str) -> Row[Any]:
    return _KINDS[kind](name) if kind in _KINDS else number(name, kind)


def _names(word: str) -> Iterator[str]:
    series = _SERIES.search(word)
    if series is None:
        yield word
        return
    first, last = map(int, series.groups())
    for place in range(first, last + 1):
        yield f"{word[: series.start()]}{place}{word[series.end() :]}"


def _renamed(key: str, values: Mapping[str, Json]) -> str:
    plain = _SNAKE.sub(lambda found: found[1].upper(), key)
    return key if plain in values else plain


def _moment(value: Json) -> datetime | None:
    read = protocol.number(value)
    try:
        return datetime.fromtimestamp(read / 1000, UTC) if read else None
    except (ValueError, OverflowError, OSError):
        return None
