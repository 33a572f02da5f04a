"""Commands as writes: the forced charge and its release, read back (SPEC 5.1).  Nothing else can be written.

::

    read SAFE_CHARGE_RUNNING and both command bits
      | already so, and nothing pending ------------------------> APPLIED, nothing sent
    write one bit: SAFE_CHARGE_FORCE or SAFE_CHARGE_PROHIBIT
      | the echo is a word (FORBIDDEN, MALFORMED_VALUE) or 0 ---> REJECTED unless the read-back agrees after all
    read SAFE_CHARGE_RUNNING every second
      | agrees -------------------------------------------------> APPLIED
      | not within LAG -----------------------------------------> ACCEPTED; UNKNOWN if the write was not answered

RUNNING follows late (captures 03 and 04: the echo of a write still has the old value), and the command bits fall back
to 0 by themselves.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from heliobus.errors import Error, NotSupported, Refused, Unreachable
from heliobus.model.capabilities import Ability, Bounds
from heliobus.model.command import Auto, Charge, Command, Durability, Outcome, Status
from heliobus.senec.mapping import battery_power
from heliobus.senec.protocol import Absent, build_request, encode_value, written

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from heliobus.senec.protocol import Answer, Request, Value
    from heliobus.transport.clock import Clock

    Ask = Callable[[Request], Awaitable[Answer]]

_log = logging.getLogger(__name__)

LAG = timedelta(seconds=15)
"""How long SAFE_CHARGE_RUNNING may take to follow; seen are a few seconds (SPEC 5.1)."""
_PAUSE = 1.0  # s; values are made anew once a second (SPEC 2.3)

_RUNNING = "ENERGY.SAFE_CHARGE_RUNNING"
_FORCE = "ENERGY.SAFE_CHARGE_FORCE"
_PROHIBIT = "ENERGY.SAFE_CHARGE_PROHIBIT"
_STATE: Request = {
    "ENERGY": dict.fromkeys(
        ("SAFE_CHARGE_FORCE", "SAFE_CHARGE_PROHIBIT", "SAFE_CHARGE_RUNNING", "STAT_STATE", "GUI_BAT_DATA_POWER"), ""
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """The bit to set, its ``opposite``, and what SAFE_CHARGE_RUNNING says once it is obeyed."""

    bit: str
    opposite: str
    running: int

    @property
    def request(self) -> Request:
        section, _, variable = self.bit.partition(".")
        return {section: {**_STATE[section], variable: encode_value("u8", 1)}}

    def holds(self, words: Mapping[str, Any]) -> bool:
        """Whether the appliance is in the state asked for and does not hold an order to leave it."""
        return words.get(_RUNNING) == self.running and not words.get(self.opposite)


_ORDERS = {
    "Charge": _Order(bit=_FORCE, opposite=_PROHIBIT, running=1),
    "Auto": _Order(bit=_PROHIBIT, opposite=_FORCE, running=0),
}

WRITABLE = frozenset(order.bit for order in _ORDERS.values())
"""All that heliobus ever writes to a SENEC appliance."""

ABILITIES: Mapping[str, Ability] = {
    "Charge": Ability(
        durability=Durability.VOLATILE,
        lag=LAG,
        arguments={"power": Bounds(fixed=True)},
        warning="Charges with all power, from the grid too, until the battery is full or Auto ends it.",
    ),
    "Auto": Ability(durability=Durability.VOLATILE, lag=LAG),
}


def require_writable(request: Request) -> None:
    """Let only reads and the known writes pass; raises Refused before anything is sent."""
    unknown = sorted(set(written(request)) - WRITABLE)
    if unknown:
        raise Refused(f"heliobus does not write {', '.join(unknown)}", remedy='Ask for values with "" only.')


async def carry_out(command: Command, *, ask: Ask, clock: Clock, dry_run: bool = False) -> Outcome:
    """Carry out a command of ``ABILITIES`` and read it back within ``LAG``; a dry run asks and sends nothing.

    ``ask`` sends a request and gives its decoded answer.  What it raises before the write, this raises; what happens
    from then on stands in the outcome.  Raises NotSupported when the appliance does not know the forced charge.
    """
    order = _ORDERS[command.kind]
    plan = Outcome(
        command=command,
        status=Status.PLANNED,
        at=clock.now(),
        requested={order.bit: 1},
        sent=(build_request(order.request).decode(),),
    )
    if dry_run:
        return plan
    answer = await ask(_STATE)
    before = _words(answer)
    if _RUNNING not in before:
        raise NotSupported(f"this appliance does not tell {_RUNNING}, so it may not know the forced charge")
    if order.holds(before):
        done = replace(plan, sent=(), note="it was so already; nothing was sent")
        return _closed(done, Status.APPLIED, clock, before=before, seen=answer)
    echo = await _write(order, ask)
    seen = None if isinstance(echo, Absent) else await _follow(order, ask, clock)
    status = _status(order, echo, seen)
    note = f"the appliance answered {echo.raw}" if isinstance(echo, Absent) else None
    undo = None if status is Status.REJECTED else _undo(command, before)
    return _closed(replace(plan, note=note, undo=undo), status, clock, before=before, seen=seen)


async def _write(order: _Order, ask: Ask) -> Value | None:
    """Write the bit and give its echo: 1 as a rule, an ``Absent`` if refused, None if it is not known what arrived."""
    try:
        answer = await ask(order.request)
    except (Unreachable, Refused):
        raise  # no connection, or not to the known appliance: nothing was sent
    except Error as error:
        _log.warning("no answer to writing %s: %s", order.bit, error.what())
        return None
    section, _, variable = order.bit.partition(".")
    return answer.get(section, {}).get(variable)


async def _follow(order: _Order, ask: Ask, clock: Clock) -> Answer | None:
    """Read the state until it is as ordered or ``LAG`` is over; gives the last answer, None if there was none."""
    seen: Answer | None = None
    end = clock.monotonic() + LAG.total_seconds()
    while clock.monotonic() < end:
        await clock.sleep(_PAUSE)
        try:
            seen = await ask(_STATE)
        except Error as error:
            _log.debug("no answer while waiting for %s: %s", _RUNNING, error.what())
            continue
        if _words(seen).get(_RUNNING) == order.running:
            break
    return seen


def _status(order: _Order, echo: Value | None, seen: Answer | None) -> Status:
    if isinstance(echo, Absent):
        return Status.REJECTED
    if seen is not None and _words(seen).get(_RUNNING) == order.running:
        return Status.APPLIED
    if echo == 1:
        return Status.ACCEPTED
    return Status.UNKNOWN if echo is None or seen is None else Status.REJECTED


def _undo(command: Command, before: Mapping[str, Any]) -> Command | None:
    """The way back to the state before: automatic, or the forced charge that was on."""
    if isinstance(command, Charge):
        return Auto()
    return Charge() if before[_RUNNING] else None


def _closed(
    outcome: Outcome, status: Status, clock: Clock, *, before: Mapping[str, Any], seen: Answer | None
) -> Outcome:
    power = None if seen is None else battery_power(seen)
    return replace(
        outcome,
        status=status,
        at=clock.now(),
        before=before,
        read_back={} if seen is None else _words(seen),
        effect={} if power is None else {"battery.power": power},
    )


def _words(answer: Answer) -> dict[str, Any]:
    """The single values of an answer by path; what the appliance does not tell is left out."""
    return {
        f"{section}.{variable}": value
        for section, values in answer.items()
        for variable, value in values.items()
        if not isinstance(value, Absent | list)
    }
