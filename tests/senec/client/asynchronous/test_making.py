"""Making a client."""

from __future__ import annotations

import aiohttp
import pytest

from heliobus.errors import (
    UsageError,
)
from heliobus.senec import AsyncClient, Client
from heliobus.senec.plugin import VENDOR
from heliobus.url import Credentials, DeviceURL
from tests.senec.client.local import CLOCK, Simulate


@pytest.mark.parametrize(("host", "scheme"), [("", "auto"), ("192.168.1.40", "gopher")])
def test_wrong_arguments_are_told_at_once(host: str, scheme: str) -> None:
    for kind in (AsyncClient, Client):
        with pytest.raises(UsageError):
            kind(host, scheme=scheme)


async def test_a_session_of_the_application_is_used_and_left_open(simulate: Simulate) -> None:
    simulator, _ = await simulate()
    told = simulator.announcement()
    async with aiohttp.ClientSession() as session:
        async with AsyncClient(told["host"], port=told["port"], session=session) as client:
            await client.read()
        assert not session.closed


def test_an_address_of_ipv6_goes_into_brackets() -> None:
    assert AsyncClient("fe80::1")._link.url == "https://[fe80::1]/lala.cgi"
    assert AsyncClient("::1", port=8080, scheme="http")._link.url == "http://[::1]:8080/lala.cgi"


@pytest.mark.parametrize(
    "url",
    [
        *("senec://me@host", "senec://host/path", "senec://host?user=x", "senec://host?scheme=ftp"),
        *("senec://host?timeout=long", "senec://host?timeout=0", "senec://host?timeout=nan"),
    ],
)
def test_a_device_url_has_a_host_a_port_and_two_options_only(url: str) -> None:
    for connect in (VENDOR.connect, VENDOR.connect_blocking):
        with pytest.raises(UsageError):
            connect(DeviceURL.parse(url), Credentials(), CLOCK)
