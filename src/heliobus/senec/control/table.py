"""Every variable that heliobus ever writes to an appliance, with what may be written there (SPEC 5).

The types are those of recorded answers where a variable was recorded (captures 03, 04, 40, 49), else the likeliest
ones.  No bounds are recorded but those of currents: times are within a day, powers within what a house has.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.errors import OutOfBounds, Refused
from heliobus.senec.protocol import decode_value, encode_value, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.protocol import Request, Requested


@dataclass(frozen=True, slots=True, kw_only=True)
class Writable:
    """One variable: its wire type, the places of its list (0: a single value), and the closed range of its values.

    ``also`` are values beside the range; ``only`` are the sole ones.
    """

    type: str
    places: int = 0
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    also: frozenset[float] = frozenset()
    only: frozenset[float] = frozenset()

    def allows(self, value: object) -> bool:
        """Whether this may be written; NaN, texts and what is not whole in a whole number's place may not."""
        if isinstance(value, bool) or not isinstance(value, int | float) or (self.type != "fl" and value % 1 != 0):
            return False
        return value in self.only if self.only else value in self.also or self.low <= value <= self.high

    @property
    def range(self) -> str:
        """What may be written, for people."""
        if self.only:
            return "one of " + ", ".join(f"{value:g}" for value in sorted(self.only))
        return f"within {self.low:g} to {self.high:g} {self.unit}".rstrip()


_ORDER = Writable(type="u8", low=1)  # it falls back to 0 by itself
_SOCKET_BIT = Writable(type="u8", places=2)
_SURPLUS = Writable(type="u1", places=2, high=20_000, unit="W")
_MINUTES = Writable(type="u1", places=2, high=1440, unit="min")
_BOX_BIT = Writable(type="u8", places=4)
# As IEC 61851 has it; 0 stands where nobody has set a current yet.
_AMPERE = Writable(type="fl", places=4, low=6, high=32, unit="A", also=frozenset({0.0}))

WRITABLE: Mapping[str, Writable] = MappingProxyType(
    {
        "ENERGY.SAFE_CHARGE_FORCE": _ORDER,
        "ENERGY.SAFE_CHARGE_PROHIBIT": _ORDER,
        "ENERGY.LI_STORAGE_MODE_START": _ORDER,
        "ENERGY.LI_STORAGE_MODE_STOP": _ORDER,
        "SYS_UPDATE.USER_REBOOT_DEVICE": _ORDER,
        "SOCKETS.ENABLE": _SOCKET_BIT,
        "SOCKETS.FORCE_ON": _SOCKET_BIT,
        "SOCKETS.USE_TIME": _SOCKET_BIT,
        "SOCKETS.UPPER_LIMIT": _SURPLUS,
        "SOCKETS.LOWER_LIMIT": _SURPLUS,
        "SOCKETS.POWER_ON_TIME": _MINUTES,
        "SOCKETS.TIME_LIMIT": _MINUTES,
        "SOCKETS.SWITCH_ON_HOUR": Writable(type="u8", places=2, high=23, unit="h"),
        "SOCKETS.SWITCH_ON_MINUTE": Writable(type="u8", places=2, high=59, unit="min"),
        "WALLBOX.PROHIBIT_USAGE": _BOX_BIT,
        "WALLBOX.SMART_CHARGE_ACTIVE": Writable(type="u8", places=4, only=frozenset({0, 3, 4})),
        "WALLBOX.ALLOW_INTERCHARGE": Writable(type="u8"),
        "WALLBOX.SET_ICMAX": _AMPERE,
        "WALLBOX.MIN_CHARGING_CURRENT": _AMPERE,
        "WALLBOX.SET_IDEFAULT": _AMPERE,
    }
)
"""By path.  A local login writes LOG besides, which nothing else does (``login``)."""


def variable_of(path: str) -> tuple[str, int | None]:
    """Take ``SOCKETS.ENABLE.1`` apart: the variable, and the place of its list, counted from 0 as on the wire."""
    section, _, rest = path.partition(".")
    name, _, place = rest.partition(".")
    return f"{section}.{name}", int(place) if place else None


def require_allowed(values: Mapping[str, float]) -> None:
    """Raise Refused for a path that is never written, OutOfBounds for a value that is not written there."""
    for path, value in values.items():
        variable, place = variable_of(path)
        row = WRITABLE.get(variable)
        if row is None or (row.places == 0) != (place is None) or (place or 0) >= max(row.places, 1):
            raise Refused(f"heliobus does not write {path}", remedy='Ask for values with "" only.')
        if not row.allows(value):
            raise OutOfBounds(f"{path}: {value} is not {row.range}")


def require_writable(request: Request) -> None:
    """Let only reads and known writes of allowed values pass; raises Refused before anything is sent."""
    unknown = sorted(set(written(request)) - WRITABLE.keys())
    if unknown:
        raise Refused(f"heliobus does not write {', '.join(unknown)}", remedy='Ask for values with "" only.')
    for path in written(request):
        section, _, name = path.partition(".")
        if not _fits(WRITABLE[path], request[section][name]):
            raise OutOfBounds(f"{path} is not written so; it takes {WRITABLE[path].range}")


def _fits(row: Writable, leaf: Requested) -> bool:
    if isinstance(leaf, str):
        return row.places == 0 and _is_allowed(row, leaf)
    if not isinstance(leaf, list) or len(leaf) != row.places:
        return False
    return all(text == "" or (isinstance(text, str) and _is_allowed(row, text)) for text in leaf)


def _is_allowed(row: Writable, text: str) -> bool:
    return text[:3] == f"{row.type}_" and row.allows(decode_value(text))


def as_written(path: str, value: float) -> float:
    """The value as the appliance will hold it: a current is a binary32, everything else is whole."""
    held = decode_value(_encoded(path, value))
    if not isinstance(held, int | float):
        raise OutOfBounds(f"{path}: {value} is no number")
    return held


def request_of(values: Mapping[str, float]) -> Request:
    """The request that writes these and nothing else: one place of a list is set, the others are left as they are."""
    tree: dict[str, dict[str, Requested]] = {}
    for path, value in values.items():
        variable, place = variable_of(path)
        section, _, name = variable.partition(".")
        names = tree.setdefault(section, {})
        if place is None:
            names[name] = _encoded(path, value)
        else:
            held = names.get(name)
            places = held if isinstance(held, list) else [""] * WRITABLE[variable].places
            places[place] = _encoded(path, value)
            names[name] = places
    return tree


def _encoded(path: str, value: float) -> str:
    type_ = WRITABLE[variable_of(path)[0]].type
    return encode_value(type_, value if type_ == "fl" else int(value))
