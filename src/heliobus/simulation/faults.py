"""Faults as scripts: what goes wrong with a simulated device, when, and for how long.

A fault is known by its name: a word of ``chaos`` (``latency=200ms``), ``router-away`` (nobody answers at the address),
or one of the device's own ``FAULTS``.  As text it is ``NAME[@TIME][+DURATION]``::

    cut-frame                       from the start on
    cut-frame@10min                 ten minutes after the start
    router-away@10min+20min         ... for twenty minutes
    wire-flips@2026-06-21T12:00Z+1h  at a time; without a zone it is UTC
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from heliobus.errors import UsageError
from heliobus.simulation.chaos import Toxics, is_toxic
from heliobus.simulation.state import require_aware

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heliobus.simulation.chaos import Chaos
    from heliobus.transport.clock import Clock
    from heliobus.vendor import Simulator

ROUTER_AWAY = "router-away"
"""Nobody listens at the device's address; open connections end."""

_AMOUNT = r"\d+(?:\.\d+)?(?:ms|s|min|h|d)"
_FAULT = re.compile(rf"(?P<name>[^@+]+)(?:@(?P<at>.+?))?(?:\+(?P<duration>{_AMOUNT}))?", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_FORM = "Write NAME, NAME@TIME, NAME+DURATION or NAME@TIME+DURATION, for example router-away@10min+20min."
_LOOK = 300.0
"""Seconds after which a wait looks at the clock again, whose speed may have changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong ``at`` a time, or so long after the start, for ``duration`` (None: for good).

    Raises UsageError on a time without a zone, and on lengths that are not above zero.
    """

    name: str
    at: datetime | timedelta = timedelta(0)
    duration: timedelta | None = None

    def __post_init__(self) -> None:
        if isinstance(self.at, datetime):
            require_aware(self.at)
        elif self.at < timedelta(0):
            raise UsageError(f"the fault {self.name!r} cannot come before the start")
        if self.duration is not None and self.duration <= timedelta(0):
            raise UsageError(f"the fault {self.name!r} needs a duration above 0")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``NAME[@TIME][+DURATION]``; raises UsageError."""
        found = _FAULT.fullmatch(text)
        if found is None:
            raise UsageError(f"{text!r} is no fault", remedy=_FORM)
        at, duration = found["at"], found["duration"]
        return cls(
            name=found["name"],
            at=timedelta(0) if at is None else _time(at, text),
            duration=None if duration is None else _length(duration),
        )

    @property
    def always(self) -> bool:
        """Whether it is there from the start to the end."""
        return self.at == timedelta(0) and self.duration is None

    @property
    def of_network(self) -> bool:
        """Whether it needs a proxy before the device."""
        return self.name == ROUTER_AWAY or is_toxic(self.name)


def _length(text: str) -> timedelta:
    number = text.rstrip("dhimns")
    return timedelta(seconds=float(number) * _SECONDS[text.removeprefix(number)])


def _time(text: str, fault: str) -> datetime | timedelta:
    if re.fullmatch(_AMOUNT, text, re.ASCII):
        return _length(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} in {fault!r} is no time", remedy=_FORM) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Script = tuple[Fault, ...]
"""What happens in a run, in any order."""


def script(texts: Iterable[str]) -> Script:
    """Read a fault of each text; raises UsageError."""
    return tuple(Fault.parse(text) for text in texts)


@runtime_checkable
class Changing(Protocol):
    """What a simulated device has besides if some of its faults make it start anew."""

    async def misbehave(self, names: Iterable[str]) -> None:
        """Set ``faults``, and start anew where that takes it."""
        ...


@dataclass(slots=True, kw_only=True)
class Mark:
    """When a fault truly was there, by the clock of the player."""

    name: str
    began: datetime
    ended: datetime | None = None


class Player:
    """Lets faults happen to a ``device``, or on the way to it, on a script or on request.

    The device's faults of the beginning stay.  A fault of the network without a ``proxy`` raises UsageError, and so
    does a name that the device does not know.
    """

    def __init__(self, device: Simulator, *, clock: Clock, proxy: Chaos | None = None) -> None:
        self.marks: list[Mark] = []
        """Everything that happened, the oldest first."""
        self._device = device
        self._clock = clock
        self._proxy = proxy
        self._own = device.faults
        self._toxics = Toxics() if proxy is None else proxy.toxics
        self._applied: tuple[str, ...] = ()
        self._one = asyncio.Lock()

    @property
    def active(self) -> tuple[str, ...]:
        """What is there now because of this player."""
        return tuple(mark.name for mark in self.marks if mark.ended is None)

    async def begin(self, name: str) -> Mark:
        """Let a fault be there from now on."""
        mark = Mark(name=name, began=self._clock.now())
        async with self._one:
            await self._apply((*self.active, name))
            self.marks.append(mark)
        return mark

    async def end(self, mark: Mark) -> None:
        """Let it be over; nothing happens if it is."""
        async with self._one:
            if mark.ended is None:
                mark.ended = self._clock.now()
                await self._apply(self.active)

    async def run(self, faults: Iterable[Fault]) -> None:
        """Play a script from now on to its last change; what has no duration stays."""
        faults = tuple(faults)
        start, now = self._clock.monotonic(), self._clock.now()
        marks: dict[int, Mark] = {}
        for after, begins, index in sorted(_changes(faults, now)):
            await self._until(start + after)
            if begins:
                marks[index] = await self.begin(faults[index].name)
            else:
                await self.end(marks[index])

    async def _until(self, moment: float) -> None:
        while (left := moment - self._clock.monotonic()) > 0:
            await self._clock.sleep(min(left, _LOOK))

    async def _apply(self, names: tuple[str, ...]) -> None:
        faults = [Fault(name=name) for name in names]
        network = [fault.name for fault in faults if fault.of_network]
        if network and self._proxy is None:
            raise UsageError(f"no proxy for the network's fault {network[0]!r}", remedy="Put one before the device.")
        if self._proxy is not None:
            await self._disturb(self._proxy, network)
        own = tuple(fault.name for fault in faults if not fault.of_network)
        if own == self._applied:
            return
        wanted = (*self._own, *own)
        if isinstance(self._device, Changing):
            await self._device.misbehave(wanted)
        else:
            self._device.faults = wanted
        self._applied = own

    async def _disturb(self, proxy: Chaos, names: list[str]) -> None:
        words = [name for name in names if name != ROUTER_AWAY]
        proxy.toxics = Toxics.parse(words) if words else self._toxics
        away = ROUTER_AWAY in names
        if away and proxy.listening:
            await proxy.down()
        elif not away and not proxy.listening:
            await proxy.up()


def _changes(faults: tuple[Fault, ...], now: datetime) -> Iterator[tuple[float, bool, int]]:
    """Seconds after the start, whether the fault begins then, and which; what is over before the start is left out."""
    for index, fault in enumerate(faults):
        after = fault.at if isinstance(fault.at, timedelta) else fault.at - now
        if fault.duration is None:
            yield after.total_seconds(), True, index
        elif after + fault.duration > timedelta(0):
            yield after.total_seconds(), True, index
            yield (after + fault.duration).total_seconds(), False, index
