"""The App API's client before the simulated cloud: snapshots, several systems, and all that can go wrong."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import Error, LockedOut, NotSupported, ProtocolError, Refused, TransportError, UsageError
from heliobus.model.quality import Quality
from heliobus.senec import AppClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.senec.client.conftest import AppCloud

    Clouds = Callable[..., AbstractAsyncContextManager[AppCloud]]


async def test_full_detail_tells_who_it_is(app_cloud: Clouds) -> None:
    async with app_cloud(profile="0811") as cloud, cloud.client() as client:
        snapshot = await client.read(detail="full")
        assert snapshot.device is not None
        assert snapshot.device.firmware == "MCU 811, GUI 966"
        assert snapshot.device.serial == cloud.told["serial"]
        assert snapshot.system.state in {"CHARGE", "DISCHARGE", "BATTERY FULL", "BATTERY EMPTY"}
        assert snapshot.system.state_code in {13, 14, 15, 16}
        assert snapshot.battery.capacity == cloud.simulator.plant.house.battery_capacity
        assert len(snapshot.battery.modules) == cloud.simulator.plant.house.battery_modules
        assert snapshot.wallboxes[0].mode == "solar"
        assert snapshot.switches[0].on is True
        assert set(await client.raw(detail="full")) == {"system", "dashboard", "wallboxes", "details"}


async def test_every_call_has_its_record(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        assert (await client.status(cloud.system)).firmware == "826"
        assert (await client.abilities(cloud.system)).packages == ("MOBILITY", "PEAK_SHAVING")
        span = await client.timespan(cloud.system)
        assert span.start == cloud.simulator.plant.house.commissioned
        assert (await client.wallbox(cloud.system, "1")).id == "1"
        now = cloud.clock.now()
        told = await client.wallbox_measurements(
            cloud.system, wallboxes=["1"], resolution="HOUR", start=now - timedelta(hours=5), end=now
        )
        assert len(told.series) == 5
        assert (await client.query("dashboard", system=cloud.system))["systemId"] == int(cloud.system)
        for absent in (client.online_state, client.forecast_charging):
            with pytest.raises(NotSupported):
                await absent(cloud.system)
        with pytest.raises(Refused, match="only reads"):
            await client.query("lock", system=cloud.system, wallbox="1", locked="true")
        with pytest.raises(UsageError, match="no call"):
            await client.query("systemz")


# -- several systems


async def test_systems_never_mix(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client(system=None) as client:
        one, other = await client.devices()
        mine, theirs = await asyncio.gather(client.read(one), client.read(other.id))
        assert mine.device == one
        assert theirs.device == other
        for snapshot, system in ((mine, cloud.simulator.systems[0]), (theirs, cloud.simulator.systems[1])):
            assert snapshot.pv.power == pytest.approx(system.plant.at(cloud.clock.now()).pv)
        assert mine.pv.power != theirs.pv.power
        assert mine.wallboxes[0].id != theirs.wallboxes[0].id
        with pytest.raises(UsageError) as caught:
            await client.read()
        assert one.id in caught.value.line()
        assert other.id in caught.value.line()


async def test_a_narrowed_account_has_one_system(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        assert [device.id for device in await client.devices()] == [cloud.system]
        with pytest.raises(UsageError, match=cloud.other):
            await client.read(cloud.other)
    async with app_cloud() as cloud, cloud.client(system="4711") as client:
        with pytest.raises(UsageError, match="4711"):
            await client.read()


@pytest.mark.parametrize("faults", [(), ("app-foreign-401",)])
async def test_a_foreign_system_is_refused(app_cloud: Clouds, faults: tuple[str, ...]) -> None:
    async with app_cloud(faults=faults) as cloud, cloud.client() as client:
        for call in (client.dashboard, client.details, client.wallboxes, client.status):
            with pytest.raises(Refused):
                await call("999999")
        assert cloud.passwords == 1
        await client.read()


async def test_the_dashboard_of_another_system_is_no_reading(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("app-wrong-system",)) as cloud, cloud.client() as client:
        with pytest.raises(ProtocolError, match="another system"):
            await client.read()


# -- old data


async def test_what_is_older_than_a_quarter_of_an_hour_is_stale(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("app-delayed",)) as cloud, cloud.client() as client:
        assert (await client.read()).quality_of("pv.power") is Quality.GOOD
        cloud.simulator.faults = ("app-old",)
        snapshot = await client.read()
        assert snapshot.quality_of("pv.power") is Quality.STALE
        assert snapshot.quality_of("batteries.1.soc") is Quality.STALE
        assert snapshot.device_time == cloud.clock.now() - timedelta(hours=1)


async def test_both_ways_at_once_is_the_net(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("app-both-ways",)) as cloud, cloud.client() as client:
        truth = cloud.simulator.plant.at(cloud.clock.now())
        assert (await client.read()).grid.power == pytest.approx(truth.grid, abs=0.01)


# -- what goes wrong


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("app-portal-page", TransportError),
        ("app-empty", ProtocolError),
        ("app-truncated", ProtocolError),
        ("app-outage", TransportError),
        ("app-timeout", TransportError),
        ("app-busy", TransportError),
    ],
)
async def test_bad_answers_are_typed_errors(app_cloud: Clouds, fault: str, kind: type[Error]) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.faults = (fault,)
        with pytest.raises(kind) as caught:
            await client.read()
        assert caught.value.remedy
        cloud.simulator.faults = ()
        await cloud.clock.advance(180)
        await client.read()
        assert cloud.passwords == 1


async def test_a_busy_cloud_is_left_alone_longer_and_longer(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.faults = ("app-outage",)
        before = len(cloud.simulator.requests)
        for _ in range(60):
            with pytest.raises((TransportError, LockedOut)):
                await client.read()
            await cloud.clock.advance(60)
        assert len(cloud.simulator.requests) - before <= 7  # after 1, 2, 4, 8, 16, 30 minutes
        cloud.simulator.faults = ()
        await cloud.clock.advance(1800)
        await client.read()


async def test_a_token_that_is_never_taken_costs_no_login(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("app-dead-token",)) as cloud, cloud.client() as client:
        for _ in range(10):
            with pytest.raises(Error, match="token"):
                await client.read()
            await cloud.clock.advance(300)
        assert cloud.passwords == 1


async def test_wallboxes_that_may_not_be_asked_for_cost_nothing_else(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("app-no-wallboxes",)) as cloud, cloud.client() as client:
        snapshot = await client.read()
        assert snapshot.wallboxes == ()
        assert snapshot.pv.power is not None


async def test_secrets_and_users_are_in_no_log(app_cloud: Clouds, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    async with app_cloud(faults=("sso-otp",)) as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.sign_on.revoke()
        await cloud.clock.advance(30)
        await client.read()
        cloud.simulator.faults = ("sso-outage", "app-outage")
        with pytest.raises(Error) as caught:
            await client.read()
        text = caplog.text + repr(caught.value) + repr(client)
        secret = cloud.told["totp"].partition("secret=")[2].partition("&")[0]
        assert not [word for word in (cloud.told["password"], secret, cloud.told["username"]) if word in text]


# -- blocking


async def test_the_blocking_twin(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud:
        arguments = {name: cloud.told[name] for name in ("username", "password")}

        def work() -> None:
            with AppClient(**arguments, server=cloud.server, scheme="http", clock=cloud.clock) as client:
                one, _ = client.devices()
                assert client.read(one).pv.power is not None
                assert client.dashboard(one.id).system_id == one.id
                now = cloud.clock.now()
                assert len(client.history(now - timedelta(days=1), now, device=one)) == 2

        await asyncio.to_thread(work)
    with pytest.raises(UsageError, match="session"):
        AppClient(username="me", password="x", session=object())  # type: ignore[arg-type]
