"""What the dataloggers have said: the last record of each inverter, and those that came late, by their own time."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heliobus.errors import Refused
from heliobus.growatt.protocol.datalogger import DataRecord, Type

if TYPE_CHECKING:
    from datetime import datetime

_INVERTERS = 64
"""Serials are what the peer says, and each one takes memory."""
_LATE = 10_000
"""Late records per inverter: five weeks at five minutes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record, when it was made (UTC; None if it has no date) and when it came."""

    record: DataRecord
    time: datetime | None
    received_at: datetime


@dataclass(slots=True)
class Inverter:
    """One inverter's records."""

    last: Kept | None = None
    meter: Kept | None = None
    announcement: Kept | None = None
    late: list[Kept] = field(default_factory=list)
    """By their time, the oldest first; each time once."""


class Shelf:
    """Every inverter's records, by its serial number."""

    def __init__(self) -> None:
        self.inverters: dict[str, Inverter] = {}

    @property
    def serials(self) -> tuple[str, ...]:
        """The inverters of which there is a live record."""
        return tuple(serial for serial, one in self.inverters.items() if one.last is not None)

    def add(self, kept: Kept) -> None:
        """Keep a record; a late one never takes the place of a live one.  Raises Refused beyond 64 inverters."""
        record = kept.record
        if record.serial is None:  # a meter's text: its columns have no agreed meaning in the model
            return
        if record.serial not in self.inverters and len(self.inverters) >= _INVERTERS:
            raise Refused(f"more than {_INVERTERS} inverters", remedy="Name the datalogger with ?logger=SERIAL.")
        one = self.inverters.setdefault(record.serial, Inverter())
        if record.kind == Type.BUFFERED:
            _put(one.late, kept)
        elif record.kind == Type.DATA:
            one.last = kept
        elif record.kind == Type.METER:
            one.meter = kept
        else:
            one.announcement = kept


def _put(late: list[Kept], kept: Kept) -> None:
    """Put it to its place in time; what came again, because an acknowledgement was lost, counts once."""
    if kept.time is None:
        return
    at = bisect_left(late, kept.time, key=lambda one: one.time or kept.received_at)
    if at < len(late) and late[at].time == kept.time:
        return
    late.insert(at, kept)
    del late[: max(len(late) - _LATE, 0)]
