from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from heliobus.model.spans import spans

ZONES = ["Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu", "UTC"]
moments = st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.integers(1, 90), st.sampled_from(ZONES), st.sampled_from(["day", "month", "week", "year"]))
def test_spans_cover_the_time_without_a_gap(start: datetime, days: int, zone: str, resolution: str) -> None:
    end = start + timedelta(days=days)
    found = list(spans(start, end, resolution, ZoneInfo(zone)))
    assert found[0][0] <= start < found[0][1]
    assert found[-1][0] < end <= found[-1][1]
    assert all(one[1] == another[0] for one, another in pairwise(found))
    assert all(begin < stop for begin, stop in found)


@given(moments, st.sampled_from(ZONES))
def test_days_are_those_of_the_calendar(moment: datetime, zone: str) -> None:
    local = ZoneInfo(zone)
    ((begin, end),) = spans(moment, moment + timedelta(microseconds=1), "day", local)
    day = moment.astimezone(local).date()
    assert begin.astimezone(local).date() == day
    assert (begin - timedelta(microseconds=1)).astimezone(local).date() == day - timedelta(days=1)
    assert end.astimezone(local).date() == day + timedelta(days=1)
