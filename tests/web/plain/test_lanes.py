from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.web.plain.bus import PLANS
from heliobus.web.plain.flows import Taps, flows
from heliobus.web.plain.lanes import LEAST_SCALE, Plan, ribbons
from heliobus.web.plain.sentence import DEAD_BAND

FOUR = ["grid", "house", "car", "store"]


def laid(taps: Taps, plan: Plan, *, peak: float = 0.0, names: list[str] | None = None) -> list[tuple[str, float]]:
    directed = flows(taps)
    assert directed is not None
    made = ribbons(directed, plan, plan.columns(names or FOUR), dead_band=DEAD_BAND, peak=peak)
    return [(one.source, one.width) for one in made]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_width_is_power(plan: Plan) -> None:
    ((source, width),) = laid(Taps(0.0, 0.0, 1500.0, 1500.0), plan)
    assert source == "grid"
    assert width == pytest.approx(plan.widest * 1500 / LEAST_SCALE)
    ((_, half),) = laid(Taps(0.0, 0.0, 750.0, 750.0), plan)
    assert half == pytest.approx(width / 2)
    ((_, small),) = laid(Taps(0.0, 0.0, 1500.0, 1500.0), plan, peak=6000.0)
    assert small == pytest.approx(plan.widest / 4)


def test_standby_is_no_ribbon() -> None:
    assert laid(Taps(0.0, 0.0, 29.0, 29.0), PLANS[0]) == []
    assert laid(Taps(0.0, 0.0, 31.0, 31.0), PLANS[0]) == [("grid", PLANS[0].thinnest)]


@given(*[st.floats(min_value=-12_000, max_value=12_000)] * 3, st.floats(min_value=0, max_value=12_000))
def test_every_ribbon_stays_in_the_picture(sun: float, store: float, grid: float, house: float) -> None:
    directed = flows(Taps(sun, store, grid, house, 500.0))
    assert directed is not None
    for plan in PLANS:
        for one in ribbons(directed, plan, plan.columns(FOUR), dead_band=DEAD_BAND, peak=0.0):
            numbers = [float(found) for found in re.findall(r"-?[0-9.]+", one.path)]
            assert min(numbers) >= 0
            assert max(numbers) <= plan.width
            assert one.width <= plan.widest + 1e-6
            assert one.path.startswith("M")
            assert "nan" not in one.path


def test_nodes_are_evenly_spaced() -> None:
    plan = PLANS[0]
    columns = plan.columns(FOUR)
    assert list(columns) == FOUR
    assert (columns["grid"], columns["store"]) == (plan.margin, plan.width - plan.margin)
    assert plan.columns(["house"]) == {"house": plan.margin}
