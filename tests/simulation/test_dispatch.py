"""Days drawn by hand, whose answers are known from school arithmetic."""

from __future__ import annotations

import dataclasses
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.simulation.dispatch import Day, Rule, Store, steps
from heliobus.simulation.house import House, String
from heliobus.simulation.orders import Orders
from heliobus.simulation.profile import DAY, NODES, Profile

HOUSE = House(
    strings=(String(),),
    battery_capacity=1_000.0,
    reserve_soc=10.0,
    max_charge=2_000.0,
    max_discharge=1_000.0,
    charge_efficiency=0.8,
    discharge_efficiency=0.5,
)


def _profile(pv: float, load: float, *, then_pv: float | None = None) -> Profile:
    """From ``pv`` at midnight in one straight line to ``then_pv`` at the next, under a constant load."""
    rise = 0.0 if then_pv is None else then_pv - pv
    nodes = array("d", [pv + rise * node / NODES for node in range(NODES + 1)])
    return Profile(strings=(nodes,), pv=nodes, load=array("d", [load] * (NODES + 1)))


def _day(profile: Profile, *, stored: float, house: House = HOUSE, asked: float | None = None) -> Day:
    store = Store.of(house)
    course = steps(profile, [(0.0, DAY, Rule.of(house, orders=Orders(power=asked)))], store)
    return Day(profile, course, store, stored=stored)


watts = st.floats(0, 12_000)


profiles = st.builds(_profile, watts, watts, then_pv=watts)


@given(profiles, st.floats(100, 1_000), st.none() | st.floats(-5_000, 5_000), st.none() | watts)
def test_what_flows_is_what_is_stored(
    profile: Profile, stored: float, asked: float | None, limit: float | None
) -> None:
    day = _day(profile, stored=stored, house=dataclasses.replace(HOUSE, feed_in_limit=limit), asked=asked)
    charge, discharge, _ = day.sums[4:]
    assert day.stored_at_end - stored == pytest.approx(0.8 * charge - discharge / 0.5, abs=1e-6)
    for hour in range(24):
        flow, sums = day.flow(hour * 3600.0), day.sums_until(hour * 3600.0)
        assert flow.stored - stored == pytest.approx(0.8 * sums[4] - sums[5] / 0.5, abs=1e-6)
        assert 100 <= flow.stored <= 1_000


def test_a_constant_surplus_fills_the_battery_at_the_exact_second() -> None:
    # 500 W into 0.8: the 900 Wh from reserve to full take 900 / 400 hours.
    day = _day(_profile(700.0, 200.0), stored=100.0)
    full = 900 / 400 * 3600
    assert day.flow(full - 0.001).battery == -500
    assert day.flow(full + 0.001).battery == 0
    assert day.flow(full / 2).stored == pytest.approx(100 + 450)
    assert day.stored_at_end == 1_000
    assert day.sums == pytest.approx((24 * 700, 24 * 200, 0, 24 * 500 - 1125, 1125, 0, 0))


def test_a_constant_deficit_empties_it_to_the_reserve() -> None:
    # 300 W out of 0.5: the 900 Wh down to the reserve last 900 / 600 hours.
    day = _day(_profile(0.0, 300.0), stored=1_000.0)
    assert day.flow(1.5 * 3600 - 0.001).battery == 300
    assert day.flow(1.5 * 3600 + 0.001).battery == 0
    assert day.stored_at_end == 100
    assert day.sums == pytest.approx((0, 24 * 300, 24 * 300 - 450, 0, 0, 450, 0))


def test_a_rising_sun_is_met_with_a_quadratic() -> None:
    # The surplus rises from 0 by 100 W an hour: 50 h^2 Wh on the bus, times 0.8, are 900 Wh after sqrt(22.5) hours.
    day = _day(_profile(200.0, 200.0, then_pv=2_600.0), stored=100.0)
    full = 22.5**0.5 * 3600
    assert day.flow(full - 0.01).battery == pytest.approx(-100 * full / 3600, abs=0.01)
    assert day.flow(full + 0.01).battery == 0
    assert day.sums[4] == pytest.approx(900 / 0.8)


def test_a_change_of_sign_is_split_exactly() -> None:
    # From 1200 W deficit to 1200 W surplus, beyond the discharge limit for the first two hours.
    house = House(battery_capacity=1e6, reserve_soc=0.0, max_charge=800.0, max_discharge=1_000.0)
    day = _day(_profile(0.0, 1_200.0, then_pv=2_400.0), stored=5e5, house=house)
    pv, load, imported, exported, charge, discharge, _ = day.sums
    assert (pv, load) == pytest.approx((28_800, 28_800))
    assert imported == pytest.approx(200 * 2 / 2)
    assert exported == pytest.approx(400 * 4 / 2)
    assert discharge == pytest.approx(14_400 / 2 - imported)
    assert charge == pytest.approx(14_400 / 2 - exported)


def test_a_feed_in_limit_leaves_sun_unused() -> None:
    house = House(battery_capacity=1_000.0, reserve_soc=0.0, feed_in_limit=600.0, max_charge=300.0)
    day = _day(_profile(1_500.0, 200.0), stored=1_000.0, house=house)
    flow = day.flow(3600.0)
    assert (flow.possible, flow.pv, flow.battery) == (1_500, 800, 0)
    assert day.sums == pytest.approx((24 * 800, 24 * 200, 0, 24 * 600, 0, 0, 0))


def test_a_feed_in_limit_holds_the_battery_back_before_the_sun() -> None:
    house = House(battery_capacity=1e6, reserve_soc=0.0, feed_in_limit=600.0, max_discharge=3_000.0)
    day = _day(_profile(500.0, 200.0), stored=1e6, house=house, asked=2_000.0)
    flow = day.flow(3600.0)
    assert (flow.pv, flow.battery) == (500, 300)
    assert day.sums[3] == pytest.approx(24 * 600)


def test_a_command_charges_from_the_grid_within_the_power_limit() -> None:
    day = _day(_profile(0.0, 200.0), stored=100.0, asked=-9_000.0)
    assert day.flow(60.0).battery == -2_000
    assert day.sums[2] == pytest.approx(24 * 200 + 1125)


def test_a_command_for_nothing_rests() -> None:
    day = _day(_profile(1_000.0, 200.0), stored=500.0, asked=0.0)
    assert day.flow(60.0).battery == 0
    assert day.stored_at_end == 500
    assert day.sums == pytest.approx((24_000, 4_800, 0, 19_200, 0, 0, 0))


def test_the_stored_energy_follows_the_same_path_as_through() -> None:
    """What looks back (``Store.through``) and what looks closely (``Day``) agree to the last bit."""
    store = Store.of(HOUSE)
    profile = _profile(0.0, 900.0, then_pv=2_000.0)
    course = steps(
        profile, [(0.0, 40_000.5, Rule.of(HOUSE)), (40_000.5, DAY, Rule.of(HOUSE, orders=Orders(power=700.0)))], store
    )
    for stored in (100.0, 333.3, 1_000.0):
        day = Day(profile, course, store, stored=stored)
        assert day.stored_at_end == store.through(stored, [step.move for step in course])
