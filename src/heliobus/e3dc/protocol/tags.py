"""Names of tags and of coded values, for people; the wire and the decoder know numbers only.

The tables lie beside this file and are read when first asked for (about 3 ms):

* ``tags.tsv``: code, data type, name of 4,210 tags, merged from the public lists.  Where rows agree in code or in name,
  the last one counts: first come the names that another list prefers, and codes that share a name with a better known
  one.
* ``enums.tsv``: set, value, meaning of coded values.

Both are written by ``tests/e3dc/make_tables.py`` out of the protocol's tables.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent


class _Tables(NamedTuple):
    names: dict[int, str]
    codes: dict[str, int]
    types: dict[int, int]


@cache
def _tables() -> _Tables:
    tables = _Tables({}, {}, {})
    for line in (_FOLDER / "tags.tsv").read_text("utf-8").splitlines():
        number, kind, name = line.split("\t")
        tag = int(number, 16)
        tables.names[tag] = name
        tables.codes[name] = tag
        if kind:
            tables.types[tag] = int(kind, 16)
    return tables


def name(tag: int) -> str | None:
    """The name of ``tag``, such as ``EMS_POWER_PV``."""
    return _tables().names.get(tag)


def label(tag: int) -> str:
    """The name of ``tag``, or its number where it has none."""
    return name(tag) or f"{tag:#010x}"


def code(name: str) -> int:
    """The tag called ``name``, in any case, with or without ``TAG_`` in front; or a number written as ``0x...``.

    Raises UsageError, which names what the caller may have meant.
    """
    known = name.upper().removeprefix("TAG_")
    found = _tables().codes.get(known)
    if found is not None:
        return found
    if re.fullmatch("0X[0-9A-F]{1,8}", known):
        return int(known, 16)
    from difflib import get_close_matches

    close = get_close_matches(known, _tables().codes, n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "Give the name of a tag, or its number as 0x01000001."
    raise UsageError(f"no tag is called {name!r}", remedy=hint)


def type_of(tag: int) -> int | None:
    """The data type in which the lists say ``tag`` travels; ``None`` if they do not.  A device may send another."""
    return _tables().types.get(tag)


@cache
def enum(name: str) -> Mapping[int, str]:
    """The meanings of a coded value by number, such as ``enum("pm_type")``; codes without a meaning are not in it.

    The names of the sets are the first column of ``enums.tsv``; of ``..._bit`` sets the number is that of the bit.
    """
    rows = [line.split("\t") for line in (_FOLDER / "enums.tsv").read_text("utf-8").splitlines()]
    meanings = {int(number): text for of, number, text in rows if of == name}
    if not meanings:
        raise KeyError(name)
    return MappingProxyType(meanings)


def __getattr__(name: str) -> int:
    """``tags.EMS_POWER_PV`` is the number of that tag, so that a name that does not exist fails at import."""
    try:
        return _tables().codes[name]
    except KeyError:
        raise AttributeError(f"no tag is called {name}") from None
