"""The simulated cloud from the outside, asked by a bare HTTP client."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from heliobus.errors import UsageError
from heliobus.senec.protocol import sso, totp
from heliobus.senec.protocol.forms import forms
from heliobus.senec.simulator.app import FAULTS, AppSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.vendor import SimulationOptions
from tests.senec.simulator.conftest import new_house

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
VERIFIER = "v" * 43


class Browser:
    """A browser and a phone app in one."""

    def __init__(self, simulator: AppSimulator, clock: ManualClock, session: aiohttp.ClientSession) -> None:
        self.simulator = simulator
        self.clock = clock
        self.session = session
        self.base = simulator.announcement()["base_url"].rstrip("/")

    async def page(self) -> tuple[int, bytes, str | None]:
        return await self.get(sso.authorization(verifier=VERIFIER, state="s"))

    async def get(self, path: str, token: str = "") -> tuple[int, bytes, str | None]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.session.get(self.base + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.read(), answer.headers.get("Location")

    async def post(self, path: str, **form: str) -> tuple[int, bytes, str | None]:
        async with self.session.post(self.base + path, data=form, allow_redirects=False) as answer:
            return answer.status, await answer.read(), answer.headers.get("Location")

    async def log_in(self) -> str:
        """The code."""
        _, page, location = await self.page()
        if location is None:
            (form,) = forms(page)
            secrets = {"username": self.simulator.username, "password": self.simulator.sign_on.password}
            _, page, location = await self.post(form.action, **secrets)
        assert location is not None
        return parse_qs(urlsplit(location).query)["code"][0]

    async def tokens(self, **form: str) -> tuple[int, Any]:
        async with self.session.post(self.base + sso.TOKEN, data={"client_id": sso.CLIENT, **form}) as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def running(*faults: str, **more: Any) -> AsyncIterator[Browser]:
    clock = ManualClock(NOON)
    options = SimulationOptions(plant=new_house(), clock=clock, wire="app", faults=faults, **more)
    jar = aiohttp.CookieJar(unsafe=True)
    async with AppSimulator(options) as simulator, aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Browser(simulator, clock, session)


# -- the sign-on


async def test_a_code_is_good_once_and_for_its_verifier_only() -> None:
    async with running() as one:
        code = await one.log_in()
        grant = {"grant_type": "authorization_code", "redirect_uri": sso.REDIRECT}
        assert (await one.tokens(**grant, code=code, code_verifier="w" * 43))[0] == 400
        assert (await one.tokens(**grant, code=code, code_verifier=VERIFIER))[0] == 400, "it was spent"
        status, told = await one.tokens(**grant, code=await one.log_in(), code_verifier=VERIFIER)
        assert status == 200
        assert (told["expires_in"], told["refresh_expires_in"]) == (300, 2_592_000)
        assert len(one.simulator.sign_on.passwords) == 1, "the second login was the browser's session"


async def test_refresh_tokens_rotate_and_tokens_end() -> None:
    async with running() as one:
        grant = {"grant_type": "authorization_code", "redirect_uri": sso.REDIRECT, "code_verifier": VERIFIER}
        _, first = await one.tokens(**grant, code=await one.log_in())
        refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        status, second = await one.tokens(**refresh)
        assert status == 200
        assert (await one.tokens(**refresh))[1]["error"] == "invalid_grant"
        assert (await one.get("/systems/api/v1", second["access_token"]))[0] == 200
        await one.clock.advance(300)
        status, body, _ = await one.get("/systems/api/v1", second["access_token"])
        assert (status, body) == (401, b"")
        await one.clock.advance(30 * 86_400)
        assert (await one.tokens(grant_type="refresh_token", refresh_token=second["refresh_token"]))[0] == 400
        assert (await one.tokens(grant_type="refresh_token", client_id="x"))[1]["error"] == "invalid_client"


async def test_a_page_is_answered_once_and_with_its_cookie() -> None:
    async with running("sso-two-steps", "sso-otp") as one:
        _, page, _ = await one.page()
        (user,) = forms(page)
        assert user.fields == {"username"}
        _, page, _ = await one.post(user.action, username=one.simulator.username)
        (secret,) = forms(page)
        assert secret.fields == {"password"}
        assert secret.action != user.action
        _, page, _ = await one.post(user.action, username=one.simulator.username)
        assert b"loginRestartLink" in page
        _, page, _ = await one.post(secret.action, password=one.simulator.sign_on.password)
        (code,) = forms(page)
        assert code.fields == {"otp"}
        key = totp.secret_of(one.simulator.totp)
        status, _, location = await one.post(code.action, otp=totp.code(key, NOON))
        assert status == 302
        assert (location or "").startswith(sso.REDIRECT)
        one.session.cookie_jar.clear()
        assert (await one.post(secret.action, password="x"))[0] == 400


async def test_a_question_that_is_none() -> None:
    async with running() as one:
        assert (await one.get(sso.AUTHORIZE + "?client_id=x"))[0] == 400


# -- the services


async def test_shapes_of_refusals() -> None:
    async with running() as one:
        grant = {"grant_type": "authorization_code", "redirect_uri": sso.REDIRECT, "code_verifier": VERIFIER}
        _, told = await one.tokens(**grant, code=await one.log_in())
        token = told["access_token"]
        own = one.simulator.systems[0].id
        assert (await one.get("/measurements/api/v1/systems/1/dashboard", token))[:2] == (403, b"")
        status, body, _ = await one.get("/systems/api/v1/1/details", token)
        assert status == 403
        assert b'"errorCode": "403"' in body
        assert (await one.get(f"/systems/api/v1/{own}/online-state", token))[0] == 404
        assert (await one.get(f"/systems/api/v1/settings/forecast-charging-settings/{own}", token))[0] == 400
        for query in (
            "",
            "?resolution=DAY&from=x&to=y",
            "?resolution=ERA&from=2026-06-01T00:00:00Z&to=2026-06-02T00:00:00Z",
        ):
            path = f"/measurements/api/v1/systems/{own}/measurements{query}"
            assert (await one.get(path, token))[0] == 400


@pytest.mark.parametrize(
    "options", [{"profile": "9999"}, {"replay": "x.json"}, {"faults": ("app-typo",)}], ids=lambda one: next(iter(one))
)
def test_wrong_options_are_told(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        AppSimulator(SimulationOptions(plant=new_house(), clock=ManualClock(NOON), wire="app", **options))


def test_every_fault_says_what_goes_wrong() -> None:
    assert all(FAULTS.values())
