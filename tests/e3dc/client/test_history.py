from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import UsageError
from heliobus.simulation.clock import FrozenClock, ManualClock
from heliobus.simulation.plant import House, Plant

if TYPE_CHECKING:
    from heliobus.model.spans import EnergySpan
    from tests.conftest import Figure

    from .conftest import Start

BERLIN = ZoneInfo("Europe/Berlin")
ENERGIES = ("pv", "load", "grid_import", "grid_export", "charge", "discharge")
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 10, 25, tzinfo=BERLIN)
"""The days of 23 and of 25 hours."""
HOUR = timedelta(hours=1)


def house(*, since: datetime = datetime(2026, 1, 31, tzinfo=UTC), timezone: str = "Europe/Berlin") -> Plant:
    """The younger it is, the quicker are its lifetime counters."""
    return Plant(3, house=replace(House.draw(3), commissioned=since.astimezone(UTC), timezone=timezone))


def error(plant: Plant, spans: tuple[EnergySpan, ...]) -> float:
    """The largest difference from the house in Wh."""
    worst = 0.0
    for span in spans:
        true = plant.energy(span.start, span.end)
        worst = max(worst, *(abs(getattr(span, name) - getattr(true, name)) for name in ENERGIES))
    return worst


@pytest.mark.prove
@pytest.mark.parametrize("profile", ["s10e", "s10e-2019"])  # by UTC, by local time
async def test_every_day_of_a_year(start: Start, scale: float, figure: Figure, profile: str) -> None:
    begin = SPRING - timedelta(days=round(87 * scale))
    end = AUTUMN + timedelta(days=68) if scale == 1 else SPRING + timedelta(days=3)
    plant = house(since=begin - timedelta(days=1))
    site = await start(plant=plant, profile=profile, clock=FrozenClock(end + timedelta(days=1)))
    days = await (await site.client(timeout=60)).history(begin, end)
    assert all(one.end == another.start for one, another in pairwise(days))
    lengths = {day.start.astimezone(BERLIN).date(): (day.end - day.start) / HOUR for day in days}
    assert len(lengths) == (end.date() - begin.date()).days
    changes = {SPRING.date(): 23, AUTUMN.date(): 25}
    assert {day: length for day, length in lengths.items() if length != 24} == {
        day: length for day, length in changes.items() if begin.date() <= day < end.date()
    }
    assert all(day.complete for day in days)
    worst = error(plant, days)
    assert worst < 1.0
    figure(f"E3/DC history ({profile})", f"{len(days)} local days, the worst is {worst:.4f} Wh off the house")


@pytest.mark.parametrize("profile", ["s10e", "s10e-2019"])
@pytest.mark.parametrize(("resolution", "count"), [("15min", 92 + 96), ("hour", 23 + 24), ("day", 2)])
async def test_around_the_change_to_summer_time(start: Start, profile: str, resolution: str, count: int) -> None:
    plant = house(since=SPRING - timedelta(days=1))
    site = await start(plant=plant, profile=profile, clock=FrozenClock(datetime(2026, 4, 2, tzinfo=UTC)))
    spans = await (await site.client()).history(SPRING, SPRING + timedelta(days=2), resolution)
    assert len(spans) == count
    assert error(plant, spans) < 0.01


@pytest.mark.parametrize(("resolution", "count"), [("15min", 100), ("hour", 25), ("day", 1), ("week", 1), ("month", 1)])
async def test_around_the_change_to_winter_time(start: Start, resolution: str, count: int) -> None:
    plant = house(since=datetime(2026, 9, 30, tzinfo=UTC))
    site = await start(plant=plant, clock=FrozenClock(datetime(2026, 11, 2, tzinfo=UTC)))
    spans = await (await site.client(timeout=60)).history(AUTUMN, AUTUMN + timedelta(days=1), resolution)
    assert len(spans) == count
    assert error(plant, spans) < 1.0


async def test_weeks_begin_on_monday_months_and_years_on_their_first(start: Start) -> None:
    plant, now = house(), datetime(2026, 3, 4, tzinfo=UTC)
    site = await start(plant=plant, clock=FrozenClock(now))
    client = await site.client(timeout=60)
    moment = datetime(2026, 2, 18, 15, tzinfo=UTC)
    for resolution, begin, end in (
        ("week", datetime(2026, 2, 16, tzinfo=BERLIN), datetime(2026, 2, 23, tzinfo=BERLIN)),
        ("month", datetime(2026, 2, 1, tzinfo=BERLIN), datetime(2026, 3, 1, tzinfo=BERLIN)),
        ("year", datetime(2026, 1, 1, tzinfo=BERLIN), datetime(2027, 1, 1, tzinfo=BERLIN)),
    ):
        (span,) = await client.history(moment, moment + HOUR, resolution)
        assert (span.start, span.end) == (begin, end)
        assert span.complete is (resolution != "year")
        true = plant.energy(max(begin, plant.house.commissioned), min(end, now))
        assert span.load == pytest.approx(true.load)


