"""Histories: the sums of a span of time, and rows in steps of it (SPEC 6.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.models.request import container
from heliobus.e3dc.models.rows import Record, number, whole
from heliobus.e3dc.protocol import HISTORY_ROW, Item, Timestamp, Type, records, tags

if TYPE_CHECKING:
    from datetime import datetime, timedelta

STEP = 900
"""Seconds between the rows that the device keeps; it gives none that are finer."""

_INDEX = tags.DB_GRAPH_INDEX


class HistoryValues(Record):
    """Wh in sums; in rows W (day) or Wh.  The battery's ``in`` charges, the grid's ``in`` is fed in."""

    bat_power_in = number(tags.DB_BAT_POWER_IN, "Wh", "charged")
    bat_power_out = number(tags.DB_BAT_POWER_OUT, "Wh", "discharged")
    dc_power = number(tags.DB_DC_POWER, "Wh", "produced by the roof")
    grid_power_in = number(tags.DB_GRID_POWER_IN, "Wh", "fed into the grid")
    grid_power_out = number(tags.DB_GRID_POWER_OUT, "Wh", "drawn from the grid")
    consumption = number(tags.DB_CONSUMPTION, "Wh", "consumed")
    pm_0_power = number(tags.DB_PM_0_POWER, "Wh", "of the first further meter")
    pm_1_power = number(tags.DB_PM_1_POWER, "Wh", "of the second further meter")
    bat_charge_level = number(tags.DB_BAT_CHARGE_LEVEL, "%", "state of charge")
    bat_cycle_count = whole(tags.DB_BAT_CYCLE_COUNT, "charging cycles")
    consumed_production = number(tags.DB_CONSUMED_PRODUCTION, "%", "share of the production that was not fed in")
    autarky = number(tags.DB_AUTARKY, "%", "share of the consumption that was not drawn")


@dataclass(frozen=True, slots=True)
class History:
    """One answer: ``sums`` of the whole span, and the values of each step by its number from 1.

    The rows hold values by tag.  Row 0, which devices send in front of the steps, holds none (captures:
    history-day-response-real).
    """

    sums: HistoryValues
    rows: dict[int, dict[int, float | None]]

    @classmethod
    def of(cls, answer: Item) -> History:
        numbered = ((row.get(_INDEX), row) for row in records(answer.children, HISTORY_ROW))
        rows = {round(index): row for index, row in numbered if index is not None and round(index) > 0}
        return cls(HistoryValues.inside(answer.get(tags.DB_SUM_CONTAINER)), rows)


def history_request(
    tag: int, start: datetime | Timestamp, *, interval: timedelta, span: timedelta, utc: bool = True
) -> Item:
    """Ask for what the device keeps from ``start`` on, in UTC or, not ``utc``, on the wall as if it were UTC."""
    begin = start if isinstance(start, Timestamp) else Timestamp.of(start)
    first = tags.DB_REQ_HISTORY_UTC_TIME_START if utc else tags.DB_REQ_HISTORY_TIME_START
    return container(
        tag,
        Item(first, Type.TIMESTAMP, begin),
        Item(tags.DB_REQ_HISTORY_TIME_INTERVAL, Type.TIMESTAMP, Timestamp(round(interval.total_seconds()))),
        Item(tags.DB_REQ_HISTORY_TIME_SPAN, Type.TIMESTAMP, Timestamp(round(span.total_seconds()))),
    )
