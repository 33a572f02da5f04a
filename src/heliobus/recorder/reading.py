"""What the record keeps of a snapshot."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heliobus.errors import UsageError
from heliobus.model import fields
from heliobus.model.quality import Quality
from heliobus.recorder.samples import END

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from heliobus.model.snapshot import Snapshot

_ALL = "battery."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One sample on its way to the disk.

    ``at`` is in ms since 1970 UTC; ``doubts`` holds the quality of those values that do not count in totals;
    ``interval`` is the time in ms to the next one of this ``source``, None: as the system is configured.
    """

    number: int
    system: str
    at: int
    serial: str | None
    values: Mapping[str, float]
    doubts: Mapping[str, Quality] = field(default_factory=dict)
    source: str = ""
    interval: int | None = None


def milliseconds(when: datetime) -> int:
    """Give whole ms since 1970 UTC; a time without its zone raises UsageError."""
    if when.utcoffset() is None:
        raise UsageError(f"the time {when.isoformat()} has no time zone", remedy="Give times with their offset to UTC.")
    return round(when.timestamp() * 1000)


def storable(text: str) -> str:
    """Replace what UTF-8 cannot say: JSON of a device may hold half a character."""
    return text.encode("utf-8", "replace").decode()


def reading_of(snapshot: Snapshot, *, system: str, number: int, interval: float | None = None) -> Reading:
    """Take every finite number that the snapshot knows.

    A single battery is recorded as ``battery.`` only: ``batteries.<id>.`` would say everything twice.
    """
    single = f"batteries.{snapshot.batteries[0].id}." if len(snapshot.batteries) == 1 else None
    values: dict[str, float] = {}
    doubts: dict[str, Quality] = {}
    for path, value, _ in fields.walk(snapshot):
        if not math.isfinite(value) or (single and path.startswith(single)):
            continue
        values[path] = value
        quality = _quality(snapshot, path)
        if not quality.counts:
            doubts[path] = quality
    serial = storable(snapshot.device.serial) if snapshot.device and snapshot.device.serial else None
    at = milliseconds(snapshot.received_at)
    if not 0 <= at < END:
        raise UsageError(f"the record begins in 1970 and ends in 2109; {snapshot.received_at.isoformat()} is outside")
    return Reading(
        number=number,
        system=system,
        at=at,
        serial=serial,
        values=values,
        doubts=doubts,
        source=storable(snapshot.source),
        interval=None if interval is None else round(interval * 1000),
    )


def _quality(snapshot: Snapshot, path: str) -> Quality:
    """The aggregate battery is as bad as the worst of its parts."""
    quality = snapshot.quality
    if not quality:
        return Quality.GOOD
    found = quality.get(path, Quality.GOOD)
    if path.startswith(_ALL):
        tail = path.removeprefix(_ALL)
        return max(found, *(quality.get(f"batteries.{one.id}.{tail}", Quality.GOOD) for one in snapshot.batteries))
    return found
