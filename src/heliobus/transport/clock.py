"""Time as a parameter.

Everything in heliobus that waits, times out or stamps a value takes a ``Clock``, so that tests and the demo run
on simulated time and no test sleeps.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a component may know about time."""

    def now(self) -> datetime:
        """Give the wall time, UTC and aware; it may jump."""
        ...

    def monotonic(self) -> float:
        """Give seconds from an arbitrary start; never falls.  Use it for every duration."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait ``seconds`` of this clock's time; zero or less yields once."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0))


SYSTEM_CLOCK = SystemClock()