async def test_today_so_far(start: Start) -> None:
    plant = house()
    now = datetime(2026, 2, 3, 12, 20, tzinfo=UTC)
    site = await start(plant=plant, clock=FrozenClock(now))
    client = await site.client()
    (today,) = await client.history(now, now + HOUR)
    assert not today.complete
    stored = now.replace(minute=15)
    assert today.load == pytest.approx(plant.energy(today.start, stored).load)
    hours = await client.history(today.start, today.end, "hour")
    assert [one.load is not None for one in hours] == [True] * 13 + [False] * 11  # the hours that are over
    assert await client.history(now + timedelta(days=1), now + timedelta(days=2)) != ()
    assert {one.load for one in await client.history(now + timedelta(days=1), now + timedelta(days=2))} == {None}


async def test_production_of_a_foreign_inverter_counts(start: Start) -> None:
    plant = house()
    site = await start(plant=plant, profile="s10e-pro", clock=FrozenClock(datetime(2026, 2, 3, tzinfo=UTC)))
    noon = datetime(2026, 2, 1, 12, tzinfo=UTC)
    (day,) = await (await site.client()).history(noon, noon + HOUR)
    true = plant.energy(day.start, day.end)
    assert (day.pv, day.external) == pytest.approx((true.pv, true.pv / 4))


@pytest.mark.parametrize("zone", ["Australia/Adelaide", "America/St_Johns", "UTC", "Asia/Kathmandu"])
async def test_any_zone(start: Start, zone: str) -> None:
    plant = house(timezone=zone, since=datetime(2026, 4, 1, tzinfo=UTC))
    site = await start(plant=plant, clock=FrozenClock(datetime(2026, 4, 9, tzinfo=UTC)))
    local = ZoneInfo(zone)
    days = await (await site.client()).history(datetime(2026, 4, 4, tzinfo=local), datetime(2026, 4, 7, tzinfo=local))
    assert [day.start.astimezone(local).hour for day in days] == [0, 0, 0]
    assert error(plant, days) < 1.0


# -- when there is no answer


MIDNIGHT = datetime(2026, 2, 3, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize("minutes", [0, 1, 5, 14])
async def test_the_minutes_after_midnight_are_unknown_not_zero(start: Start, minutes: int) -> None:
    now = MIDNIGHT + timedelta(minutes=minutes)
    site = await start(plant=house(), clock=FrozenClock(now))
    yesterday, today = await (await site.client()).history(MIDNIGHT - timedelta(hours=3), now + HOUR)
    assert yesterday.load
    assert [getattr(today, name) for name in ENERGIES] == [None] * 6


async def test_the_minutes_after_midnight_are_asked_again(start: Start) -> None:
    clock = ManualClock(MIDNIGHT + timedelta(minutes=3))
    plant = house()
    site = await start(plant=plant, clock=clock)
    client = await site.client()
    call = asyncio.create_task(client.history(MIDNIGHT, MIDNIGHT + HOUR, wait=True))
    minutes = 0
    while not call.done():
        await clock.until_asleep(2)
        await clock.advance(60)
        minutes += 1
        for _ in range(200):
            await asyncio.sleep(0)
    (today,) = await call
    assert minutes == 12  # a quarter past
    assert today.load == pytest.approx(plant.energy(MIDNIGHT, MIDNIGHT + timedelta(minutes=15)).load)


async def test_a_device_that_has_no_answer_for_long(start: Start) -> None:
    clock = ManualClock(MIDNIGHT + timedelta(hours=3))
    site = await start(plant=house(), clock=clock, faults=("midnight",))
    client = await site.client(relayed=True)
    call = asyncio.create_task(client.history(MIDNIGHT, MIDNIGHT + HOUR, wait=True))
    while not call.done():
        await clock.advance(20)
        for _ in range(200):
            await asyncio.sleep(0)
    (today,) = await call
    assert today.load is None
    assert 20 <= site.relay.frames <= 70  # it gave up after 20 min
    assert (await client.history(MIDNIGHT, MIDNIGHT + HOUR))[0].load is None


async def test_before_the_house_stood(start: Start) -> None:
    site = await start(plant=house(), clock=FrozenClock(MIDNIGHT))
    (day,) = await (await site.client()).history(MIDNIGHT - timedelta(days=900), MIDNIGHT - timedelta(days=900) + HOUR)
    assert day.load is None


async def test_what_is_no_history(start: Start) -> None:
    client = await (await start()).client()
    with pytest.raises(UsageError, match="resolution"):
        await client.history(MIDNIGHT, MIDNIGHT + HOUR, "decade")
    with pytest.raises(UsageError, match="zone"):
        await client.history(MIDNIGHT.replace(tzinfo=None), MIDNIGHT)
    assert await client.history(MIDNIGHT, MIDNIGHT) == ()


async def test_the_days_of_a_month_take_a_frame(start: Start) -> None:
    site = await start(plant=house(), clock=FrozenClock(datetime(2026, 3, 4, tzinfo=UTC)))
    client = await site.client(relayed=True)
    await client.history(datetime(2026, 2, 1, tzinfo=BERLIN), datetime(2026, 3, 1, tzinfo=BERLIN))
    assert site.relay.frames == 1 + 1 + 1  # login, clocks
