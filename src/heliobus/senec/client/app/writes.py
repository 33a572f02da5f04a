"""Writes to the wallboxes, one way for all (SPEC 7).

::

    read the wallbox
      | already so --------------------------------> APPLIED, nothing sent
    write
      | the cloud says no -------------------------> REJECTED
      | no answer ---------------------------------> UNKNOWN, unless the wallbox tells
    read the wallbox every 5 s
      | as wanted ---------------------------------> APPLIED
      | not within LAG ----------------------------> ACCEPTED
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.errors import AuthenticationError, Error, LockedOut, NotSupported, Refused, Unreachable
from heliobus.model.command import Command, Outcome, SetSwitch, Status
from heliobus.senec.client.app.settings import (
    LAG,
    LOCKED,
    WallboxSetting,
    message,
    require_fitting,
    words,
)
from heliobus.senec.mapping.app import switch_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from heliobus.senec.client.app.link import AppLink
    from heliobus.senec.models.app import AppWallbox
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)

_PAUSE = 5.0  # s


class _Verdict(NamedTuple):
    status: Status
    note: str | None = None


class Writer:
    """Carries out settings of one system's wallboxes; ``read`` gives a wallbox as it is now."""

    def __init__(
        self, link: AppLink, *, system: str, read: Callable[[str], Awaitable[AppWallbox]], clock: Clock
    ) -> None:
        self._link = link
        self._system = system
        self._read = read
        self._clock = clock

    async def carry_out(
        self, command: Command, setting: WallboxSetting, *, known: AppWallbox | None, dry_run: bool
    ) -> Outcome:
        """Carry out a command by its setting; a dry run asks and sends nothing, and goes by the ``known`` wallbox.

        What fails before the write, this raises; what happens from then on stands in the outcome.
        """
        if known is not None:
            require_fitting(setting, known)
        plan = self._plan(command, setting, known)
        if dry_run:
            return plan
        box = await self._read(setting.id)
        require_fitting(setting, box)
        before = words(setting, box)
        plan = replace(self._plan(command, setting, box), before=before)
        if before == setting.values:
            done = replace(plan, sent=(), read_back=before, note="it was so already; nothing was sent")
            return self._closed(done, Status.APPLIED)
        verdict, note = await self._write(self._call(setting, box))
        after = {} if verdict is Status.REJECTED else await self._follow(setting)
        status = Status.APPLIED if after == setting.values else verdict
        undo = None if status is Status.REJECTED else _undo(command, setting, before)
        return self._closed(replace(plan, read_back=after, note=note, undo=undo), status)

    def _plan(self, command: Command, setting: WallboxSetting, box: AppWallbox | None) -> Outcome:
        sent = self._link.planned(**self._call(setting, box))
        return Outcome(
            command=command, status=Status.PLANNED, at=self._clock.now(), requested=setting.values, sent=(sent,)
        )

    def _call(self, setting: WallboxSetting, box: AppWallbox | None) -> dict[str, Any]:
        made = message(setting, box)
        return {
            "name": made.name,
            "body": made.body,
            "system": self._system,
            "wallbox": setting.id,
            **made.parameters,
        }

    async def _write(self, call: Mapping[str, Any]) -> _Verdict:
        try:
            await self._link.ask(**call)
        except (Unreachable, LockedOut, AuthenticationError):
            raise  # nothing was sent, or nobody looked at it
        except (Refused, NotSupported) as error:
            return _Verdict(Status.REJECTED, error.what())
        except Error as error:
            _log.warning("no answer to writing %s: %s", call["name"], error.what())
            return _Verdict(Status.UNKNOWN, error.what())
        return _Verdict(Status.ACCEPTED)

    async def _follow(self, setting: WallboxSetting) -> Mapping[str, Any]:
        """Read the wallbox until it is as wanted or ``LAG`` is over; gives its last words, {} if there were none."""
        seen: Mapping[str, Any] = {}
        end = self._clock.monotonic() + LAG.total_seconds()
        while True:
            try:
                seen = words(setting, await self._read(setting.id))
            except Error as error:
                _log.debug("no answer while waiting for a wallbox: %s", error.what())
            if seen == setting.values or self._clock.monotonic() >= end:
                return seen
            await self._clock.sleep(_PAUSE)

    def _closed(self, outcome: Outcome, status: Status) -> Outcome:
        return replace(outcome, status=status, at=self._clock.now())


def _undo(command: Command, setting: WallboxSetting, before: Mapping[str, Any]) -> Command | None:
    """The way back to the state before; what the wallbox did not tell cannot be restored."""
    known = {word: value for word, value in before.items() if value is not None}
    if not known:
        return None
    if not isinstance(command, WallboxSetting):
        return SetSwitch(id=switch_id(setting.id), on=not before[LOCKED])
    return WallboxSetting(id=setting.id, name=setting.name, values=known)
