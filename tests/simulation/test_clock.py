from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from heliobus.errors import UsageError
from heliobus.simulation.clock import FrozenClock, ManualClock, PatientClock, SimulatedClock

NOON = datetime(2025, 6, 21, 12, tzinfo=UTC)


class Late(ManualClock):
    """Of a machine that stood still."""

    late = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.late


async def test_a_simulated_clock_runs_at_its_speed() -> None:
    base = ManualClock(NOON)
    await base.advance(1000)
    clock = SimulatedClock(NOON, speed=60, base=base)
    assert (clock.now(), clock.monotonic()) == (NOON, 0)

    task = asyncio.ensure_future(clock.sleep(120))
    await base.advance(1.9)
    assert not task.done()
    await base.advance(0.1)
    assert task.done()
    assert clock.now() == NOON + timedelta(minutes=2)
    assert clock.monotonic() == pytest.approx(120)


async def test_a_simulated_clock_ignores_jumps_of_its_base() -> None:
    base = ManualClock(NOON)
    clock = SimulatedClock(NOON, base=base)
    base.jump(3600)
    assert clock.now() == NOON


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_clock_must_run_forwards(speed: float) -> None:
    with pytest.raises(UsageError, match="speed"):
        SimulatedClock(NOON, speed=speed)


async def test_a_patient_clock_waits_for_who_is_at_work() -> None:
    base = ManualClock(NOON)
    clock = PatientClock(NOON, speed=1000, base=base)
    answer = asyncio.Event()
    woken: list[float] = []

    async def poll() -> None:
        await clock.sleep(100)
        await answer.wait()

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(clock.monotonic())

    task = asyncio.ensure_future(poll())
    other = asyncio.ensure_future(sleep(500))
    await base.advance(0.09)
    assert clock.monotonic() == pytest.approx(90)
    await base.advance(2.01)
    assert clock.monotonic() == pytest.approx(102), "as fast as the base while the answer is awaited"
    answer.set()
    await base.run_until_idle()
    assert task.done()
    assert other.done()
    assert woken == [500]
    assert clock.monotonic() == pytest.approx(2100), "who is done is not waited for"


async def test_a_patient_clock_makes_good_what_work_has_cost() -> None:
    base = ManualClock(NOON)
    clock = PatientClock(NOON, speed=1000, base=base)
    woken: list[float] = []

    async def poll() -> None:
        while True:
            await clock.sleep(100)
            woken.append(clock.monotonic())
            await base.sleep(0.03 if len(woken) <= 10 else 2.0)

    task = asyncio.ensure_future(poll())
    await base.advance(0.4)
    assert woken == pytest.approx([100 * beat + 0.03 * (beat - 1) for beat in (1, 2, 3)])
    await base.advance(9.6)
    assert woken[9] == pytest.approx(1000.27)
    assert clock.monotonic() <= 10_000
    task.cancel()
    await base.run_until_idle()
    assert clock.monotonic() == pytest.approx(10_000), "never further than the speed alone would bring it"


@pytest.mark.parametrize(("stood", "owed"), [(10, 10), (3600, 60)])
async def test_a_patient_clock_forgets_what_is_owed_for_long(stood: float, owed: float) -> None:
    base = Late(NOON)
    clock = PatientClock(NOON, speed=1000, base=base)
    task = asyncio.ensure_future(clock.sleep(10))
    await base.advance(0.005)
    base.late = stood
    await base.advance(0.005)
    assert task.done()
    assert clock.monotonic() == pytest.approx(10 + 1000 * owed)


async def test_a_patient_clock_never_passes_a_sleeper() -> None:
    base = Late(NOON)
    clock = PatientClock(NOON, speed=1000, base=base)
    task = asyncio.ensure_future(clock.sleep(10))
    gone = asyncio.ensure_future(clock.sleep(5))
    await base.run_until_idle()
    gone.cancel()
    await base.run_until_idle()
    base.late = 3600  # no timer has come yet
    assert clock.monotonic() == 5
    await base.advance(0.1)
    assert task.done()


async def test_a_patient_clock_never_falls() -> None:
    base = ManualClock(NOON)
    clock = PatientClock(NOON, speed=60.1, base=base, at_work=60.1)
    seen = [clock.monotonic()]

    async def poll() -> None:
        while True:
            await clock.sleep(0.7)
            seen.append(clock.monotonic())
            await base.sleep(0.0033)
            seen.append(clock.monotonic())

    task = asyncio.ensure_future(poll())
    for _ in range(300):
        await base.advance(0.0071)
        seen.append(clock.monotonic())
    assert seen == sorted(seen)
    task.cancel()


