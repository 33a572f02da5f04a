"""The recorded house against an independent trapezoid over the same file."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from heliobus.recorder.query import Energies, History
from tests.recorder.made import Answer, at, perth, record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INTERVAL = 1.0
GAP = 3000

POWERS: dict[str, Callable[[Answer], float]] = {
    "pv": lambda one: one.pv,
    "import_": lambda one: one.grid,
    "export": lambda one: -one.grid,
    "charge": lambda one: one.charging,
    "discharge": lambda one: -one.charging,
    "load": lambda one: one.house,
}


def trapezoid(answers: list[Answer], power: Callable[[Answer], float]) -> float:
    """Wh of the positive part of a piecewise linear power: where it changes its sign, cut at the zero."""
    total = 0.0
    for one, two in pairwise(answers):
        if two.at - one.at > GAP:
            continue
        corners = [(float(one.at), power(one)), (float(two.at), power(two))]
        (t0, a), (t1, b) = corners
        if a * b < 0:
            corners.insert(1, (t0 + (t1 - t0) * a / (a - b), 0.0))
        for (left, low), (right, high) in pairwise(corners):
            total += max((low + high) / 2, 0.0) * (right - left) / 3_600_000
    return total


def covered(answers: list[Answer]) -> float:
    return sum(two.at - one.at for one, two in pairwise(answers) if two.at - one.at <= GAP) / 1000


@pytest.fixture(scope="module")
def answers(shared: Path) -> list[Answer]:
    return perth(shared)


@pytest.fixture(scope="module")
def history(answers: list[Answer], tmp_path_factory: pytest.TempPathFactory) -> History:
    path = tmp_path_factory.mktemp("perth") / "heliobus.db"
    record(path, (one.snapshot() for one in answers), timezone="Australia/Perth", interval=INTERVAL)
    return History(path)


@pytest.fixture(scope="module")
def year(history: History, answers: list[Answer]) -> Energies:
    (bucket,) = history.energy(at(answers[0].at / 1000), at(answers[-1].at / 1000), by="year")
    return bucket.systems["roof"]


@pytest.mark.parametrize("name", POWERS)
def test_an_energy_is_that_of_the_trapezoid(name: str, year: Energies, answers: list[Answer]) -> None:
    truth = trapezoid(answers, POWERS[name])
    assert getattr(year, name) == pytest.approx(truth, rel=1e-3, abs=0.1)


@pytest.mark.parametrize("by", ["15min", "day", "month"])
@pytest.mark.parametrize("name", POWERS)
def test_shorter_spans_add_up_to_it_exactly(
    name: str, by: str, history: History, year: Energies, answers: list[Answer]
) -> None:
    span = at(answers[0].at / 1000), at(answers[-1].at / 1000 + 1)
    parts = [getattr(bucket.systems["roof"], name) for bucket in history.energy(*span, by=by)]
    assert round(sum(part for part in parts if part is not None), 3) == getattr(year, name)


def test_gaps_are_uncovered_time(history: History, answers: list[Answer]) -> None:
    buckets = history.energy(at(answers[0].at / 1000), at(answers[-1].at / 1000 + 1), by="day")
    total = sum(bucket.systems["roof"].coverage * (bucket.end - bucket.start).total_seconds() for bucket in buckets)
    assert total == pytest.approx(covered(answers), abs=0.5 * 10)  # whole seconds in each of ten buckets


def test_nothing_is_known_of_the_days_between(history: History) -> None:
    buckets = history.energy(at(1601395200), at(1601395200 + 3 * 86400), by="day")
    assert [bucket.systems["roof"] for bucket in buckets] == [Energies()] * len(buckets)


def test_the_chart_of_the_day_shows_the_gap_as_a_gap(history: History, answers: list[Answer]) -> None:
    start = at(answers[0].at / 1000).replace(minute=0, second=0, microsecond=0)
    chart = history.history(start, start + timedelta(hours=4), channels=["roof/grid.power"])
    assert chart.step == 60
    assert len(chart.t) == 240
    gap = range(60 + 30, 60 + 120)  # 7:30 to 9:30: the recording paused from 7:10 to 9:57
    assert {chart.columns["roof/grid.power"][cell] for cell in gap} == {None}
    assert {chart.coverage[cell] for cell in gap} == {0.0}
