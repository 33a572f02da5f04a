"""What wallboxes are told through the simulated cloud: planned, bounded, read back and undone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import LockedOut, NotSupported, OutOfBounds, TransportError, UsageError
from heliobus.model.command import Charge, SetSwitch, Status, WallboxLimit
from heliobus.senec.control.app import WallboxSetting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from heliobus.model.command import Outcome
    from heliobus.senec import AsyncAppClient
    from tests.senec.client.conftest import AppCloud

    Clouds = Callable[..., AbstractAsyncContextManager[AppCloud]]
    Write = Callable[..., Awaitable[Outcome]]

WRITES = ("lock", "mode", "fast_charge", "solar_charge")

CASES: tuple[tuple[Callable[[AsyncAppClient], Write], dict[str, Any], str], ...] = (
    (lambda client: client.lock_wallbox, {"locked": True}, "/locked/true"),
    (lambda client: client.set_wallbox_mode, {"mode": "fast"}, "/charging-mode/FAST"),
    (lambda client: client.set_fast_charge, {"allow_intercharge": True}, "/settings/fast-charge"),
    (lambda client: client.set_solar_charge, {"min_current": 16.0}, "/settings/solar-charge"),
    (lambda client: client.set_solar_charge, {"prevent_interruptions": False}, "/settings/solar-charge"),
    (
        lambda client: client.set_solar_charge,
        {"dynamic_tariffs": True, "price_limit": 20.0},
        "/settings/solar-charge",
    ),
)
every_write = pytest.mark.parametrize(("of", "arguments", "path"), CASES)


def written(cloud: AppCloud) -> int:
    return sum(cloud.asked(name) for name in WRITES)


def settings(cloud: AppCloud, system: int = 0) -> dict[str, Any]:
    return cloud.simulator.systems[system].told()


@every_write
async def test_a_dry_run_sends_nothing_and_shows_all(
    app_cloud: Clouds, of: Callable[[AsyncAppClient], Write], arguments: dict[str, Any], path: str
) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        outcome = await of(client)("1", **arguments, dry_run=True)
        assert outcome.status is Status.PLANNED
        assert not cloud.simulator.requests
        assert f"/wallbox/api/v1/systems/{cloud.system}/wallboxes/1{path}" in outcome.sent[0]
        assert "Bearer" not in outcome.sent[0]
        before = settings(cloud)
        done = await of(client)("1", **arguments)
        assert settings(cloud) != before
        assert done.requested == outcome.requested


@every_write
async def test_a_write_is_read_back_and_undone(
    app_cloud: Clouds, of: Callable[[AsyncAppClient], Write], arguments: dict[str, Any], path: str
) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        # What was never set cannot be restored: set it once.
        await client.set_solar_charge("1", min_current=8.0, dynamic_tariffs=False, price_limit=0.0)
        before = settings(cloud)
        outcome = await of(client)("1", **arguments)
        assert outcome.status is Status.APPLIED
        assert outcome.read_back == outcome.requested
        assert path in outcome.sent[0]
        again = await of(client)("1", **arguments)
        assert (again.status, again.sent) == (Status.APPLIED, ())
        assert outcome.undo is not None
        assert (await client.execute(outcome.undo)).status is Status.APPLIED
        assert settings(cloud) == before


async def test_the_common_commands_lock_and_unlock(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        locked = await client.execute(WallboxLimit(id="1", current=0.0))
        assert locked.status is Status.APPLIED
        assert settings(cloud)["prohibitUsage"] is True
        snapshot = await client.read()
        assert (snapshot.wallboxes[0].mode, snapshot.switches[0].on) == ("locked", False)
        assert locked.undo == SetSwitch(id="wallbox-1", on=True)
        assert (await client.execute(locked.undo)).status is Status.APPLIED
        assert settings(cloud)["prohibitUsage"] is False
        with pytest.raises(OutOfBounds):
            await client.execute(WallboxLimit(id="1", current=10.0))
        with pytest.raises(NotSupported):
            await client.execute(Charge())
        with pytest.raises(NotSupported):
            await client.execute(SetSwitch(id="1", on=True))


@pytest.mark.parametrize("current", [5.9, 32.1, -1.0, float("nan"), float("inf")])
async def test_a_current_beyond_bounds_is_refused_before_any_byte(app_cloud: Clouds, current: float) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        for dry_run in (True, False):
            with pytest.raises(OutOfBounds):
                await client.set_solar_charge("1", min_current=current, dry_run=dry_run)
        with pytest.raises(OutOfBounds):
            await client.set_solar_charge("1", price_limit=2000.0)
        with pytest.raises(UsageError, match="TURBO"):
            await client.set_wallbox_mode("1", "turbo")
        with pytest.raises(UsageError, match="minChargingCurrentInA"):
            await client.set_solar_charge("1")
        assert not cloud.simulator.requests


async def test_a_smaller_wallbox_has_smaller_bounds(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        box = cloud.simulator.systems[0].wallbox
        box["chargingPowerStats"]["phase1"]["max"] = 3.685
        box["chargingPowerStats"]["phase2"]["max"] = 7.369
        box["chargingPowerStats"]["phase3"]["max"] = 11.054  # capture 59
        box["isSolarChargingAvailable"] = box["isInterchargeAvailable"] = False
        with pytest.raises(OutOfBounds, match="16"):
            await client.set_solar_charge("1", min_current=20.0)
        with pytest.raises(NotSupported):
            await client.set_wallbox_mode("1", "SOLAR")
        with pytest.raises(NotSupported):
            await client.set_fast_charge("1", allow_intercharge=True)
        assert written(cloud) == 0
        assert (await client.set_solar_charge("1", min_current=16.0)).status is Status.APPLIED


async def test_a_v4_has_another_word_for_steady_charging(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client(system=None) as client:
        box = settings(cloud, 1)["id"]
        outcome = await client.set_solar_charge(box, prevent_interruptions=False, device=cloud.other)
        assert outcome.status is Status.APPLIED
        assert outcome.requested == {"preventInterruptions": False}
        assert settings(cloud, 1)["chargingMode"]["solarOptimizeSettings"]["preventInterruptions"] is False
        with pytest.raises(UsageError, match="several"):
            await client.lock_wallbox("1", locked=True)


async def test_a_wallbox_that_is_not_there(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        with pytest.raises(UsageError, match="no wallbox '3'"):
            await client.lock_wallbox("3", locked=True)
        assert written(cloud) == 0


async def test_what_the_cloud_refuses_is_rejected(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("app-refuses",)) as cloud, cloud.client() as client:
        outcome = await client.lock_wallbox("1", locked=True)
        assert outcome.status is Status.REJECTED
        assert outcome.undo is None
        assert "400" in (outcome.note or "")
        assert settings(cloud)["prohibitUsage"] is False


async def test_what_has_no_effect_within_the_lag_is_only_accepted(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("app-forgets",)) as cloud, cloud.client() as client:
        writing = asyncio.create_task(client.lock_wallbox("1", locked=True))
        while not writing.done():
            sleeping = asyncio.create_task(cloud.clock.until_asleep())
            await asyncio.wait([writing, sleeping], return_when=asyncio.FIRST_COMPLETED)
            sleeping.cancel()
            await cloud.clock.advance(5)
        outcome = await writing
        assert outcome.status is Status.ACCEPTED
        assert outcome.read_back == {"prohibitUsage": False}


async def test_an_outage_before_the_write_is_told(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.faults = ("app-outage",)
        with pytest.raises(TransportError):
            await client.lock_wallbox("1", locked=True)
        with pytest.raises(LockedOut):
            await client.lock_wallbox("1", locked=True)
        assert written(cloud) == 0


@pytest.mark.parametrize(
    ("name", "values"),
    [("warp", {"x": 1}), ("lock", {}), ("lock", {"type": "FAST"}), ("mode", {"prohibitUsage": True})],
)
async def test_a_setting_that_nobody_knows(app_cloud: Clouds, name: str, values: dict[str, Any]) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        with pytest.raises(UsageError):
            await client.execute(WallboxSetting(id="1", name=name, values=values))
        assert not cloud.simulator.requests
