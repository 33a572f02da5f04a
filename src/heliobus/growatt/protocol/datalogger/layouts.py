"""Where the values of a record stand: tables of name, offset, kind and divisor in ``layouts.tsv``.

Offsets count from the end of the record's date: one table holds for all protocols.  Kinds: bytes of a number, ``s`` for
signed, ``t`` for a text; in a meter's text ``c`` and a column, with a sign for the part above or below 0.  Written by
``tests/growatt/make_layouts.py`` out of captures grott/layouts, whose names stand beside each table's own.

A record says itself which registers it carries, in blocks after its date::

    | blocks u8 | first u16 | last u16 | values u16 ... | first u16 | last u16 | values ... |

so for the longer ones, which mean other things in every family, the blocks tell the family unless it is given.
"""

from __future__ import annotations

from functools import cache
from itertools import takewhile
from pathlib import Path
from struct import Struct
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import UsageError
from heliobus.growatt.protocol.datalogger.frame import PLAIN, Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FAMILIES = ("min", "mod", "sph", "spf", "tl3", "max")
"""The families that have layouts of their own.

Of them ``mod``, ``spf`` and ``tl3`` have to be named, as their blocks are those of others.
"""

BLOCKS: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        "inverter": ((0, 44), (45, 89)),
        "long": ((3000, 3124), (3250, 3374)),
        "tl3": ((0, 124), (125, 249)),
        "max": ((0, 124), (125, 249)),
        "sph": ((0, 124), (1000, 1124)),
        "min": ((3000, 3124), (3125, 3249)),
        "mod": ((3000, 3124), (3125, 3249)),
        "spf": ((0, 44), (45, 89)),
        "spf05": ((0, 44), (45, 89)),
        "announcement": ((0, 124), (125, 174)),
    }
)
"""The blocks that an inverter's records of a layout carry."""

_LONG = 375 - 74
"""Bytes after the date beyond which Grott calls a frame long; one of protocol 06 has 74 before, and 2 after."""
_RANGE = Struct(">HH")
_CHINT_COLUMNS = 25
_BY_BLOCKS = ("sph", "max", "min")
_PADDED = 0x06


class Field(NamedTuple):
    """One value; ``kind`` as in the table."""

    name: str
    offset: int
    kind: str
    divide: int

    @property
    def size(self) -> int:
        return int(self.kind.rstrip("st"))


class Layout(NamedTuple):
    """One table; ``aliases`` are Grott's names of it."""

    name: str
    aliases: tuple[str, ...]
    fields: tuple[Field, ...]


def layout(name: str) -> Layout:
    """The table of this name; UsageError names those that there are."""
    found = layouts().get(name)
    if found is None:
        raise UsageError(f"no layout {name!r}", remedy=f"Use one of: {', '.join(layouts())}.")
    return found


@cache
def layouts() -> Mapping[str, Layout]:
    """Every table by its name; read when first asked for."""
    found: dict[str, Layout] = {}
    text = (Path(__file__).parent / "layouts.tsv").read_text("utf-8")
    for part in text.removeprefix("[").split("\n["):
        head, *lines = part.splitlines()
        name, aliases = head.split("]\t")
        found[name] = Layout(name, tuple(aliases.split()), tuple(map(_field, lines)))
    return MappingProxyType(found)


def choose(data: bytes, *, protocol: int, kind: int, family: str | None = None) -> Layout | None:
    """The table of a record out of what follows its date; None for a type of frame that is no record."""
    if kind == Type.ANNOUNCE:
        return layout("announcement")
    if kind == Type.METER:
        return layout("meter")
    if kind == Type.METER_TEXT:
        return layout("sdm630" if data.count(b",") >= _CHINT_COLUMNS else "chint")
    if kind not in (Type.DATA, Type.BUFFERED):
        return None
    if family == "spf":
        return layout("spf" if protocol == _PADDED else "spf05")
    return layout(_of_inverter(data, family, checked=protocol != PLAIN))


def _of_inverter(data: bytes, family: str | None, *, checked: bool) -> str:
    if len(data) + 2 * checked <= _LONG:
        return "inverter"
    if family is not None:
        return family
    starts = [first for first, _ in blocks(data)][:2]
    return next((name for name in _BY_BLOCKS if starts == [first for first, _ in BLOCKS[name]]), "long")


def blocks(data: bytes) -> list[tuple[int, int]]:
    """First and last register of each block that is whole."""
    return [(first, last) for first, last, _ in takewhile(lambda one: one[2] <= len(data), _blocks(data))]


def _blocks(data: bytes) -> Iterator[tuple[int, int, int]]:
    at = 1
    for _ in range(data[0] if data else 0):
        if len(data) < at + _RANGE.size:
            return
        first, last = _RANGE.unpack_from(data, at)
        at += _RANGE.size + 2 * (last - first + 1)
        if last < first:
            return
        yield first, last, at


def _field(line: str) -> Field:
    name, offset, kind, divide = (*line.split("\t"), "1")[:4]
    return Field(name, int(offset), kind, int(divide))
