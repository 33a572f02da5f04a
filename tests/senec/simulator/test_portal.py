"""What the simulated portal does that its client must cope with, seen without the client."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urljoin

import aiohttp
import pytest

from heliobus.errors import UsageError
from heliobus.senec.protocol.forms import forms
from heliobus.senec.protocol.portal import question
from heliobus.senec.simulator.portal import FAULTS, PortalSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import Plant
from heliobus.vendor import SimulationOptions

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)


def options(*faults: str, profile: str | None = None) -> SimulationOptions:
    return SimulationOptions(plant=Plant(7), clock=FrozenClock(NOON), faults=faults, wire="portal", profile=profile)


async def test_a_browser_logs_in_and_sees_its_plants() -> None:
    async with (
        PortalSimulator(options()) as simulator,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        base = f"http://{simulator.place}"
        target = base + question("customer").target
        async with browser.get(target, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, "/oauth2/authorization/login-portal")
        async with browser.get(base) as answer:
            page = await answer.read()
            url = str(answer.url)
        assert "client_id=meinsenec-login-portal" in url
        form = forms(page)[0]
        secrets = {"username": simulator.username, "password": simulator.sign_on.password}
        async with browser.post(urljoin(url, form.action), data=secrets) as answer:
            assert (answer.status, str(answer.url)) == (200, base + "/")
        async with browser.get(target) as answer:
            assert await answer.json() == {"devNumber": 4711, "anzahlAnlagen": 3}
        async with browser.get(base + question("overview", anlageNummer="3").target) as answer:
            assert answer.status == 404
        bad = question("set_reserve", anlageNummer="0", **{"reserve-in-percent": "200"})
        async with browser.post(base + bad.target) as answer:
            assert (answer.status, (await answer.json())["message"]) == (400, "RESERVE_OUT_OF_RANGE")
        simulator.expire()
        async with browser.get(base) as answer:
            assert (answer.status, str(answer.url)) == (200, base + "/")  # the sign-on still knows us
        assert len(simulator.sign_on.passwords) == 1


async def test_a_code_is_good_for_one_login() -> None:
    async with PortalSimulator(options()) as simulator, aiohttp.ClientSession() as browser:
        async with browser.get(f"http://{simulator.place}/login/oauth2/code/login-portal?code=x&state=y") as answer:
            assert answer.status == 400
        assert not simulator.sign_on.takes("x")


def test_what_it_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="fault") as error:
        PortalSimulator(options("no-such"))
    assert next(iter(FAULTS)) in error.value.remedy
    with pytest.raises(UsageError):
        PortalSimulator(options(profile="no-such"))
