"""The site's own days, months and years, from the tz database.

A day lasts from one local midnight to the next: 23, 24 or 25 hours.  Where the clock skips midnight, the day begins
when the clock goes on.
"""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_EPOCH = date(1970, 1, 1)


@functools.cache
def zone_of(name: str) -> ZoneInfo:
    """Find a time zone; UsageError for one that the tz database does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"the tz database knows no time zone {name!r}", remedy="Name one like Europe/Berlin."
        ) from error


def day_at(seconds: int, zone: ZoneInfo) -> int:
    """Give the number of the local day (days since 1970-01-01) at ``seconds`` since 1970 UTC."""
    return (datetime.fromtimestamp(seconds, zone).date() - _EPOCH).days


def day_number(day: date) -> int:
    """Give the number of a local day."""
    return (day - _EPOCH).days


def midnight(day: date, zone: ZoneInfo) -> int:
    """Give the first second of a local day, in seconds since 1970 UTC."""
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def span(number: int, zone: ZoneInfo) -> tuple[int, int]:
    """Give the half-open span of the local day ``number`` in seconds since 1970 UTC."""
    day = _EPOCH + timedelta(days=number)
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def periods(start: datetime, end: datetime, *, by: str, zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    """Give the local days, months or years that touch [start, end) as half-open spans of dates."""
    day = _floor(start.astimezone(zone).date(), by)
    while midnight(day, zone) < end.astimezone(UTC).timestamp():
        following = _next(day, by)
        yield day, following
        day = following


def _floor(day: date, by: str) -> date:
    if by == "day":
        return day
    return day.replace(day=1) if by == "month" else day.replace(month=1, day=1)


def _next(day: date, by: str) -> date:
    if by == "day":
        return day + timedelta(days=1)
    if by == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day.replace(year=day.year + 1)
