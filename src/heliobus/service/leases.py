"""The commands in force: each is taken back when its lease ends, when the program stops, or at the next start.

Taking back is tried again and again until the device has taken it; only another command for the same part ends that.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import TYPE_CHECKING

from heliobus.errors import Error, NotSupported, Refused
from heliobus.model.command import Auto, Outcome, Status
from heliobus.service import rules
from heliobus.service.backoff import Backoff
from heliobus.service.journal import Lease
from heliobus.service.offload import offload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.model.command import Command
    from heliobus.service.connection import Connection
    from heliobus.service.journal import Journal
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 10.0
_TAKEN = (Status.ACCEPTED, Status.APPLIED)


class Leases:
    """``connections`` by system name; ``tell`` publishes an outcome: (outcome, system, who)."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        *,
        journal: Journal,
        clock: Clock,
        tell: Callable[[Outcome, str, str], None],
    ) -> None:
        self._connections = connections
        self._journal = journal
        self._clock = clock
        self._tell = tell
        self._held: dict[tuple[str, str], Lease] = {}
        self._pending: dict[tuple[str, str], Lease] = {}  # being sent
        self._saving = asyncio.Lock()
        self._timers: dict[tuple[str, str], asyncio.Task[None]] = {}
        self.turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """Of each system: whoever sends it a command holds this."""

    def of(self, system: str) -> tuple[Command, ...]:
        """Give the commands that hold at a system."""
        return tuple(lease.command for lease in self._held.values() if lease.system == system)

    async def prepare(self, system: str, command: Command, who: str) -> None:
        """Note a command that is about to be sent, so that it is not forgotten whatever happens.

        Raises StorageError: a command that cannot be noted must not be sent.
        """
        if command.lease is None:
            return
        lease = _lease(system, command, who)
        self._pending[lease.key] = lease
        try:
            await self._save()
        except BaseException:
            del self._pending[lease.key]
            raise

    async def settle(self, outcome: Outcome, system: str, who: str) -> None:
        """Start the lease of a command that was sent, and end that of the command that it replaces.

        In doubt whether it arrived, a command is taken back as if it had; an ``Auto`` in doubt ends nothing.
        """
        command = outcome.command
        lease = _lease(system, command, who, undo=outcome.undo)
        self._pending.pop(lease.key, None)
        doubtful = outcome.status is Status.UNKNOWN and command.lease is not None
        if outcome.status in _TAKEN or doubtful:
            self._replace(lease)
            if command.lease is not None:
                self._held[lease.key] = lease
                self._take_back_after(command.lease.total_seconds(), lease, "its lease ended")
        await self._tidy()

    async def resume(self) -> None:
        """Take back what was in force when the last run ended without doing so."""
        for lease in await offload(self._journal.read):
            if lease.system in self._connections:
                self._held[lease.key] = lease
                self._take_back_after(0.0, lease, "the last run left it in force")

    async def release(self, *, within: float, why: str) -> None:
        """Take everything back because of ``why``; ``within`` s of this machine's time, for the program is to end."""
        for timer in self._timers.values():
            timer.cancel()
        tries = {asyncio.create_task(self._take_back(lease, why)): lease for lease in self._held.values()}
        if not tries:
            return
        await asyncio.wait(tries, timeout=within)
        for task, lease in tries.items():
            if not task.done():
                task.cancel()
                self._left(lease, f"{why}; the device has not confirmed the way back within {within:g} s")
            elif error := task.result():
                self._left(lease, f"{why}, but it is not taken back: {error.what()}")

    def _left(self, lease: Lease, note: str) -> None:
        """Say aloud that a device may obey on: clouds need longer to confirm than a program has for its end."""
        _log.error("%s: %s may still be in force: the next start takes it back", lease.system, lease.command.kind)
        self._ended(lease, Status.UNKNOWN, note)

    def _replace(self, lease: Lease) -> None:
        replaced, timer = self._held.pop(lease.key, None), self._timers.pop(lease.key, None)
        if timer:
            timer.cancel()
        if replaced:
            self._ended(replaced, Status.SUPERSEDED, f"replaced by {lease.command.kind} from {lease.who}")

    def _take_back_after(self, seconds: float, lease: Lease, why: str) -> None:
        self._timers[lease.key] = asyncio.create_task(self._wait_and_take_back(seconds, lease, why))

    async def _wait_and_take_back(self, seconds: float, lease: Lease, why: str) -> None:
        await self._clock.sleep(seconds)
        backoff = Backoff(interval=_RETRY_SECONDS)
        told = False
        while error := await self._take_back(lease, why):
            if not told:  # further tries say nothing new
                self._ended(lease, Status.UNKNOWN, f"{why}, but it is not taken back yet: {error.what()}")
                told = True
            await self._clock.sleep(backoff.after(error, now=self._clock.now()))

    async def _take_back(self, lease: Lease, why: str) -> Error | None:
        """Send the undo of a lease; gives the error if another try makes sense."""
        async with self.turns[lease.system]:
            if self._held.get(lease.key) is not lease:  # replaced while this waited for its turn
                return None
            error = await self._undo(lease)
            if error and not isinstance(error, NotSupported):
                return error
            del self._held[lease.key]
            self._timers.pop(lease.key, None)
            self._ended(lease, Status.EXPIRED, f"{why}; {error.what()}" if error else why)
            await self._tidy()
            return None

    async def _undo(self, lease: Lease) -> Error | None:
        if lease.undo is None:
            return NotSupported("the device keeps the value")
        try:
            outcome = await self._connections[lease.system].execute(lease.undo)
        except Error as error:
            return error
        return None if outcome.status in _TAKEN else Refused(f"the device answered {lease.undo.kind}: {outcome.status}")

    def _ended(self, lease: Lease, status: Status, note: str) -> None:
        outcome = Outcome(command=lease.command, status=status, at=self._clock.now(), note=note)
        self._tell(outcome, lease.system, lease.who)

    async def _save(self) -> None:
        async with self._saving:
            leases = (*self._held.values(), *self._pending.values())
            await offload(lambda: self._journal.write(leases))

    async def _tidy(self) -> None:
        """Note what is in force now; if that fails, something is taken back once more at the next start."""
        try:
            await self._save()
        except Error as error:
            _log.warning("%s", error.line())


def _lease(system: str, command: Command, who: str, *, undo: Command | None = None) -> Lease:
    on_battery = rules.part_of(command) == rules.BATTERY
    return Lease(system=system, command=command, who=who, undo=Auto() if on_battery else undo)
