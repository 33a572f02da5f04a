"""Looks at loopback networks only: the simulators stand at addresses and ports of their own."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import Refused, UsageError
from heliobus.service import discovery
from heliobus.service.discovery import MOST, Place, discover, places
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.url import DeviceURL
from heliobus.vendor import Probe, Sighting, SimulationOptions, vendors

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PLANT = Plant(1)


@asynccontextmanager
async def device(vendor: str, wire: str | None = None) -> AsyncIterator[int]:
    """A simulated device; its port."""
    options = SimulationOptions(plant=PLANT, clock=FrozenClock(summer_noon(PLANT)), wire=wire)
    async with vendors()[vendor].simulate(options) as simulator:
        yield simulator.announcement()["port"]


# -- where to look


def test_networks_and_addresses() -> None:
    assert [place.host for place in places(["192.168.1.0/30"])] == ["192.168.1.1", "192.168.1.2"]
    assert places(["192.168.1.7/30"])[0].host == "192.168.1.5"  # the network that the address is in
    assert places(["127.0.0.1:8088", "[::1]:81", "::1"]) == (Place("127.0.0.1", 8088), Place("::1", 81), Place("::1"))
    assert len(places(["10.0.0.0/22"])) == MOST - 2
    assert len(places(["192.168.1.40", "192.168.1.40"])) == 1


@pytest.mark.parametrize(
    "network",
    [
        *("8.8.8.0/24", "0.0.0.0/0", "1.1.1.1", "172.32.0.0/24", "100.64.0.0/24", "192.0.2.1", "0.0.0.0"),
        *("2001:db8::/120", "::/0", "ff02::1", "192.168.0.0/15", "::ffff:8.8.8.8", "8.8.8.8:80"),
    ],
)
def test_what_is_not_private_is_refused(network: str) -> None:
    with pytest.raises(Refused, match="not a private network"):
        places([network])


@pytest.mark.parametrize("network", ["10.0.0.0/8", "10.0.0.0/21", "fd00::/64"])
def test_what_is_too_large_is_refused(network: str) -> None:
    with pytest.raises(UsageError, match="more than 1024"):
        places([network])


@pytest.mark.parametrize("network", ["", "home", "192.168.1", "192.168.1.0/33", "127.0.0.1:0", "127.0.0.1:99999"])
def test_what_is_no_network_is_refused(network: str) -> None:
    with pytest.raises(UsageError):
        places([network])


def test_where_clouds_hand_out_secrets_nobody_is_asked() -> None:
    assert "169.254.169.254" not in {place.host for place in places(["169.254.169.0/24"])}
    with pytest.raises(Refused, match="no device of a home"):
        places(["169.254.169.254"])


# -- what is found


async def test_each_appliance_is_recognised_and_its_address_is_ready() -> None:
    async with device("senec") as http, device("senec", "https") as https, device("e3dc") as rscp:
        found = await discover(places([f"127.0.0.1:{port}" for port in (http, https, rscp)]))
    assert [(one.vendor.name, str(one.sighting.url), one.sighting.certain) for one in found] == [
        ("senec", f"senec://127.0.0.1:{http}", True),
        ("senec", f"senec://127.0.0.1:{https}", True),
        ("e3dc", f"e3dc://127.0.0.1:{rscp}", False),
    ]
    assert found[0].sighting.model == "SENEC.Home V3 hybrid duo"


async def test_the_usual_ports_need_not_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with device("senec") as http, device("e3dc") as rscp:
        ports = {80: http, 5033: rscp}
        known = [(vendor, probe) for vendor, probe in discovery.probes() if probe.port in ports]
        moved = tuple((vendor, replace(probe, port=ports[probe.port])) for vendor, probe in known)
        monkeypatch.setattr(discovery, "probes", lambda: moved)
        found = await discover(places(["127.0.0.0/30"]))
    assert [(one.vendor.name, one.sighting.url.host) for one in found] == [
        ("e3dc", "127.0.0.1"),
        ("senec", "127.0.0.1"),
    ]


async def test_a_stranger_is_none_of_ours_and_gets_one_question_each_way() -> None:
    heard: list[bytes] = []

    async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    async with await asyncio.start_server(stranger, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await discover((Place("127.0.0.1", port),))
    assert [(one.vendor.name, one.sighting.certain) for one in found] == [("e3dc", False)]  # a port that is open
    asked = [text for text in heard if text.startswith(b"POST")]
    assert [text.partition(b"\r\n\r\n")[2] for text in asked] == [b'{"FACTORY":{"SYS_TYPE":""}}']
    assert not [text for text in heard if b"u8_" in text or b"assword" in text]


async def test_nobody_at_home() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    assert await discover((Place("127.0.0.1", port),)) == ()


async def test_who_never_answers_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async def for_ever(host: str, port: int) -> Sighting:
        del host, port
        await asyncio.Event().wait()
        return Sighting(url=DeviceURL(scheme="senec"))

    async with device("senec") as port:
        silent = vendors()["growatt"], Probe(name="silent", port=port, recognise=for_ever)
        usual = discovery.probes()
        monkeypatch.setattr(discovery, "probes", lambda: (silent, *usual))
        monkeypatch.setattr(discovery, "_TO_ANSWER", 0.5)
        found = await discover((Place("127.0.0.1", port),))
    assert [one.vendor.name for one in found] == ["senec"]
