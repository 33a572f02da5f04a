"""Times in addresses: ISO 8601 with offset; without one they are the site's."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_SPACE_FOR_PLUS = re.compile(r"(T[0-9:.]+) ([0-9]{2}:?[0-9]{2})")
_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(2099, 12, 31)
_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Read a date or a time; UsageError for what is none.

    A ``+`` that was not written as ``%2B`` arrives as a space; it is meant as a plus.
    """
    try:
        found = datetime.fromisoformat(_SPACE_FOR_PLUS.sub(r"\1+\2", text.strip()))
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        inside = _FIRST <= found <= _LAST
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text[:40]!r} is not a time", remedy="Write it as 2026-06-21 or 2026-06-21T12:00+02:00."
        ) from None
    if not inside:
        raise UsageError("the time is before 1970 or after 2099", remedy="Ask for a span within these years.")
    return found


def span(start: str | None, end: str | None, *, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """Read a span; without an end it ends now, without a start it is one day long."""
    last = moment(end, zone) if end else now
    first = moment(start, zone) if start else last - timedelta(days=1)
    return first, last


def date_of(text: str) -> date:
    """Read a date; UsageError for what is none."""
    remedy = "Write it as 2026-10-25."
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("this is not a date", remedy=remedy) from error
    if not _FIRST_DAY <= found <= _LAST_DAY:
        raise UsageError(f"there are no days before {_FIRST_DAY} or after {_LAST_DAY}", remedy=remedy)
    return found
