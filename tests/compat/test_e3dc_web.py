"""The way through the portal: polls over its pages, everything else over its websocket."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from hashlib import md5
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.compat import e3dc as compat
from heliobus.compat.e3dc import E3DC
from heliobus.e3dc.simulator.ajax import AjaxSimulator
from heliobus.e3dc.simulator.portal import PING, PortalSimulator
from heliobus.transport import blocking
from tests.compat.conftest import NOON, access, local

if TYPE_CHECKING:
    from heliobus.simulation.clock import ManualClock
    from tests.compat.conftest import Start

SCRIPT = Path(__file__).with_name("origin_e3dc_script.py")


@pytest.fixture
def portal(start: Start) -> PortalSimulator:
    simulator: PortalSimulator = start(PortalSimulator)
    return simulator


@pytest.fixture
def pages(start: Start) -> AjaxSimulator:
    simulator: AjaxSimulator = start(AjaxSimulator)
    return simulator


def web(portal: PortalSimulator, pages: AjaxSimulator, **others: Any) -> E3DC:
    told = portal.announcement()
    account = {
        "username": told["username"],
        "password": told["password"],
        "isPasswordMd5": False,
        "serialNumber": told["serial"],
        "url": told["websocket_url"],
        "ajaxUrl": pages.announcement()["url"],
        "clock": portal.clock,
    }
    return E3DC(E3DC.CONNECT_WEB, **(account | others))


def test_the_script_of_the_first_readme(start: Start, portal: PortalSimulator, pages: AjaxSimulator) -> None:
    system = start()
    told, way = system.announcement(), access(system)
    arguments = [way["ipAddress"], way["port"], way["username"], way["password"], way["key"], told["serial"]]
    arguments += [portal.announcement()["websocket_url"], pages.announcement()["url"]]
    ran = subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False
    )
    assert ran.stderr == ""
    polled, switches = local(system).poll(), local(system).poll_switches()
    over_web = polled | {"autarky": None, "selfConsumption": None}
    expected = ["web connection", over_web, switches, "local connection", polled, switches]
    assert ran.stdout.splitlines() == list(map(str, expected))
    assert (pages.logins, portal.connections, portal.frames) == (1, 1, 1)


# -- polls


def test_the_pages_are_asked_every_10_seconds_at_most(
    portal: PortalSimulator, pages: AjaxSimulator, clock: ManualClock
) -> None:
    ours = web(portal, pages)
    first = ours.poll()
    assert first["time"] == NOON
    before = pages.requests
    blocking.run(clock.advance(9.9))
    assert ours.poll() is first
    assert pages.requests == before
    blocking.run(clock.advance(0.2))
    assert ours.poll()["time"] > NOON
    assert pages.requests == before + 1  # still logged in
    assert portal.connections == 0


def test_what_the_pages_leave_out_is_none(portal: PortalSimulator, pages: AjaxSimulator) -> None:
    pages.faults = ("ajax-missing",)
    polled = web(portal, pages).poll()
    assert polled["production"] == {"solar": None, "add": None, "grid": None}
    assert polled["consumption"]["battery"] is polled["sysStatus"] is None
    assert polled["stateOfCharge"] > 0


@pytest.mark.parametrize("fault", ["ajax-gone", "ajax-html"])
def test_without_the_pages_the_websocket_tells(portal: PortalSimulator, pages: AjaxSimulator, fault: str) -> None:
    pages.faults = (fault,)
    ours = web(portal, pages)
    polled = ours.poll(keepAlive=True)
    assert polled["autarky"] is not None
    assert (portal.frames, pages.requests) == (1, 1)
    ours.lastRequest = None
    ours.poll()
    assert (portal.frames, pages.requests) == (2, 1)


def test_a_system_that_the_portal_does_not_show(portal: PortalSimulator, pages: AjaxSimulator) -> None:
    with pytest.raises(compat.PollError, match="4400000099"):
        web(portal, pages, serialNumber="S10-4400000099").poll()


def test_a_portal_that_is_out_of_order(portal: PortalSimulator, pages: AjaxSimulator) -> None:
    pages.faults = ("ajax-broken",)
    with pytest.raises(compat.SendError):
        web(portal, pages).poll()


# -- the websocket


def test_switches(portal: PortalSimulator, pages: AjaxSimulator) -> None:
    ours = web(portal, pages)
    assert [one["status"] for one in ours.poll_switches()] == [0, 1, 0]
    assert ours.set_switch_onoff(7, True) is True
    assert ours.set_switch_onoff(4, "off") is True
    assert [switch.on for switch in portal.device.switches] == [False, False, True]
    assert pages.requests == 0


def test_everything_else_goes_over_the_websocket(start: Start, portal: PortalSimulator, pages: AjaxSimulator) -> None:
    ours, system = web(portal, pages), start()
    for name in ("get_system_status", "get_battery_data", "get_pvi_data", "get_powermeter_data", "get_system_info"):
        assert getattr(ours, name)(keepAlive=True) == getattr(local(system), name)()
    assert ours.model == "S10E"
    assert portal.connections == 1


def test_making_one_asks_nothing_and_attributes_ask_once(portal: PortalSimulator, pages: AjaxSimulator) -> None:
    ours = web(portal, pages)
    assert (portal.connections, pages.requests) == (0, 0)
    assert ours.powermeters == [{"index": 0}]
    assert ours.installedPeakPower > 0
    assert ours.maxAcPower > 0
    assert portal.frames == 1


def test_keep_alive_holds_one_connection_and_answers_pings(
    portal: PortalSimulator, pages: AjaxSimulator, clock: ManualClock
) -> None:
    ours = web(portal, pages)
    ours.poll_switches(keepAlive=True)
    assert ours.connected

    async def a_minute() -> None:
        for passed in range(6):
            await clock.advance(PING)
            while portal.pings <= passed:  # noqa: ASYNC110 - they travel over sockets
                await asyncio.sleep(0.001)

    blocking.run(a_minute())
    assert portal.pings == 6
    ours.set_switch_onoff(4, False, keepAlive=True)
    assert portal.connections == 1
    ours.poll_switches(keepAlive=False)
    assert portal.connections == 1
    assert not ours.connected
    blocking.run(clock.advance(3 * PING))
    assert portal.pings == 6
    ours.poll_switches()
    assert portal.connections == 2


# -- passwords


def test_a_wrong_password_raises_in_both_generations(portal: PortalSimulator, pages: AjaxSimulator) -> None:
    ours = web(portal, pages, password="wrong")
    for call in (ours.poll, ours.poll_switches, ours.get_system_info):
        with pytest.raises(compat.AuthenticationError, match="password") as caught:
            call()
        assert "wrong" not in str(caught.value)


def test_is_password_md5_means_what_it_says(portal: PortalSimulator, pages: AjaxSimulator) -> None:
    plain = portal.announcement()["password"]
    hashed = md5(plain.encode(), usedforsecurity=False).hexdigest()
    for right in ({"password": hashed}, {"password": hashed, "isPasswordMd5": True}, {"password": plain}):
        ours = web(portal, pages, **({"isPasswordMd5": right["password"] == hashed} | right))
        assert ours.poll()["stateOfCharge"] > 0
        assert len(ours.poll_switches()) == 3
    with pytest.raises(compat.AuthenticationError):
        web(portal, pages, isPasswordMd5=True).poll()
