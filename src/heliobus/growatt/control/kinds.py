"""What a parameter of a setting may be: how a value is written, told back, and compared.

Each kind refuses what does not fit before anything is sent, in one line that names what would.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from heliobus.errors import OutOfBounds, UsageError
from heliobus.growatt.protocol import flag, number, plant_time, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.growatt.protocol import Json

Told: TypeAlias = "float | str | None"
"""A value in the one form in which it is compared; None where it was not told or cannot be read."""

_SHOWN = 1e-6
_LATE = 600.0  # s that a clock may be off: writing, the lag of 90 s and the inverter's own steps
_FORMAT = "%Y-%m-%d %H:%M:%S"


class Kind(Protocol):
    """One kind of parameter."""

    @property
    def allowed(self) -> str:
        """What may be written, in words."""
        ...

    def write(self, value: Any) -> str | None:
        """The text for the wire, None if the value is no such thing or outside."""
        ...

    def read(self, value: Json) -> Told:
        """What the server tells, or what was written, in the form to compare."""
        ...

    def same(self, wanted: Told, told: Told) -> bool: ...


class _Equal:
    __slots__ = ()

    def same(self, wanted: Told, told: Told) -> bool:
        if isinstance(wanted, float) and isinstance(told, float):
            return abs(wanted - told) <= _SHOWN * max(abs(wanted), 1.0)  # the servers keep binary32
        return wanted is not None and wanted == told


@dataclass(frozen=True, slots=True)
class Number(_Equal):
    """A number within closed ``ranges``, in steps of ``step``."""

    ranges: tuple[tuple[float, float], ...]
    unit: str = ""
    step: float = 1.0

    @property
    def allowed(self) -> str:
        spans = " or ".join(f"{low:g} to {high:g}" for low, high in self.ranges)
        unit = f" {self.unit}" if self.unit else ""
        return f"{spans}{unit}" + (f" in steps of {self.step:g}" if self.step != 1 else "")

    def write(self, value: Any) -> str | None:
        if isinstance(value, bool):
            return None
        read = number(value, self.unit)
        if read is None or not any(low <= read <= high for low, high in self.ranges):
            return None
        steps = round(read / self.step)
        if abs(read - steps * self.step) > _SHOWN:
            return None
        return f"{steps * self.step:.6f}".rstrip("0").rstrip(".")

    def read(self, value: Json) -> Told:
        if isinstance(value, bool):
            return float(value)
        return number(value, self.unit)


@dataclass(frozen=True, slots=True)
class Switch(_Equal):
    """Yes or no, in the wire's own words for it."""

    on: str = "1"
    off: str = "0"

    @property
    def allowed(self) -> str:
        return "on or off (True or False)"

    def write(self, value: Any) -> str | None:
        read = self.read(value)
        return None if read is None else self.on if read else self.off

    def read(self, value: Json) -> Told:
        plain = text(value)
        if plain is not None and plain in (self.on, self.off):
            return float(plain == self.on)
        read = flag({"on": True, "off": False, "1.0": True, "0.0": False}.get((plain or "").lower(), value))
        return None if read is None else float(read)


@dataclass(frozen=True, slots=True)
class Choice(_Equal):
    """One of ``words`` by the wire's code for it; both may be given."""

    words: Mapping[str, str]

    @property
    def allowed(self) -> str:
        return ", ".join(code if code == word else f"{code} ({word})" for code, word in self.words.items())

    def write(self, value: Any) -> str | None:
        plain = str(int(value)) if isinstance(value, bool) else text(value)
        codes = {word.lower(): code for code, word in self.words.items()} | {code: code for code in self.words}
        return codes.get(self._code(plain).lower()) if plain is not None else None

    def read(self, value: Json) -> Told:
        plain = str(int(value)) if isinstance(value, bool) else text(value)
        return None if plain is None else self._code(plain)

    def _code(self, plain: str) -> str:
        whole = number(plain)
        return str(int(whole)) if whole is not None and whole.is_integer() and plain not in self.words else plain


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of the plant's clock; it goes on while it is read back."""

    @property
    def allowed(self) -> str:
        return "YYYY-MM-DD HH:MM:SS in plant time"

    def write(self, value: Any) -> str | None:
        if isinstance(value, datetime):
            # One with a zone would have to be converted, and the plant's is not known here.
            return value.strftime(_FORMAT) if value.tzinfo is None else None
        plain = text(value)
        return plain if plain is not None and len(plain) == _LENGTH and _moment(plain) is not None else None

    def read(self, value: Json) -> Told:
        return text(value)

    def same(self, wanted: Told, told: Told) -> bool:
        first, later = _moment(wanted), _moment(told)
        return first is not None and later is not None and abs((later - first).total_seconds()) <= _LATE


_LENGTH = len("2026-01-01 00:00:00")


def _moment(value: Told) -> datetime | None:
    # As if it were UTC: both are of the same clock, and only their distance counts.
    return plant_time(value, UTC) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Text(_Equal):
    """Any line of text up to ``longest`` characters."""

    longest: int = 100
    pattern: str = ".*"
    words: str = ""

    @property
    def allowed(self) -> str:
        return self.words or f"a line of up to {self.longest} characters"

    def write(self, value: Any) -> str | None:
        plain = value if isinstance(value, str) else text(value)
        if plain is None or len(plain) > self.longest or not (plain.isprintable() or not plain):
            return None
        return plain if re.fullmatch(self.pattern, plain) else None

    def read(self, value: Json) -> Told:
        return text(value) or ""


def refuse(setting: str, parameter: str, value: Any, kind: Kind) -> UsageError | OutOfBounds:
    """The error for a value that ``kind.write`` did not take: OutOfBounds for numbers, UsageError for the rest."""
    shown = "".join(c if c.isprintable() else "?" for c in str(value))[:40]
    remedy = "Clock times end at 23:59; 24:00 is not accepted." if parameter.endswith("hour") else None
    what = f"{setting}: {parameter} {shown!r} is not {kind.allowed}; nothing was sent"
    if isinstance(kind, Number) and number(value, kind.unit) is not None:
        return OutOfBounds(what, remedy=remedy)
    return UsageError(what, remedy=remedy or f"Give {kind.allowed}.")
