from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.model.quality import Quality
from heliobus.recorder.counters import Fault
from heliobus.recorder.energy import NOWHERE, Origin, Totals, add_up, positive_area, roll_up
from heliobus.recorder.layout import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

GAP = 30_000
HOUR = 3_600_000
watts = st.floats(-20_000, 20_000, allow_subnormal=False)


def row(seconds: float, values: Mapping[str, float], **doubts: Quality) -> Row:
    return Row(round(seconds * 1000), GAP, dict(values), {path.replace("__", "."): one for path, one in doubts.items()})


def totals(rows: list[Row], start: float = 0) -> Totals:
    found = roll_up(rows, round(start * 1000))
    assert found is not None
    return found[0]


def faults(rows: list[Row]) -> tuple[Fault, ...]:
    found = roll_up(rows, 0)
    assert found is not None
    return found[1]


def steps(path: str, *values: float | None, every: float = 10, watts: float | None = None) -> list[Row]:
    known: dict[str, float] = {} if watts is None else {"pv.power": watts}
    return [
        row(index * every, known if value is None else {**known, path: value}) for index, value in enumerate(values)
    ]


# -- areas


@given(a=watts, b=watts, duration=st.integers(1, 100_000))
def test_the_positive_and_the_negative_area_make_the_whole(a: float, b: float, duration: int) -> None:
    parts = positive_area(a, b, duration) - positive_area(-a, -b, duration)
    assert parts == pytest.approx((a + b) / 2 * duration, rel=1e-9, abs=1e-6)


@given(a=watts, b=watts)
def test_the_positive_area_is_that_of_many_small_rectangles(a: float, b: float) -> None:
    count = 2000
    fine = sum(max(a + (b - a) * (index + 0.5) / count, 0.0) for index in range(count)) / count
    assert positive_area(a, b, 1.0) == pytest.approx(fine, abs=abs(b - a) / count + 1e-6)


# -- intervals


def test_the_interval_belongs_to_the_bucket_of_its_later_sample() -> None:
    rows = [row(890, {"pv.power": 3600.0}), row(910, {"pv.power": 3600.0})]
    assert totals(rows[:1], 0).pv is None
    assert totals(rows, 900).pv == 20_000  # 20 s of 3600 W in mWh
    assert totals(rows, 900).cover_s == 20


def test_a_bucket_without_a_sample_is_none() -> None:
    assert roll_up([], 0) is None
    assert roll_up([row(10, {"pv.power": 1.0})], 900_000) is None


@pytest.mark.parametrize(("seconds", "covered"), [(30, 30), (30.001, 0)])
def test_an_interval_longer_than_three_polls_is_a_gap(seconds: float, covered: int) -> None:
    found = totals([row(0, {"pv.power": 1000.0}), row(seconds, {"pv.power": 1000.0})])
    assert found.cover_s == covered
    assert (found.pv is None) == (covered == 0)


def test_directions_are_kept_apart() -> None:
    rows = [row(0, {"grid.power": 1000.0, "battery.power": -500.0})]
    rows += [row(20, {"grid.power": -1000.0, "battery.power": 500.0})]
    found = totals(rows)
    assert (found.imp, found.exp) == (1389, 1389)  # 10 s of a triangle with 1000 W, in mWh
    assert (found.chg, found.dis) == (694, 694)
    assert found.src == Origin.INTEGRATED


def test_a_missing_value_uncovers_its_own_quantity() -> None:
    rows = [row(0, {"pv.power": 100.0, "load.power": 100.0}), row(10, {"load.power": 100.0})]
    found = totals([*rows, row(20, {"pv.power": 100.0, "load.power": 100.0})])
    assert found.pv is None
    assert found.load == 556
    assert found.cover_s == 20


def test_coverage_is_that_of_the_worst_quantity_known() -> None:
    rows = [row(at, {"pv.power": 100.0, "load.power": 100.0}) for at in (0, 10)] + [row(20, {"load.power": 100.0})]
    assert totals(rows).cover_s == 10


@pytest.mark.parametrize("quality", [one for one in Quality if not one.counts])
def test_what_does_not_count_is_kept_out_of_totals(quality: Quality) -> None:
    rows = [row(0, {"pv.power": 100.0}), row(10, {"pv.power": 9e6}, pv__power=quality), row(20, {"pv.power": 100.0})]
    found = totals(rows)
    assert found.pv is None
    assert found.pv_peak == 100_000


def test_wallboxes_add_up_and_a_silent_one_makes_the_sum_unknown() -> None:
    both = {"wallboxes.1.power": 3600.0, "wallboxes.2.power": 7200.0}
    assert totals([row(0, both), row(10, both)]).ev == 30_000
    assert totals([row(0, both), row(10, both), row(20, {"wallboxes.1.power": 3600.0})]).cover_s == 10


def test_no_wallbox_is_no_zero() -> None:
    assert totals([row(0, {"pv.power": 1.0}), row(10, {"pv.power": 1.0})]).ev is None


