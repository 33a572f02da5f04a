"""In dark weeks the battery is charged at night, from the grid."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from heliobus.simulation.care import nights
from heliobus.simulation.plant import Care, House, Plant, String
from heliobus.simulation.profile import EPOCH

WINTER, SUMMER = datetime(2025, 12, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
HOUSE = House(strings=(String(peak=4_000.0),), standby_loss=10.0, care=Care(every=3, after=2, soc=30.0))


def _nights(house: House, start: datetime, days: int = 60) -> list[datetime]:
    """When care charging begins."""
    first = (start - EPOCH).days
    return [
        EPOCH + timedelta(days=day, seconds=begin)
        for day in range(first, first + days)
        for begin, _ in nights(4, house, day)
    ]


def test_it_comes_in_dark_weeks_only_at_its_hour() -> None:
    zone = ZoneInfo(HOUSE.timezone)
    found = _nights(HOUSE, WINTER)
    assert 5 < len(found) < 60 / 3
    assert {night.astimezone(zone).hour for night in found} == {2}
    assert _nights(HOUSE, SUMMER) == []
    assert _nights(dataclasses.replace(HOUSE, care=None), WINTER) == []
    assert _nights(dataclasses.replace(HOUSE, battery_capacity=0.0), WINTER) == []


def test_it_takes_more_from_the_grid_than_the_house_needs() -> None:
    plant, care = Plant(4, house=HOUSE), HOUSE.care
    assert care is not None
    seen = 0
    for night in _nights(HOUSE, WINTER):
        before, during = plant.at(night - timedelta(seconds=1)), plant.at(night + timedelta(seconds=1))
        after = plant.at(night + timedelta(hours=care.hours))
        if before.soc < care.soc - 1:
            seen += 1
            assert during.battery == pytest.approx(-care.power)
            assert during.grid == pytest.approx(during.load + care.power - during.pv)
            energy = plant.energy(night, night + timedelta(hours=care.hours))
            assert energy.grid_import > energy.load
        assert after.soc >= min(care.soc, before.soc + 10) - 1e-6
    assert seen > 3


def test_it_ends_at_the_wanted_charge_and_keeps_it_till_morning() -> None:
    house = dataclasses.replace(HOUSE, care=Care(every=1, after=2, soc=25.0, power=2_000.0))
    plant = Plant(4, house=house)
    night = next(night for night in _nights(house, WINTER) if plant.at(night).soc < 10)
    socs = [plant.at(night + timedelta(minutes=minutes)).soc for minutes in range(0, 180, 5)]
    assert socs[-1] == pytest.approx(25.0)
    assert max(socs) == pytest.approx(25.0)
    held = plant.at(night + timedelta(minutes=170))
    assert held.battery == pytest.approx(-house.standby_loss / house.charge_efficiency)
