"""One way to carry out any write through a cloud (SPEC 7 and 8).

::

    read what is to be set (before)
      | already so --------------------------------> APPLIED, nothing sent
    write once
      | the cloud says no -------------------------> REJECTED
      | no answer ---------------------------------> UNKNOWN, unless what is read tells
    read it every 5 s
      | as wanted ---------------------------------> APPLIED
      | not within LAG ----------------------------> ACCEPTED
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from heliobus.errors import AuthenticationError, Error, LockedOut, NotSupported, Refused, Unreachable
from heliobus.model.command import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.model.command import Command
    from heliobus.transport.clock import Clock

F = TypeVar("F")

_log = logging.getLogger(__name__)

LAG = timedelta(seconds=30)
"""How long a cloud may take to show what it was told."""
_PAUSE = 5.0  # s


class Message(NamedTuple):
    """The call that writes, its parameters without what names the system, and its body."""

    name: str
    parameters: Mapping[str, str]
    body: Any = None


class Way(Protocol[F]):
    """The way of one setting to its cloud and back; what is read of it is an ``F``."""

    async def read(self) -> F:
        """Ask for it as it is now."""
        ...

    def check(self, found: F) -> None:
        """Raise NotSupported, OutOfBounds and UsageError for what cannot be set where it is as ``found``."""
        ...

    def words(self, found: F) -> Mapping[str, Any]:
        """What was found, in the words of the setting; None for what the cloud does not tell."""
        ...

    def planned(self, found: F | None) -> str:
        """What ``write`` would send, as one line; None where nothing was read yet."""
        ...

    async def write(self, found: F) -> None:
        """Send it, and what has to be sent along as it was found."""
        ...

    def undo(self, before: Mapping[str, Any]) -> Command:
        """The way back to ``before``."""
        ...


def plan(command: Command, values: Mapping[str, Any], way: Way[F], *, clock: Clock, found: F | None = None) -> Outcome:
    """What carrying out ``command``, which asks for ``values``, would send; asks nobody."""
    return Outcome(command=command, status=Status.PLANNED, at=clock.now(), requested=values, sent=(way.planned(found),))


async def carry_out(command: Command, values: Mapping[str, Any], way: Way[F], *, clock: Clock) -> Outcome:
    """Carry out ``command``, which asks for ``values``, and read it back within ``LAG``.

    What fails before the write, this raises; what happens from then on stands in the outcome.
    """
    found = await way.read()
    way.check(found)
    before = way.words(found)
    outcome = replace(plan(command, values, way, clock=clock, found=found), before=before)
    if before == values:
        done = replace(outcome, sent=(), note="it was so already; nothing was sent")
        return replace(done, status=Status.APPLIED, at=clock.now(), read_back=before)
    status, note = await _write(command, way, found)
    after = {} if status is Status.REJECTED else await _follow(command, values, way, clock)
    if after == values:
        status, note = Status.APPLIED, None
    known = {word: value for word, value in before.items() if value is not None}  # no more can be restored
    undo = None if status is Status.REJECTED or not known else way.undo(known)
    return replace(outcome, status=status, at=clock.now(), read_back=after, note=note, undo=undo)


async def _write(command: Command, way: Way[F], found: F) -> tuple[Status, str | None]:
    try:
        await way.write(found)
    except (Unreachable, LockedOut, AuthenticationError):
        raise  # nothing was sent, or nobody looked at it
    except (Refused, NotSupported) as error:
        return Status.REJECTED, error.what()
    except Error as error:
        _log.warning("no answer to %s: %s", command.kind, error.what())
        return Status.UNKNOWN, error.what()
    return Status.ACCEPTED, None


async def _follow(command: Command, values: Mapping[str, Any], way: Way[F], clock: Clock) -> Mapping[str, Any]:
    """Read until it is as wanted or ``LAG`` is over; gives the last words, {} if there were none."""
    seen: Mapping[str, Any] = {}
    end = clock.monotonic() + LAG.total_seconds()
    while True:
        try:
            seen = way.words(await way.read())
        except Error as error:
            _log.debug("no answer while waiting for %s: %s", command.kind, error.what())
        if seen == values or clock.monotonic() >= end:
            return seen
        await clock.sleep(_PAUSE)
