"""What the device keeps of the past: sums over a time, Wh and % (SPEC 6.5).

pye3dc hands the computer's midnight in UTC to a device that reads local time, so its days begin hours late wherever the
computer is not set to UTC, and have 24 hours when the clocks change.  Here a day is a day where the device is.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from heliobus.compat.e3dc.errors import InvalidType, InvalidValue
from heliobus.compat.e3dc.message import plain
from heliobus.compat.e3dc.parts import inside, table
from heliobus.compat.e3dc.system import System
from heliobus.e3dc.models import history_request
from heliobus.e3dc.protocol import Item, Timestamp, tags

_SUMS = table(
    "DB",
    {
        "autarky": "AUTARKY",
        "bat_power_in": "BAT_POWER_IN",
        "bat_power_out": "BAT_POWER_OUT",
        "consumed_production": "CONSUMED_PRODUCTION",
        "consumption": "CONSUMPTION",
        "grid_power_in": "GRID_POWER_IN",
        "grid_power_out": "GRID_POWER_OUT",
        "stateOfCharge": "BAT_CHARGE_LEVEL",
        "solarProduction": "DC_POWER",
        "pm0Production": "PM_0_POWER",
        "pm1Production": "PM_1_POWER",
    },
)
_YEARS = range(1970, 9999)


def span_of(start: date, timespan: str) -> tuple[date, date]:
    """The first day of the day, month or year with ``start``, and the day after its last."""
    if not isinstance(start, date):
        raise InvalidType(f"{start!r} is no date")
    if start.year not in _YEARS:
        raise InvalidValue(f"there is no history of the year {start.year}")
    start = date(start.year, start.month, start.day)  # a datetime is a date, too
    match timespan:
        case "DAY":
            return start, start + timedelta(days=1)
        case "MONTH":
            first = start.replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1)
        case "YEAR":
            return start.replace(month=1, day=1), date(start.year + 1, 1, 1)
        case _:
            raise InvalidValue(f"no timespan {timespan!r}", remedy="Use DAY, MONTH or YEAR.")


def seconds_between(first: date, after: date, zone: ZoneInfo | None) -> int:
    """From midnight to midnight; without a zone each day has 24 hours."""
    begin, end = (datetime.combine(day, time(), tzinfo=zone or UTC).astimezone(UTC) for day in (first, after))
    return round((end - begin).total_seconds())


def zone_called(name: str | None) -> ZoneInfo | None:
    """The zone that a device names; None for those that are no place, as GMT+2."""
    try:
        return ZoneInfo(name) if name and "/" in name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


class History(System):
    _zone_name: str | None = None

    def get_db_data_timestamp(
        self, startTimestamp: int, timespanSeconds: int, keepAlive: bool = False
    ) -> dict[str, Any] | None:
        """The sums of a time that starts at ``startTimestamp``: the clock on the device's wall as if it were UTC.

        None for a time of no length.  Raises SendError where the device has nothing, as in the minutes after midnight.
        """
        if timespanSeconds == 0:
            return None
        with self.rscp.kept(keep=keepAlive):
            told = self._sums(int(startTimestamp), timespanSeconds)
        return told | {"startTimestamp": startTimestamp, "timespanSeconds": timespanSeconds}

    def get_db_data(
        self, startDate: date | None = None, timespan: str = "DAY", keepAlive: bool = False
    ) -> dict[str, Any]:
        """The sums of the DAY, MONTH or YEAR with ``startDate``, which is today if it is left out."""
        with self.rscp.kept(keep=keepAlive):
            zone = self._zone()
            first, after = span_of(startDate or self._clock.now().astimezone(zone).date(), timespan)
            seconds = seconds_between(first, after, zone)
            told = self._sums(round(datetime.combine(first, time(), tzinfo=UTC).timestamp()), seconds)
        told |= {"startDate": first, "timespan": timespan, "timespanSeconds": seconds}
        return dict(sorted(told.items()))

    def _sums(self, start: int, seconds: int) -> dict[str, Any]:
        span = timedelta(seconds=seconds)
        request = history_request(tags.DB_REQ_HISTORY_DATA_DAY, Timestamp(start), interval=span, span=span, utc=False)
        return inside(_SUMS, self.rscp.one(request).get(tags.DB_SUM_CONTAINER))

    def _zone(self) -> ZoneInfo | None:
        """Where the device is, asked for once."""
        if self._zone_name is None:
            (answer,) = self.rscp.ask(Item(tags.INFO_REQ_TIME_ZONE))
            self._zone_name = plain(answer) or ""
        return zone_called(self._zone_name)
