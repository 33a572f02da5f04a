"""Writes at the portal, one way for all (SPEC 8).

::

    read the setting
      | already so --------------------------------> APPLIED, nothing sent
    write
      | the portal says no ------------------------> REJECTED
      | no answer ---------------------------------> UNKNOWN, unless the setting tells
    read the setting every 5 s
      | as wanted ---------------------------------> APPLIED
      | not within LAG ----------------------------> ACCEPTED
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from heliobus.errors import AuthenticationError, Error, LockedOut, NotSupported, Refused, Unreachable
from heliobus.model.command import Command, Outcome, SetReserve, Status
from heliobus.senec.client.portal.settings import (
    LAG,
    READS,
    RESERVE,
    PortalSetting,
    message,
    require_complete,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.client.portal.link import PortalLink
    from heliobus.senec.client.portal.settings import Message
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)

_PAUSE = 5.0  # s


class Writer:
    """Carries out settings of the plant with the index ``plant``."""

    def __init__(self, link: PortalLink, *, plant: str, clock: Clock) -> None:
        self._link = link
        self._plant = plant
        self._clock = clock

    def plan(self, command: Command, setting: PortalSetting, found: Any = None) -> Outcome:
        """What would be sent; asks nobody.  Where the portal's other settings go along and are not known, stands ?."""
        made = message(setting, found, plant=self._plant, now=self._clock.now())
        sent = self._link.planned(made.name, body=made.body, **made.parameters)
        return Outcome(
            command=command, status=Status.PLANNED, at=self._clock.now(), requested=setting.values, sent=(sent,)
        )

    async def carry_out(self, command: Command, setting: PortalSetting) -> Outcome:
        """Carry out a command by its setting.

        What fails before the write, this raises; what happens from then on stands in the outcome.
        """
        found = await self._found(setting)
        require_complete(setting, found)
        before = words(setting, found)
        plan = replace(self.plan(command, setting, found), before=before)
        if before == setting.values:
            return self._closed(
                replace(plan, sent=(), read_back=before, note="it was so already; nothing was sent"), Status.APPLIED
            )
        made = message(setting, found, plant=self._plant, now=self._clock.now())
        status, note = await self._write(made)
        after = {} if status is Status.REJECTED else await self._follow(setting)
        if after == setting.values:
            status, note = Status.APPLIED, None
        undo = None if status is Status.REJECTED else _undo(command, setting, before)
        return self._closed(replace(plan, read_back=after, note=note, undo=undo), status)

    async def _found(self, setting: PortalSetting) -> Any:
        return await self._link.ask(READS[setting.name], anlageNummer=self._plant)

    async def _write(self, made: Message) -> tuple[Status, str | None]:
        try:
            await self._link.ask(made.name, body=made.body, **made.parameters)
        except (Unreachable, LockedOut, AuthenticationError):
            raise  # nothing was sent, or nobody looked at it
        except (Refused, NotSupported) as error:
            return Status.REJECTED, error.what()
        except Error as error:
            _log.warning("no answer to %s: %s", made.name, error.what())
            return Status.UNKNOWN, error.what()
        return Status.ACCEPTED, None

    async def _follow(self, setting: PortalSetting) -> Mapping[str, Any]:
        """Read the setting until it is as wanted or ``LAG`` is over; gives its last words, {} if there were none."""
        seen: Mapping[str, Any] = {}
        end = self._clock.monotonic() + LAG.total_seconds()
        while True:
            try:
                seen = words(setting, await self._found(setting))
            except Error as error:
                _log.debug("no answer while waiting for %s: %s", setting.name, error.what())
            if seen == setting.values or self._clock.monotonic() >= end:
                return seen
            await self._clock.sleep(_PAUSE)

    def _closed(self, outcome: Outcome, status: Status) -> Outcome:
        return replace(outcome, status=status, at=self._clock.now())


def _undo(command: Command, setting: PortalSetting, before: Mapping[str, Any]) -> Command | None:
    """The way back to the state before; what the portal did not tell cannot be restored."""
    known = {word: value for word, value in before.items() if value is not None}
    if not known:
        return None
    if isinstance(command, SetReserve):
        return SetReserve(soc=known[RESERVE])
    return replace(setting, values=known)
