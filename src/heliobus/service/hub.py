"""The hub: what pollers and gatekeeper publish goes to every subscriber, and none of them can hold it up.

Each subscriber has a bounded queue of its own and says what shall happen when it is slower than the stream:

* ``all`` (recorder): everything in order; beyond ``limit`` the oldest goes and is counted.
* ``latest`` (live views): of each system only the newest reading; events like ``all``.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from heliobus.model.event import Event
    from heliobus.model.snapshot import Snapshot
    from heliobus.service.health import State

Keep = Literal["all", "latest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of one poll that ended at ``at`` (UTC): a snapshot, or the error's line in ``error``.

    ``status`` is the system's state after it (``heliobus.service.health``), ``interval`` the pace in s of the way that
    answered; None: as configured.
    """

    system: str
    at: datetime
    status: State
    snapshot: Snapshot | None = None
    error: str | None = None
    interval: float | None = None


class Hub:
    """Publish and subscribe on one event loop."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    @property
    def subscribers(self) -> int:
        return len(self._subscriptions)

    def publish(self, item: Reading | Event) -> None:
        """Hand ``item`` to every subscriber.  Never waits and never fails."""
        for subscription in self._subscriptions:
            subscription._put(item)  # noqa: SLF001, the two classes are one thing

    def subscribe(self, *, keep: Keep, limit: int = 1000) -> Subscription:
        """Open a subscription; it gets what is published from now on, until it is closed."""
        subscription = Subscription(self, keep=keep, limit=limit)
        self._subscriptions.add(subscription)
        return subscription

    def close(self) -> None:
        """Close every subscription: each reader gets what still waits for it, then its iteration ends."""
        for subscription in tuple(self._subscriptions):
            subscription.close()

    def _forget(self, subscription: Subscription) -> None:
        self._subscriptions.discard(subscription)


class Subscription:
    """An asynchronous iterator over what was published; ``dropped`` counts what the reader was too slow for."""

    def __init__(self, hub: Hub, *, keep: Keep, limit: int) -> None:
        self._hub = hub
        self._keep = keep
        self._limit = limit
        # In order of arrival; a reading that replaces another takes its place, so no system waits for ever.
        self._waiting: OrderedDict[object, Reading | Event] = OrderedDict()
        self._arrived = asyncio.Event()
        self._closed = False
        self.dropped = 0

    def _put(self, item: Reading | Event) -> None:
        key = item.system if self._keep == "latest" and isinstance(item, Reading) else object()
        self.dropped += key in self._waiting
        self._waiting[key] = item
        if len(self._waiting) > self._limit:
            self._waiting.popitem(last=False)
            self.dropped += 1
        self._arrived.set()

    def take(self) -> list[Reading | Event]:
        """Give everything that waits, without waiting."""
        items = list(self._waiting.values())
        self._waiting.clear()
        return items

    def close(self) -> None:
        """End the subscription: what waits can still be read, then the iteration ends."""
        self._hub._forget(self)  # noqa: SLF001
        self._closed = True
        self._arrived.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Reading | Event:
        while not self._waiting:
            if self._closed:
                raise StopAsyncIteration
            self._arrived.clear()
            await self._arrived.wait()
        return self._waiting.popitem(last=False)[1]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
