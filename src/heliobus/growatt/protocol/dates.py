"""Growatt's times made UTC (SPEC A.5): texts in plant time, Java's calendars in Asia/Shanghai."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from heliobus.growatt.protocol.values import number

if TYPE_CHECKING:
    from datetime import tzinfo

    from heliobus.model.records import Json

SHANGHAI = timezone(timedelta(hours=8))
"""China has had no summer time since 1991, and no inverter is older."""

_TIME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?")
_WIDEST = 14.0  # hours, Kiribati


def plant_zone(value: Json) -> tzinfo | None:
    """The zone of a plant out of the hours east of UTC that it has: ``"1"``, ``"-5"``, ``"5.5"``, ``"GMT+1"``."""
    hours = number(value.strip().removeprefix("GMT").replace(":30", ".5") if isinstance(value, str) else value)
    return None if hours is None or abs(hours) > _WIDEST else timezone(timedelta(hours=hours))


def plant_time(value: Json, zone: tzinfo) -> datetime | None:
    """A ``YYYY-MM-DD HH:MM[:SS]`` of this zone in UTC."""
    found = _TIME.fullmatch(value.strip("\0 ")) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = map(int, found.groups("0"))
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def java_time(value: Json) -> datetime | None:
    """A Java Date or Calendar: by its epoch milliseconds, else by its parts (year since 1900, month from 0)."""
    if not isinstance(value, dict):
        return None
    inner = value.get("time")
    if isinstance(inner, dict):
        return java_time(inner)
    millis = number(value.get("timeInMillis", inner))
    try:
        if millis is not None:
            return datetime.fromtimestamp(millis / 1000, UTC)
        parts = [number(value.get(name)) for name in ("year", "month", "date", "hours", "minutes", "seconds")]
        if None in parts:
            return None
        year, month, day, hour, minute, second = (int(part) for part in parts if part is not None)
        return datetime(year + 1900, month + 1, day, hour, minute, second, tzinfo=SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
