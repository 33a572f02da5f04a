from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.simulation import electrics
from heliobus.simulation.house import House, String

places = st.tuples(st.integers(18_000, 22_000), st.floats(0, 86_400, exclude_max=True))


@given(st.integers(), st.floats(0, 10_000), st.floats(-10_000, 10_000), st.sampled_from([1, 3]), places)
def test_phases_add_up_to_the_grid(seed: int, load: float, grid: float, phases: int, place: tuple[int, float]) -> None:
    states = electrics.phases(seed, House(phases=phases), load=load, grid=grid, place=place)
    assert sum(state.power for state in states) == pytest.approx(grid, abs=1e-8)
    for state in states:
        assert 210 < state.voltage < 250
        assert state.current >= 0
        assert state.voltage * state.current == pytest.approx(abs(state.power), abs=1e-9)


def test_an_inverter_on_one_phase_leaves_the_others_to_import() -> None:
    one, two, three = electrics.phases(1, House(phases=1), load=600.0, grid=-3_000.0, place=(20_000, 0.0))
    assert one.power < -3_000
    assert two.power > 0
    assert three.power > 0


def test_strings_have_a_voltage_only_in_the_light() -> None:
    house = House(strings=(String(peak=4_000.0), String(peak=8_000.0)))
    dark, light = electrics.strings(house, [0.0, 3_000.0], possible=[0.0, 6_000.0])
    assert (dark.voltage, dark.current, dark.power) == (0, 0, 0)
    assert light.power == 3_000
    assert 500 < light.voltage < 700
    assert light.voltage * light.current == pytest.approx(3_000)


@given(st.integers(), places)
def test_the_rest_stays_where_it_belongs(seed: int, place: tuple[int, float]) -> None:
    assert 49.9 < electrics.frequency(seed, place=place) < 50.1
    battery, case = electrics.temperatures(seed, place=place, strain=0.5)
    assert 10 < battery < 35
    assert battery < case < 55


def test_a_battery_sags_under_load_and_rises_while_charging() -> None:
    assert electrics.pack_voltage(50, 3_000) < electrics.pack_voltage(50, 0) < electrics.pack_voltage(50, -3_000)
    assert electrics.pack_voltage(10, 0) < electrics.pack_voltage(90, 0)
