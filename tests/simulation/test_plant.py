"""The house is a pure function of seed and time, and its energies are the integrals of its powers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.simulation.plant import Plant

START = datetime(2025, 6, 1, tzinfo=UTC)
seeds = st.integers(0, 2**32)
moments = st.integers(0, 400 * 86_400).map(lambda second: START + timedelta(seconds=second))


@given(seeds, moments)
def test_the_balance_holds(seed: int, moment: datetime) -> None:
    now = Plant(seed).at(moment)
    assert now.pv + now.grid + now.battery == pytest.approx(now.load, abs=1e-9)
    assert sum(string.power for string in now.strings) == pytest.approx(now.pv, abs=1e-9)
    assert sum(phase.power for phase in now.grid_phases) == pytest.approx(now.grid, abs=1e-9)
