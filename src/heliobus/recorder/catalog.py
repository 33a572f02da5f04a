"""What is recorded: the systems with their sites, devices and channels."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from heliobus.errors import UsageError
from heliobus.recorder import layout as layouts
from heliobus.recorder.energy import FLOWS
from heliobus.recorder.samples import Samples

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from heliobus.recorder.layout import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A system: ``devices`` are the boxes that it has had, ``first`` and ``last`` its samples in ms since 1970.

    ``active`` says whether it is configured now, ``grid`` whether it was chosen to measure the grid of its site.
    """

    name: str
    site: str
    zone: str
    vendor: str
    active: bool
    grid: bool
    devices: tuple[int, ...]
    first: int | None
    last: int | None
    channels: Mapping[str, Channel]

    def flows(self) -> frozenset[str]:
        """Give the energies (columns of the tables) that the system has."""
        return frozenset(
            flow.column
            for flow in FLOWS
            if any(_matches(pattern, path) for pattern in (flow.power, flow.counter) for path in self.channels)
        )

    def is_part(self, start: float, end: float) -> bool:
        """Whether the site is incomplete without it in [start, end), in s since 1970.

        A system that is configured no more ends with its last sample.
        """
        if self.first is None or self.last is None:
            return False
        return self.first < end * 1000 and (self.active or self.last >= start * 1000)


def entries(connection: sqlite3.Connection) -> dict[str, Entry]:
    """Read all systems by name, in the order of their first appearance."""
    found: dict[str, Entry] = {}
    query = (
        "SELECT device.id, system, site.name, tz, vendor, active, grid "
        "FROM device JOIN site ON site.id = site ORDER BY device.id"
    )
    for device, *facts in connection.execute(query):
        name = facts[0]
        entry = _entry(connection, device, *facts)
        found[name] = _joined(found[name], entry) if name in found else entry
    return found


def find(known: Mapping[str, Entry], system: str) -> Entry:
    """Give a system by name; UsageError names those that there are."""
    if system not in known:
        raise UsageError(
            f"nothing is recorded of a system {system!r}", remedy=f"Use one of: {', '.join(known) or '(none yet)'}."
        )
    return known[system]


def _entry(connection: sqlite3.Connection, device: int, *facts: str) -> Entry:
    name, site, zone, vendor, active, grid = facts
    samples = Samples(connection)
    return Entry(
        name=name,
        site=site,
        zone=zone,
        vendor=vendor,
        active=bool(active),
        grid=bool(grid),
        devices=(device,),
        first=samples.after(device),
        last=samples.before(device),
        channels={channel.path: channel for channel in layouts.channels(connection, device)},
    )


def _joined(one: Entry, other: Entry) -> Entry:
    """A system that got another box; the later one says what it is now."""
    firsts, lasts = _known(one.first, other.first), _known(one.last, other.last)
    return replace(
        other,
        active=one.active or other.active,
        grid=one.grid or other.grid,
        devices=one.devices + other.devices,
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        channels={**one.channels, **other.channels},
    )


def _known(*values: int | None) -> Iterable[int]:
    return [value for value in values if value is not None]


def _matches(pattern: str, path: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", "[^.]+"), path) is not None
