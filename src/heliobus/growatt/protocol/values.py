"""One tolerant reader for Growatt's values (SPEC A.6).

The same quantity comes as a number, as ``"53.1"``, with a unit (``"2.56 MWh"``, ``"0kW"``), with a currency
(``"209.7 (€)"``, ``"€2.4"``, ``"2.4/€"``), with a suffix (``"1.5_1720071651105"``) or not at all (``null``, ``""``,
``"null"``, ``"--"``).  What cannot be read is None, never 0.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from heliobus.model.records import Json

# Each dimension's units by their size.
_DIMENSIONS = (
    {"W": 1.0, "kW": 1e3, "MW": 1e6},
    {"Wp": 1.0, "kWp": 1e3, "MWp": 1e6},
    {"Wh": 1.0, "kWh": 1e3, "MWh": 1e6, "GWh": 1e9},
    {"kg": 1.0, "T": 1e3, "KT": 1e6},
    {"V": 1.0},
    {"A": 1.0},
    {"Hz": 1.0},
    {"%": 1.0},
    {"°C": 1.0, "℃": 1.0},
)
_FACTORS = {
    (given, wanted): size / units[wanted] for units in _DIMENSIONS for given, size in units.items() for wanted in units
}
_NUMBER = r"(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)"
_WITH_UNIT = re.compile(_NUMBER + r"(?:_\d+)?\s*(?P<unit>[^\s\d]*)")
_WITH_CURRENCY = re.compile(
    rf"(?P<before>[^\d\s.+-]*)\s*{_NUMBER}\s*(?:\(\s*(?P<inside>[^)]*?)\s*\)|/?\s*(?P<after>\D*))"
)
_BEYOND = 1e100
"""No measurement: scaling it would end at infinity."""
_NOTHING = frozenset({"", "null", "none", "nan", "--", "-", "n/a"})
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})


class Money(NamedTuple):
    """An amount with the sign or code of its currency, None where the server does not say it."""

    amount: float
    currency: str | None


def text(value: Json) -> str | None:
    """A text without the NUL bytes that pad it, None for nothing; a number as it stands."""
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return None
    plain = str(value).replace("\0", "").strip()
    return None if plain.lower() in _NOTHING else plain


def number(value: Json, unit: str = "") -> float | None:
    """A number in ``unit``; one without a unit of its own is taken to be in it, one of another dimension is None."""
    if isinstance(value, float):
        read = value
    elif isinstance(value, str):
        plain = text(value)
        found = _WITH_UNIT.fullmatch(plain) if plain else None
        if found is None:
            return None
        factor = 1.0 if found["unit"] in ("", unit) else _FACTORS.get((found["unit"], unit))
        read = float(found["number"]) * factor if factor is not None else math.nan
    elif isinstance(value, bool) or not isinstance(value, int):
        return None
    else:
        read = _as_float(value)
    return read if abs(read) < _BEYOND else None  # so is not-a-number


def integer(value: Json) -> int | None:
    """A whole number, also out of ``"5"`` or ``5.0``."""
    read = number(value)
    return int(read) if read is not None and read.is_integer() else None


def flag(value: Json) -> bool | None:
    """A truth: true, "true", "1" and 1, or their opposites."""
    if isinstance(value, bool):
        return value
    plain = (text(value) or "").lower()
    return True if plain in _TRUE else False if plain in _FALSE else None


def money(value: Json) -> Money | None:
    """An amount and its currency."""
    plain = text(value)
    found = _WITH_CURRENCY.fullmatch(plain) if plain else None
    if found is None:
        return None
    amount = float(found["number"])
    currency = found["before"] or found["inside"] or (found["after"] or "").strip()
    return Money(amount, currency or None) if math.isfinite(amount) else None


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of hundreds of digits
        return math.nan
