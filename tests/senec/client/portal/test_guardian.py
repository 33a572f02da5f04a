"""The portal's session: one login for all programs and restarts, and none too many."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import AuthenticationError, LockedOut, TransportError
from heliobus.transport.private import state_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    Portals = Callable[..., AbstractAsyncContextManager[Any]]


async def test_one_login_serves_restarts_and_other_programs(portal: Portals) -> None:
    async with portal() as cloud:
        for _ in range(3):
            async with cloud.client() as client, cloud.client() as other:
                await client.read()
                await other.read()
        assert (cloud.passwords, cloud.simulator.logins) == (1, 1)
        kept = [path for path in Path(state_folder()).rglob("*") if path.is_file()]
        assert any(path.name.endswith(".portal.json") for path in kept)
        assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
        assert not any(cloud.told["password"] in path.read_text() for path in kept)


async def test_a_session_that_ended_in_mid_call_is_renewed_without_the_password(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        await client.read()
        for logins in (2, 3):
            cloud.simulator.expire()
            assert (await client.read()).pv.power is not None
            assert (cloud.passwords, cloud.simulator.logins) == (1, logins)


async def test_a_full_login_is_made_once_an_hour_at_most(portal: Portals) -> None:
    async with portal("sso-forgetful") as cloud, cloud.client() as client:
        await client.read()
        cloud.simulator.expire()
        for _ in range(5):
            with pytest.raises(LockedOut, match="once an hour"):
                await client.read()
        assert cloud.passwords == 1
        await cloud.clock.advance(3600.0)
        assert (await client.read()).pv.power is not None
        assert cloud.passwords == 2


@pytest.mark.parametrize("form", [(), ("sso-two-steps",), ("sso-otp",), ("sso-two-steps", "sso-otp")])
async def test_every_form_of_the_login_leads_in(portal: Portals, form: tuple[str, ...]) -> None:
    async with portal(*form) as cloud, cloud.client() as client:
        assert (await client.read()).pv.power is not None


async def test_a_wrong_password_is_tried_once_by_all_programs(portal: Portals) -> None:
    async with portal() as cloud:
        for _ in range(3):
            async with cloud.client(password="wrong") as client:
                with pytest.raises(AuthenticationError, match="password"):
                    await client.read()
        assert cloud.passwords == 1
        async with cloud.client() as client:
            assert (await client.read()).pv.power is not None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("sso-outage", TransportError),
        ("sso-changed-form", LockedOut),
        ("sso-setup", LockedOut),
        ("sso-provider", LockedOut),
        ("sso-error", LockedOut),
    ],
)
async def test_a_sign_on_that_fails_is_left_alone(portal: Portals, fault: str, error: type[Exception]) -> None:
    async with portal(fault) as cloud, cloud.client() as client:
        for _ in range(5):
            with pytest.raises(error):
                await client.read()
        assert cloud.passwords <= 1
        cloud.simulator.faults = ()
        await cloud.clock.advance(3600.0)
        assert (await client.read()).pv.power is not None


async def test_a_portal_that_leads_elsewhere_gets_no_password(portal: Portals) -> None:
    async with portal("portal-elsewhere") as cloud, cloud.client() as client:
        for _ in range(3):
            with pytest.raises(LockedOut, match="another sign-on"):
                await client.read()
        assert (cloud.passwords, cloud.simulator.logins) == (0, 1)


async def test_a_sign_on_that_would_lead_back_elsewhere_gets_no_password(portal: Portals) -> None:
    async with portal() as cloud, cloud.client() as client:
        cloud.simulator._host.host = "localhost"  # as it stands in the address of the way back
        with pytest.raises(LockedOut, match="changed"):
            await client.read()
        assert cloud.passwords == 0
