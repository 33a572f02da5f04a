"""Idle periods: when the battery must not charge or discharge, in the old and in the new form (SPEC 6.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Value, tags
from heliobus.e3dc.simulator.answering import asks, item, items, reads
from heliobus.e3dc.simulator.settings import CHARGE, DISCHARGE, Idle, Period

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment

_FORMAT = ErrorAnswer(ErrorCode.FORMAT)
_DAY = 24 * 3600
_TEXT = 255

# -- the old form: one period for each weekday and type


def _old(moment: Moment) -> Value:
    return [
        item(
            tags.EMS_IDLE_PERIOD,
            [
                *items("EMS_IDLE_PERIOD", {"TYPE": kind, "DAY": day, "ACTIVE": idle.active}),
                item(tags.EMS_IDLE_PERIOD_START, _clock(idle.start)),
                item(tags.EMS_IDLE_PERIOD_END, _clock(idle.end)),
            ],
        )
        for (kind, day), idle in moment.settings.idle.items()
    ]


def _clock(time: tuple[int, int]) -> list[Item]:
    hour, minute = time
    return items("EMS_IDLE_PERIOD", {"HOUR": hour, "MINUTE": minute})


def _set_old(moment: Moment, asked: Item) -> Value:
    changed = {place: idle for period in asked.children for place, idle in [_parse_old(period)]}
    if not changed or not changed.keys() <= moment.settings.idle.keys():
        return False
    if any(not (0, 0) <= idle.start < idle.end <= (23, 59) for idle in changed.values()):
        return False
    moment.settings.idle.update(changed)
    return True


def _parse_old(period: Item) -> tuple[tuple[int, int], Idle]:
    """Type and day, and the period; what is missing becomes a value that no period has."""
    place = _whole(period, tags.EMS_IDLE_PERIOD_TYPE), _whole(period, tags.EMS_IDLE_PERIOD_DAY)
    start, end = (
        (_whole(time, tags.EMS_IDLE_PERIOD_HOUR), _whole(time, tags.EMS_IDLE_PERIOD_MINUTE))
        for time in (period.get(tags.EMS_IDLE_PERIOD_START), period.get(tags.EMS_IDLE_PERIOD_END))
    )
    return place, Idle(active=_whole(period, tags.EMS_IDLE_PERIOD_ACTIVE) == 1, start=start, end=end)


def _whole(holder: Item | None, tag: int) -> int:
    """The number of a child, -1 without one."""
    child = None if holder is None else holder.get(tag)
    return int(child.value) if child is not None and isinstance(child.value, int) else -1


# -- the new form: any number of periods with a name


def _new(moment: Moment) -> list[Item]:
    unit = moment.equipment.idle_unit
    return [
        item(
            tags.EMS_IDLE_PERIOD_2,
            [
                item(tags.EMS_PERIOD_ACTIVE, period.active),
                item(tags.EMS_PERIOD_DESCRIPTION, period.description),
                item(tags.EMS_PERIOD_WEEKDAYS, period.weekdays),
                item(tags.EMS_PERIOD_START, period.start // unit),
                item(tags.EMS_PERIOD_STOP, period.stop // unit),
                item(tags.EMS_IDLE_PERIOD_TYPE, period.type),
            ],
        )
        for period in moment.settings.periods
    ]


def _set_new(moment: Moment, asked: Item) -> Value:
    """Take all periods in place of all that there were."""
    periods = [_parse_new(child, moment.equipment.idle_unit) for child in asked.children]
    right = [
        period
        for period in periods
        if period.start in range(_DAY)
        and period.stop in range(_DAY)
        and period.weekdays in range(128)
        and period.type in {CHARGE, DISCHARGE}
        and len(period.description) <= _TEXT
    ]
    if not isinstance(asked.value, list) or right != periods:
        return _FORMAT
    moment.settings.periods = right
    return _new(moment)


def _parse_new(period: Item, unit: int) -> Period:
    """The period; what is missing becomes a value that no period has."""
    description = period.get(tags.EMS_PERIOD_DESCRIPTION)
    text = None if description is None else description.text
    return Period(
        active=_whole(period, tags.EMS_PERIOD_ACTIVE) == 1,
        description="" if text is None else text,
        weekdays=_whole(period, tags.EMS_PERIOD_WEEKDAYS),
        start=_whole(period, tags.EMS_PERIOD_START) * unit,
        stop=_whole(period, tags.EMS_PERIOD_STOP) * unit,
        type=_whole(period, tags.EMS_IDLE_PERIOD_TYPE),
    )


TABLE: Table[Moment] = {
    **reads("EMS", {"GET_IDLE_PERIODS": _old, "GET_IDLE_PERIODS_2": _new}),
    **asks("EMS", {"SET_IDLE_PERIODS": _set_old, "SET_IDLE_PERIODS_2": _set_new}),
}
