"""The guardian before a simulated sign-on: when it renews, when it logs in, and when it does not."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from subprocess import DEVNULL
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import AuthenticationError, Error, LockedOut, TransportError, UsageError
from heliobus.senec import AsyncAppClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.senec.client.conftest import AppCloud

    Clouds = Callable[..., AbstractAsyncContextManager[AppCloud]]

DAY = 86_400


async def refusal(cloud: AppCloud, **more: object) -> Error:
    with pytest.raises(Error) as caught:
        await cloud.read(**more)
    return caught.value


# -- the ways in


@pytest.mark.parametrize("faults", [(), ("sso-two-steps",), ("sso-otp",), ("sso-two-steps", "sso-otp")])
async def test_every_form_of_login(app_cloud: Clouds, faults: tuple[str, ...]) -> None:
    async with app_cloud(faults=faults) as cloud:
        assert (await cloud.read()).pv.power > 0
        assert cloud.passwords == 1


async def test_restarts_share_one_login(app_cloud: Clouds, sessions: Path) -> None:
    async with app_cloud() as cloud:
        for _ in range(5):
            await cloud.read()
        assert cloud.passwords == 1
        (kept,) = (sessions / "senec").glob("*.json")
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert cloud.told["password"] not in kept.read_text("utf-8")
        assert cloud.told["username"] not in str(kept)


async def test_many_clients_at_once_make_one_login(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud:
        await asyncio.gather(*(cloud.read() for _ in range(8)))
        assert cloud.passwords == 1


async def test_many_processes_at_once_make_one_login(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud:
        environment = os.environ | {"HELIOBUS_PASSWORD": cloud.told["password"]}
        command = (sys.executable, "-m", "heliobus", "read", cloud.told["url"])
        started = [await asyncio.create_subprocess_exec(*command, env=environment, stdout=DEVNULL) for _ in range(3)]
        assert [await one.wait() for one in started] == [0, 0, 0]
        assert cloud.passwords == 1


async def test_tokens_are_renewed_early_with_the_newest_refresh_token(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        for _ in range(50):
            await client.read()
            await cloud.clock.advance(300)
        assert cloud.passwords == 1


async def test_a_token_that_died_early_is_renewed_once(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.sign_on.expire()
        await client.read()
        assert cloud.passwords == 1


async def test_a_session_that_the_sign_on_kept_needs_no_password(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.faults = ("sso-revoked",)
        for _ in range(5):
            await cloud.clock.advance(300)
            await client.read()
        assert cloud.passwords == 1


async def test_revoked_tokens_cost_one_login_an_hour(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud:
        await cloud.read()
        cloud.simulator.sign_on.revoke()
        await cloud.read()
        assert cloud.passwords == 2
        cloud.simulator.sign_on.revoke()
        error = await refusal(cloud)
        assert isinstance(error, LockedOut)
        assert cloud.passwords == 2
        await cloud.clock.advance(3600)
        await cloud.read()
        assert cloud.passwords == 3


async def test_a_month_without_asking_costs_one_login(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud:
        await cloud.read()
        await cloud.clock.advance(31 * DAY)
        await cloud.read()
        assert cloud.passwords == 2


# -- what goes wrong


async def test_a_wrong_password_is_tried_once(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud:
        first = await refusal(cloud, password="Mond-1")
        assert isinstance(first, AuthenticationError)
        assert "Mond-1" not in first.line()
        await refusal(cloud, password="Mond-2")  # another program with another wrong one
        for _ in range(3):
            await cloud.clock.advance(10 * DAY)
            again = await refusal(cloud, password="Mond-1")
            assert again.line() == first.line()
            await refusal(cloud, password="Mond-2")
        assert cloud.passwords == 2
        await cloud.read()  # the right one at once


async def test_a_wrong_one_time_code_is_tried_once(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("sso-otp",)) as cloud:
        wrong = {"totp": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}
        first = await refusal(cloud, **wrong)
        assert "one-time" in first.line()
        await cloud.clock.advance(DAY)
        assert (await refusal(cloud, **wrong)).line() == first.line()
        assert (await refusal(cloud, totp=None)).line() != first.line()
        assert cloud.passwords == 2
        await cloud.read()


async def test_a_one_time_code_is_used_once(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("sso-otp",)) as cloud:
        await cloud.read()
        cloud.simulator.sign_on.revoke()
        error = await refusal(cloud)
        assert isinstance(error, LockedOut)
        assert (error.until - cloud.clock.now()).total_seconds() <= 30
        assert cloud.passwords == 1
        await cloud.clock.advance(30)
        await cloud.read()
        assert cloud.passwords == 2


@pytest.mark.parametrize("fault", ["changed-form", "setup", "provider", "expired", "error"])
async def test_other_failures_are_one_message_and_one_try_an_hour(app_cloud: Clouds, fault: str) -> None:
    async with app_cloud(faults=(f"sso-{fault}",)) as cloud:
        lines = set()
        for _ in range(12):
            error = await refusal(cloud)
            assert isinstance(error, LockedOut)
            assert error.until > cloud.clock.now()
            lines.add(error.line())
            await cloud.clock.advance(300)
        assert len(lines) == 1
        assert cloud.passwords <= 1
        cloud.simulator.faults = ()
        await cloud.clock.advance(3600)
        await cloud.read()


async def test_an_outage_is_no_login_and_the_token_is_used_to_its_end(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud:
        await cloud.read()
        cloud.simulator.faults = ("sso-outage",)
        await cloud.clock.advance(250)  # due to be renewed, but good for 50 s more
        await cloud.read()
        await cloud.clock.advance(60)
        for _ in range(20):
            assert isinstance(await refusal(cloud), TransportError)
            await cloud.clock.advance(300)
        cloud.simulator.faults = ()
        await cloud.read()
        assert cloud.passwords == 1


async def test_an_outage_at_the_first_login(app_cloud: Clouds) -> None:
    async with app_cloud(faults=("sso-outage",)) as cloud:
        for _ in range(5):
            assert isinstance(await refusal(cloud), TransportError)
        cloud.simulator.faults = ()
        await cloud.read()
        assert cloud.passwords == 1


async def test_the_file_of_another_version_costs_one_login(app_cloud: Clouds, sessions: Path) -> None:
    async with app_cloud() as cloud:
        await cloud.read()
        (kept,) = (sessions / "senec").glob("*.json")
        kept.write_text(json.dumps({"access": "x"}), encoding="utf-8")
        await cloud.read()
        assert cloud.passwords == 2


# -- arguments


def test_wrong_arguments_are_told_at_once() -> None:
    with pytest.raises(UsageError, match="user"):
        AsyncAppClient(username="", password="x")
    with pytest.raises(UsageError, match="one-time"):
        AsyncAppClient(username="me", password="x", totp="no secret!")
    with pytest.raises(UsageError, match="http"):
        AsyncAppClient(username="me", password="x", scheme="http")


async def test_an_account_without_a_password(app_cloud: Clouds) -> None:
    async with app_cloud() as cloud:
        assert "HELIOBUS_PASSWORD" in (await refusal(cloud, password=None)).line()
