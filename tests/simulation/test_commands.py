"""Commands change what comes after them, within the limits, and nothing that was before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.simulation.plant import House, Override, Plant, summer_noon
from tests.simulation.houses import houses, moments, overrides, plants, seeds, spans


@settings(max_examples=30)
@given(plants, overrides, st.lists(moments, min_size=1, max_size=2))
def test_a_command_leaves_the_past_as_it_was(plant: Plant, command: Override, asked: list[datetime]) -> None:
    before = [min(moment, command.start - timedelta(microseconds=1)) for moment in asked]
    before.append(command.start - timedelta(minutes=7))
    answers = [(plant.at(moment), plant.energy(moment - timedelta(days=1), moment)) for moment in before]
    commanded = plant.with_override(command)
    fresh = Plant(plant.seed, house=plant.house, overrides=(*plant.overrides, command))
    assert commanded.overrides == fresh.overrides
    for other in (commanded, fresh):
        assert [(other.at(moment), other.energy(moment - timedelta(days=1), moment)) for moment in before] == answers


@settings(max_examples=50)
@given(seeds, houses, overrides, spans)
def test_a_command_is_obeyed_within_the_limits(seed: int, house: House, command: Override, after: timedelta) -> None:
    plant = Plant(seed, house=house).with_override(command)
    now = plant.at(command.start + after)
    if command.power is None or (command.end is not None and now.time >= command.end):
        return
    asked = min(max(command.power, -house.max_charge), house.max_discharge)
    full = now.soc >= 100 - 1e-9
    empty = now.soc <= house.reserve_soc + 1e-9
    feeding_all = house.feed_in_limit is not None and -now.grid >= house.feed_in_limit - 1e-6
    if asked > 0 and (empty or feeding_all):
        assert 0 <= now.battery <= asked
    elif asked < 0 and full:
        assert now.battery in (0, pytest.approx(asked))
    else:
        assert now.battery == pytest.approx(asked)


def test_the_last_command_counts_and_ends() -> None:
    plant = Plant(3)
    noon = summer_noon(plant)
    automatic = plant.at(noon)
    long = Override(start=noon - timedelta(hours=1), power=-100.0)
    short = Override(start=noon, end=noon + timedelta(minutes=10), power=None)
    plant = plant.with_override(long).with_override(short)
    assert plant.at(noon - timedelta(seconds=1)).battery == -100
    assert plant.at(noon).battery == pytest.approx(automatic.battery)
    assert plant.at(noon + timedelta(minutes=10)).battery == -100


def test_charging_takes_from_the_grid_and_discharging_feeds_it() -> None:
    plant = Plant(3)
    night = summer_noon(plant).replace(hour=23)
    charging = plant.with_override(Override(start=night, power=-500.0)).at(night + timedelta(minutes=5))
    assert charging.grid == pytest.approx(charging.load + 500)
    giving = plant.house.max_discharge
    discharging = plant.with_override(Override(start=night, power=giving)).at(night + timedelta(minutes=5))
    assert discharging.grid == pytest.approx(discharging.load - giving)
