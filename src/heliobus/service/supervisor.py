"""The service: recorder, hub, one poller per system and the gatekeeper, started in order and stopped in order."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from heliobus.errors import Error
from heliobus.recorder.query import History
from heliobus.service.checks import no_system
from heliobus.service.connection import Connection
from heliobus.service.estate import inherit
from heliobus.service.gatekeeper import Gatekeeper
from heliobus.service.hub import Hub
from heliobus.service.journal import Journal
from heliobus.service.offload import offload
from heliobus.service.poller import Poller
from heliobus.service.recording import Recording
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.tls import FilePins

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from heliobus.recorder.store import Recorder
    from heliobus.service.config import Config
    from heliobus.service.health import SystemStatus
    from heliobus.service.hub import Reading
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)

# Seconds of this machine's time for an orderly end: the whole leaves 1 s of the promised 5 s to those above, the steps
# before the last leave most of it to the record.
_END = 4.0
_END_POLLS = 0.3
_RELEASE = 1.5
_LAST = 2.0


class Service:
    """Use it in an ``async with`` block.

    With ``driven`` no poller runs by itself: ``poll`` makes each poll, so that a test or a replay decides when.
    ``patience`` are the seconds that its end waits for devices to be given back, if a command is in force.
    """

    recorder: Recorder
    history: History

    def __init__(
        self, config: Config, *, clock: Clock = SYSTEM_CLOCK, driven: bool = False, patience: float = _RELEASE
    ) -> None:
        """Prepare; no I/O but reading the files of secrets.  Raises ConfigError."""
        self.config = config
        self.clock = clock
        self.hub = Hub()
        self._driven = driven
        self._patience = patience
        pins = FilePins(config.recorder.certificates)
        self._connections = {system.name: Connection(system, clock=clock, pins=pins) for system in config.systems}
        self._pollers = {
            system.name: Poller(
                self._connections[system.name],
                name=system.name,
                site=config.site_of(system).key,
                interval=system.seconds,
                hub=self.hub,
                clock=clock,
            )
            for system in config.systems
        }
        record = config.recorder.path
        self._journal = Journal(record.with_name(f"{record.name}.commands"))
        self.gatekeeper = Gatekeeper(
            self._connections,
            control=config.control,
            journal=self._journal,
            hub=self.hub,
            clock=clock,
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Open the recorder and start polling.  Raises StorageError; a device that is off is no reason to fail."""
        self._recording = await Recording.open(self.config, hub=self.hub, clock=self.clock)
        self.recorder = self._recording.recorder
        self.history = History(self.config.recorder.path)
        self._recording_task = asyncio.create_task(self._recording.run(), name="recording")
        await offload(lambda: inherit(self._journal, self.config.systems))
        await self.gatekeeper.resume()
        if not self._driven:
            self._tasks = [asyncio.create_task(poller.run(), name=name) for name, poller in self._pollers.items()]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End within 4 s, ``patience`` in place of 1.5 of them, whatever hangs.

        First the polls, then the commands in force, and last the record and the connections.
        """
        end = asyncio.get_running_loop().time() + _END
        for task in self._tasks:
            task.cancel()
        await _within(_END_POLLS, "polling", _all(self._tasks))
        await self._give_back()
        self.hub.close()
        left = max(end - asyncio.get_running_loop().time(), _LAST)
        await asyncio.gather(
            _within(left, "closing connections", self._close_connections()),
            _within(left, "closing the record", self._close_recorder()),
        )

    async def _give_back(self) -> None:
        held = [f"{name} ({one.kind})" for name in self._connections for one in self.gatekeeper.in_force(name)]
        if held and self._patience > _RELEASE:
            _log.info(
                "giving back %s: up to %g s; a second signal ends at once and leaves it to the next start",
                ", ".join(held),
                self._patience,
            )
            # Whoever has no patience shall lose no samples.
            await _within(_RELEASE, "writing the record", self._recording.flush())
        release = self.gatekeeper.release(within=self._patience, why="the service stops")
        await _within(self._patience + 0.1, "returning to automatic", release)

    async def run(self, *, stop: asyncio.Event) -> None:
        """Stay until ``stop`` is set; leaving the ``async with`` block then ends everything."""
        await stop.wait()

    def systems(self) -> tuple[SystemStatus, ...]:
        """Give the health of every system now, in the order of the configuration."""
        return tuple(poller.status() for poller in self._pollers.values())

    async def poll(self, system: str) -> Reading:
        """Poll one system now.  Raises UsageError for an unknown name; a failed poll is a Reading with its error."""
        if system not in self._pollers:
            raise no_system(system, self._pollers)
        return await self._pollers[system].poll_once()

    async def raw(self, system: str) -> dict[str, Any]:
        """Ask a configured system for its live values in its device's own words.  Raises what its client raises."""
        return await self._connections[system].raw()

    async def flush(self) -> None:
        """Wait until every reading and event up to now is on the disk.  Raises StorageError."""
        await self._recording.flush()

    async def _close_connections(self) -> None:
        await asyncio.gather(*(connection.close() for connection in self._connections.values()))

    async def _close_recorder(self) -> None:
        await self._recording_task
        await offload(self.recorder.close)


async def _all(tasks: list[asyncio.Task[None]]) -> None:
    if tasks:
        await asyncio.wait(tasks)


async def _within(seconds: float, what: str, work: Coroutine[Any, Any, None]) -> None:
    """Let one step of the end take its time and no more; its error is logged, for the next steps must come."""
    task = asyncio.create_task(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        _log.warning("%s did not end within %g s and was left behind", what, seconds)
    elif not task.cancelled() and (error := task.exception()):
        _log.error(
            "%s: %s", what, error.line() if isinstance(error, Error) else error, exc_info=not isinstance(error, Error)
        )
