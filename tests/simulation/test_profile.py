"""The sun stands where the almanac says, the load follows the local clock, and days join without a seam."""

from __future__ import annotations

import dataclasses
import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.simulation.house import House, String
from heliobus.simulation.profile import DAY, EPOCH, NODES, _clouds, _light, _shapes, _sun, profile

BERLIN = House(latitude=52.52, longitude=13.405)


def _day(year: int, month: int, day: int) -> int:
    return (datetime(year, month, day, tzinfo=UTC) - EPOCH).days


@settings(max_examples=50)
@given(
    st.integers(),
    st.integers(0, 30_000),
    st.floats(-180, 180),
    st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12"]),
)
def test_days_join_bit_for_bit(seed: int, day: int, longitude: float, timezone: str) -> None:
    house = House(longitude=longitude, timezone=timezone, strings=(String(), String(azimuth=90.0, tilt=10.0)))
    today, tomorrow = profile(seed, house, day), profile(seed, house, day + 1)
    assert len(today.pv) == len(today.load) == NODES + 1
    assert (today.pv[-1], today.load[-1]) == (tomorrow.pv[0], tomorrow.load[0])
    assert [nodes[-1] for nodes in today.strings] == [nodes[0] for nodes in tomorrow.strings]
    assert min(today.pv) >= 0
    assert min(today.load) >= 0


@pytest.mark.parametrize(
    ("day", "elevation", "noon"),
    [  # NOAA's solar calculator for Berlin: highest elevation in degrees, solar noon in hours UTC
        ((2025, 6, 21), 60.92, 11 + 8.3 / 60),
        ((2025, 12, 21), 14.05, 11 + 4.5 / 60),
        ((2025, 11, 3), 22.4, 10 + 50.0 / 60),
        ((2025, 2, 11), 23.6, 11 + 20.6 / 60),
    ],
)
def test_the_sun_culminates_where_the_almanac_says(day: tuple[int, int, int], elevation: float, noon: float) -> None:
    vectors = _sun(BERLIN, _day(*day))
    highest = max(range(NODES), key=lambda node: vectors[node][2])
    assert math.degrees(math.asin(vectors[highest][2])) == pytest.approx(elevation, abs=0.2)
    assert highest * 24 / NODES == pytest.approx(noon, abs=6 / 60)
    east, north, _ = vectors[highest]
    assert north < 0
    assert abs(east) < 0.05
    assert all(math.hypot(*vector) == pytest.approx(1) for vector in vectors)


def test_the_sun_rises_in_the_east_at_the_almanacs_time() -> None:
    vectors = _sun(BERLIN, _day(2025, 6, 21))
    risen = next(node for node in range(NODES) if vectors[node][2] > math.sin(math.radians(-0.833)))
    assert risen * 24 / NODES == pytest.approx(2 + 43 / 60, abs=6 / 60)
    assert vectors[risen][0] > 0


def test_an_east_roof_is_early_and_a_west_roof_late() -> None:
    house = dataclasses.replace(BERLIN, strings=(String(azimuth=90.0), String(azimuth=270.0)))
    east, west = (
        sum(column) for column in zip(*(_sums(house, _day(2025, 6, day)) for day in range(1, 29)), strict=True)
    )
    assert east > 1.2
    assert west < 0.8


def _sums(house: House, day: int) -> tuple[float, float]:
    """Each string's morning energy less its afternoon's, as a share of its day, averaged over a month."""
    noon = NODES // 2 - 11
    east, west = profile(1, house, day).strings
    return tuple(2 * sum(nodes[:noon]) / sum(nodes) / 28 for nodes in (east, west))  # type: ignore[return-value]


def test_clouds_take_light_and_never_all_of_it() -> None:
    clear, closed = _light(0.8, 0.0), _light(0.8, 1.0)
    assert clear[0] * 0.8 + clear[1] == pytest.approx(820, abs=40)  # W/m2 on the ground on a clear day
    assert closed[0] == 0
    assert 0.1 < closed[1] / (clear[0] * 0.8 + clear[1]) < 0.3


def test_weather_changes() -> None:
    means = [sum(_clouds(3, day)) / (NODES + 1) for day in range(20_000, 20_200)]
    assert sum(mean < 0.2 for mean in means) > 15
    assert sum(mean > 0.8 for mean in means) > 15
    assert sum(0.3 < mean < 0.7 for mean in means) > 30


def test_demand_follows_the_local_clock() -> None:
    """The evening's peak is at the same local hour on both sides of the change to summer time."""
    zone = ZoneInfo("Europe/Berlin")
    hours = []
    for day in (_day(2025, 3, 28), _day(2025, 3, 31)):  # Friday, Monday
        shapes = list(_shapes(zone, day))
        peak = max(range(NODES), key=shapes.__getitem__)
        hours.append(datetime.fromtimestamp(day * DAY + peak * 300, zone).hour)
    assert hours == [19, 19]


def test_the_year_takes_what_the_house_takes() -> None:
    house = House(annual_load=4_000_000.0, base_load=150.0)
    days = [profile(9, house, _day(2025, 1, 1) + day) for day in range(0, 365, 2)]
    mean = sum(sum(day.load[:-1]) / NODES for day in days) / len(days)
    assert mean * 8760 == pytest.approx(house.annual_load, rel=0.05)
