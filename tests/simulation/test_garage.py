"""The car comes and goes, takes the sun or all at once, and is never fuller than full."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from heliobus.simulation.plant import Charging, House, Instant, Override, Plant, Wallbox
from tests.simulation.houses import START, moments, plants

if TYPE_CHECKING:
    from heliobus.simulation.state import WallboxState

BERLIN = ZoneInfo("Europe/Berlin")
STEP = timedelta(minutes=5)
DAY = timedelta(days=1)


def _house(**box: object) -> House:
    return dataclasses.replace(House.draw(5), wallbox=Wallbox(**box))  # type: ignore[arg-type]


def _week(plant: Plant, *, days: int = 7) -> list[tuple[Instant, WallboxState]]:
    monday = datetime(2025, 7, 7, tzinfo=BERLIN).astimezone(UTC)
    nows = [plant.at(monday + number * STEP) for number in range(days * 288)]
    return [(now, now.wallbox) for now in nows if now.wallbox is not None]


@settings(max_examples=50)
@given(plants, moments)
def test_limits_hold(plant: Plant, moment: datetime) -> None:
    box, house = plant.at(moment).wallbox, plant.house
    if house.wallbox is None:
        assert box is None
        return
    assert box is not None
    assert 0 <= box.power <= box.phases * 230 * min(box.current_limit, house.wallbox.max_current) + 1e-9
    assert box.session_energy >= 0
    assert box.plugged or box.power == 0
    assert (box.car_soc is not None) == box.plugged
    assert box.car_soc is None or 25 <= box.car_soc <= 100


@settings(max_examples=20)
@given(plants, moments)
def test_the_session_is_the_energy_since_the_car_came(plant: Plant, moment: datetime) -> None:
    box = plant.at(moment).wallbox
    if box is None or not box.plugged:
        return
    came = moment
    while (before := plant.at(came - STEP).wallbox) is not None and before.plugged:
        came -= STEP
    assert plant.energy(came - STEP, moment).wallbox == pytest.approx(box.session_energy, abs=1e-6)


def test_the_car_leaves_in_the_morning_and_comes_home() -> None:
    seen = _week(Plant(5, house=_house()))
    away = {now.time.astimezone(BERLIN).replace(minute=0, second=0) for now, box in seen if not box.plugged}
    assert {hour.weekday() for hour in away} == set(range(7))
    assert all(6 <= hour.hour <= 17 for hour in away)
    assert {hour.hour for hour in away if hour.weekday() < 5} > set(range(9, 15))


def test_a_fast_wallbox_charges_at_once_until_the_car_is_full() -> None:
    seen = _week(Plant(5, house=_house(solar=False)))
    powers = [box.power for _, box in seen if box.power > 0]
    assert sum(power == 11_040 for power in powers) > 0.9 * len(powers)
    assert sum(0 < power < 11_040 for power in powers) <= 7, "the last minutes of each session"
    leaving = [before.car_soc for (_, before), (_, after) in pairwise(seen) if not after.plugged]
    assert [soc for soc in leaving if soc is not None] == pytest.approx([100.0] * 7)
    assert any(now.grid > 5_000 for now, _ in seen)


def test_a_solar_wallbox_takes_what_the_sun_leaves_in_whole_amperes() -> None:
    seen = _week(Plant(5, house=_house(phases=1)))
    charging = [(now, box) for now, box in seen if box.power > 0]
    assert len(charging) > 50
    for now, box in charging:
        assert box.power <= now.pv - now.load + 1e-6
        assert now.grid <= 1e-6
        assert box.power / 230 == pytest.approx(round(box.power / 230))
        assert 6 <= round(box.power / 230) <= 16
    assert sum(now.grid_phases[0].power for now, _ in charging) > sum(now.grid_phases[1].power for now, _ in charging)


def test_a_limit_slows_down_and_a_pause_pauses() -> None:
    plant = Plant(5, house=_house(solar=False))
    start = datetime(2025, 7, 7, 16, 0, 42, tzinfo=UTC)
    for current, power in ((16.0, 11_040), (8.0, 5_520), (5.0, 0)):
        told = plant.with_override(Override(start=start, charging=Charging(current=current)))
        energy = told.energy(start, start + timedelta(minutes=30))
        assert energy.wallbox == pytest.approx(power / 2)
        box = told.at(start).wallbox
        assert box is not None
        assert box.current_limit == current


def test_the_car_does_not_depend_on_the_battery() -> None:
    house = _house()
    small = dataclasses.replace(house, battery_capacity=0.0)
    one, other = Plant(5, house=house), Plant(5, house=small)
    assert one.energy(START, START + 5 * DAY).wallbox == other.energy(START, START + 5 * DAY).wallbox > 0
