from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from heliobus.errors import UsageError
from heliobus.simulation.plant import House, Plant, Tariff

MIDNIGHT = datetime(2026, 6, 20, 22, tzinfo=UTC)  # in Berlin
HOURS = [MIDNIGHT + timedelta(hours=hour) for hour in range(24)]


def _plant(**tariff: float) -> Plant:
    return Plant(3, house=dataclasses.replace(House.draw(3), tariff=Tariff(**tariff)))


def test_day_and_night_by_the_local_clock() -> None:
    plant = _plant(day=0.3, night=0.2, feed_in=0.07)
    assert [plant.price(hour).buy for hour in HOURS] == [0.2] * 6 + [0.3] * 16 + [0.2] * 2
    assert {plant.price(hour).sell for hour in HOURS} == {0.07}


def test_a_cheap_time_at_noon() -> None:
    plant = _plant(day=0.3, night=0.2, night_from=11.5, night_to=14.0)
    cheap = [hour.hour + 2 for hour in HOURS if plant.price(hour).buy == 0.2]
    assert cheap == [12, 13]


def test_dynamic_prices_change_by_the_hour_and_repeat_for_ever() -> None:
    plant, again = (_plant(day=0.3, night=0.3, dynamic=0.05) for _ in range(2))
    days = [[plant.price(hour + timedelta(days=day)).buy for hour in HOURS] for day in range(60)]
    assert days[0] == [again.price(hour + timedelta(minutes=59)).buy for hour in HOURS]
    assert len(set(days[0])) == 24
    assert all(0.2 <= price <= 0.4 for day in days for price in day)
    mean = [sum(day[hour] for day in days) / len(days) for hour in range(24)]
    assert max(mean[7], mean[8], mean[19], mean[20]) == max(mean)
    assert min(mean[1], mean[2], mean[13], mean[14]) == min(mean)


def test_prices_need_a_zone() -> None:
    with pytest.raises(UsageError, match="no time zone"):
        _plant().price(datetime(2026, 6, 20))  # noqa: DTZ001
