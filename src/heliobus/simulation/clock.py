"""Clocks for simulated time; each fulfils ``heliobus.transport.clock.Clock``."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count
from math import inf
from typing import Any, NamedTuple
from weakref import WeakSet

from heliobus.errors import UsageError
from heliobus.simulation.state import require_aware
from heliobus.transport.clock import SYSTEM_CLOCK, Clock


class SimulatedClock:
    """Shows ``start`` now and runs ``speed`` times as fast as ``base``; raises UsageError unless speed is above 0."""

    def __init__(self, start: datetime, *, speed: float = 1.0, base: Clock = SYSTEM_CLOCK) -> None:
        if not speed > 0:
            raise UsageError(f"a clock cannot run at speed {speed}")
        self._start = require_aware(start).astimezone(UTC)
        self._speed = speed
        self._base = base
        self._origin = base.monotonic()
        self._passed = 0.0

    @property
    def speed(self) -> float:
        """Seconds of this clock in a second of its base."""
        return self._speed

    def run_at(self, speed: float) -> None:
        """Go on from now at another speed; who sleeps already wakes as planned at the old one."""
        self._passed, self._origin = self.monotonic(), self._base.monotonic()
        self._speed = speed

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return self._passed + (self._base.monotonic() - self._origin) * self._speed

    async def sleep(self, seconds: float) -> None:
        await self._base.sleep(seconds / self._speed)


class _Sleeper(NamedTuple):
    """Who wants to be woken when; ``order`` decides between two of one moment."""

    moment: float
    order: int
    waiter: asyncio.Future[None]
    task: asyncio.Task[Any] | None


class PatientClock(SimulatedClock):
    """Runs ahead only while everybody waits for it, so that a slow machine makes a day longer and no poorer.

    A task that it has woken is at work until it sleeps again or is done; so long it runs no faster than ``at_work``
    seconds in one of ``base``.  With 1 deadlines of ``base`` mean what they say.  What that costs is made good while
    nobody is at work: it goes straight from sleeper to sleeper until it is where ``speed`` alone would have brought it,
    never beyond.  It never passes a moment at which somebody wants to be woken.  One event loop only.
    """

    # Seconds of the base after which somebody at work is taken to wait for something else than an answer.
    _PATIENCE = 60.0
    # Seconds of the base that are made good at most: a machine that stood still for an hour need not hurry for it.
    _DEBT = 60.0

    def __init__(
        self, start: datetime, *, speed: float = 1.0, base: Clock = SYSTEM_CLOCK, at_work: float = 1.0
    ) -> None:
        super().__init__(start, speed=speed, base=base)
        self._at_work = at_work
        self._busy = False
        # What speed alone would bring: from this time of this clock at that time of the base on.
        self._plan = self._passed, self._origin
        self._order = count()
        self._sleepers: list[_Sleeper] = []
        self._working: dict[asyncio.Task[Any], float] = {}
        self._met: WeakSet[asyncio.Task[Any]] = WeakSet()
        self._alarm: asyncio.Task[None] | None = None

    def run_at(self, speed: float) -> None:
        self._stand()
        self._plan = self._passed, self._origin
        self._speed = speed
        self._go_on()

    def monotonic(self) -> float:
        now = self._base.monotonic()
        if self._busy:
            passed = self._passed + (now - self._origin) * self._slowly
        else:
            passed = max(self._passed, self._planned(now))
        return min(passed, self._sleepers[0].moment) if self._sleepers else passed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        task = asyncio.current_task()
        sleeper = _Sleeper(self.monotonic() + seconds, next(self._order), asyncio.Future(), task)
        self._stand()
        heapq.heappush(self._sleepers, sleeper)
        if task is not None:
            self._working.pop(task, None)
        self._go_on()
        await sleeper.waiter

    @property
    def _slowly(self) -> float:
        return min(self._speed, self._at_work)

    def _planned(self, now: float) -> float:
        """Give what it would be here at a time of the base if nobody had ever been at work."""
        return self._plan[0] + (now - self._plan[1]) * self._speed

    def _stand(self) -> None:
        """Keep the time that is now; from here on another rate may hold."""
        self._passed, self._origin = self.monotonic(), self._base.monotonic()
        most = self._passed + self._DEBT * self._speed
        if self._planned(self._origin) > most:
            self._plan = most, self._origin

    def _go_on(self) -> None:
        """See who is at work, and set the alarm for the next sleeper."""
        while self._sleepers and self._sleepers[0].waiter.done():  # cancelled
            heapq.heappop(self._sleepers)
        latest = self._origin - self._PATIENCE
        self._busy = any(since > latest for since in self._working.values())
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._sleepers:
            self._alarm = asyncio.ensure_future(self._wake(self._sleepers[0].moment))

    def _until(self, moment: float) -> float:
        """Give the seconds of the base until it is that late here, as things stand; 0 or less is now."""
        if self._busy:
            return (moment - self._passed) / self._slowly
        return (moment - self._planned(self._origin)) / self._speed

    async def _wake(self, moment: float) -> None:
        await self._base.sleep(self._until(moment))
        self._alarm = None
        self._stand()
        self._passed = max(self._passed, moment)  # rounding must not keep it from coming
        while self._sleepers and self._sleepers[0].moment <= self._passed:
            _, _, waiter, task = heapq.heappop(self._sleepers)
            if not waiter.done():
                waiter.set_result(None)
                self._employ(task)
        self._go_on()

    def _employ(self, task: asyncio.Task[Any] | None) -> None:
        if task is None:
            return
        self._working[task] = self._origin
        if task not in self._met:
            self._met.add(task)
            task.add_done_callback(self._dismiss)

    def _dismiss(self, task: asyncio.Task[Any]) -> None:
        if self._working.pop(task, None) is not None:
            self._stand()
            self._go_on()


class FrozenClock:
    """Always shows ``at``; durations and waits follow ``base``, so that timeouts still work."""

    def __init__(self, at: datetime, *, base: Clock = SYSTEM_CLOCK) -> None:
        self._at = require_aware(at).astimezone(UTC)
        self._base = base

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return self._base.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._base.sleep(seconds)


class ManualClock:
    """Stands still until a test moves it; one event loop only."""

    # A chain of tasks that wake one another takes a turn of the loop per link.
    _TURNS = 50

    def __init__(self, start: datetime) -> None:
        self._wall = require_aware(start).astimezone(UTC)
        self._monotonic = 0.0
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._arrival = asyncio.Event()

    def now(self) -> datetime:
        return self._wall + timedelta(seconds=self._monotonic)

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._monotonic + seconds, next(self._order), waiter))
        self._arrival.set()
        await waiter

    @property
    def sleeping(self) -> int:
        """How many sleep now."""
        return sum(not waiter.done() for _, _, waiter in self._sleepers)

    @property
    def until_next(self) -> float:
        """Seconds until the next sleeper wakes; infinite when nobody sleeps."""
        return min((moment for moment, _, waiter in self._sleepers if not waiter.done()), default=inf) - self._monotonic

    async def advance(self, seconds: float) -> None:
        """Let time pass: wake each sleeper at its moment, in order, and let what it starts run before the next."""
        await self.run_until_idle()
        target = self._monotonic + seconds
        while self._sleepers and self._sleepers[0][0] <= target:
            moment, _, waiter = heapq.heappop(self._sleepers)
            if waiter.done():  # cancelled
                continue
            self._monotonic = moment
            waiter.set_result(None)
            await self.run_until_idle()
        self._monotonic = target
        await self.run_until_idle()

    async def run_until_idle(self) -> None:
        """Let tasks run that wait for nothing but one another (sockets and threads: see ``until_asleep``)."""
        for _ in range(self._TURNS):
            await asyncio.sleep(0)

    async def until_asleep(self, sleepers: int = 1) -> None:
        """Wait, in real time, until that many sleep: what they did before may have gone over sockets."""
        while self.sleeping < sleepers:
            self._arrival.clear()
            await self._arrival.wait()

    def jump(self, seconds: float) -> None:
        """Move the wall time only, forwards or backwards, as a time server or an owner does."""
        self._wall += timedelta(seconds=seconds)
