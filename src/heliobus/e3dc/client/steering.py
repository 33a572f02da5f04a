"""Holding a power: SET_POWER lapses within seconds, so it is repeated until its lease ends or it is released."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from heliobus.e3dc.control import NORMAL, REPEAT, set_power
from heliobus.errors import Error

if TYPE_CHECKING:
    from datetime import timedelta

    from heliobus.e3dc.control import Ask
    from heliobus.e3dc.protocol import Item
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)


class Steering:
    """At most one order in force.  Whoever is killed releases it, too: nobody repeats it any more."""

    def __init__(self, ask: Ask, clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._repeating: asyncio.Task[None] | None = None

    @property
    def holds(self) -> bool:
        """Whether an order is in force."""
        return self._repeating is not None and not self._repeating.done()

    def hold(self, order: Item, lease: timedelta | None) -> None:
        """Repeat an order that has just been sent, in place of the one before, for as long as ``lease``."""
        if self._repeating is not None:
            self._repeating.cancel()
        end = None if lease is None else self._clock.monotonic() + lease.total_seconds()
        self._repeating = asyncio.create_task(self._repeat(order, end))

    async def stop(self) -> bool:
        """Repeat no more; tells whether there was something to stop."""
        task, self._repeating = self._repeating, None
        if task is None or task.done():
            return False
        task.cancel()
        await asyncio.wait([task])
        return True

    async def release(self) -> None:
        """Stop, and give the battery back at once; the device does it by itself if that cannot be sent."""
        if await self.stop():
            await self._send(set_power(NORMAL))

    async def _repeat(self, order: Item, end: float | None) -> None:
        while True:
            left = REPEAT if end is None else min(REPEAT, end - self._clock.monotonic())
            await self._clock.sleep(left)
            if end is not None and self._clock.monotonic() >= end:
                _log.info("the lease of %r is over", order)
                await self._send(set_power(NORMAL))
                return
            await self._send(order)

    async def _send(self, order: Item) -> None:
        try:
            await self._ask([order])
        except Error as error:
            _log.warning("%r was not sent: %s", order, error.what())
