"""What the cloud remembers, against the simulated house."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt import AsyncClient, Client
from heliobus.simulation.plant import Plant
from tests.growatt.conftest import HOUSE, NOON, PLANT
from tests.growatt.replay import replay

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.growatt.conftest import Cloud

    Clouds = Callable[..., AbstractAsyncContextManager[Cloud]]

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
STEP = timedelta(minutes=5)
ALL = ["mix", "tlx", "storage", "inverter", "max", "noah", "nexa", "spa"]


def midnight(day: int, *, month: int = 6, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime(2026, month, day, tzinfo=zone)


def near(value: float, *, step: float = 51.0) -> Any:
    return pytest.approx(value, abs=step)


@pytest.mark.parametrize("family", ALL)
async def test_days_of_a_month(cloud: Clouds, family: str) -> None:
    async with cloud(profile=family) as one, one.client() as client:
        found = await client.history(midnight(10), midnight(15))
    assert [span.start for span in found] == [midnight(day) for day in range(10, 15)]
    for span in found:
        assert span.pv == near(PLANT.energy(span.start, span.end).pv)
        assert (span.complete, span.load, span.grid_import) == (True, None, None)


async def test_months_and_years(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        months = await client.history(midnight(1, month=5), midnight(1, month=8), "month")
        (year,) = await client.history(midnight(1), midnight(2), "year")
    assert [span.start for span in months] == [midnight(1, month=month) for month in (5, 6, 7)]
    built = PLANT.energy(PLANT.house.commissioned, NOON).pv
    assert (months[0].pv, months[1].pv, months[2].pv) == (None, near(built), None)
    assert [span.complete for span in months] == [True, False, False]
    assert (year.pv, year.complete) == (near(built), False)


async def test_a_day_that_is_corrected_later_is_the_same_span(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        (early,) = await client.history(midnight(20), midnight(21))
        await one.clock.advance(13 * 3600.0)
        (late,) = await client.history(midnight(20), midnight(21))
    assert (late.start, late.end) == (early.start, early.end)
    assert (early.complete, late.complete) == (False, True)
    assert early.pv == near(PLANT.energy(midnight(20), NOON).pv)
    assert late.pv == near(PLANT.energy(midnight(20), midnight(21)).pv)


async def test_a_hybrids_day_by_five_minutes(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        found = await client.history(midnight(19), midnight(20), "5min")
    assert [span.start for span in found] == [midnight(19) + place * STEP for place in range(288)]
    for span in found[::7]:
        true = PLANT.at(span.start)
        rounded = 5.01 / 12  # 10 W
        assert span.pv == near(true.pv / 12, step=rounded)
        assert span.load == near(true.load / 12, step=rounded)
        assert span.grid_import == near(max(true.grid, 0.0) / 12, step=rounded)
        assert span.grid_export == near(max(-true.grid, 0.0) / 12, step=rounded)
        assert span.discharge == near(max(true.battery, 0.0) / 12, step=rounded)
        assert span.charge is None
    whole = sum(span.pv or 0.0 for span in found)
    assert whole == pytest.approx(PLANT.energy(midnight(19), midnight(20)).pv, rel=0.01)


@pytest.mark.parametrize("family", ["inverter", "max"])
async def test_a_plain_inverters_day(cloud: Clouds, family: str) -> None:
    async with cloud(profile=family) as one, one.client() as client:
        found = await client.history(NOON - HOUR, NOON + HOUR, "5min")
    assert [span.start for span in found] == [NOON - HOUR + place * STEP for place in range(13)]
    assert found[0].pv == near(PLANT.at(NOON - HOUR).pv / 12, step=0.01)
    assert [span.complete for span in found] == [True] * 12 + [False]


@pytest.mark.parametrize("family", ["tlx", "storage", "noah"])
async def test_others_have_the_plants_half_hours(cloud: Clouds, family: str) -> None:
    async with cloud(profile=family) as one, one.client() as client:
        found = await client.history(NOON - HOUR, NOON, "5min")
    assert [(span.start, span.end - span.start) for span in found] == [
        (NOON - HOUR, HOUR / 2),
        (NOON - HOUR / 2, HOUR / 2),
    ]
    assert found[0].pv == near(PLANT.at(NOON - HOUR).pv / 2, step=0.1)


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25)])
async def test_days_on_which_the_clock_changes(cloud: Clouds, month: int, day: int, hours: int) -> None:
    begin, end = midnight(day, month=month), midnight(day + 1, month=month)
    assert end.astimezone(UTC) - begin.astimezone(UTC) == hours * HOUR
    plant = Plant(7, house=replace(HOUSE, commissioned=(begin - timedelta(days=3)).astimezone(UTC)))
    async with cloud(plant=plant, at=end + 12 * HOUR) as one, one.client(timezone="Europe/Berlin") as client:
        (whole,) = await client.history(begin, end)
        curve = await client.history(begin, end, "5min")
    assert (whole.start, whole.end) == (begin, end)
    assert whole.pv == near(plant.energy(begin, end).pv)
    # The hour that the clock shows twice could be either, and both are left out.
    assert len(curve) == 23 * 12
    for span in curve[::11]:
        assert span.pv == near(plant.at(span.start).pv / 12, step=0.42)


async def test_in_the_plants_own_zone_by_its_hours_from_utc(cloud: Clouds) -> None:
    """Without a name the plant's hours from UTC are all that is known; in summer they are those of the day, too."""
    async with cloud() as one, one.client() as client:
        (day,) = await client.history(NOON, NOON + HOUR)
    assert day.start == datetime(2026, 6, 19, 22, tzinfo=UTC)


