"""Commands change what comes after them, within the limits, and nothing that was before."""

from __future__ import annotations

import dataclasses
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.simulation.plant import Charging, House, Override, Plant, Wallbox, summer_noon
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
    house = dataclasses.replace(house, care=None)
    plant = Plant(seed, house=house).with_override(command)
    now = plant.at(command.start + after)
    if not command.holds(now.time) or not house.battery_capacity:
        return
    held = -house.standby_loss / house.charge_efficiency
    lowest = -min(house.max_charge, math.inf if command.max_charge is None else command.max_charge)
    highest = min(house.max_discharge, math.inf if command.max_discharge is None else command.max_discharge)
    reserve = house.reserve_soc if command.reserve_soc is None else command.reserve_soc
    assert min(lowest, held) - 1e-6 <= now.battery <= highest + 1e-6
    if now.soc < reserve - 1e-6:
        assert now.battery <= held + 1e-6, "gives of what it shall keep"
    if command.power is None:
        return
    asked = min(max(command.power, lowest), highest)
    empty, full = now.soc <= reserve + 1e-9, now.soc >= 100 - 1e-9
    feeding_all = house.feed_in_limit is not None and -now.grid >= house.feed_in_limit - 1e-6
    if asked > 0 and (empty or feeding_all):
        assert held - 1e-6 <= now.battery <= asked
    elif empty or full:
        assert now.battery in (pytest.approx(asked), pytest.approx(held))
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


def test_limits_are_of_what_it_does_by_itself() -> None:
    plant = Plant(3)
    noon = summer_noon(plant)
    free = plant.at(noon)
    assert free.battery < -100
    limited = plant.with_override(Override(start=noon, max_charge=100.0)).at(noon)
    assert (limited.battery, limited.pv) == (-100, free.pv)
    assert limited.grid == pytest.approx(free.grid + free.battery + 100)
    night = noon.replace(hour=21)
    assert plant.at(night).battery > 100
    held = plant.with_override(Override(start=night, max_discharge=0.0))
    assert held.at(night).battery == 0
    assert held.at(night + timedelta(hours=2)).soc == plant.at(night).soc


def test_a_reserve_keeps_and_does_not_charge() -> None:
    plant = Plant(3)
    night = summer_noon(plant).replace(hour=21)
    soc = plant.at(night).soc
    kept = plant.with_override(Override(start=night, end=night + timedelta(hours=1), reserve_soc=99.0))
    assert kept.at(night + timedelta(minutes=59)).battery == 0
    assert kept.at(night + timedelta(minutes=59)).soc == soc
    assert kept.at(night + timedelta(minutes=61)).battery > 100


def test_a_lower_reserve_is_used_and_filled_again_by_the_sun() -> None:
    plant = Plant(3, house=dataclasses.replace(House.draw(3), reserve_soc=65.0))
    night = summer_noon(plant).replace(hour=21)
    day = timedelta(days=1)
    assert plant.at(night + timedelta(hours=5)).soc == pytest.approx(65)
    lower = plant.with_override(Override(start=night, end=night + timedelta(hours=7), reserve_soc=0.0))
    socs = [lower.at(night + timedelta(minutes=15 * quarter)).soc for quarter in range(97)]
    powers = [lower.at(night + timedelta(minutes=15 * quarter)).battery for quarter in range(97)]
    assert min(socs) < 55
    assert max(socs) > 65
    after = [power for soc, power in zip(socs[29:], powers[29:], strict=True) if soc < 64.9]
    assert after
    assert max(after) == 0
    assert plant.at(night + 2 * day).battery == pytest.approx(lower.at(night + 2 * day).battery, abs=1e-6)


def test_each_thing_obeys_the_last_that_speaks_of_it() -> None:
    plant = Plant(3)
    noon = summer_noon(plant)
    for one in (
        Override(start=noon, max_charge=100.0),
        Override(start=noon, power=-900.0),
        Override(start=noon + timedelta(minutes=10), max_charge=300.0),
        Override(start=noon + timedelta(minutes=20)),
    ):
        plant = plant.with_override(one)
    powers = [plant.at(noon + timedelta(minutes=minutes)).battery for minutes in (5, 15, 25)]
    assert powers == [-100, -300, pytest.approx(max(-300, powers[2]))]


def test_the_wallbox_obeys_at_once() -> None:
    house = dataclasses.replace(House.draw(3), wallbox=Wallbox(solar=False, car_capacity=200_000.0))
    plant = Plant(3, house=house)
    evening = datetime(2025, 7, 1, 16, 0, tzinfo=UTC)
    start = evening + timedelta(seconds=100)
    assert plant.at(start).wallbox is not None
    orders = (
        (Charging(current=0.0), 0.0),
        (Charging(current=10.0), 6_900.0),
        (Charging(phases=1), 16 * 230.0),
        (Charging(solar=True), 0.0),
        (Charging(), 11_040.0),
    )
    for told, power in orders:
        obeying = plant.with_override(Override(start=start, charging=told))
        before, after = obeying.at(start - timedelta(microseconds=1)).wallbox, obeying.at(start).wallbox
        assert before is not None
        assert after is not None
        assert (before.power, after.power) == (11_040.0, power)
        assert before == plant.at(start - timedelta(microseconds=1)).wallbox
