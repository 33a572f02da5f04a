"""Idle periods between pye3dc's dictionaries and the items of the wire (SPEC 6.4)."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from heliobus.compat.e3dc.errors import InvalidType, InvalidValue
from heliobus.e3dc.models import CHARGE, DISCHARGE, IdlePeriod, idle_periods

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.e3dc.protocol import Item

TYPES = {"idleCharge": CHARGE, "idleDischarge": DISCHARGE}
_DAYS = range(7)
_KEYS = ("active", "start", "end")
_PAIR = 2

Change = tuple[str, dict[str, Any]]
"""The key of the type, and a period of which ``day`` and at least one more key are given."""


def to_dict(answer: Item) -> dict[str, list[dict[str, Any]]]:
    """The periods of both types by weekday."""
    told = sorted(idle_periods(answer), key=lambda period: period.day)
    return {
        key: [
            {
                "day": period.day,
                "start": (period.start.hour, period.start.minute),
                "end": (period.end.hour, period.end.minute),
                "active": period.active,
            }
            for period in told
            if period.type == kind
        ]
        for key, kind in TYPES.items()
    }


def changes(wanted: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Change]:
    """What is to be changed, checked: nothing is sent unless all of it is right."""
    if not isinstance(wanted, dict) or wanted.keys().isdisjoint(TYPES):
        raise InvalidValue("neither idleCharge nor idleDischarge is given")
    return [(key, _checked(key, period)) for key in TYPES for period in wanted.get(key, ())]


def is_whole(period: Mapping[str, Any]) -> bool:
    return all(key in period for key in _KEYS)


def items(wanted: Sequence[Change], now: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Item]:
    """The items that set the periods; what is not given stays as it is ``now``."""
    found = []
    for key, change in wanted:
        before = next((period for period in now.get(key, ()) if period["day"] == change["day"]), {})
        period = {**before, **change}
        if not is_whole(period):
            raise InvalidValue(f"the device tells no {key} of day {change['day']}", remedy=f"Give {', '.join(_KEYS)}.")
        start, end = time(*period["start"]), time(*period["end"])
        if start >= end:
            raise InvalidValue(f"{key} of day {period['day']} ends at {end:%H:%M}, not after {start:%H:%M}")
        found.append(
            IdlePeriod(type=TYPES[key], day=period["day"], active=period["active"], start=start, end=end).item()
        )
    return found


def _checked(key: str, period: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(period, dict):
        raise InvalidType(f"{period!r} in {key} is no dict")
    if "day" not in period:
        raise InvalidValue(f"a period in {key} has no day")
    day = period["day"]
    if isinstance(day, bool) or not isinstance(day, int):
        raise InvalidType(f"day {day!r} in {key} is no number")
    if day not in _DAYS:
        raise InvalidValue(f"no day {day} in {key}", remedy="Use 0 (Monday) to 6 (Sunday).")
    given = {name: period[name] for name in _KEYS if name in period}
    if not given:
        raise InvalidType(f"nothing is to be changed in {key} of day {day}", remedy=f"Give {', '.join(_KEYS)}.")
    if not isinstance(given.get("active", True), bool):
        raise InvalidType(f"active of day {day} in {key} is neither True nor False")
    return {"day": day, **given, **{name: _clock(name, given[name]) for name in ("start", "end") if name in given}}


def _clock(name: str, moment: Any) -> tuple[int, int]:
    """Hour and minute, given as a list or as a tuple."""
    if not isinstance(moment, list | tuple) or len(moment) != _PAIR or not all(type(part) is int for part in moment):
        raise InvalidType(f"{name} {moment!r} is no time", remedy="Write (hour, minute).")
    hour, minute = moment
    if hour not in range(24) or minute not in range(60):
        raise InvalidValue(f"{name} {hour}:{minute} is not between 0:00 and 23:59")
    return hour, minute
