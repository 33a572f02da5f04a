"""What a battery shall do at which time of each day, as V4's parameter 34 and the OAuth route's dispatch have it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from heliobus.errors import OutOfBounds, UsageError
from heliobus.growatt.models.rows import number
from heliobus.growatt.protocol import integer
from heliobus.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heliobus.growatt.protocol import Json

DAY = 1440
"""Minutes; a slot that ends with the day ends there."""
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]?\d)")
_ALL = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """From ``start`` to ``end`` (minutes of the day) with ``percentage`` of the power: + charges, - discharges.

    V4 counts in the plant's time, the OAuth route in UTC.  Raises OutOfBounds for what is no slot.
    """

    start: int
    end: int
    percentage: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= DAY:
            raise OutOfBounds(
                f"a slot from minute {self.start} to {self.end} is none within 0 to {DAY}",
                remedy="Split what passes midnight in two.",
            )
        if not -_ALL <= self.percentage <= _ALL:
            raise OutOfBounds(f"a slot's power goes from -100 to 100 %, not {self.percentage}")


def checked(slots: Iterable[object], most: int) -> tuple[Slot, ...]:
    """These slots in order; UsageError for other things, OutOfBounds for too many or for two at the same time."""
    given = tuple(slots)
    found = [one for one in given if isinstance(one, Slot)]
    if len(found) != len(given):
        raise UsageError("a schedule is made of slots", remedy="Give Slot(start=, end=, percentage=) objects.")
    if len(found) > most:
        raise OutOfBounds(f"at most {most} slots fit, not {len(found)}")
    ordered = tuple(sorted(found, key=lambda slot: slot.start))
    if any(one.end > other.start for one, other in pairwise(ordered)):
        raise OutOfBounds("two slots are at the same time")
    return ordered


class _Row(Record):
    percentage = number("percentage", "%")


def slots_of(value: Json) -> tuple[Slot, ...]:
    """The slots of an answer, in order; empty ones (0 to 0) and what is no slot are left out."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return ()
    found = [_slot(one) for one in value] if isinstance(value, list) else []
    return tuple(sorted((one for one in found if one is not None), key=lambda slot: slot.start))


def minute(value: Json) -> int | None:
    """A minute of the day out of ``90`` or ``"01:30"``."""
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) * 60 + int(found[2]) if found else integer(value)


def _slot(value: Json) -> Slot | None:
    row = _Row(value)
    start, end = minute(row.values.get("startTime")), minute(row.values.get("endTime"))
    if start is None or end is None or row.percentage is None:
        return None
    try:
        return Slot(start=start, end=end, percentage=round(row.percentage))
    except OutOfBounds:
        return None


def clock(minutes: int) -> str:
    """As ``HH:MM``; the end of the day is 23:59, since 24:00 is not accepted."""
    return "{:02}:{:02}".format(*divmod(min(minutes, DAY - 1), 60))


def rows_of(slots: Sequence[Slot], *, clocks: bool) -> list[Json]:
    """As a wire has them: with clock times, or with minutes of the day."""

    def shown(minutes: int) -> Json:
        return clock(minutes) if clocks else minutes

    return [{"percentage": one.percentage, "startTime": shown(one.start), "endTime": shown(one.end)} for one in slots]
