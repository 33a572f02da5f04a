from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import AuthenticationError, Unreachable
from heliobus.model import fields
from heliobus.model.quality import Quality
from heliobus.service.health import Health, State, stale
from tests.service.scripted import NOON, SUNNY

if TYPE_CHECKING:
    from heliobus.model.snapshot import Snapshot
    from heliobus.simulation.clock import ManualClock


def health(clock: ManualClock, interval: float = 10.0) -> Health:
    return Health(name="roof", site="home", vendor="scripted", url="scripted://roof", interval=interval, clock=clock)


def answered(roof: Health, snapshot: Snapshot, *, latency: float = 0.1) -> None:
    roof.succeeded(snapshot, latency=latency, interval=roof.status().interval_s)


@pytest.mark.parametrize(
    ("interval", "age", "state", "since"),
    [
        (10, 0, "ok", 0),
        (10, 30, "ok", 0),
        (10, 31, "late", 30),
        (10, 300, "late", 30),
        (10, 301, "lost", 300),
        (300, 900, "ok", 0),
        (300, 901, "late", 900),
        (300, 1201, "lost", 1200),
    ],
)
async def test_age_makes_late_and_lost(
    clock: ManualClock, interval: float, age: float, state: State, since: float
) -> None:
    roof = health(clock, interval)
    answered(roof, SUNNY)
    await clock.advance(age)
    status = roof.status()
    assert (status.status, status.since, status.age_s) == (state, NOON + timedelta(seconds=since), age)


async def test_a_slower_way_that_took_over_is_not_late_at_its_own_pace(clock: ManualClock) -> None:
    roof = health(clock)
    roof.succeeded(SUNNY, latency=0.1, interval=300)
    await clock.advance(899)
    assert (roof.state, roof.status().interval_s) == ("ok", 300)
    roof.succeeded(SUNNY, latency=0.1, interval=10)
    await clock.advance(31)
    assert (roof.state, roof.status().interval_s) == ("late", 10)


async def test_what_is_late_or_lost_is_stale_and_never_zero(clock: ManualClock) -> None:
    roof = health(clock)
    answered(roof, SUNNY)
    assert roof.status().snapshot is SUNNY
    for seconds in (31, 600):
        await clock.advance(seconds)
        snapshot = roof.status().snapshot
        assert snapshot is not None
        assert snapshot.pv.power == 4000.0
        assert {snapshot.quality_of(value.path) for value in fields.walk(snapshot)} == {Quality.STALE}


def test_stale_makes_nothing_better() -> None:
    doubtful = replace(SUNNY, quality={"pv.power": Quality.SUSPECT, "grid.frequency": Quality.MISSING})
    aged = stale(doubtful)
    assert aged.quality_of("pv.power") is Quality.SUSPECT
    assert aged.quality_of("grid.power") is Quality.STALE
    assert aged.quality_of("battery.soc") is Quality.STALE
    assert aged.quality_of("grid.frequency") is Quality.MISSING


async def test_never_answered_is_connecting_and_then_lost(clock: ManualClock) -> None:
    roof = health(clock)
    assert (roof.status().status, roof.status().age_s, roof.status().success_24h) == ("connecting", None, None)
    await clock.advance(290)
    roof.failed(Unreachable("cannot connect\nto it"))
    assert (roof.status().status, roof.status().error) == ("connecting", "cannot connect to it")
    await clock.advance(11)
    status = roof.status()
    assert (status.status, status.snapshot, status.age_s) == ("lost", None, None)
    assert status.since == NOON + timedelta(seconds=300)


async def test_an_error_stands_until_the_next_good_answer(clock: ManualClock) -> None:
    roof = health(clock)
    answered(roof, SUNNY)
    roof.failed(AuthenticationError("the password is wrong"))
    status = roof.status()
    assert (status.status, status.error, status.remedy) == (
        "ok",
        "the password is wrong",
        AuthenticationError.default_remedy,
    )
    answered(roof, SUNNY)
    assert (roof.status().error, roof.status().remedy) == (None, None)


async def test_since_says_when_it_came_back(clock: ManualClock) -> None:
    roof = health(clock)
    answered(roof, SUNNY)
    await clock.advance(100)
    answered(roof, SUNNY)
    back = clock.now()
    await clock.advance(10)
    answered(roof, SUNNY)
    assert roof.status().since == back


async def test_counts_and_latencies(clock: ManualClock) -> None:
    roof = health(clock)
    for number in range(100):
        answered(roof, SUNNY, latency=number / 100)
        if number % 4 == 0:
            roof.failed(Unreachable("no"))
        await clock.advance(10)
    status = roof.status()
    assert (status.polls, status.failures, status.success_24h) == (125, 25, 0.8)
    assert (status.latency_p50_s, status.latency_p95_s) == (0.5, 0.95)


async def test_answers_by_quarters_of_an_hour(clock: ManualClock) -> None:
    roof = health(clock)
    assert roof.status().answers_24h == (None,) * 96
    answered(roof, SUNNY)
    roof.failed(Unreachable("no"))
    await clock.advance(3600)
    roof.failed(Unreachable("no"))
    assert roof.status().answers_24h == (None,) * 91 + (0.5, None, None, None, 0.0)
    await clock.advance(86_400 - 3600)
    assert roof.status().answers_24h == (None, None, None, 0.0) + (None,) * 92


async def test_success_is_of_the_last_day_only(clock: ManualClock) -> None:
    roof = health(clock)
    for _ in range(50):
        roof.failed(Unreachable("no"))
    await clock.advance(86_400 + 900)
    assert roof.status().success_24h is None
    answered(roof, SUNNY)
    assert roof.status().success_24h == 1.0
    assert roof.status().failures == 50


async def test_a_jump_of_the_wall_clock_makes_nothing_old(clock: ManualClock) -> None:
    roof = health(clock)
    answered(roof, SUNNY)
    clock.jump(365 * 86_400)
    assert (roof.status().status, roof.status().age_s) == ("ok", 0.0)
    clock.jump(-730 * 86_400)
    assert (roof.status().status, roof.status().age_s) == ("ok", 0.0)