async def test_a_patient_clock_owes_nothing_after_a_change_of_speed() -> None:
    base = ManualClock(NOON)
    clock = PatientClock(NOON, speed=1000, base=base)

    async def poll() -> None:
        await clock.sleep(100)
        await base.sleep(10)
        await clock.sleep(1000)

    task = asyncio.ensure_future(poll())
    await base.advance(5.1)
    assert clock.monotonic() == pytest.approx(105)
    clock.run_at(2)
    await base.advance(10)
    assert clock.monotonic() == pytest.approx(125)
    assert not task.done()
    task.cancel()


async def test_a_patient_clock_gives_up_on_who_waits_for_something_else() -> None:
    base = ManualClock(NOON)
    clock = PatientClock(NOON, speed=10, base=base)

    async def wait() -> None:
        await clock.sleep(1)
        await asyncio.Event().wait()

    stuck = asyncio.ensure_future(wait())
    other = asyncio.ensure_future(clock.sleep(1 + 61 + 100))
    await base.advance(0.1 + 61)
    before = clock.monotonic()
    clock.run_at(10)
    await base.advance(5)
    assert clock.monotonic() == pytest.approx(before + 50)
    stuck.cancel()
    other.cancel()


async def test_a_frozen_clock_stands_still_but_waits_end() -> None:
    base = ManualClock(NOON)
    clock = FrozenClock(NOON.astimezone(timezone(timedelta(hours=2))), base=base)
    task = asyncio.ensure_future(clock.sleep(5))
    await base.advance(5)
    assert task.done()
    assert clock.monotonic() == 5
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_times_need_a_zone() -> None:
    for make in (SimulatedClock, FrozenClock, ManualClock):
        with pytest.raises(UsageError, match="no time zone"):
            make(datetime(2025, 6, 21))  # noqa: DTZ001


async def test_sleepers_wake_in_order_each_at_its_moment() -> None:
    clock = ManualClock(NOON)
    seen: list[tuple[str, float]] = []

    async def tick(name: str, period: float, times: int) -> None:
        for _ in range(times):
            await clock.sleep(period)
            seen.append((name, clock.monotonic()))

    tasks = [asyncio.ensure_future(tick("slow", 3, 2)), asyncio.ensure_future(tick("quick", 2, 3))]
    await clock.advance(5)
    assert seen == [("quick", 2), ("slow", 3), ("quick", 4)]
    await clock.advance(10)
    assert seen[3:] == [("slow", 6), ("quick", 6)]
    assert clock.now() == NOON + timedelta(seconds=15)
    await asyncio.gather(*tasks)


async def test_no_wait_yields_once() -> None:
    clock = ManualClock(NOON)
    async with asyncio.timeout(5):
        await clock.sleep(0)
        await clock.sleep(-1)
    assert clock.sleeping == 0


async def test_a_cancelled_sleeper_is_gone() -> None:
    clock = ManualClock(NOON)
    task = asyncio.ensure_future(clock.sleep(1))
    await clock.until_asleep()
    task.cancel()
    await clock.run_until_idle()
    assert clock.sleeping == 0
    await clock.advance(2)
    assert task.cancelled()


async def test_waits_for_sleepers_that_come_later() -> None:
    clock = ManualClock(NOON)
    loop = asyncio.get_running_loop()
    tasks: list[asyncio.Task[None]] = []
    for delay in (0.01, 0.02):
        loop.call_later(delay, lambda: tasks.append(asyncio.ensure_future(clock.sleep(1))))
    async with asyncio.timeout(5):
        await clock.until_asleep(2)
    await clock.advance(1)
    assert all(task.done() for task in tasks)


async def test_a_jump_moves_the_wall_time_only() -> None:
    clock = ManualClock(NOON)
    task = asyncio.ensure_future(clock.sleep(10))
    await clock.run_until_idle()
    clock.jump(-3600)
    assert clock.now() == NOON - timedelta(hours=1)
    assert clock.monotonic() == 0
    await clock.advance(9)
    assert not task.done()
    await clock.advance(1)
    assert task.done()
