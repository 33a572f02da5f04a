"""Commands as plain values: what the audit, the journal and other programs write and read."""

from __future__ import annotations

import sys
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.model.command import KINDS
from heliobus.model.event import Event, EventKind
from heliobus.service.checks import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.model.capabilities import Ability
    from heliobus.model.command import Command, Outcome

_TYPES = {
    **dict.fromkeys(("power", "soc", "current", "lease_s"), "number"),
    "id": "text",
    "on": "truth value",
}


def to_plain(command: Command) -> dict[str, Any]:
    """Give ``{"kind": "Charge", "power": 2000.0, "lease_s": 900.0}``; what is None is left out."""
    words = {one.name: getattr(command, one.name) for one in fields(command) if one.name != "lease"}
    lease = None if command.lease is None else command.lease.total_seconds()
    given = {"kind": command.kind, **words, "lease_s": lease}
    return {name: value for name, value in given.items() if value is not None}


def from_plain(words: Mapping[str, Any]) -> Command:
    """Give the command back; UsageError for an unknown kind or arguments that do not fit it."""
    arguments = dict(words)
    kind = str(arguments.pop("kind", None))
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is not a command{suggestion(kind, KINDS)}")
    for name, value in arguments.items():
        if not name.isidentifier():
            raise UsageError(f"{kind}: {name!r} is no argument")
        if name in _TYPES and not _fits(value, _TYPES[name]):
            raise UsageError(f"{kind}: {name} is {value!r}, which is no {_TYPES[name]}")
    try:
        lease = arguments.pop("lease_s", None)
        return KINDS[kind](lease=None if lease is None else timedelta(seconds=lease), **arguments)
    except (TypeError, OverflowError) as error:
        raise UsageError(f"{kind}: {error}") from error


def _fits(value: Any, kind: str) -> bool:
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    return isinstance(value, bool if kind == "truth value" else str)


def ability_document(ability: Ability) -> dict[str, Any]:
    """Give what is told of an ability: bounds in the model's unit, ``lag_s`` until its effect can be seen."""
    arguments = {
        name: {"low": one.low, "high": one.high, "fixed": one.fixed} for name, one in ability.arguments.items()
    }
    return {
        "durability": str(ability.durability),
        "lag_s": ability.lag.total_seconds(),
        "warning": ability.warning,
        "arguments": arguments,
    }


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    """Give an outcome ready for JSON."""
    return {
        "at": outcome.at.isoformat(),
        "command": to_plain(outcome.command),
        "status": str(outcome.status),
        "note": outcome.note,
        "sent": list(outcome.sent),
        **{name: dict(getattr(outcome, name)) for name in ("before", "requested", "read_back", "effect")},
        "undo": None if outcome.undo is None else to_plain(outcome.undo),
    }


def event_of(outcome: Outcome, *, system: str, who: str) -> Event:
    """Give an outcome as the event that is the audit: who asked for what, and what came of it."""
    command = to_plain(outcome.command)
    # As Python writes it: a text from outside must not break the log's lines.
    arguments = ", ".join(f"{name}={value!r}" for name, value in command.items() if name != "kind")
    note = f" ({outcome.note})" if outcome.note else ""
    told = {name: dict(getattr(outcome, name)) for name in ("before", "requested", "read_back", "effect")}
    return Event(
        at=outcome.at,
        system=system,
        kind=EventKind.COMMAND,
        text=f"{outcome.command.kind}({arguments}) from {who}: {outcome.status}{note}",
        data={
            "who": who,
            "command": command,
            "status": str(outcome.status),
            "note": outcome.note,
            "sent": list(outcome.sent),
            **told,
        },
    )
