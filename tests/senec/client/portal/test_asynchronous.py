"""The portal over a real socket: plants, figures, week files, and what is no answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import Error, LockedOut, NotSupported, ProtocolError, Refused, TransportError, UsageError
from heliobus.model.quality import Quality
from heliobus.senec import AsyncPortalClient, PortalClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    Portals = Callable[..., AbstractAsyncContextManager[Any]]


async def test_the_figures_of_a_day_are_the_houses(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        for _ in range(6):
            await cloud.clock.advance(4 * 3600.0)
            seen, now = await client.read(detail="full"), cloud.simulator.plant.at(cloud.clock.now())
            assert seen.battery.power == pytest.approx(now.battery, rel=1e-6)
            assert seen.grid.power == pytest.approx(now.grid, rel=1e-6)
            assert seen.residual == pytest.approx(0.0, abs=0.01)
            assert seen.battery.limits.reserve_soc == 0.0
            assert seen.device_time == cloud.clock.now()


async def test_plants_are_told_apart_and_parts_of_one_are_none(portal: Portals) -> None:
    async with portal() as cloud, cloud.client(system=None) as client:
        assert [one.id for one in await client.devices()] == [cloud.plant, cloud.other]
        with pytest.raises(UsageError, match="several") as error:
            await client.read()
        assert cloud.other in error.value.remedy
        assert (await client.read(cloud.other)).pv.power != (await client.read(cloud.plant)).pv.power
        async with cloud.client() as narrow:
            assert (await narrow.identify()).id == cloud.plant
            with pytest.raises(UsageError, match=cloud.other):
                await narrow.read(cloud.other)


async def test_an_index_that_means_another_plant_is_found_out_within_the_hour(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.faults = ("portal-shifted",)
        await cloud.clock.advance(3600.0)
        seen, now = await client.read(), cloud.simulator.plant.at(cloud.clock.now())
        assert seen.load.power == pytest.approx(now.load, rel=1e-6)


async def test_a_foreign_index_is_not_supported(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        with pytest.raises(NotSupported, match="overview"):
            await client.overview(14)


@pytest.mark.parametrize("fault", ["portal-watts", "portal-old"])
async def test_what_cannot_be_right_is_kept_and_marked(portal: Portals, fault: str) -> None:
    async with portal(fault) as cloud, cloud.client() as client:
        seen = await client.read()
        marked = Quality.SUSPECT if fault == "portal-watts" else Quality.STALE
        assert seen.quality_of("pv.power") is marked


async def test_a_plant_without_the_extras_tells_the_rest(portal: Portals) -> None:
    async with portal("portal-bare") as cloud, cloud.client() as client:
        seen = await client.read(detail="full")
        assert (seen.battery.voltage, seen.battery.limits.reserve_soc) == (None, 0.0)
        with pytest.raises(NotSupported):
            await client.sg_ready(0)


async def test_every_call_gives_its_record_without_a_loss(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        records = [await client.customer(), await client.navigation(0), await client.peak_shaving(0)]
        records += [await client.sg_ready(0), await client.autarky(0), *await client.sockets(0)]
        records += [*await client.plant_list(), *await client.documents(), (await client.weeks(0))[0]]
        assert [path for one in records for path in one.unmodelled()] == []
        assert set((await client.overview(0)).unmodelled()) == {"wartungsplan"}  # a text, or nothing
        assert set((await client.accu_state(0)).unmodelled()) == {"val"}  # two series of today
        assert await client.sg_ready_state(0) == 1
        series = await client.measurements(0, kind="powergenerated", period="today")
        assert series.points[-1].time is not None
        assert sum(one.value or 0.0 for one in series.points) / 12 == pytest.approx(series.full, rel=0.01)
        assert (await client.document("17")).startswith(b"PK")
        assert (await client.raw(detail="full")).keys() == {"navigation", "overview", "accu_state", "reserve"}
        assert await client.query("reserve", anlageNummer="0") == 0
        with pytest.raises(Refused, match="only reads"):
            await client.query("set_reserve")


async def test_week_files_give_the_houses_energies(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        end = cloud.clock.now()
        start = end - timedelta(days=9)  # three weeks have a part in it
        spans = await client.history(start, end)
        assert cloud.asked("week") == 2
        assert len(spans) == pytest.approx(9 * 288, abs=20)
        whole = cloud.simulator.plant.energy(spans[0].start, spans[-2].end)
        for name in ("pv", "load", "grid_import", "grid_export", "charge", "discharge"):
            total = sum(getattr(one, name) for one in spans[:-1])
            assert total == pytest.approx(getattr(whole, name), rel=1e-3, abs=5.0), name
        assert all(one.soc is not None for one in spans)
        with pytest.raises(UsageError, match="day"):
            await client.history(start, end, "day")
        with pytest.raises(UsageError, match="zone"):
            await client.history(datetime(2026, 1, 1), end)  # noqa: DTZ001
        assert await client.history(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC)) == ()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("portal-outage", TransportError),
        ("portal-ended", TransportError),
        ("portal-page", TransportError),
        ("portal-empty", ProtocolError),
        ("portal-truncated", ProtocolError),
    ],
)
async def test_what_is_no_answer_is_an_error_with_a_remedy_and_no_storm(
    portal: Portals, fault: str, error: type[Error]
) -> None:
    async with portal() as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.faults = (fault,)
        with pytest.raises(error) as raised:
            await client.read()
        assert raised.value.remedy
        assert cloud.told["password"] not in raised.value.line()
        for _ in range(20):
            with pytest.raises((error, LockedOut)):
                await client.read()
        assert cloud.passwords == 1
        assert cloud.simulator.logins <= 3
        cloud.simulator.faults = ()
        await cloud.clock.advance(3600.0)
        assert (await client.read()).pv.power is not None


def test_arguments_that_cannot_be_are_told_at_once() -> None:
    for make in (AsyncPortalClient, PortalClient):
        with pytest.raises(UsageError, match="user"):
            make(username="", password="x")
        with pytest.raises(UsageError, match="does not speak"):
            make(username="me", password="x", scheme="http")


async def test_the_blocking_client_does_the_same(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        arguments = {name: cloud.told[name] for name in ("username", "password", "totp")}

        def look() -> tuple[Any, ...]:
            with PortalClient(**arguments, server=cloud.simulator.place, scheme="http", system=cloud.plant) as blocking:
                outcome = blocking.set_sg_ready(enabled=True, dry_run=True)
                return blocking.identify(), blocking.reserve(0), blocking.peak_shaving(0), outcome.status

        assert await asyncio.to_thread(look) == (
            await client.identify(),
            await client.reserve(0),
            await client.peak_shaving(0),
            "planned",
        )
