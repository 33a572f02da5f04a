"""Clocks for simulated time; each fulfils ``heliobus.transport.clock.Clock``."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count
from math import inf

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
