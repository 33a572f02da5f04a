"""Walks the model: the only source of paths, units and kinds for recorder, sinks, labels and docs.

A path names one value: ``pv.power``, ``grid.phases.L1.voltage``, ``batteries.1.soc``; ``battery.`` is the aggregate
over all batteries.  In a declared path ``*`` stands for the id of a member: ``grid.phases.*.voltage``.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from heliobus.model.quality import Quality
from heliobus.model.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heliobus.model.snapshot import Snapshot

_META = frozenset({"source", "received_at", "device", "device_time", "quality"})


class Value(NamedTuple):
    """One value of a snapshot with the path that names it and what it measures."""

    path: str
    value: float
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class _Plan:
    """How to walk one dataclass."""

    quantities: tuple[tuple[str, Quantity], ...]
    others: tuple[str, ...]
    """Flags and lists of measured values (cells): told or not, but no values of their own."""
    parts: tuple[tuple[str, type], ...]
    members: tuple[tuple[str, type], ...]


def walk(snapshot: Snapshot) -> Iterator[Value]:
    """Give every value that is known, the aggregate battery included, in the order of the declaration."""
    yield from _walk(snapshot, "")
    if snapshot.batteries:
        yield from _walk(snapshot.battery, "battery.")


def told(snapshot: Snapshot) -> Iterator[str]:
    """Give the path of everything that the device said: values, flags, and cells by their list."""
    return _told(snapshot, "")


def declared() -> Mapping[str, Quantity]:
    """Give every path that the model knows, ``*`` for the id of a member, with its quantity."""
    return _declared()


def declared_path(path: str) -> str:
    """Give a path as it is declared, ``*`` for the ids of members; KeyError for one that the model does not know."""
    known = _declared()
    if path in known:
        return path
    steps = path.split(".")
    for pattern in known:
        wanted = pattern.split(".")
        if len(wanted) == len(steps) and all(w in ("*", s) for w, s in zip(wanted, steps, strict=True)):
            return pattern
    raise KeyError(path)


def quantity(path: str) -> Quantity:
    """Give what a path measures; a path that the model does not know raises ``KeyError``."""
    return _declared()[declared_path(path)]


def get(snapshot: Snapshot, path: str) -> Any:
    """Give the value at ``path``; None when it is unknown or the member is not there, KeyError for no such field."""
    here: Any = snapshot
    for step in path.split("."):
        if isinstance(here, tuple):
            here = next((member for member in here if member.id == step), None)
        elif hasattr(here, step):
            here = getattr(here, step)
        else:
            raise KeyError(path)
        if here is None:
            return None
    return here


def to_dict(snapshot: Snapshot) -> dict[str, Any]:
    """Give the snapshot as nested, JSON-ready dictionaries; unknown is None."""
    out: dict[str, Any] = _plain(snapshot)
    out["battery"] = _plain(snapshot.battery)
    return out


def _plain(value: Any) -> Any:
    if isinstance(value, Quality):
        return value.name.lower()
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _names(value.__class__)}
    return {key: _plain(member) for key, member in value.items()}


def _walk(part: Any, prefix: str) -> Iterator[Value]:
    plan = _plan(part.__class__)
    for name, what in plan.quantities:
        value = getattr(part, name)
        if value is not None:
            yield Value(prefix + name, value, what)
    for name, _ in plan.parts:
        yield from _walk(getattr(part, name), f"{prefix}{name}.")
    for name, _ in plan.members:
        for member in getattr(part, name):
            yield from _walk(member, f"{prefix}{name}.{member.id}.")


def _told(part: Any, prefix: str) -> Iterator[str]:
    plan = _plan(part.__class__)
    names = [name for name, _ in plan.quantities]
    yield from (prefix + name for name in (*names, *plan.others) if getattr(part, name) not in (None, ()))
    for name, _ in plan.parts:
        yield from _told(getattr(part, name), f"{prefix}{name}.")
    for name, _ in plan.members:
        for member in getattr(part, name):
            yield from _told(member, f"{prefix}{name}.{member.id}.")


@functools.cache
def _declared() -> dict[str, Quantity]:
    from heliobus.model.parts import Battery
    from heliobus.model.snapshot import Snapshot

    return dict(_declare(Snapshot, "")) | dict(_declare(Battery, "battery."))


def _declare(cls: type, prefix: str) -> Iterator[tuple[str, Quantity]]:
    plan = _plan(cls)
    for name, what in plan.quantities:
        yield prefix + name, what
    for name, part in plan.parts:
        yield from _declare(part, f"{prefix}{name}.")
    for name, member in plan.members:
        yield from _declare(member, f"{prefix}{name}.*.")


@functools.cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(cls))


@functools.cache
def _plan(cls: Any) -> _Plan:
    quantities: list[tuple[str, Quantity]] = []
    others: list[str] = []
    parts: list[tuple[str, type]] = []
    members: list[tuple[str, type]] = []
    hints = get_type_hints(cls, include_extras=True)
    for name in _names(cls):
        if name in _META:
            continue
        hint = _without_none(hints[name])
        if get_origin(hint) is Annotated:
            quantities += [(name, meta) for meta in get_args(hint)[1:] if isinstance(meta, Quantity)]
        elif get_origin(hint) is tuple and is_dataclass(get_args(hint)[0]):
            members.append((name, get_args(hint)[0]))
        elif get_origin(hint) is tuple or hint is bool:
            others.append(name)
        elif isinstance(hint, type) and is_dataclass(hint):
            parts.append((name, hint))
    return _Plan(tuple(quantities), tuple(others), tuple(parts), tuple(members))


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        kept = [one for one in get_args(hint) if one is not type(None)]
        return kept[0] if len(kept) == 1 else hint
    return hint
