"""Energies of spans of time, out of the device's history; and which spans there are.

Local days, weeks, months and years begin at local midnight, so a day may have 23 or 25 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from heliobus.e3dc.models import STEP, HistoryValues
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

    from heliobus.e3dc.models import History

QUARTER = timedelta(seconds=STEP)
ROWS = {"15min": QUARTER, "hour": timedelta(hours=1)}
"""Resolutions that are rows of a day, with their length."""
SUMS = {
    "day": tags.DB_REQ_HISTORY_DATA_DAY,
    "week": tags.DB_REQ_HISTORY_DATA_WEEK,
    "month": tags.DB_REQ_HISTORY_DATA_MONTH,
    "year": tags.DB_REQ_HISTORY_DATA_YEAR,
}
"""Resolutions of which each span has a sum of its own, with the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergySpan:
    """The energies of a span of time, from ``start`` until before ``end``; Wh, all >= 0; None is unknown.

    ``pv`` is all production, ``external`` the part that further meters see.  ``soc`` is that at the end in %,
    ``cycles`` the battery's so far; ``autarky`` and ``self_consumption`` are shares in %.  ``complete`` tells whether
    the span was over when it was read.
    """

    start: datetime
    end: datetime
    complete: bool
    pv: float | None = None
    external: float | None = None
    load: float | None = None
    grid_import: float | None = None
    grid_export: float | None = None
    charge: float | None = None
    discharge: float | None = None
    soc: float | None = None
    cycles: float | None = None
    autarky: float | None = None
    self_consumption: float | None = None


def spans(start: datetime, end: datetime, resolution: str, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The spans of ``SUMS``, in UTC, that begin before ``end`` and end after ``start``; weeks begin on Monday."""
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


def energies(values: HistoryValues | None, start: datetime, end: datetime, *, complete: bool) -> EnergySpan:
    """A sum as it is; without one everything is unknown, never 0."""
    if values is None:
        return EnergySpan(start=start, end=end, complete=complete)
    pv, *further = (_energy(value) for value in (values.dc_power, values.pm_0_power, values.pm_1_power))
    seen = [value for value in further if value is not None]
    external = sum(seen) if seen else None
    return EnergySpan(
        start=start,
        end=end,
        complete=complete,
        pv=pv if pv is None or external is None else pv + external,
        external=external,
        load=_energy(values.consumption),
        grid_import=_energy(values.grid_power_out),
        grid_export=_energy(values.grid_power_in),
        charge=_energy(values.bat_power_in),
        discharge=_energy(values.bat_power_out),
        soc=values.bat_charge_level,
        cycles=values.bat_cycle_count,
        autarky=values.autarky,
        self_consumption=values.consumed_production,
    )


def _energy(value: float | None) -> float | None:
    """Less than nothing is garbage, as devices answer it in the first minutes of a day."""
    return None if value is None or value < 0 else float(value)


def rows(history: History) -> dict[int, HistoryValues]:
    """The steps of a history by their number from 1, as energies in Wh.

    Whether a row holds the mean power of its step or its energy, firmwares do not agree on: each takes the share of the
    sum that it has among all rows.
    """
    sums = history.sums.values()
    scales = {}
    for name, declared in HistoryValues.rows.items():
        if declared.unit == "Wh":
            total = sum(value for one in history.rows.values() if (value := one.get(declared.tag)) is not None)
            scales[declared.tag] = None if sums[name] is None else sums[name] / total if total else 0.0
    return {number: _scaled(one, scales) for number, one in history.rows.items()}


def _scaled(one: Mapping[int, float | None], scales: Mapping[int, float | None]) -> HistoryValues:
    items = []
    for tag, value in one.items():
        scale = scales.get(tag, 1.0)
        if value is not None and scale is not None:
            items.append(Item(tag, Type.DOUBLE64, value * scale))
    return HistoryValues.holding(items)
