from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.growatt.protocol import SHANGHAI, Json, java_time, plant_time, plant_zone


@pytest.mark.parametrize(
    ("value", "hours"),
    [("1", 1), ("-5", -5), ("5.5", 5.5), (8, 8), ("12.75", 12.75), ("GMT+1", 1), ("GMT-3:30", -3.5), ("GMT+5.5", 5.5)],
)
def test_a_plant_says_its_hours_east_of_utc(value: Json, hours: float) -> None:
    zone = plant_zone(value)
    assert zone is not None
    assert zone.utcoffset(None) == timedelta(hours=hours)


@pytest.mark.parametrize("value", [None, "", "null", "25", "Berlin", "GMT"])
def test_no_zone(value: Json) -> None:
    assert plant_zone(value) is None


@pytest.mark.parametrize(
    "value", ["2022-04-09 14:52:39", "2022-4-9 14:52:39", "2022-04-09T14:52:39", "2022-04-09 14:52:39\0"]
)
def test_a_text_is_in_plant_time(value: str) -> None:
    assert plant_time(value, SHANGHAI) == datetime(2022, 4, 9, 6, 52, 39, tzinfo=UTC)


def test_seconds_may_be_left_out() -> None:
    assert plant_time("2022-04-09 14:52", SHANGHAI) == datetime(2022, 4, 9, 6, 52, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, 5, "", "null", "2022-04-09", "2022-02-30 10:00:00", "2022-01-01 25:00:00", {}])
def test_no_time(value: Json) -> None:
    assert plant_time(value, SHANGHAI) is None


# As in a recorded answer of an inverter whose text says 2022-04-09 14:52:39.
CALENDAR: Json = {
    "timeInMillis": 1649487159000,
    "timeZone": {"ID": "Asia/Shanghai", "rawOffset": 28800000},
    "time": {
        "date": 9, "day": 6, "hours": 14, "minutes": 52, "month": 3, "seconds": 39, "time": 1649487159000,
        "timezoneOffset": -480, "year": 122,
    },
}  # fmt: skip


def test_a_java_calendar_and_a_java_date() -> None:
    assert isinstance(CALENDAR, dict)
    expected = datetime(2022, 4, 9, 6, 52, 39, tzinfo=UTC)
    assert java_time(CALENDAR) == expected
    assert java_time(CALENDAR["time"]) == expected


def test_a_java_date_without_its_milliseconds() -> None:
    parts: Json = {"date": 9, "hours": 14, "minutes": 52, "month": 3, "seconds": 39, "year": 122}
    assert java_time(parts) == datetime(2022, 4, 9, 6, 52, 39, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [None, "x", {}, {"time": "soon"}, {"time": 1e30}, {"year": 1, "month": 99}, {"time": {}}]
)
def test_no_java_time(value: Json) -> None:
    assert java_time(value) is None


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-24, 28))  # noqa: DTZ001, a wall clock
def test_plant_time_there_and_back(wall: datetime, halves: int) -> None:
    zone = plant_zone(str(halves / 2))
    assert zone is not None
    wall = wall.replace(microsecond=0)
    found = plant_time(f"{wall:%Y-%m-%d %H:%M:%S}", zone)
    assert found is not None
    assert found.astimezone(zone).replace(tzinfo=None) == wall
