"""Commands as plain values: what the audit, the journal and other programs write and read."""

from __future__ import annotations

import json
import sys
from dataclasses import MISSING, fields
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

_TYPES = {"float": "number", "str": "text", "bool": "truth value"}
"""By the annotations of commands."""
_LONG = 40
_DAY = "A lease is up to 86400 s."


def to_plain(command: Command) -> dict[str, Any]:
    """Give ``{"kind": "Charge", "power": 2000.0, "lease_s": 900.0}``; what is None is left out."""
    words = {one.name: getattr(command, one.name) for one in fields(command) if one.name != "lease"}
    lease = None if command.lease is None else command.lease.total_seconds()
    given = {"kind": command.kind, **words, "lease_s": lease}
    return {name: value for name, value in given.items() if value is not None}


def from_plain(words: Mapping[str, Any]) -> Command:
    """Give the command back; None is as good as left out.

    Raises UsageError for an unknown kind or arguments that do not fit it.
    """
    kind, lease = words.get("kind"), words.get("lease_s")
    cls = KINDS.get(str(kind))
    if cls is None:
        what = "the command has no kind" if kind is None else f"{kind!r} is not a command"
        raise UsageError(f"{what}{suggestion(str(kind), KINDS)}", remedy=f"Use one of: {', '.join(KINDS)}.")
    known = {one.name: one for one in fields(cls) if one.name != "lease"}
    arguments = {name: value for name, value in words.items() if value is not None and name not in {"kind", "lease_s"}}
    remedy = f"{cls.__name__} takes: {', '.join((*known, 'lease_s'))}."
    if strange := sorted(arguments.keys() - known):
        raise UsageError(f"{kind}: {strange[0]!r} is no argument{suggestion(strange[0], known)}", remedy=remedy)
    if missing := [name for name, one in known.items() if one.default is MISSING and name not in arguments]:
        raise UsageError(f"{kind}: {missing[0]} is missing", remedy=remedy)
    for name, value in arguments.items():
        _require(_TYPES[str(known[name].type).partition(" ")[0]], value, f"{kind}: {name}")
    return cls(lease=None if lease is None else _lease(lease, f"{kind}: lease_s"), **arguments)


def _lease(value: Any, name: str) -> timedelta:
    _require("number", value, name)
    try:
        return timedelta(seconds=value)
    except OverflowError as error:
        raise UsageError(f"{name} is {value}, which is too long", remedy=_DAY) from error


def _require(kind: str, value: Any, name: str) -> None:
    if kind == "number":
        fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    else:
        fits = isinstance(value, bool if kind == "truth value" else str)
    if not fits:
        raise UsageError(f"{name} is {json.dumps(value)[:_LONG]}, which is no {kind}", remedy=f"Give a {kind}.")


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
