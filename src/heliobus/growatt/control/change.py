"""One way to change settings, whatever they are.

::

    read the settings (before)
    write one setting after the other
      | refused --------------------------> stop; take back what was written before it -----> REJECTED
      |                                     if that fails, or is not wanted ----------------> UNKNOWN, and what holds
      | no answer ------------------------> stop; the settings will tell
    read the settings until they are as written, for 90 s
      | all as written -----------------------------------------------------------------------> APPLIED
      | taken, but not told, or not yet ------------------------------------------------------> ACCEPTED

The servers say yes when the datalogger has taken a write; the settings that they tell follow 3 to 90 s later.  A read
that fails meanwhile is only the lag (SPEC "Settings writes").  Nothing is skipped because it seems to be so already:
what is told may still be the past.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from heliobus.errors import Error, LockedOut, NotSupported, ProtocolError, TransportError, Unreachable
from heliobus.model.command import Command, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from heliobus.growatt.control.setting import Change
    from heliobus.growatt.protocol import Json
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)

LAG = timedelta(seconds=90)
"""How long the settings may take to show a write."""
PATIENCE = timedelta(seconds=330)
"""How long a route may want us to wait before it reads the same again: V1 wants five minutes."""
_UNSENT = (Unreachable, LockedOut)
"""Errors after which nothing can have arrived."""
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 3.0, 20.0, 1.5


class Target(Protocol):
    """What is changed: an inverter or a plant, by some route."""

    async def settings(self) -> Mapping[str, Json]:
        """What is set now, flat; raises NotSupported where that cannot be read."""
        ...

    async def write(self, setting: str, parameters: Sequence[str]) -> None:
        """Write one; raises TransportError or ProtocolError if whether it arrived is not known, else it did not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings(Command):
    """Settings of the inverter or plant ``device``, written one after the other."""

    device: str
    changes: tuple[Change, ...]


@dataclass(slots=True)
class _Course:
    """How far it went."""

    changes: Sequence[Change]
    before: Mapping[str, Json] | None
    written: list[Change] = field(default_factory=list)
    failure: Error | None = None
    doubtful: bool = False
    """Whether the last of ``written`` may not have arrived."""
    seen: Mapping[str, Json] | None = None

    @property
    def failed(self) -> Change | None:
        """The one that failed."""
        if self.failure is None:
            return None
        return self.written[-1] if self.doubtful else self.changes[len(self.written)]

    @property
    def sent(self) -> tuple[str, ...]:
        """What went out, that which was refused too."""
        refused = self.failed if self.failed not in self.written and not isinstance(self.failure, _UNSENT) else None
        return tuple(map(str, (*self.written, *([refused] if refused else []))))

    def holding(self) -> list[Change]:
        return [change for change in self.written if self.seen is not None and _holds(change, self.seen)]

    def restoring(self) -> list[Change] | None:
        """What sets everything that was written back, the last first; None where that is not known."""
        if self.before is None:
            return None
        found = [restored(change, self.before) for change in reversed(self.written)]
        known = [change for change in found if change is not None]
        return known if len(known) == len(found) else None


async def carry_out(
    changes: Sequence[Change],
    *,
    command: Command,
    device: str,
    target: Target,
    clock: Clock,
    dry_run: bool = False,
    before: Mapping[str, Json] | None = None,
    roll_back: bool = True,
) -> Outcome:
    """Write ``changes`` and read them back; a dry run asks and sends nothing.

    ``before`` are the settings if they were just read.  What is raised before the first write, this raises too; what
    happens from then on stands in the outcome, whose ``note`` says what holds if only a part does.  With ``roll_back``
    a failure in the midst takes back what was written before it.
    """
    plan = Outcome(
        command=command,
        status=Status.PLANNED,
        at=clock.now(),
        requested=_merged(change.setting.words(change.texts) for change in changes),
        sent=tuple(map(str, changes)),
    )
    if dry_run:
        return plan
    course = _Course(changes, await snapshot(target, clock=clock) if before is None else before)
    await _write(course, target)
    if course.written:
        course.seen = await _follow(course.written, target, clock, known=course.before)
    status, note = _judged(course)
    if course.failure is not None and status is not Status.APPLIED and course.written:
        status, note = await _taken_back(course, target, clock, wanted=roll_back)
    restoring = course.restoring() if status is not Status.REJECTED and course.written else None
    return replace(
        plan,
        status=status,
        at=clock.now(),
        note=note,
        sent=course.sent,
        before=_told(changes, course.before),
        read_back=_told(changes, course.seen),
        undo=None if restoring is None else ChangeSettings(device=device, changes=tuple(restoring)),
    )


async def snapshot(target: Target, *, clock: Clock) -> Mapping[str, Json] | None:
    """The settings before a change, None where they cannot be read; waits for a route that was just asked for them."""
    try:
        return await target.settings()
    except NotSupported as error:
        _log.debug("the settings before are not known: %s", error.what())
        return None
    except LockedOut as error:
        wait = error.until - clock.now()
        if wait > PATIENCE:
            raise
        _log.info("waiting %s until the settings may be read again", wait)
        await clock.sleep(wait.total_seconds())
        return await target.settings()


