"""What hypothesis draws for the tests of the house, and how they read its answers."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from heliobus.simulation.plant import Energy, House, Instant, Override, Plant, String

START = datetime(2025, 8, 1, tzinfo=UTC)

seeds = st.integers(-(2**63), 2**63)
# From summer into winter, with the end of daylight saving time; the shorter, the fewer days to walk.
moments = st.integers(3 * 86_400, 150 * 86_400).map(lambda second: START + timedelta(seconds=second))
spans = st.integers(0, 3 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
strings = st.builds(String, azimuth=st.floats(0, 360), tilt=st.floats(0, 90), peak=st.floats(500, 12_000))
houses = st.builds(
    House,
    latitude=st.floats(-60, 65),
    longitude=st.floats(-180, 180),
    timezone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]),
    strings=st.lists(strings, min_size=1, max_size=3).map(tuple),
    base_load=st.floats(0, 500),
    annual_load=st.floats(0, 12_000_000),
    battery_capacity=st.floats(1_000, 20_000),
    max_charge=st.floats(0, 8_000),
    max_discharge=st.floats(0, 8_000),
    charge_efficiency=st.floats(0.7, 1),
    discharge_efficiency=st.floats(0.7, 1),
    reserve_soc=st.floats(0, 50),
    feed_in_limit=st.none() | st.floats(0, 8_000),
    phases=st.sampled_from([1, 3]),
    commissioned=st.just(START) | st.just(START + timedelta(hours=11, seconds=7)),
)
overrides = st.builds(
    lambda start, length, power: Override(start=start, end=length and start + length, power=power),
    moments,
    st.none() | st.integers(1, 2 * 86_400).map(lambda seconds: timedelta(seconds=seconds)),
    st.none() | st.floats(-10_000, 10_000),
)
plants = st.builds(
    lambda seed, house, commands: Plant(
        seed, house=house or dataclasses.replace(House.draw(seed), commissioned=START), overrides=tuple(commands)
    ),
    seeds,
    st.none() | houses,
    st.lists(overrides, max_size=3),
)


def flows(energy: Energy) -> tuple[float, ...]:
    return dataclasses.astuple(energy)


def powers(now: Instant) -> tuple[float, ...]:
    """The flows in the order of Energy."""
    return (now.pv, now.load, max(now.grid, 0), max(-now.grid, 0), max(-now.battery, 0), max(now.battery, 0))


def stored(plant: Plant, moment: datetime) -> float:
    return plant.at(moment).soc / 100 * plant.house.battery_capacity


def gain(plant: Plant, energy: Energy) -> float:
    """What the battery holds more after these energies."""
    return energy.charge * plant.house.charge_efficiency - energy.discharge / plant.house.discharge_efficiency
