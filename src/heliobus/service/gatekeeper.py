"""The one gate for commands: web, command line and broker all pass here, and nothing else reaches a device.

A command is checked (allowed, known to the device, in bounds, not too often), sent, read back by the vendor's code and
published as an Event, which the recorder keeps as the audit.  It holds for its lease; then, and when the service stops,
the device is returned to automatic, again and again until it has taken it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from heliobus.errors import Error, NotSupported, Refused, UsageError
from heliobus.model.command import Auto, Outcome, Status
from heliobus.model.event import Event, EventKind
from heliobus.service import rules
from heliobus.service.backoff import Backoff
from heliobus.service.checks import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.model.command import Command
    from heliobus.service.config import ControlConfig
    from heliobus.service.connection import Connection
    from heliobus.service.hub import Hub
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 10.0
_TAKEN = (Status.ACCEPTED, Status.APPLIED)


@dataclass(slots=True, kw_only=True, eq=False)
class _Lease:
    """A command in force; ``undo`` takes it back (None: nothing can), ``timer`` waits for the end."""

    system: str
    command: Command
    who: str
    undo: Command | None
    timer: asyncio.Task[None] | None = None
    complained: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.system, rules.part_of(self.command)


class Gatekeeper:
    """``connections`` by system name; ``control`` as configured."""

    def __init__(
        self, connections: Mapping[str, Connection], *, control: ControlConfig, hub: Hub, clock: Clock
    ) -> None:
        self._connections = connections
        self._control = control
        self._hub = hub
        self._clock = clock
        self._leases: dict[tuple[str, str], _Lease] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._rates: defaultdict[str, rules.Rate] = defaultdict(rules.Rate)

    def in_force(self, system: str) -> tuple[Command, ...]:
        """Give the commands that hold now."""
        return tuple(lease.command for lease in self._leases.values() if lease.system == system)

    async def execute(self, system: str, command: Command, *, dry_run: bool = False, who: str) -> Outcome:
        """Send ``command``, or with ``dry_run`` only tell what would be sent; ``who`` stands in the audit.

        A dry run needs no permission.  Raises UsageError (no such system), Refused, OutOfBounds and NotSupported before
        anything is sent, and what the device's client raises; every attempt is published as an Event.
        """
        if system not in self._connections:
            raise UsageError(f"no system is called {system!r}{suggestion(system, self._connections)}")
        async with self._turns[system]:
            try:
                outcome = await self._pass(system, command, dry_run=dry_run, who=who)
            except BaseException as error:
                status = Status.REJECTED if isinstance(error, Refused | NotSupported) else Status.UNKNOWN
                note = error.what() if isinstance(error, Error) else "interrupted"
                self._audit(system, Outcome(command=command, status=status, at=self._clock.now(), note=note), who)
                raise
            self._audit(system, outcome, who)
            return outcome

    async def release(self, *, within: float) -> None:
        """Return to automatic whatever is held: the service is about to end, ``within`` s of this machine's time."""
        leases = tuple(self._leases.values())
        for lease in leases:
            _cancel(lease)
        why = "the service stops"
        tries = {asyncio.create_task(self._take_back(lease, why)): lease for lease in leases}
        _, late = await asyncio.wait(tries, timeout=within) if tries else (None, ())
        for task in late:
            task.cancel()
            self._ended(tries[task], Status.UNKNOWN, f"{why} before the device confirmed the return to automatic")

    async def _pass(self, system: str, command: Command, *, dry_run: bool, who: str) -> Outcome:
        connection, rate = self._connections[system], self._rates[system]
        if not dry_run:
            rules.check_enabled(command, self._control, read_only=_read_only())
        command = rules.with_lease(command, self._control)
        rules.check_bounds(command, self._control)
        (await connection.capabilities()).require(command)
        if dry_run:
            return await connection.execute(command, dry_run=True)
        if not isinstance(command, Auto):  # the way back to automatic is always open
            rate.check(self._clock.monotonic())
        rate.spend(self._clock.monotonic())
        try:
            outcome = await connection.execute(command)
        except (Refused, NotSupported):
            raise
        except BaseException:  # whether it arrived cannot be told
            self._hold(system, command, who, status=Status.UNKNOWN, undo=None)
            raise
        self._hold(system, command, who, status=outcome.status, undo=outcome.undo)
        return outcome

    # -- leases

    def _hold(self, system: str, command: Command, who: str, *, status: Status, undo: Command | None) -> None:
        """Start the lease of a command that was sent, and end that of the command that it replaces.

        In doubt whether it arrived, a command is taken back as if it had; an ``Auto`` in doubt ends nothing.
        """
        doubt = status is Status.UNKNOWN and command.lease is not None
        if status not in _TAKEN and not doubt:
            return
        on_battery = rules.part_of(command) == rules.BATTERY
        lease = _Lease(system=system, command=command, who=who, undo=Auto() if on_battery else undo)
        replaced = self._leases.pop(lease.key, None)
        if replaced:
            _cancel(replaced)
            self._ended(replaced, Status.SUPERSEDED, f"replaced by {command.kind} from {who}")
        if command.lease is not None:
            self._leases[lease.key] = lease
            lease.timer = asyncio.create_task(self._expire(lease, command.lease.total_seconds()))

    async def _expire(self, lease: _Lease, seconds: float) -> None:
        await self._clock.sleep(seconds)
        backoff = Backoff(interval=_RETRY_SECONDS)
        while error := await self._take_back(lease, "its lease ended"):
            await self._clock.sleep(backoff.after(error, now=self._clock.now()))

    async def _take_back(self, lease: _Lease, why: str) -> Error | None:
        """Send the undo of a lease; gives the error if another try makes sense."""
        async with self._turns[lease.system]:
            if self._leases.get(lease.key) is not lease:  # replaced while this waited for its turn
                return None
            error = await self._undo(lease)
            if error is None or isinstance(error, NotSupported):
                del self._leases[lease.key]
                self._ended(lease, Status.EXPIRED, why if error is None else f"{why}; {error.what()}")
                return None
            if not lease.complained:  # further tries say nothing new
                lease.complained = True
                self._ended(lease, Status.UNKNOWN, f"{why}, but it is not taken back yet: {error.what()}")
            return error

    async def _undo(self, lease: _Lease) -> Error | None:
        if lease.undo is None:
            return NotSupported("the device keeps the value")
        try:
            outcome = await self._connections[lease.system].execute(lease.undo)
        except Error as error:
            return error
        return None if outcome.status in _TAKEN else Refused(f"the device answered {lease.undo.kind}: {outcome.status}")

    # -- audit

    def _ended(self, lease: _Lease, status: Status, note: str) -> None:
        self._audit(
            lease.system, Outcome(command=lease.command, status=status, at=self._clock.now(), note=note), lease.who
        )

    def _audit(self, system: str, outcome: Outcome, who: str) -> None:
        command = {name: value for name, value in _words(outcome.command).items() if value is not None}
        arguments = ", ".join(f"{name}={value}" for name, value in command.items() if name != "kind")
        note = f" ({outcome.note})" if outcome.note else ""
        text = f"{outcome.command.kind}({arguments}) from {who}: {outcome.status}{note}"
        data: dict[str, Any] = {
            "who": who,
            "command": command,
            "status": str(outcome.status),
            "note": outcome.note,
            "sent": list(outcome.sent),
        }
        data |= {name: dict(getattr(outcome, name)) for name in ("before", "requested", "read_back", "effect")}
        _log.info("%s: %s", system, text)
        self._hub.publish(Event(at=self._clock.now(), system=system, kind=EventKind.COMMAND, text=text, data=data))


def _words(command: Command) -> dict[str, Any]:
    """Give a command as plain values, its lease in s."""
    words = {one.name: getattr(command, one.name) for one in fields(command) if one.name != "lease"}
    lease = None if command.lease is None else command.lease.total_seconds()
    return {"kind": command.kind, **words, "lease_s": lease}


def _cancel(lease: _Lease) -> None:
    if lease.timer is not None:
        lease.timer.cancel()


def _read_only() -> bool:
    return os.environ.get("HELIOBUS_READONLY", "0") not in {"", "0"}
