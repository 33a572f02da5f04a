"""One way to change something, whatever it is.

::

    read the state
      | already so ------------------------------------------------> APPLIED, nothing sent
    write
      | refused: an error, "no", out of range ---------------------> REJECTED
      | no answer -------------------------------------------------> UNKNOWN, unless the state tells
    read the state every second
      | as wanted -------------------------------------------------> APPLIED
      | not within the lag ----------------------------------------> ACCEPTED
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from heliobus.e3dc.protocol import Item, Type, tags
from heliobus.errors import LockedOut, NotSupported, ProtocolError, TransportError, Unreachable
from heliobus.model.command import Command, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from heliobus.transport.clock import Clock


class Ask(Protocol):
    """Sends requests and gives the answer to each; None where there is none."""

    def __call__(self, items: Sequence[Item], *, repeatable: bool = True) -> Awaitable[list[Item | None]]: ...


_log = logging.getLogger(__name__)

LAG = timedelta(seconds=5)
"""How long a device may take to show what it was told."""
_PAUSE = 1.0  # s; values are made anew once a second (SPEC 5.11)
_CLOSE = 1e-3
"""A share: devices keep fractions in their own steps, and send them as Float32."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to write, and how to see that it holds.

    ``state`` asks for what ``words`` then puts into the device's own words; ``write`` makes the requests out of these
    answers.  ``wanted`` are the words that shall hold; ``holds`` judges, if it takes more than equality.
    """

    state: Sequence[Item]
    words: Callable[[Sequence[Item | None]], Mapping[str, Any]]
    write: Callable[[Sequence[Item | None]], Sequence[Item]]
    wanted: Mapping[str, Any]
    holds: Callable[[Mapping[str, Any]], bool] | None = None
    always: bool = False
    """Write even if it seems to hold already: an action, or a state that lapses."""
    blind: bool = False
    """The device does not tell the state: its answer to the write has to do."""
    confirms: bool = False
    """The device answers the write with yes or no."""
    repeatable: bool = True
    """Writing it twice is as good as once."""
    lag: timedelta = LAG
    undo: Callable[[Mapping[str, Any]], Command | None] = field(default=lambda _: None)
    effect: Callable[[Sequence[Item | None]], Mapping[str, float]] = field(default=lambda _: {})
    taken: Callable[[], None] = field(default=lambda: None)
    """Called when the device has taken the write."""

    def is_so(self, words: Mapping[str, Any]) -> bool:
        if self.holds is not None:
            return self.holds(words)
        return all(same(words.get(name), value) for name, value in self.wanted.items())


class _Verdict(NamedTuple):
    status: Status
    """APPLIED if the device said yes, whatever that is worth."""
    note: str | None = None


async def carry_out(change: Change, *, command: Command, ask: Ask, clock: Clock, dry_run: bool = False) -> Outcome:
    """Carry out a change and read it back; a dry run asks and sends nothing.

    What ``ask`` raises before the write, this raises; what happens from then on stands in the outcome.  Raises
    NotSupported when the device does not know what is to be changed.
    """
    plan = Outcome(command=command, status=Status.PLANNED, at=clock.now(), requested=change.wanted)
    if dry_run:
        return replace(plan, sent=_texts(change.write([None] * len(change.state))))
    answers = await ask(change.state)
    before = change.words(answers)
    _require_known(change, answers, before)
    if not change.always and change.is_so(before):
        done = replace(plan, before=before, read_back=before, note="it was so already; nothing was sent")
        return _closed(done, Status.APPLIED, clock)
    requests = change.write(answers)
    verdict = await _write(change, requests, ask)
    if verdict.status is not Status.REJECTED:
        change.taken()
    seen = None if verdict.status is Status.REJECTED else await _follow(change, ask, clock)
    after = {} if seen is None else change.words(seen)
    sent = replace(plan, sent=_texts(requests), before=before, read_back=after, note=verdict.note)
    if verdict.status is not Status.REJECTED:
        sent = replace(sent, undo=change.undo(before), effect={} if seen is None else change.effect(seen))
    return _closed(sent, _status(change, verdict, after), clock)


def _closed(outcome: Outcome, status: Status, clock: Clock) -> Outcome:
    return replace(outcome, status=status, at=clock.now())


def _require_known(change: Change, answers: Sequence[Item | None], before: Mapping[str, Any]) -> None:
    if before or not change.state:
        return
    names = ", ".join(tags.label(item.tag) for item in change.state)
    error = next((answer.error for answer in answers if answer is not None and answer.error is not None), None)
    raise NotSupported(f"this device does not tell {names} ({error or 'no answer'}), so it may not know the setting")


async def _write(change: Change, requests: Sequence[Item], ask: Ask) -> _Verdict:
    try:
        answers = await ask(requests, repeatable=change.repeatable)
    except Unreachable:
        raise  # no connection, so nothing was sent
    except (TransportError, ProtocolError, LockedOut) as error:
        _log.warning("no answer to writing %s: %s", ", ".join(map(repr, requests)), error.what())
        return _Verdict(Status.UNKNOWN, error.what())
    verdicts = [_judge(answer, confirms=change.confirms) for answer in answers]
    return next((one for one in verdicts if one.status is not Status.APPLIED), None) or next(
        (one for one in verdicts if one.note), _Verdict(Status.APPLIED)
    )


def _judge(answer: Item | None, *, confirms: bool) -> _Verdict:
    """What the device thinks of a write: of all that it answers, the worst counts."""
    if answer is None:
        return _Verdict(Status.UNKNOWN, "the device did not answer it")
    if answer.error is not None:
        return _Verdict(Status.REJECTED, f"the device answers {tags.label(answer.tag)} with {answer.error}")
    if (answer.type == Type.BOOL or confirms) and answer.flag is False:
        return _Verdict(Status.REJECTED, f"the device says no to {tags.label(answer.tag)}")
    if answer.tag in _RESULTS:
        return _result(answer)
    inner = [_judge(child, confirms=False) for child in answer.children if child.tag in _RESULTS or child.error]
    return next((one for one in inner if one.status is not Status.APPLIED), None) or next(
        (one for one in inner if one.note), _Verdict(Status.APPLIED)
    )


_RESULTS = frozenset(range(0x01800100, 0x01800108))
"""EMS_RES_...: what became of each power setting (SPEC 6.4)."""
_BELOW, _OUT_OF_RANGE, _LATER = 1, -1, -2


def _result(answer: Item) -> _Verdict:
    name = tags.label(answer.tag)
    if answer.number == _OUT_OF_RANGE:
        return _Verdict(Status.REJECTED, f"{name}: out of range")
    if answer.number == _LATER:
        return _Verdict(Status.ACCEPTED, f"{name}: not possible now; the device may do it later")
    return _Verdict(Status.APPLIED, f"{name}: below what is recommended" if answer.number == _BELOW else None)


async def _follow(change: Change, ask: Ask, clock: Clock) -> Sequence[Item | None] | None:
    """Read the state until it is as wanted or the lag is over; gives the last answers, None if there were none."""
    seen: Sequence[Item | None] | None = None
    end = clock.monotonic() + change.lag.total_seconds()
    while True:
        try:
            seen = await ask(change.state)
        except (TransportError, ProtocolError, LockedOut) as error:
            _log.debug("no answer while waiting for a change: %s", error.what())
        else:
            if change.blind or change.is_so(change.words(seen)):
                break
        if clock.monotonic() >= end:
            break
        await clock.sleep(_PAUSE)
    return seen


def _status(change: Change, verdict: _Verdict, after: Mapping[str, Any]) -> Status:
    if verdict.status is Status.REJECTED:
        return Status.REJECTED
    if change.blind:
        return verdict.status
    if after and change.is_so(after):
        return Status.APPLIED
    return Status.ACCEPTED if verdict.status is Status.APPLIED else verdict.status


def _texts(requests: Sequence[Item]) -> tuple[str, ...]:
    return tuple(map(repr, requests))


# -- words


def same(got: Any, wanted: Any) -> bool:
    """Whether two words mean the same: flags may be numbers, and fractions may have lost digits on their way."""
    if isinstance(got, float) or (isinstance(wanted, float) and isinstance(got, int)):
        return isinstance(wanted, int | float) and abs(got - wanted) <= _CLOSE * max(abs(wanted), 1.0)
    return bool(got == wanted)


def flat(answers: Sequence[Item | None]) -> dict[str, Any]:
    """The values of answers by the names of their tags; of containers what is inside; errors are left out."""
    words: dict[str, Any] = {}
    for answer in answers:
        if answer is None or answer.error is not None:
            continue
        if isinstance(answer.value, list):
            words |= flat(answer.children)
        elif answer.value is not None:
            words[tags.label(answer.tag)] = answer.value
    return words