async def test_what_cannot_be_told(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        with pytest.raises(UsageError, match="zone"):
            await client.history(NOON.replace(tzinfo=None), NOON)
        with pytest.raises(UsageError, match="resolution"):
            await client.history(NOON, NOON + HOUR, "week")
        with pytest.raises(UsageError, match="no time zone"):
            one.client(timezone="Europe/Nowhere")
        one.simulator.requests.clear()
        assert await client.history(NOON + 48 * HOUR, NOON + 49 * HOUR, "5min") == ()
        (future,) = await client.history(NOON + 48 * HOUR, NOON + 49 * HOUR)
        assert (future.pv, future.complete) == (None, False)
        assert "mix_energy" not in one.simulator.requests
        assert "plant_history" not in one.simulator.requests


async def test_of_several_inverters_the_plants_sum_is_not_one_ones() -> None:
    devices = [{"deviceSn": serial, "deviceType": "mix"} for serial in ("A", "B")]
    async with replay() as one, one.client(token=None, username="me", password="secret") as client:
        one.answers = {
            "newTwoLoginAPI.do": {"back": {"success": True, "user": {"id": 7}}},
            "PlantListAPI.do": {"back": {"data": [{"plantId": "1"}], "success": True}},
            "newPlantAPI.do": {"timezone": "2"},
            "newTwoPlantAPI.do": {"deviceList": devices},
            "newMixApi.do": {"result": 1, "obj": {"chartData": {"12:30": {"ppv": "1.2"}}}},
        }
        with pytest.raises(NotSupported, match="several inverters"):
            await client.history(NOON, NOON + HOUR, device="A")
        (own,) = await client.history(NOON, NOON + HOUR, "5min", device="A")
    assert own.pv == near(100.0, step=0.01)


async def test_a_month_is_asked_for_once(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        await client.history(midnight(1), midnight(20))
        assert one.asked("plant_history") == 1


async def test_the_blocking_client_has_it_too(cloud: Clouds) -> None:
    async with cloud() as one:
        named = {"username": one.told["username"], "password": one.told["password"], "server": one.server}

        async with AsyncClient(**named, scheme="http", clock=one.clock) as client:
            expected = await client.history(midnight(10), midnight(12))

        def block() -> Any:
            with Client(**named, scheme="http", clock=one.clock) as client:
                return client.history(midnight(10), midnight(12))

        assert await asyncio.to_thread(block) == expected


async def test_by_a_token_the_same(cloud: Clouds) -> None:
    """The OpenAPI tells a device's five minutes, and of days the plant's sun."""
    async with cloud(profile="tlx") as one, one.client(token=one.told["token"]) as client:
        days = await client.history(midnight(10), midnight(12))
        curve = await client.history(NOON - HOUR, NOON, "5min")
    assert [span.pv for span in days] == [near(PLANT.energy(span.start, span.end).pv) for span in days]
    assert [span.start for span in curve] == [NOON - HOUR + place * STEP for place in range(12)]
    true = PLANT.at(NOON - HOUR)
    assert curve[0].pv == near(true.pv / 12, step=0.01)
    assert (curve[0].grid_export, curve[0].soc) == (
        near(max(-true.grid, 0.0) / 12, step=0.01),
        near(true.soc, step=0.6),
    )