def test_peak_and_soc_are_those_of_the_bucket() -> None:
    rows = [row(-10, {"pv.power": 9000.0, "battery.soc": 5.0}), row(0, {"pv.power": 4000.5, "battery.soc": 50.1})]
    found = totals([*rows, row(10, {"pv.power": 10.0, "battery.soc": 49.9})])
    assert (found.pv_peak, found.soc_min, found.soc_max) == (4_000_500, 49_900, 50_100)


@given(powers=st.lists(st.integers(-5000, 5000), min_size=2, max_size=60))
def test_energies_round_once_per_bucket(powers: list[int]) -> None:
    rows = [row(index * 7, {"grid.power": float(power)}) for index, power in enumerate(powers)]
    exact = sum(positive_area(a, b, 7) for a, b in pairwise(powers)) / 3.6
    assert abs((totals(rows).imp or 0) - exact) <= 0.5 + 1e-6


# -- counters


def test_a_counter_goes_before_the_integral() -> None:
    found = totals(steps("pv.energy", 1000, 1002, 1005, watts=3600.0))
    assert (found.pv, found.src) == (5000, Origin.METER)


def test_a_counter_bridges_a_gap_without_covering_it() -> None:
    found = totals(steps("pv.energy", 1000, 1500, every=600))
    assert (found.pv, found.cover_s) == (500_000, 0)


def test_without_one_reading_the_power_is_integrated() -> None:
    found = totals(steps("pv.energy", 1000, None, 1030, 1040, watts=3600.0))
    assert (found.pv, found.src) == (30_000, Origin.METER | Origin.INTEGRATED)  # 10 + 10 integrated, 10 counted


def test_a_reset_adds_nothing_and_is_told() -> None:
    rows = steps("pv.energy", 5000, 5010, 0, 10)
    assert totals(rows).pv == 20_000
    assert faults(rows) == (Fault("pv.energy", 20_000, 5010.0, 0.0, "reset"),)


def test_the_interval_of_a_reset_is_integrated() -> None:
    assert totals(steps("pv.energy", 5000, 5010, 0, 10, watts=3600.0)).pv == 30_000


def test_a_dip_is_neither_told_nor_counted() -> None:
    rows = steps("pv.energy", 5000, 4995, 5002, 5003)
    assert totals(rows).pv == 1000
    assert faults(rows) == ()


def test_a_counter_that_returns_from_zero_counts_nothing() -> None:
    rows = steps("pv.energy", 5_000_000, 0, 5_000_000, 5_000_001)
    assert totals(rows).pv == 1000
    assert [one.reason for one in faults(rows)] == ["reset", "implausible"]


counter = st.lists(st.one_of(st.none(), st.integers(0, 100_000)), min_size=1, max_size=40)


@given(counter)
def test_a_ledger_never_falls_and_never_counts_more_than_the_counter_rose(series: list[float | None]) -> None:
    counted = totals(steps("pv.energy", *series)).pv
    rises = sum(max(b - a, 0) for a, b in pairwise(series) if a is not None and b is not None)
    assert counted is None or 0 <= counted <= rises * 1000


@given(st.lists(st.integers(0, 200), min_size=2, max_size=40))
def test_a_sound_counter_is_counted_to_the_last_wh(gains: list[int]) -> None:
    series = [float(sum(gains[: index + 1])) for index in range(len(gains))]
    assert totals(steps("pv.energy", *series)).pv == (series[-1] - series[0]) * 1000


# -- longer spans


def test_buckets_add_up() -> None:
    one = Totals(pv=10, soc_min=5, soc_max=9, pv_peak=7, cover_s=900, src=Origin.METER)
    two = Totals(pv=20, soc_min=3, soc_max=8, cover_s=450, src=Origin.INTEGRATED)
    assert add_up([one, two]) == Totals(
        pv=30, soc_min=3, soc_max=9, pv_peak=7, cover_s=1350, src=Origin.METER | Origin.INTEGRATED
    )


@pytest.mark.parametrize("of_one_day", [True, False])
def test_what_lacks_an_energy_that_is_known_before_does_not_count_as_covered(*, of_one_day: bool) -> None:
    found = add_up([Totals(pv=10, load=5, cover_s=900), Totals(load=5, cover_s=900)], of_one_day=of_one_day)
    assert (found.pv, found.load, found.cover_s) == (10, 10, 900)


@pytest.mark.parametrize(("of_one_day", "covered"), [(True, 900), (False, 1800)])
def test_a_wallbox_that_came_later_uncovers_its_first_day_only(*, of_one_day: bool, covered: int) -> None:
    rows = [Totals(load=5, cover_s=900), Totals(load=5, ev=10, cover_s=900)]
    assert add_up(rows, of_one_day=of_one_day).cover_s == covered


def test_nothing_adds_up_to_nothing_known() -> None:
    assert add_up([Totals(), Totals()]) == Totals(src=NOWHERE)
