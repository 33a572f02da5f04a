"""A vendor of its own distribution whose devices do what a test has written down for them.

``scripted://<name>`` leads to ``DEVICES[name]``.  It is a vendor like any other: heliobus finds it by its entry point.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from heliobus.errors import UsageError
from heliobus.model.capabilities import Ability, Bounds, Capabilities
from heliobus.model.command import Command, Durability, Outcome, Status
from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, Grid, Load
from heliobus.model.snapshot import Snapshot
from heliobus.vendor import Vendor, Wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType

    from heliobus.transport.clock import Clock
    from heliobus.url import Credentials, DeviceURL


class Odd(Enum):
    HANG = "never answers"
    STUBBORN = "never answers and ignores the first request to stop"


HANG, STUBBORN = Odd.HANG, Odd.STUBBORN
T = TypeVar("T")

NOON = datetime(2026, 6, 21, 11, 0, tzinfo=UTC)
SUNNY = Snapshot(
    source="scripted",
    received_at=NOON,
    pv=PV(power=4000.0),
    grid=Grid(power=-1000.0),
    load=Load(power=600.0),
    batteries=(Battery(power=-2400.0, soc=60.0),),
)
ABILITIES = {
    "Charge": Ability(durability=Durability.VOLATILE, lag=timedelta(0), arguments={"power": Bounds(low=0, high=5000)}),
    "Auto": Ability(durability=Durability.VOLATILE, lag=timedelta(0)),
    "SetReserve": Ability(durability=Durability.PERSISTENT, lag=timedelta(0)),
    "SetSwitch": Ability(durability=Durability.PERSISTENT, lag=timedelta(0)),
}


@dataclass(kw_only=True, eq=False)
class Script:
    """``answers`` to reads and ``outcomes`` of commands in turn, the last one for ever."""

    answers: deque[Snapshot | Exception | Odd] = field(default_factory=lambda: deque([SUNNY]))
    outcomes: deque[Status | Exception | Odd] = field(default_factory=lambda: deque([Status.APPLIED]))
    identity: Device | None = None
    behind: tuple[Device, ...] = (Device(id="s1", vendor="scripted", serial="s1", firmware="7"),)
    who: Exception | None = None
    opening: deque[Exception] = field(default_factory=deque)
    closing: Exception | None = None
    undo: Command | None = None
    delay: Callable[[], Awaitable[None]] | None = None
    reads: int = 0
    abilities: Mapping[str, Ability] = field(default_factory=lambda: ABILITIES)
    opened: int = 0
    closed: int = 0
    asked_who: int = 0
    asked_of: list[str | Device | None] = field(default_factory=list)
    words: dict[str, Any] = field(default_factory=dict)
    mute: Exception | None = None
    executed: list[Command] = field(default_factory=list)
    commanded: asyncio.Event = field(default_factory=asyncio.Event)
    pause: asyncio.Event | None = None
    """What the outcomes of commands wait for."""
    credentials: Credentials | None = None


DEVICES: dict[str, Script] = {}


class ScriptedSource:
    def __init__(self, script: Script, clock: Clock) -> None:
        self._script = script
        self._clock = clock

    async def __aenter__(self) -> Self:
        if self._script.opening:
            raise self._script.opening.popleft()
        self._script.opened += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._script.closed += 1
        if self._script.closing:
            raise self._script.closing

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(commands=self._script.abilities)

    async def devices(self) -> tuple[Device, ...]:
        self._script.asked_who += 1
        if self._script.who:
            raise self._script.who
        return self._script.behind

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        del detail
        self._script.asked_of.append(device)
        self._script.reads += 1
        if self._script.delay:
            await self._script.delay()
        answer = await _next(self._script.answers)
        return replace(answer, received_at=self._clock.now(), device=self._script.identity)

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        del device, detail
        self._script.reads += 1
        if self._script.mute:
            raise self._script.mute
        return dict(self._script.words)

    async def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        self._script.asked_of.append(device)
        if dry_run:
            return Outcome(command=command, status=Status.PLANNED, at=self._clock.now(), sent=("would send",))
        self._script.executed.append(command)
        self._script.commanded.set()
        if self._script.pause:
            await self._script.pause.wait()
        status = await _next(self._script.outcomes)
        return Outcome(command=command, status=status, at=self._clock.now(), undo=self._script.undo)


async def _next(script: deque[T | Exception | Odd]) -> T:
    answer = script[0] if len(script) == 1 else script.popleft()
    if isinstance(answer, Exception):
        raise answer
    if isinstance(answer, Odd):
        await _hang(answer)
    return answer


async def _hang(how: Odd) -> NoReturn:
    with contextlib.suppress(asyncio.CancelledError):
        if how is STUBBORN:
            await asyncio.Event().wait()
    await asyncio.Event().wait()
    raise AssertionError


def _connect(url: DeviceURL, credentials: Credentials, clock: Clock) -> ScriptedSource:
    if url.options:
        raise UsageError("a scripted device has no options")
    script = DEVICES[url.host]
    script.credentials = credentials
    return ScriptedSource(script, clock)


def _nothing(*_: object) -> NoReturn:
    raise NotImplementedError


VENDOR = Vendor(
    name="scripted",
    title="Scripted",
    wires=(Wire(name="scripted", scheme="scripted"),),
    profiles=(),
    interval=20.0,
    connect=_connect,
    connect_blocking=_nothing,
    simulate=_nothing,
)
