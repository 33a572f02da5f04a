"""What owners set: limits of power, charging by hand, the reserve, idle periods (SPEC 6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from heliobus.e3dc.models.request import container, typed
from heliobus.e3dc.models.rows import Record, flag, moment, number, whole, whole_in
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHARGE, DISCHARGE = 0, 1
"""What an idle period forbids."""
_DAY = 24 * 60  # min
_DAY_IN_SECONDS = 24 * 3600


class PowerSettings(Record):
    """``EMS_GET_POWER_SETTINGS``; the limits count only while ``power_limits_used``."""

    power_limits_used = flag(tags.EMS_POWER_LIMITS_USED, "whether the limits count")
    max_charge_power = whole(tags.EMS_MAX_CHARGE_POWER, "limit", "W")
    max_discharge_power = whole(tags.EMS_MAX_DISCHARGE_POWER, "limit", "W")
    discharge_start_power = whole(tags.EMS_DISCHARGE_START_POWER, "least power for which it discharges", "W")
    powersave_enabled = flag(tags.EMS_POWERSAVE_ENABLED, "sleeps when there is nothing to do")
    weather_regulated_charge_enabled = flag(tags.EMS_WEATHER_REGULATED_CHARGE_ENABLED, "charges by the forecast")
    weather_forecast_mode = whole(tags.EMS_WEATHER_FORECAST_MODE, "code")


class ManualCharge(Record):
    """``EMS_GET_MANUAL_CHARGE``."""

    active = flag(tags.EMS_MANUAL_CHARGE_ACTIVE, "it charges now")
    energy_counter = number(tags.EMS_MANUAL_CHARGE_ENERGY_COUNTER, "Wh", "charged so far")
    start_counter = whole(tags.EMS_MANUAL_CHARGE_START_COUNTER, "how often it was started")
    last_start = moment(tags.EMS_MANUAL_CHARGE_LASTSTART, "when it was started last")
    last_target = whole(tags.EMS_MANUAL_CHARGE_LASTTARGET, "what was asked for last", "Wh")


class Reserve(Record):
    """``SE_EP_RESERVE``: what is kept for a power cut."""

    share = number(tags.SE_PARAM_EP_RESERVE, "%", "of the battery")
    energy = number(tags.SE_PARAM_EP_RESERVE_W, "Wh", "the same as energy")
    max_energy = number(tags.SE_PARAM_EP_RESERVE_MAX_W, "Wh", "all that the battery holds")


# -- idle periods, old form: one for each weekday and type


@dataclass(frozen=True, slots=True, kw_only=True)
class IdlePeriod:
    """A time of a weekday (0 is Monday) in which the battery must not charge or discharge (``type``)."""

    type: int
    day: int
    active: bool
    start: time
    end: time

    def item(self) -> Item:
        return container(
            tags.EMS_IDLE_PERIOD,
            Item(tags.EMS_IDLE_PERIOD_TYPE, Type.UCHAR8, self.type),
            Item(tags.EMS_IDLE_PERIOD_DAY, Type.UCHAR8, self.day),
            Item(tags.EMS_IDLE_PERIOD_ACTIVE, Type.BOOL, self.active),
            container(tags.EMS_IDLE_PERIOD_START, *_clock(self.start)),
            container(tags.EMS_IDLE_PERIOD_END, *_clock(self.end)),
        )


def _clock(moment: time) -> tuple[Item, Item]:
    return (
        Item(tags.EMS_IDLE_PERIOD_HOUR, Type.UCHAR8, moment.hour),
        Item(tags.EMS_IDLE_PERIOD_MINUTE, Type.UCHAR8, moment.minute),
    )


def idle_periods(answer: Item) -> tuple[IdlePeriod, ...]:
    """``EMS_GET_IDLE_PERIODS``; a period that does not say all of itself is left out."""
    return tuple(period for item in answer.children if (period := _idle_period(item)) is not None)


def _idle_period(item: Item) -> IdlePeriod | None:
    kind, day, active = (
        whole_in(item, tag)
        for tag in (tags.EMS_IDLE_PERIOD_TYPE, tags.EMS_IDLE_PERIOD_DAY, tags.EMS_IDLE_PERIOD_ACTIVE)
    )
    start, end = (_time(item.get(tag)) for tag in (tags.EMS_IDLE_PERIOD_START, tags.EMS_IDLE_PERIOD_END))
    if kind is None or day is None or active is None or start is None or end is None:
        return None
    return IdlePeriod(type=kind, day=day, active=bool(active), start=start, end=end)


def _time(item: Item | None) -> time | None:
    if item is None:
        return None
    hour, minute = (whole_in(item, tag) for tag in (tags.EMS_IDLE_PERIOD_HOUR, tags.EMS_IDLE_PERIOD_MINUTE))
    if hour is None or minute is None:
        return None
    return _minutes(hour * 60 + minute)


def _minutes(minutes: int) -> time | None:
    """The time of the day; 24:00 is 0:00."""
    return time(*divmod(minutes % _DAY, 60)) if 0 <= minutes <= _DAY else None


# -- idle periods, new form: any number of them, with names


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedIdlePeriod:
    """A time of some weekdays (0 is Monday); one that stops before it starts stops on the next morning."""

    type: int
    active: bool
    description: str
    weekdays: frozenset[int]
    start: time
    stop: time

    def item(self, *, unit: int) -> Item:
        """With times in ``unit`` s, as the device counts."""
        return container(
            tags.EMS_IDLE_PERIOD_2,
            Item(tags.EMS_PERIOD_ACTIVE, Type.BOOL, self.active),
            typed(tags.EMS_PERIOD_DESCRIPTION, self.description, Type.CSTRING),
            Item(tags.EMS_PERIOD_WEEKDAYS, Type.UCHAR8, sum(1 << day for day in self.weekdays)),
            Item(tags.EMS_PERIOD_START, Type.UINT32, _seconds(self.start) // unit),
            Item(tags.EMS_PERIOD_STOP, Type.UINT32, _seconds(self.stop) // unit),
            Item(tags.EMS_IDLE_PERIOD_TYPE, Type.UCHAR8, self.type),
        )


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def unit_of(items: Iterable[Item]) -> int | None:
    """The seconds in which a device counts the times of its periods, None if they do not tell.

    The official list says minutes; devices are known that count seconds (SPEC 6.4), and more than a day's minutes can
    only be seconds.
    """
    times = [
        number_
        for item in items
        for tag in (tags.EMS_PERIOD_START, tags.EMS_PERIOD_STOP)
        if (number_ := whole_in(item, tag)) is not None
    ]
    if not any(times):
        return None
    return 1 if max(times) > _DAY else 60


def named_idle_periods(items: Sequence[Item]) -> tuple[NamedIdlePeriod, ...]:
    """The content of ``EMS_GET_IDLE_PERIODS_2``; a period that does not say all of itself is left out."""
    unit = unit_of(items) or 1
    return tuple(period for item in items if (period := _named(item, unit)) is not None)


def _named(item: Item, unit: int) -> NamedIdlePeriod | None:
    kind, active, weekdays, start, stop = (
        whole_in(item, tag)
        for tag in (
            tags.EMS_IDLE_PERIOD_TYPE,
            tags.EMS_PERIOD_ACTIVE,
            tags.EMS_PERIOD_WEEKDAYS,
            tags.EMS_PERIOD_START,
            tags.EMS_PERIOD_STOP,
        )
    )
    description = item.get(tags.EMS_PERIOD_DESCRIPTION)
    if kind is None or active is None or weekdays is None or start is None or stop is None:
        return None
    if not all(0 <= moment * unit <= _DAY_IN_SECONDS for moment in (start, stop)):
        return None
    return NamedIdlePeriod(
        type=kind,
        active=bool(active),
        description="" if description is None or description.text is None else description.text,
        weekdays=frozenset(day for day in range(7) if weekdays >> day & 1),
        start=_of_day(start * unit),
        stop=_of_day(stop * unit),
    )


def _of_day(seconds: int) -> time:
    minutes, second = divmod(seconds % _DAY_IN_SECONDS, 60)
    return time(*divmod(minutes, 60), second)