async def _write(course: _Course, target: Target) -> None:
    """Write until something fails; what fails before anything was sent is raised."""
    for change in course.changes:
        try:
            await target.write(change.setting.name, change.texts)
        except _UNSENT as error:
            if not course.written:
                raise
            course.failure = error
        except (TransportError, ProtocolError) as error:
            course.failure, course.doubtful = error, True
            course.written.append(change)
        except Error as error:
            course.failure = error
        else:
            course.written.append(change)
            continue
        _log.warning("writing %s: %s", change.setting.name, course.failure.what())
        return


async def _follow(
    changes: Sequence[Change], target: Target, clock: Clock, *, known: Mapping[str, Json] | None
) -> Mapping[str, Json] | None:
    """Read the settings until they are as written or the lag is over; gives the last that were read."""
    if known is None or all(change.setting.holds(change.texts, known) is None for change in changes):
        return None  # nobody tells
    seen: Mapping[str, Json] | None = None
    end, pause, patient = clock.monotonic() + LAG.total_seconds(), _FIRST_PAUSE, True
    while (left := end - clock.monotonic()) > 0:
        await clock.sleep(min(pause, left))
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        try:
            seen = await target.settings()
        except LockedOut as error:
            wait = error.until - clock.now()
            if not patient or wait > PATIENCE:
                break
            patient, pause = False, max(wait.total_seconds(), pause)
            end = max(end, clock.monotonic() + pause)
        except Error as error:
            _log.debug("no settings while waiting for a change: %s", error.what())
        else:
            if all(change.setting.holds(change.texts, seen) in (True, None) for change in changes):
                break
    return seen


def _judged(course: _Course) -> tuple[Status, str | None]:
    holding = course.holding()
    if course.failure is None or (course.doubtful and len(course.written) == len(course.changes)):
        if len(holding) == len(course.changes):
            return Status.APPLIED, None
        if course.failure is not None:
            return Status.UNKNOWN, _account(course)
        hidden = [one for one in course.written if one not in holding and _is_hidden(one, course)]
        missing = [one for one in course.written if one not in holding and one not in hidden]
        parts = (
            f"not seen within {LAG.total_seconds():g} s: {_names(missing)}" if missing else "",
            f"cannot be read back: {_names(hidden)}" if hidden else "",
            f"applied: {_names(holding)}" if holding else "",
        )
        return Status.ACCEPTED, "; ".join(part for part in parts if part)
    if not course.written:
        return Status.REJECTED, course.failure.line()
    return Status.UNKNOWN, _account(course)


async def _taken_back(course: _Course, target: Target, clock: Clock, *, wanted: bool) -> tuple[Status, str]:
    """Set back what was written before a failure, if it is wanted and the state before is known."""
    account = _account(course)
    restoring = course.restoring() if wanted else None
    if restoring is None:
        return Status.UNKNOWN, account
    for change in restoring:  # each for itself: one that fails must not keep the others
        try:
            await target.write(change.setting.name, change.texts)
        except Error as error:
            _log.warning("taking back %s: %s", change.setting.name, error.what())
    seen = await _follow(restoring, target, clock, known=course.before)
    left = [change for change in restoring if seen is None or not _holds(change, seen)]
    course.seen = course.seen if seen is None else seen
    if left:
        done = _names(change for change in restoring if change not in left)
        return Status.UNKNOWN, f"{account}; taken back: {done or 'nothing'}; not seen to be: {_names(left)}"
    failure = course.failure.line() if course.failure else ""
    return Status.REJECTED, f"{failure} What was written before it was taken back: {_names(course.written)}"


def _account(course: _Course) -> str:
    """What holds, what failed and why, and what was not sent."""
    holding = course.holding()
    open_ = [one for one in course.written if one not in holding and one is not course.failed]
    unsent = [one for one in course.changes if one not in course.written and one is not course.failed]
    why = "" if course.failure is None else course.failure.line()
    parts = (
        f"failed: {course.failed.setting.name} ({why})" if course.failed else "",
        f"applied: {_names(holding)}" if holding else "",
        f"written, but not seen: {_names(open_)}" if open_ else "",
        f"not sent: {_names(unsent)}" if unsent else "",
    )
    return "; ".join(part for part in parts if part)


def restored(change: Change, before: Mapping[str, Json]) -> Change | None:
    """The change that sets the same setting to what it was."""
    texts = change.setting.restoring(before) if change.setting.parameters else None
    return None if texts is None else replace(change, texts=texts)


def _holds(change: Change, settings: Mapping[str, Json]) -> bool:
    return change.setting.holds(change.texts, settings) is True


def _is_hidden(change: Change, course: _Course) -> bool:
    return course.before is None or change.setting.holds(change.texts, course.before) is None


def _names(changes: Iterable[Change]) -> str:
    return ", ".join(change.setting.name for change in changes)


def _told(changes: Iterable[Change], settings: Mapping[str, Json] | None) -> dict[str, Any]:
    return {} if settings is None else _merged(change.setting.words_told(settings) for change in changes)


def _merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {name: value for part in parts for name, value in part.items()}
