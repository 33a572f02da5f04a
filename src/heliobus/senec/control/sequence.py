"""One way to carry out any write (SPEC 5).

::

    read what is to be set and what else must be known (before)
      | already so, and nothing pending ------------------------> APPLIED, nothing sent
      | must not be, in this state -----------------------------> NotSupported, Refused, OutOfBounds; nothing sent
    write once
      | the echo is a word (FORBIDDEN, MALFORMED_VALUE) --------> REJECTED
    read back every second
      | agrees -------------------------------------------------> APPLIED
      | not within LAG -----------------------------------------> ACCEPTED if the echo was right, else REJECTED;
                                                                  UNKNOWN if the write was not answered

States follow late (captures 03 and 04: the echo of a write still has the old value, capture 49 too), and the bits of
orders fall back to 0 by themselves.  A reboot cannot be read back: it ends as ACCEPTED or UNKNOWN.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from heliobus.errors import Error, Refused, Unreachable
from heliobus.model.command import Outcome, Status
from heliobus.senec.control.change import LAG
from heliobus.senec.control.orders import order_of
from heliobus.senec.control.pace import Paces
from heliobus.senec.control.settings import setting_of
from heliobus.senec.control.table import request_of, variable_of
from heliobus.senec.mapping import battery_power
from heliobus.senec.protocol import Absent, build_request, merge_answers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from heliobus.model.command import Command
    from heliobus.senec.control.change import Change
    from heliobus.senec.protocol import Answer, Request
    from heliobus.transport.clock import Clock

    Ask = Callable[[Request], Awaitable[Answer]]

_log = logging.getLogger(__name__)

_PAUSE = 1.0  # s; values are made anew once a second (SPEC 2.3)


def change_of(command: Command) -> Change:
    """What a command means for the appliance.

    Raises NotSupported, UsageError, OutOfBounds, and Refused for what is dangerous: all before anything is sent.
    """
    return order_of(command) or setting_of(command)


async def carry_out(
    command: Command, *, ask: Ask, clock: Clock, paces: Paces | None = None, dry_run: bool = False
) -> Outcome:
    """Carry out a command and read it back within ``LAG``; a dry run asks and sends nothing.

    ``ask`` sends a request and gives its decoded answer; ``paces`` remembers earlier writes.  What is wrong with the
    command itself is raised before anything is sent, and so is what is raised before the write; what happens from then
    on stands in the outcome.
    """
    change = change_of(command)
    paces = paces or Paces()
    request = _writing(change)
    plan = Outcome(
        command=command,
        status=Status.PLANNED,
        at=clock.now(),
        requested=dict(change.values),
        sent=(build_request(request).decode(),),
        note=change.note,
    )
    if dry_run:
        return plan
    paces.check(change.pace, clock.monotonic())
    answer = await ask(_reading(change))
    before = _words(answer)
    change.require(before)
    if change.holds(before):
        done = replace(plan, sent=(), note="it was so already; nothing was sent")
        return _closed(done, change, Status.APPLIED, clock, before=before, seen=answer)
    paces.spend(change.pace, clock.monotonic())
    echo = await _write(request, ask)
    word = _word(change, echo)
    seen = None if word is not None or change.goal is None else await _follow(change, ask, clock)
    status = Status.REJECTED if word is not None else _status(change, echo, seen)
    note = change.note if word is None else f"the appliance answered {word}"
    undo = None if status is Status.REJECTED else change.undo(before)
    return _closed(replace(plan, note=note, undo=undo), change, status, clock, before=before, seen=seen)


def _reading(change: Change) -> Request:
    """What asks for the state that the change is about."""
    paths = (*change.values, *(change.goal or ()), *([change.unless] if change.unless else []), *change.reads)
    tree: dict[str, dict[str, str]] = {}
    for path in paths:
        section, _, name = variable_of(path)[0].partition(".")
        tree.setdefault(section, {})[name] = ""
    return tree


def _writing(change: Change) -> Request:
    """The write; the answer tells the state too."""
    return merge_answers([_reading(change), request_of(change.values)])


async def _write(request: Request, ask: Ask) -> Answer | None:
    """Write once and give the answer, None if it is not known what arrived."""
    try:
        return await ask(request)
    except (Unreachable, Refused):
        raise  # no connection, or not to the known appliance: nothing was sent
    except Error as error:
        _log.warning("no answer to a write: %s", error.what())
        return None


def _word(change: Change, echo: Answer | None) -> str | None:
    """The word that stands where a written value should be echoed."""
    if echo is None:
        return None
    for path in change.values:
        variable, place = variable_of(path)
        section, _, name = variable.partition(".")
        found = echo.get(section, {}).get(name)
        if isinstance(found, list) and place is not None and place < len(found):
            found = found[place]
        if isinstance(found, Absent):
            return str(found.raw)
    return None


async def _follow(change: Change, ask: Ask, clock: Clock) -> Answer | None:
    """Read the state until it is as asked for or ``LAG`` is over; gives the last answer, None if there was none."""
    seen: Answer | None = None
    end = clock.monotonic() + LAG.total_seconds()
    while clock.monotonic() < end:
        await clock.sleep(_PAUSE)
        try:
            seen = await ask(_reading(change))
        except Error as error:
            _log.debug("no answer while waiting for %s: %s", change.command.kind, error.what())
            continue
        if change.reached(_words(seen)):
            break
    return seen


def _status(change: Change, echo: Answer | None, seen: Answer | None) -> Status:
    if seen is not None and change.reached(_words(seen)):
        return Status.APPLIED
    taken = None if echo is None else change.taken(_words(echo))
    if taken:
        return Status.ACCEPTED
    return Status.UNKNOWN if taken is None or seen is None else Status.REJECTED


def _closed(
    outcome: Outcome, change: Change, status: Status, clock: Clock, *, before: Mapping[str, Any], seen: Answer | None
) -> Outcome:
    power = None if seen is None or "ENERGY.GUI_BAT_DATA_POWER" not in change.reads else battery_power(seen)
    return replace(
        outcome,
        status=status,
        at=clock.now(),
        before=before,
        read_back={} if seen is None else _words(seen),
        effect={} if power is None else {"battery.power": power},
    )


def _words(answer: Answer) -> dict[str, Any]:
    """The values of an answer by path, places counted from 0; what the appliance does not tell is left out."""
    words: dict[str, Any] = {}
    for section, values in answer.items():
        for variable, value in values.items():
            path = f"{section}.{variable}"
            if isinstance(value, list):
                words |= {f"{path}.{place}": item for place, item in enumerate(value)}
            else:
                words[path] = value
    return {path: value for path, value in words.items() if not isinstance(value, Absent)}
