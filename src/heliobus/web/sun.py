"""Sunrise and sunset of a local day: the ends of the path on which the picture of now puts the sun.

Declination and equation of time after J. W. Spencer (1971), as in NOAA's General Solar Position Calculations; good to
about two minutes below 60 degrees of latitude.  A site without a place of its own stands where its time zone's city is.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from heliobus.service.tables import SiteConfig

_HORIZON = -0.833
"""Degrees of the sun's middle at sunrise: its radius and the refraction."""
_PLACE = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d{3})(\d\d)(\d\d)?")
"""ISO 6709 as in zone.tab: +5230+01322 or +404251-0740023."""


class Place(NamedTuple):
    """Degrees, north and east positive."""

    latitude: float
    longitude: float


class Daylight(NamedTuple):
    """The sun is up from ``rise`` to ``set`` (UTC)."""

    rise: datetime
    set: datetime


@lru_cache(maxsize=64)
def daylight(day: date, place: Place) -> Daylight | None:
    """Give sunrise and sunset of a local day; None where the sun does not rise or does not set on it."""
    number = day.timetuple().tm_yday
    year = math.tau * (number - 0.5 - place.longitude / 360) / 365.2425
    declination = (
        0.006918 - 0.399912 * math.cos(year) + 0.070257 * math.sin(year) - 0.006758 * math.cos(2 * year)
        + 0.000907 * math.sin(2 * year) - 0.002697 * math.cos(3 * year) + 0.00148 * math.sin(3 * year)
    )  # fmt: skip
    equation = 229.18 * (
        0.000075 + 0.001868 * math.cos(year) - 0.032077 * math.sin(year) - 0.014615 * math.cos(2 * year)
        - 0.040849 * math.sin(2 * year)
    )  # fmt: skip
    latitude = math.radians(place.latitude)
    height = math.sin(math.radians(_HORIZON)) - math.sin(latitude) * math.sin(declination)
    turn = height / (math.cos(latitude) * math.cos(declination))
    if not -1 < turn < 1:
        return None
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(minutes=4 * place.longitude + equation)
    half = timedelta(minutes=4 * math.degrees(math.acos(turn)))
    return Daylight((noon - half).replace(microsecond=0), (noon + half).replace(microsecond=0))


def place_of(site: SiteConfig) -> Place | None:
    """Give where a site stands: as configured, else in its time zone's city; None if that is nowhere, like UTC."""
    if site.latitude is not None and site.longitude is not None:
        return Place(site.latitude, site.longitude)
    return _cities().get(site.timezone)


@cache
def _cities() -> dict[str, Place]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {row[2]: place for row in rows if (place := _place(row[1]))}


def _place(written: str) -> Place | None:
    found = _PLACE.fullmatch(written)
    return found and Place(_degrees(*found.groups()[:4]), _degrees(*found.groups()[4:]))


def _degrees(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    value = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -value if sign == "-" else value
