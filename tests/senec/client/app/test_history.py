"""Histories of the simulated cloud against the house's own energies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import NotSupported, UsageError
from heliobus.model.spans import EnergySpan
from heliobus.senec.client.app import history
from heliobus.senec.client.app.calls import Calls
from heliobus.senec.models.app import Measurements

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from heliobus.senec.protocol import Json
    from heliobus.simulation.plant import Plant
    from tests.conftest import Figure
    from tests.senec.client.conftest import AppCloud

    Clouds = Callable[..., AbstractAsyncContextManager[AppCloud]]

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
CLOCKS = datetime(2026, 3, 29, 12, tzinfo=BERLIN)
"""Noon of the day of 23 hours."""
APRIL = datetime(2026, 4, 1, tzinfo=BERLIN)


def error(plant: Plant, spans: tuple[EnergySpan, ...], now: datetime) -> float:
    """The worst distance from the house in Wh; as far as a span has come."""
    worst = 0.0
    for span in spans:
        true = plant.energy(span.start, min(span.end, now))
        for name in ("pv", "load", "grid_import", "grid_export", "charge", "discharge"):
            value = getattr(span, name)
            assert value is not None, (span.start, name)
            worst = max(worst, abs(value - getattr(true, name)))
    return worst


@pytest.mark.parametrize(
    ("resolution", "days", "count"),
    [("5min", 1, 288), ("15min", 1, 96), ("hour", 3, 71), ("day", 40, 40), ("week", 40, 6), ("month", 60, 2)],
)
async def test_energies_are_the_house_s(
    app_cloud: Clouds, resolution: str, days: int, count: int, figure: Figure
) -> None:
    start = {"hour": CLOCKS - timedelta(days=1, hours=12), "month": APRIL}.get(resolution, CLOCKS + timedelta(hours=12))
    end = start.astimezone(UTC) + timedelta(days=days, hours=-1 if resolution == "hour" else 0)
    async with app_cloud() as cloud, cloud.client() as client:
        spans = await client.history(start, end, resolution)
        assert len(spans) == count
        assert all(one.end == another.start for one, another in pairwise(spans))
        assert all(span.complete for span in spans)
        worst = error(cloud.simulator.plant, spans, cloud.clock.now())
        assert worst < 0.1
        figure(f"SENEC history ({resolution})", f"{len(spans)} spans, the worst is {worst:.2g} Wh off the house")


async def test_a_day_of_23_hours_is_one_bucket(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        (day,) = await client.history(CLOCKS, CLOCKS + timedelta(hours=1))
        assert day.end - day.start == timedelta(hours=23)
        assert error(cloud.simulator.plant, (day,), NOON) < 0.01
        hours = await client.history(day.start, day.end, "hour")
        assert len(hours) == 23
        assert sum(hour.pv or 0.0 for hour in hours) == pytest.approx(day.pv, rel=1e-5)


async def test_today_is_not_complete_and_tomorrow_is_unknown(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        today, tomorrow = await client.history(NOON, NOON + timedelta(days=1))
        assert not today.complete
        assert error(cloud.simulator.plant, (today,), NOON) < 0.01
        assert tomorrow == EnergySpan(start=tomorrow.start, end=tomorrow.end, complete=False)
        assert len(await client.history(NOON + timedelta(days=9), NOON + timedelta(days=10), "hour")) == 25


async def test_before_the_system_stood_everything_is_unknown_never_zero(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        start = datetime(2026, 1, 1, tzinfo=BERLIN)
        spans = await client.history(start, start + timedelta(days=70), "week")
        assert all(span.pv is None and span.load is None for span in spans[:8])
        assert spans[-1].pv is not None


async def test_levels_are_told_for_short_spans_only(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        (hour,) = await client.history(NOON - timedelta(hours=3), NOON - timedelta(hours=2, minutes=30), "hour")
        assert hour.soc == pytest.approx(cloud.simulator.plant.at(hour.end).soc)
        (month,) = await client.history(NOON, NOON + timedelta(days=1), "month")
        assert month.soc is None
        assert month.autarky is not None


async def test_wrong_questions_ask_nobody(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        with pytest.raises(UsageError, match="zone"):
            await client.history(datetime(2026, 6, 1), NOON)  # noqa: DTZ001
        with pytest.raises(UsageError, match="resolution"):
            await client.history(NOON, NOON + timedelta(days=1), "decade")
        assert not cloud.simulator.requests


async def test_a_system_without_a_zone_has_no_days(app_cloud: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        listed = cloud.simulator.systems[0].listed()
        monkeypatch.setattr(cloud.simulator.systems[0], "listed", lambda: {**listed, "timezoneText": "Mars/Olympus"})
        with pytest.raises(NotSupported, match="Olympus"):
            await client.history(NOON, NOON + timedelta(days=1))


async def test_each_resolution_asks_in_pieces_that_the_app_shows(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        await client.history(NOON - timedelta(days=2), NOON, "5min")
        assert cloud.asked("measurements") == 3
        await client.history(NOON - timedelta(days=60), NOON, "day")
        assert cloud.asked("measurements") == 3 + 3


async def test_buckets_come_in_any_order_and_may_lack() -> None:
    told: list[Json] = [
        {"date": date, "measurements": {"durationInSeconds": 3600, "values": [value]}}
        for date, value in (("2026-06-20T01:00:00Z", 2.0), ("2026-06-19T22:00:00Z", 1.0), ("odd", 9.0))
    ]

    class Odd(Calls):
        async def measurements(self, *_: object, **__: object) -> Measurements:
            return Measurements({"timeSeries": told, "measurements": ["POWER_GENERATION"]})

    start = datetime(2026, 6, 20, tzinfo=BERLIN)
    spans = await history.history(Odd(), "1", start, start + timedelta(hours=4), "hour", zone=BERLIN, now=NOON)
    assert [span.pv for span in spans] == [1000.0, None, None, 2000.0]
    assert spans[0].load is None
