"""Energies of spans of time, out of the device's history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.e3dc.models import STEP, HistoryValues
from heliobus.e3dc.protocol import Item, Type, tags
from heliobus.model.spans import EnergySpan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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
