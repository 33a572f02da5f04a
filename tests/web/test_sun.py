from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from heliobus.service.tables import SiteConfig
from heliobus.simulation.house import House
from heliobus.simulation.plant import Plant
from heliobus.web.sun import Place, daylight, place_of

BERLIN = Place(52.5, 13.4)


@pytest.mark.parametrize(
    ("day", "zone", "rise", "set_"),
    [  # by the almanacs, to the minute
        (date(2026, 6, 21), "Europe/Berlin", "04:43", "21:33"),
        (date(2026, 12, 21), "Europe/Berlin", "08:15", "15:54"),
        (date(2026, 3, 20), "Europe/Lisbon", "06:40", "18:48"),
        (date(2026, 12, 21), "Australia/Perth", "05:07", "19:21"),
        (date(2026, 6, 21), "America/New_York", "05:25", "20:31"),
    ],
)
def test_sunrise_and_sunset(day: date, zone: str, rise: str, set_: str) -> None:
    place = place_of(SiteConfig(timezone=zone))
    assert place is not None
    up = daylight(day, place)
    assert up is not None
    for found, known in ((up.rise, rise), (up.set, set_)):
        local = datetime.fromisoformat(f"{day}T{known}").replace(tzinfo=ZoneInfo(zone))
        assert abs(found - local) <= timedelta(minutes=3), (zone, found.astimezone(ZoneInfo(zone)))


def test_the_simulated_sun_agrees() -> None:
    """The simulated house has light from about sunrise to about sunset."""
    plant = Plant(1, house=House(latitude=BERLIN.latitude, longitude=BERLIN.longitude))
    up = daylight(date(2026, 4, 10), BERLIN)
    assert up is not None
    margin = timedelta(minutes=20)
    assert plant.at(up.rise - margin).pv == plant.at(up.set + margin).pv == 0
    assert plant.at(up.rise + margin).pv > 0 < plant.at(up.set - margin).pv


def test_where_the_sun_does_not_set_it_has_no_path() -> None:
    tromso = Place(69.65, 18.96)
    assert daylight(date(2026, 6, 21), tromso) is None
    assert daylight(date(2026, 12, 21), tromso) is None
    assert daylight(date(2026, 3, 20), tromso) is not None


def test_a_zone_that_is_nowhere_has_no_place() -> None:
    assert place_of(SiteConfig(timezone="UTC")) is None
    assert place_of(SiteConfig(timezone="Etc/GMT+3")) is None
    buenos_aires = place_of(SiteConfig(timezone="America/Argentina/Buenos_Aires"))
    assert buenos_aires == pytest.approx((-34.6, -58.45))


def test_a_configured_place_goes_first() -> None:
    assert place_of(SiteConfig(timezone="Europe/Berlin", latitude=50.8, longitude=6.1)) == (50.8, 6.1)
    assert place_of(SiteConfig(timezone="UTC", latitude=0.0, longitude=0.0)) == (0, 0)
