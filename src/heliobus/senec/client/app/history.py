"""Energies of spans of time out of the cloud's measurements: asked for in whole local days, weeks, months and years.

The largest span that the cloud answers for each resolution is not known (erratum S8), so none is asked for that the app
itself would not show.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import UsageError
from heliobus.model.spans import spans
from heliobus.senec.mapping import app as mapping
from heliobus.senec.protocol.app import RESOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime, tzinfo

    from heliobus.model.spans import EnergySpan
    from heliobus.senec.client.app.calls import Calls


class _Kind(NamedTuple):
    """How a resolution is got: from the cloud's ``fine`` buckets, in requests of one ``piece``."""

    fine: str
    piece: str
    step: timedelta | None = None
    """None: local days or longer."""


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "5min": _Kind("5min", "day", timedelta(minutes=5)),
        "15min": _Kind("5min", "day", timedelta(minutes=15)),
        "hour": _Kind("hour", "week", timedelta(hours=1)),
        "day": _Kind("day", "month"),
        "week": _Kind("day", "month"),
        "month": _Kind("month", "year"),
        "year": _Kind("year", "year"),
    }
)


def check(start: datetime, end: datetime, resolution: str) -> None:
    """Raise UsageError for times without a zone and an unknown resolution."""
    if start.tzinfo is None or end.tzinfo is None:
        raise UsageError("a history is asked for between times with a zone", remedy="Add tzinfo to both.")
    if resolution not in _KINDS:
        raise UsageError(f"no resolution {resolution!r}", remedy=f"Use one of: {', '.join(_KINDS)}.")


async def history(
    calls: Calls, system: str, start: datetime, end: datetime, resolution: str, *, zone: tzinfo, now: datetime
) -> tuple[EnergySpan, ...]:
    """All spans that have a part in the time from ``start`` until before ``end``; those without data are unknown."""
    wanted = list(_buckets(start, end, resolution, zone))
    if not wanted:
        return ()
    kind = _KINDS[resolution]
    first, last = wanted[0][0], wanted[-1][1]
    found: dict[datetime, Mapping[str, float | None]] = {}
    for begin, stop in spans(first, min(last, now), kind.piece, zone):
        told = await calls.measurements(system, resolution=RESOLUTIONS[kind.fine], start=begin, end=stop)
        found |= {one.date: told.values_of(one) for one in told.series if one.date is not None}
    parts = [
        mapping.energies(found.get(begin), begin, stop, complete=stop <= now)
        for begin, stop in _buckets(first, last, kind.fine, zone)
    ]
    return tuple(parts) if kind.fine == resolution else tuple(_stitched(parts, wanted))


def _stitched(parts: list[EnergySpan], wanted: list[tuple[datetime, datetime]]) -> Iterator[EnergySpan]:
    starts = [part.start for part in parts]
    for begin, stop in wanted:
        yield mapping.joined(parts[bisect_left(starts, begin) : bisect_left(starts, stop)])


def _buckets(start: datetime, end: datetime, resolution: str, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    step = _KINDS[resolution].step
    if step is None:
        yield from spans(start, end, resolution, zone)
        return
    for midnight, stop in spans(start, end, "day", zone):
        begin = midnight
        while begin < stop:
            if begin + step > start and begin < end:
                yield begin, begin + step
            begin += step
