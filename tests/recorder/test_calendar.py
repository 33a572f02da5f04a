from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import UsageError
from heliobus.recorder.calendar import day_at, day_number, midnight, periods, span, zone_of

ZONES = (
    "Europe/Berlin",
    "Asia/Kolkata",  # +5:30
    "Asia/Kathmandu",  # +5:45
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Sao_Paulo",  # midnight did not exist on the first day of summer time
    "America/Havana",  # midnight comes twice
    "Pacific/Apia",  # 2011-12-30 was left out
    "UTC",
)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 6, 1), 24),
        ("Asia/Kolkata", date(2026, 3, 29), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_how_long_a_day_is(zone: str, day: date, hours: float) -> None:
    start, end = span(day_number(day), ZoneInfo(zone))
    assert (end - start) / 3600 == hours


@given(st.sampled_from(ZONES), st.integers(day_number(date(1990, 1, 1)), day_number(date(2037, 1, 1))))
def test_every_quarter_of_an_hour_lies_in_its_own_day(name: str, day: int) -> None:
    zone = ZoneInfo(name)
    start, end = span(day, zone)
    assert {day_at(t0, zone) for t0 in range(start, end, 900)} <= {day}
    assert start % 900 == 0


@given(st.sampled_from(ZONES), st.integers(1990, 2036), st.sampled_from(["day", "month", "year"]))
def test_periods_follow_one_another_without_a_hole(name: str, year: int, by: str) -> None:
    start, end = datetime(year, 3, 2, 17, tzinfo=UTC), datetime(year + 1, 2, 3, 4, tzinfo=UTC)
    found = list(periods(start, end, by=by, zone=ZoneInfo(name)))
    assert [last for _, last in found[:-1]] == [first for first, _ in found[1:]]
    zone = ZoneInfo(name)
    assert midnight(found[0][0], zone) <= start.timestamp() < midnight(found[0][1], zone)
    assert midnight(found[-1][0], zone) < end.timestamp() <= midnight(found[-1][1], zone)


@pytest.mark.parametrize(("by", "count"), [("day", 366), ("month", 12), ("year", 1)])
def test_a_leap_year_has_its_periods(by: str, count: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2028, 1, 1, tzinfo=zone)
    assert len(list(periods(start, datetime(2029, 1, 1, tzinfo=zone), by=by, zone=zone))) == count


def test_an_end_at_midnight_takes_in_nothing_of_that_day() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 29, tzinfo=zone)
    assert len(list(periods(start, start + timedelta(days=1), by="day", zone=zone))) == 1


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../secret", "Europe", "/etc/localtime"])
def test_an_unknown_zone_is_the_callers_mistake(name: str) -> None:
    with pytest.raises(UsageError, match="no time zone"):
        zone_of(name)
