from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.recorder.counters import Fault, fault, limit, sound

readings = st.lists(st.one_of(st.none(), st.integers(0, 10_000_000)), max_size=30)


@pytest.mark.parametrize(
    ("series", "kept"),
    [
        ([], []),
        ([1000, 1001, 1001], [1000, 1001, 1001]),
        ([1000, 995, 1003], [1000, None, 1003]),  # a dip of less than 10 Wh
        ([1000, 990, 1003], [1000, 990, 1003]),  # 10 Wh and 1 %: a reset
        ([50_000, 49_600, 49_700, 50_001], [50_000, None, None, 50_001]),  # less than 1 %
        ([50_000, None, 49_900, 50_000], [50_000, None, None, 50_000]),
        ([50_000, 0, 3, 5], [50_000, 0, 3, 5]),
        ([5, 0, 3, 6], [5, None, None, 6]),
    ],
)
def test_a_dip_is_blanked_until_the_counter_is_back(series: list[float | None], kept: list[float | None]) -> None:
    assert sound(series) == kept


@given(readings)
def test_sound_readings_fall_by_resets_only(series: list[float | None]) -> None:
    kept = [one for one in sound(series) if one is not None]
    assert all(b >= a or a - b >= max(0.01 * a, 10.0) for a, b in pairwise(kept))


@given(readings)
def test_blanking_takes_readings_away_and_changes_none(series: list[float | None]) -> None:
    assert all(after in (None, before) for before, after in zip(series, sound(series), strict=True))


def test_a_step_may_be_what_a_house_connection_carries_and_a_fifth_more() -> None:
    assert limit(3_000, 3_600_000) == pytest.approx(43_500 * 1.2 + 100)


def test_a_big_plant_is_known_by_its_power() -> None:
    assert limit(500_000, 3_600_000) == pytest.approx(500_000 * 1.2 + 100)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [(10, 10, None), (10, 110, None), (10, 111, "implausible"), (10, 9, "reset"), (10_000, 0, "reset")],
)
def test_what_is_wrong_with_a_step(before: float, after: float, reason: str | None) -> None:
    found = fault("pv.energy", 7, before, after, 100.0)
    assert found == (Fault("pv.energy", 7, before, after, reason) if reason else None)
