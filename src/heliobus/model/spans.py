"""Energies of spans of time, as vendors' histories tell them; and which spans there are.

Local days, weeks, months and years begin at local midnight, so a day may have 23 or 25 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergySpan:
    """The energies of a span of time, from ``start`` until before ``end``; Wh, all >= 0; None is unknown.

    ``pv`` is all production, ``external`` the part that further meters see; ``wallbox`` is not part of ``load``.
    ``soc`` is that at the end in %, ``cycles`` the battery's so far; ``autarky`` and ``self_consumption`` are shares in
    %.  ``complete`` tells whether the span was over when it was read.
    """

    start: datetime
    end: datetime
    complete: bool
    pv: float | None = None
    external: float | None = None
    load: float | None = None
    wallbox: float | None = None
    grid_import: float | None = None
    grid_export: float | None = None
    charge: float | None = None
    discharge: float | None = None
    soc: float | None = None
    cycles: float | None = None
    autarky: float | None = None
    self_consumption: float | None = None


def spans(start: datetime, end: datetime, resolution: str, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The local days, weeks, months or years, in UTC, that begin before ``end`` and end after ``start``.

    ``resolution`` is day, week, month or year; weeks begin on Monday.
    """
    noon = _first(start.astimezone(zone), resolution)
    while (begin := _midnight(noon)) < end:
        noon = _next(noon, resolution)
        yield begin, _midnight(noon)


def _midnight(local: datetime) -> datetime:
    """The beginning of the local day, UTC."""
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def _first(local: datetime, resolution: str) -> datetime:
    """The noon of the first day of the span that holds ``local``: unlike midnight, noon exists on every day."""
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    match resolution:
        case "week":
            return noon - timedelta(days=noon.weekday())
        case "month":
            return noon.replace(day=1)
        case "year":
            return noon.replace(month=1, day=1)
    return noon


def _next(noon: datetime, resolution: str) -> datetime:
    match resolution:
        case "week":
            return noon + timedelta(days=7)
        case "month":
            return (noon + timedelta(days=31)).replace(day=1)
        case "year":
            return noon.replace(year=noon.year + 1)
    return noon + timedelta(days=1)
