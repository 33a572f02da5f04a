from __future__ import annotations

import asyncio
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
import pytest

from heliobus.errors import UsageError
from heliobus.web.server import WebServer
from tests.service.scripted import SUNNY
from tests.web.conftest import ask, config, connected, serving, until
from tests.web.test_events import listening

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice
    from tests.web.conftest import House

MOST_SECONDS = 5


async def test_the_address_leads_to_the_page(house: House) -> None:
    async with aiohttp.ClientSession() as client, client.get(house.server.url) as answer:
        assert answer.status == 200
        assert answer.url.path == "/plain"
        assert "The sun delivers" in await answer.text()


async def test_a_port_in_use_is_one_clear_line(house: House) -> None:
    with pytest.raises(UsageError) as error:
        async with WebServer(house.service, "127.0.0.1", house.server.port):
            pass
    assert error.value.line() == (
        f"the address 127.0.0.1:{house.server.port} is in use. End the other program, or choose another port."
    )


async def test_it_ends_quickly_with_open_streams(house: House) -> None:
    before = house.service.hub.subscribers
    async with listening(house.server) as first, listening(house.server) as second:
        await first.event()
        await second.event()
        begin = time.monotonic()
        await house.server.__aexit__(None, None, None)
        assert time.monotonic() - begin < MOST_SECONDS
        for stream in (first, second):
            with pytest.raises(EOFError):
                await stream.event()
    assert house.service.hub.subscribers == before
    with pytest.raises(OSError, match="Connect call failed"):
        await house.ask("/api/v1/healthz")


async def test_it_ends_quickly_beside_a_reader_that_never_reads(
    tmp_path: Path, clock: ManualClock, device: MakeDevice
) -> None:
    device("roof", replace(SUNNY, source="x" * 250_000))
    async with serving(config(tmp_path, "roof"), clock) as house:
        await house.poll()
        async with connected(house.server) as (_, writer):
            assert isinstance(writer.transport, asyncio.Transport)
            writer.transport.pause_reading()
            writer.write(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await until(lambda: house.service.hub.subscribers == 2)
            for _ in range(100):  # more than the sockets hold
                await house.service.poll("roof")
                await asyncio.sleep(0)
            begin = time.monotonic()
            await house.server.__aexit__(None, None, None)
            assert time.monotonic() - begin < MOST_SECONDS
        assert house.service.hub.subscribers == 1


async def test_signals_stay_with_whoever_started_it(house: House) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with WebServer(house.service, port=0) as server:
        assert (await ask(server, "/api/v1/healthz")).status == 200
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


async def test_it_serves_ipv6(house: House) -> None:
    try:
        async with WebServer(house.service, "::1", 0) as server:
            assert server.url == f"http://[::1]:{server.port}/"
            async with aiohttp.ClientSession() as client, client.get(f"{server.url}api/v1/healthz") as answer:
                assert answer.status == 200
    except UsageError as error:  # a machine without IPv6
        assert "is not an address of this machine" in str(error)  # noqa: PT017


async def test_an_endless_header_is_refused(house: House) -> None:
    async with connected(house.server) as (reader, writer), asyncio.timeout(MOST_SECONDS):
        writer.write(b"GET /api/v1/healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000)
        assert (await reader.readline()).startswith(b"HTTP/1.1 400")


async def test_nobody_waits_for_the_body_of_a_get(house: House) -> None:
    async with connected(house.server) as (reader, writer), asyncio.timeout(MOST_SECONDS):
        writer.write(b"GET /api/v1/healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n")
        assert b" 200 " in await reader.readline()
