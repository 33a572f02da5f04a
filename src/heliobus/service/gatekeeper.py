"""The one gate for commands: web, command line and broker all pass here, and nothing else reaches a device.

A command is checked (allowed, known to the device, in bounds, not too often), noted, sent, read back by the vendor's
code, and published as an Event, which the recorder keeps as the audit.  From then on its lease runs (``leases``).
"""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from heliobus.errors import AuthenticationError, Error, NotSupported, Refused
from heliobus.model.command import Auto, Outcome, Status
from heliobus.service import rules
from heliobus.service.checks import no_system
from heliobus.service.commands import event_of
from heliobus.service.leases import Leases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.model.capabilities import Ability
    from heliobus.model.command import Command
    from heliobus.service.config import ControlConfig
    from heliobus.service.connection import Connection
    from heliobus.service.hub import Hub
    from heliobus.service.journal import Journal
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)
_NOT_SENT = (Refused, NotSupported, AuthenticationError)
"""Errors that come before anything is written: who is not let in has changed nothing."""


class Gatekeeper:
    """``connections`` by system name; ``control`` as configured; ``journal`` outlives a crash."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        *,
        control: ControlConfig,
        journal: Journal,
        hub: Hub,
        clock: Clock,
    ) -> None:
        self._connections = connections
        self._control = control
        self._hub = hub
        self._clock = clock
        self._leases = Leases(connections, journal=journal, clock=clock, tell=self._tell)
        self._rates: defaultdict[str, rules.Rate] = defaultdict(rules.Rate)
        self._unsent: defaultdict[str, rules.Ration] = defaultdict(lambda: rules.Ration(rules.UNSENT_PER_DAY))

    def in_force(self, system: str) -> tuple[Command, ...]:
        """Give the commands that hold now."""
        return self._leases.of(system)

    async def execute(
        self, system: str, command: Command, *, dry_run: bool = False, keep: bool = False, who: str
    ) -> Outcome:
        """Send ``command``, or with ``dry_run`` only tell what would be sent; ``who`` stands in the audit.

        With ``keep`` it has no lease: nothing takes it back, but every other rule holds.
        A dry run needs no permission.  Raises UsageError (no such system), Refused, OutOfBounds and NotSupported before
        anything is sent, StorageError when the command cannot be noted, and what the device's client raises; every
        attempt is published as an Event, but of those that sent nothing only ``rules.UNSENT_PER_DAY``.
        """
        if system not in self._connections:
            raise no_system(system, self._connections)
        async with self._leases.turns[system]:
            try:
                command = await self._check(system, command, dry_run=dry_run, keep=keep)
                if dry_run:
                    return await self._plan(system, command, who)
                await self._leases.prepare(system, command, who)
            except Error as error:
                self._tell_unsent(self._failed(command, Status.REJECTED, error.what()), system, who)
                raise
            return await self._send(system, command, who)

    async def abilities(self, system: str) -> dict[str, Ability]:
        """What may be asked of a system: what its device obeys and the configuration allows."""
        found = (await self._connections[system].capabilities()).commands
        allowed = self._control.commands
        return {kind: one for kind, one in found.items() if allowed is None or kind in (*allowed, "Auto")}

    async def resume(self) -> None:
        """Take back what the last run left in force."""
        if _read_only():
            _log.warning("HELIOBUS_READONLY is set: what the last run left in force stays so")
            return
        await self._leases.resume()

    async def release(self, *, within: float, why: str) -> None:
        """Take everything back; ``within`` s of this machine's time.  ``why`` stands in the audit."""
        await self._leases.release(within=within, why=why)

    async def _check(self, system: str, command: Command, *, dry_run: bool, keep: bool) -> Command:
        """Give the command with its lease, or raise why it must not be sent."""
        if not dry_run:
            rules.check_enabled(command, self._control, read_only=_read_only())
        command = replace(command, lease=None) if keep else rules.with_lease(command, self._control)
        rules.check_bounds(command, self._control)
        (await self._connections[system].capabilities()).require(command)
        if not dry_run and not isinstance(command, Auto):  # the way back to automatic is always open
            self._rates[system].check(self._clock.monotonic())
        return command

    async def _plan(self, system: str, command: Command, who: str) -> Outcome:
        outcome = await self._connections[system].execute(command, dry_run=True)
        self._tell_unsent(outcome, system, who)
        return outcome

    async def _send(self, system: str, command: Command, who: str) -> Outcome:
        self._rates[system].spend(self._clock.monotonic())
        try:
            outcome = await self._connections[system].execute(command)
        except BaseException as error:  # a cancelled caller too: whether it arrived cannot be told
            status = Status.REJECTED if isinstance(error, _NOT_SENT) else Status.UNKNOWN
            note = error.what() if isinstance(error, Error) else "interrupted"
            await self._settle(self._failed(command, status, note), system, who)
            raise
        await self._settle(outcome, system, who)
        return outcome

    async def _settle(self, outcome: Outcome, system: str, who: str) -> None:
        self._tell(outcome, system, who)
        await self._leases.settle(outcome, system, who)

    def _failed(self, command: Command, status: Status, note: str) -> Outcome:
        return Outcome(command=command, status=status, at=self._clock.now(), note=note)

    def _tell(self, outcome: Outcome, system: str, who: str) -> None:
        event = event_of(outcome, system=system, who=who)
        _log.info("%s: %s", system, event.text)
        self._hub.publish(event)

    def _tell_unsent(self, outcome: Outcome, system: str, who: str) -> None:
        """Publish what changed nothing as far as its ration goes: nobody shall fill the record by asking."""
        ration = self._unsent[system]
        if ration.take(self._clock.monotonic()):
            self._tell(outcome, system, who)
            if ration.used_up:
                _log.warning("%s: too many plans and refusals within a day: more are not on record", system)


def _read_only() -> bool:
    return os.environ.get("HELIOBUS_READONLY", "0") not in {"", "0"}
