"""What hypothesis draws for the tests of the house, and how they read its answers."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from heliobus.simulation.plant import (
    Care,
    Charging,
    Energy,
    House,
    Instant,
    Override,
    Plant,
    String,
    Wallbox,
)

START = datetime(2025, 8, 1, tzinfo=UTC)

seeds = st.integers(-(2**63), 2**63)
# From summer into winter, with the end of daylight saving time; the shorter, the fewer days to walk.
moments = st.integers(3 * 86_400, 150 * 86_400).map(lambda second: START + timedelta(seconds=second))
spans = st.integers(0, 3 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
strings = st.builds(String, azimuth=st.floats(0, 360), tilt=st.floats(0, 90), peak=st.floats(500, 12_000))
cares = st.builds(
    Care,
    every=st.integers(1, 5),
    after=st.integers(0, 3),
    hour=st.floats(0, 20),
    hours=st.floats(0.5, 4),
    soc=st.floats(1, 90),
    power=st.floats(0, 3_000),
)
wallboxes = st.builds(
    Wallbox,
    phases=st.sampled_from([1, 3]),
    max_current=st.floats(6, 32),
    solar=st.booleans(),
    car_capacity=st.floats(5_000, 90_000),
    car_efficiency=st.floats(0.7, 1),
    leaves=st.floats(4, 10),
    returns=st.floats(14, 21),
)
houses = st.builds(
    lambda loss, **fields: House(
        standby_loss=loss * fields["charge_efficiency"] * min(fields["max_charge"], 100.0), **fields
    ),
    loss=st.just(0.0) | st.floats(0, 1),
    latitude=st.floats(-60, 65),
    longitude=st.floats(-180, 180),
    timezone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]),
    strings=st.lists(strings, max_size=3).map(tuple),
    base_load=st.floats(0, 500),
    annual_load=st.floats(0, 12_000_000),
    battery_capacity=st.just(0.0) | st.floats(1_000, 20_000),
    max_charge=st.floats(0, 8_000),
    max_discharge=st.floats(0, 8_000),
    charge_efficiency=st.floats(0.7, 1),
    discharge_efficiency=st.floats(0.7, 1),
    reserve_soc=st.floats(0, 50),
    care=st.none() | cares,
    feed_in_limit=st.none() | st.floats(0, 8_000),
    phases=st.sampled_from([1, 3]),
    wallbox=st.none() | wallboxes,
    commissioned=st.just(START) | st.just(START + timedelta(hours=11, seconds=7)),
)
limits = st.none() | st.floats(0, 5_000)
chargings = st.builds(
    Charging,
    current=st.none() | st.floats(0, 32),
    solar=st.none() | st.booleans(),
    phases=st.sampled_from([None, 1, 3]),
)
overrides = st.builds(
    lambda start, length, **orders: Override(start=start, end=length and start + length, **orders),
    moments,
    st.none() | st.integers(1, 2 * 86_400).map(lambda seconds: timedelta(seconds=seconds)),
    power=st.none() | st.floats(-10_000, 10_000),
    max_charge=limits,
    max_discharge=limits,
    reserve_soc=st.none() | st.floats(0, 100),
    charging=st.none() | chargings,
)
plants = st.builds(
    lambda seed, house, commands: Plant(
        seed,
        house=house
        if isinstance(house, House)
        else dataclasses.replace(House.draw(seed, whole=house), commissioned=START),
        overrides=tuple(commands),
    ),
    seeds,
    st.booleans() | houses,
    st.lists(overrides, max_size=3),
)


def flows(energy: Energy) -> tuple[float, ...]:
    return dataclasses.astuple(energy)


def powers(now: Instant) -> tuple[float, ...]:
    """The flows in the order of Energy."""
    return (
        *(now.pv, now.load, max(now.grid, 0), max(-now.grid, 0), max(-now.battery, 0), max(now.battery, 0)),
        0.0 if now.wallbox is None else now.wallbox.power,
    )


def stored(plant: Plant, moment: datetime) -> float:
    return plant.at(moment).soc / 100 * plant.house.battery_capacity


def gain(plant: Plant, energy: Energy, span: timedelta) -> float:
    """What the battery holds more after these energies in this time."""
    house = plant.house
    lost = house.standby_loss * (span / timedelta(hours=1)) if house.battery_capacity else 0.0
    return energy.charge * house.charge_efficiency - energy.discharge / house.discharge_efficiency - lost
