"""What the OAuth route can dispatch: seven kinds of set, checked before anything is sent (SPEC E; captures oauth/05).

The value of a set is a number, an object or a list.  Times of slots are UTC.  A set is read back with the same name.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.errors import NotSupported, OutOfBounds, Refused, UsageError
from heliobus.growatt.models.slots import checked, rows_of, slots_of
from heliobus.growatt.protocol import flag, integer, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.growatt.protocol import Json

MOST_SLOTS = 16
COMMANDS = ("selfConsumptionCommand", "chargeOnlySelfConsumptionCommand", "chargeCommand", "dischargeCommand")
"""Of a charge or discharge for some minutes."""
_LONGEST = 1440
_EXPORT = "changes how much may be fed in"


class SetType(NamedTuple):
    """One kind of set.  ``write`` makes the wire's value or raises, ``read`` the one form to compare."""

    name: str
    write: Callable[[str, Any], Json]
    read: Callable[[Json], Json]
    dangerous: str | None = None


def _whole(name: str, what: str, value: Any, low: int, high: int) -> int:
    plain = integer(value) if not isinstance(value, bool) else None
    if plain is None:
        raise UsageError(f"{name}: {what} is a whole number; nothing was sent", remedy=f"Give {low} to {high}.")
    if not low <= plain <= high:
        raise OutOfBounds(f"{name}: {what} goes from {low} to {high}, not {plain}; nothing was sent")
    return plain


def _fields(name: str, value: Any, known: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, dict) or set(value) != set(known):
        raise UsageError(f"{name} is another object; nothing was sent", remedy=f"Give a dict of {', '.join(known)}.")
    return value


def _switch(name: str, value: Any) -> Json:
    read = flag(value)
    if read is None:
        raise UsageError(f"{name} is on or off; nothing was sent", remedy="Give True or False.")
    return int(read)


def _percent(low: int) -> Callable[[str, Any], Json]:
    return lambda name, value: _whole(name, "the percentage", value, low, 100)


def _slots(name: str, value: Any) -> Json:
    if not isinstance(value, (list, tuple)):
        raise UsageError(f"{name} is a list of slots; nothing was sent", remedy="Give Slot objects, in UTC.")
    return rows_of(checked(value, MOST_SLOTS), clocks=True)


def _duration(name: str, value: Any) -> Json:
    fields = _fields(name, value, ("duration", "percentage", "type"))
    if fields["type"] not in COMMANDS:
        raise UsageError(f"{name}: no type {fields['type']!r}; nothing was sent", remedy=f"Use {', '.join(COMMANDS)}.")
    return {
        "duration": _whole(name, "the duration in minutes", fields["duration"], 1, _LONGEST),
        "percentage": _whole(name, "the percentage", fields["percentage"], 0, 100),
        "type": fields["type"],
    }


def _export(name: str, value: Any) -> Json:
    fields = _fields(name, value, ("exportLimitEnabled", "percentage"))
    return {
        "exportLimitEnabled": _switch(name, fields["exportLimitEnabled"]),
        "percentage": _whole(name, "the percentage", fields["percentage"], -100, 100),
    }


def _number(value: Json) -> Json:
    return int(value) if isinstance(value, bool) else integer(value)


def _object(*numbers: str) -> Callable[[Json], Json]:
    def read(value: Json) -> Json:
        if not isinstance(value, dict):
            return None
        return {key: _number(one) if key in numbers else text(one) for key, one in value.items()}

    return read


_TABLE = (
    SetType("time_slot_charge_discharge", _slots, lambda value: rows_of(slots_of(value), clocks=True)),
    SetType("duration_and_power_charge_discharge", _duration, _object("duration", "percentage")),
    SetType("export_limit", _export, _object("exportLimitEnabled", "percentage"), _EXPORT),
    SetType("enable_control", _switch, _number),
    SetType("active_power_derating_percentage", _percent(0), _number, _EXPORT),
    SetType("active_power_percentage", _percent(0), _number, _EXPORT),
    # + charges, - discharges.
    SetType("remote_charge_discharge_power", _percent(-100), _number),
)
SET_TYPES: Mapping[str, SetType] = MappingProxyType({one.name: one for one in _TABLE})


def set_type(name: str) -> SetType:
    """A kind of set by its name; NotSupported for another."""
    found = SET_TYPES.get(name)
    if found is None:
        raise NotSupported(f"no set type {name!r} can be dispatched; nothing was sent", alternatives=tuple(SET_TYPES))
    return found


def dispatched(name: str, value: Any, *, dangerous: bool = False) -> Json:
    """The value to send; UsageError, OutOfBounds, and Refused for a dangerous set that is not said to be meant."""
    kind = set_type(name)
    written = kind.write(name, value)
    if kind.dangerous and not dangerous:
        raise Refused(f"{name} {kind.dangerous}; nothing was sent", remedy="If you are sure, say dangerous=True.")
    return written


def holds(name: str, sent: Json, told: Json) -> bool:
    """Whether what a device tells is what was sent."""
    kind = set_type(name)
    return kind.read(sent) == kind.read(told)
