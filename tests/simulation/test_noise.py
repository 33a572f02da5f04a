from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.simulation.noise import between, draws, lattice, spread


def test_draws_are_the_same_for_ever() -> None:
    assert draws(7, stream="x", index=3, count=2) == (0.06649373541586101, 0.8936363093089312)


@given(st.integers(), st.integers(-1000, 100_000))
def test_fewer_draws_are_the_first_of_more(seed: int, index: int) -> None:
    many = draws(seed, stream="x", index=index, count=20)
    assert draws(seed, stream="x", index=index, count=3) == many[:3]
    assert all(0 <= draw < 1 for draw in many)


def test_draws_are_even_and_differ_by_seed_stream_and_index() -> None:
    many = draws(1, stream="x", index=0, count=10_000)
    assert sum(many) / len(many) == pytest.approx(0.5, abs=0.02)
    assert sum(draw < 0.1 for draw in many) == pytest.approx(1000, abs=150)
    others = [draws(2, stream="x", index=0, count=1), draws(1, stream="y", index=0, count=1)]
    assert len({many[:1], *others, draws(1, stream="x", index=1, count=1)}) == 4


def test_a_day_ends_where_the_next_begins() -> None:
    for day in range(20_000, 20_010):
        today = lattice(5, stream="x", day=day, count=12)
        assert len(today) == 13
        assert today[-1] == lattice(5, stream="x", day=day + 1, count=12)[0]


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_interpolation_is_exact_at_its_ends(left: float, right: float) -> None:
    assert between(left, right, 0.0) == left
    assert between(left, right, 1.0) == right


def test_points_are_spread_evenly() -> None:
    assert spread((0.0, 4.0, 2.0), 8) == [0, 1, 2, 3, 4, 3.5, 3, 2.5, 2]
