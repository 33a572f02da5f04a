from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web

from heliobus.errors import UsageError
from heliobus.simulation.host import Host


def _app() -> web.Application:
    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def hang(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/", hello), web.get("/hang", hang)])
    return app


async def _fetch(host: Host) -> str:
    async with aiohttp.ClientSession() as session, session.get(host.base_url) as response:
        return await response.text()


async def test_serves_on_a_free_port_and_tells_it() -> None:
    async with Host(_app()) as host:
        assert host.host == "127.0.0.1"
        assert host.port > 0
        assert host.base_url == f"http://127.0.0.1:{host.port}/"
        assert await _fetch(host) == "hello"


async def test_a_restart_comes_back_on_the_same_port() -> None:
    host = Host(_app())
    async with host:
        first = host.port
    with pytest.raises(aiohttp.ClientConnectorError):
        await _fetch(host)
    async with host:
        assert host.port == first
        assert await _fetch(host) == "hello"


async def test_a_port_in_use_is_said_in_one_line() -> None:
    async with Host(_app()) as host:
        with pytest.raises(UsageError, match=f"port {host.port} on 127.0.0.1 is in use") as caught:
            await Host(_app(), port=host.port).__aenter__()
        assert "\n" not in caught.value.line()
        assert await _fetch(host) == "hello"


@pytest.mark.parametrize(("address", "port"), [("127.0.0.1", 70_000), ("nowhere.invalid", 0)])
async def test_an_impossible_address_is_a_usage_error(address: str, port: int) -> None:
    with pytest.raises(UsageError, match="cannot listen"):
        await Host(_app(), host=address, port=port).__aenter__()


async def test_leaving_does_not_wait_for_a_hanging_answer() -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(5):
        async with Host(_app()) as host:
            answer = asyncio.ensure_future(session.get(host.base_url + "hang"))
            await _fetch(host)
        with pytest.raises(aiohttp.ClientError):
            await answer
