from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.web.plain.flows import SINKS, SOURCES, Taps, flows

WATTS = st.floats(min_value=-10_000, max_value=10_000)
LOADS = st.floats(min_value=0, max_value=10_000)


@given(WATTS, WATTS, WATTS, LOADS, LOADS)
def test_nothing_is_made_and_nothing_is_lost(sun: float, store: float, grid: float, house: float, car: float) -> None:
    directed = flows(Taps(sun, store, grid, house, car))
    assert directed is not None
    assert all(power > 0 for power in directed.between.values())
    assert not any(source == sink for source, sink in directed.between)
    for source in SOURCES:
        assert directed.of_source(source, *SINKS) <= directed.given[source] + 1e-6
    for sink in SINKS:
        assert sum(directed.between.get((source, sink), 0.0) for source in SOURCES) <= directed.taken[sink] + 1e-6
    assert directed.open == pytest.approx(sun * (sun > 0) + store + grid - house - car, abs=1e-6)


@given(LOADS, WATTS, LOADS, LOADS)
def test_a_closed_balance_is_covered_whole(sun: float, store: float, house: float, car: float) -> None:
    directed = flows(Taps(sun, store, house + car - sun - store, house, car))
    assert directed is not None
    assert sum(directed.between.values()) == pytest.approx(sum(directed.taken.values()), abs=1e-6)


def test_the_sun_serves_the_house_first_and_the_grid_last() -> None:
    directed = flows(Taps(7840.0, -2440.0, -1100.0, 620.0, 3680.0))
    assert directed is not None
    assert directed.between == {
        ("sun", "house"): 620,
        ("sun", "car"): 3680,
        ("sun", "store"): 2440,
        ("sun", "grid"): 1100,
    }
    assert directed.open == 0


def test_the_battery_comes_before_the_grid() -> None:
    directed = flows(Taps(460.0, 2500.0, 4260.0, 3540.0, 3680.0))
    assert directed is not None
    assert directed.between[("sun", "house")] == 460
    assert directed.between[("store", "house")] == 2500
    assert directed.between[("grid", "house")] == 580
    assert directed.between[("grid", "car")] == 3680


@pytest.mark.parametrize("hole", range(5))
def test_what_is_unknown_is_not_guessed(hole: int) -> None:
    powers: list[float | None] = [1.0, 2.0, 3.0, 4.0, 5.0]
    powers[hole] = None
    taps = Taps(*powers)
    assert flows(taps) is None
    assert not taps.complete
