from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from heliobus import errors
from heliobus.simulation.host import Host
from heliobus.transport.http import HttpTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Device:
    """A web server with the manners that appliances have."""

    def __init__(self) -> None:
        self.now = 0
        self.most = 0
        self.asked = 0
        self.gate = asyncio.Event()

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/ok", self.ok)
        app.router.add_post("/hang", self.hang)
        app.router.add_post("/drip", self.drip)
        app.router.add_post("/big", self.big)
        app.router.add_post("/bomb", self.bomb)
        app.router.add_post("/cut", self.cut)
        app.router.add_post("/redirect", self.redirect)
        return app

    async def ok(self, request: web.Request) -> web.Response:
        self.asked += 1
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        body = await request.read()
        self.now -= 1
        return web.Response(body=b"heard " + body, content_type="text/plain", status=404)

    async def hang(self, _request: web.Request) -> web.Response:
        await self.gate.wait()
        return web.Response()

    async def drip(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while not self.gate.is_set():
            await answer.write(b".")
            await asyncio.sleep(0.01)
        return answer

    async def big(self, _request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 3_000_000)

    async def bomb(self, _request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"})

    async def cut(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "100"})
        await answer.prepare(request)
        await answer.write(b"half")
        assert request.transport is not None
        request.transport.close()
        return answer

    async def redirect(self, _request: web.Request) -> web.Response:
        raise web.HTTPFound("http://127.0.0.1:1/elsewhere")


@pytest.fixture
async def device() -> AsyncIterator[tuple[Device, str]]:
    one = Device()
    async with Host(one.application()) as place:
        yield one, f"http://{place.host}:{place.port}"
        one.gate.set()


async def test_the_answer_is_given_whole_and_unjudged(device: tuple[Device, str]) -> None:
    transport = HttpTransport()
    answer = await transport.request("POST", device[1] + "/ok", body=b"you")
    assert (answer.status, answer.body, answer.content_type) == (404, b"heard you", "text/plain")
    await transport.close()


async def test_one_request_is_in_flight(device: tuple[Device, str]) -> None:
    transport = HttpTransport()
    await asyncio.gather(*(transport.request("POST", device[1] + "/ok") for _ in range(20)))
    assert (device[0].most, device[0].asked) == (1, 20)
    await transport.close()


async def test_one_request_is_in_flight_in_a_session_that_could_have_more(device: tuple[Device, str]) -> None:
    async with aiohttp.ClientSession() as session:
        transport = HttpTransport(session=session)
        await asyncio.gather(*(transport.request("POST", device[1] + "/ok") for _ in range(20)))
    assert (device[0].most, device[0].asked) == (1, 20)


@pytest.mark.parametrize("path", ["/hang", "/drip"])
async def test_the_deadline_covers_the_whole_exchange(device: tuple[Device, str], path: str) -> None:
    transport = HttpTransport(timeout=0.15)
    with pytest.raises(errors.DeadlineExceeded, match=r"0\.15 s"):
        await transport.request("POST", device[1] + path)
    device[0].gate.set()
    assert (await transport.request("POST", device[1] + "/ok")).body == b"heard "
    await transport.close()


@pytest.mark.parametrize("path", ["/big", "/bomb"])
async def test_no_answer_grows_beyond_the_limit(device: tuple[Device, str], path: str) -> None:
    transport = HttpTransport()
    with pytest.raises(errors.Overflow, match="2097152"):
        await transport.request("POST", device[1] + path)
    await transport.close()


async def test_a_cut_answer_is_no_answer(device: tuple[Device, str]) -> None:
    transport = HttpTransport()
    with pytest.raises(errors.ConnectionLost):
        await transport.request("POST", device[1] + "/cut")
    await transport.close()


async def test_redirects_are_not_followed(device: tuple[Device, str]) -> None:
    transport = HttpTransport()
    assert (await transport.request("POST", device[1] + "/redirect")).status == 302
    await transport.close()


async def test_closed_port_and_bad_address() -> None:
    transport = HttpTransport()
    with pytest.raises(errors.Unreachable, match=r"127\.0\.0\.1:1"):
        await transport.request("POST", "http://127.0.0.1:1/lala.cgi")
    with pytest.raises(errors.UsageError):
        await transport.request("POST", "http://[/lala.cgi")
    await transport.close()


async def test_not_http() -> None:
    async def babble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = HttpTransport()
    with pytest.raises(errors.ProtocolError, match="HTTP"):
        await transport.request("POST", f"http://127.0.0.1:{port}/")
    await transport.close()
    server.close()


async def test_a_dead_kept_alive_connection_is_asked_again_only_if_repeatable() -> None:
    served = 0

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        served += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        await reader.read(1)  # the next request comes, and the server is gone
        writer.transport.abort()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    transport = HttpTransport()
    assert (await transport.request("POST", url)).body == b"ok"
    assert (await transport.request("POST", url, repeatable=True)).body == b"ok"
    with pytest.raises(errors.ConnectionLost):
        await transport.request("POST", url)
    assert served == 2
    await transport.close()
    server.close()


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("repeatable", [False, True])
async def test_a_request_that_must_not_come_twice_does_not(method: str, *, repeatable: bool) -> None:
    asked = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        await reader.readuntil(b"\r\n\r\n")
        asked += 1
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    transport = HttpTransport()
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    with pytest.raises(errors.ConnectionLost):
        await transport.request(method, url, repeatable=repeatable)
    assert asked == (2 if repeatable else 1)
    await transport.close()
    server.close()


async def test_a_connection_that_is_reset_under_the_request_is_asked_again() -> None:
    served = 0

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        served += 1
        await reader.readuntil(b"\r\n\r\n")
        if served > 1:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await writer.drain()
        else:  # unread bytes make the end a reset
            await asyncio.sleep(0.05)
        writer.transport.abort()

    server = await asyncio.start_server(reset, "127.0.0.1", 0, limit=2**16)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    transport = HttpTransport()
    answer = await transport.request("POST", url, body=b"x" * 2**20, repeatable=True)
    assert (answer.body, served) == (b"ok", 2)
    await transport.close()
    server.close()


async def test_a_handed_in_session_stays_open(device: tuple[Device, str]) -> None:
    async with aiohttp.ClientSession() as session:
        transport = HttpTransport(session=session)
        await transport.request("POST", device[1] + "/ok")
        await transport.close()
        assert not session.closed


async def test_what_a_cloud_says_beside_the_body() -> None:
    async def answer(request: web.Request) -> web.Response:
        response = web.Response(
            status=302, headers={"Location": "/login", "Retry-After": "30"}, text=request.headers.get("Cookie", "")
        )
        response.set_cookie("JSESSIONID", "A")
        return response

    app = web.Application()
    app.router.add_get("/", answer)
    async with Host(app) as host:
        transport = HttpTransport(cookies=False)
        first = await transport.request("GET", host.base_url)
        again = await transport.request("GET", host.base_url)
        own = await transport.request("GET", host.base_url, headers={"Cookie": "mine=1"})
        await transport.close()
    assert (first.location, first.retry_after, first.cookies) == ("/login", "30", {"JSESSIONID": "A"})
    assert (again.body, own.body) == (b"", b"mine=1")


async def test_a_query_is_not_told() -> None:
    transport = HttpTransport(timeout=5.0)
    with pytest.raises(errors.Unreachable) as error:
        await transport.request("GET", "http://127.0.0.1:1/page?userName=me")
    assert "/page: " in str(error.value)
    assert "userName" not in str(error.value)
    await transport.close()


async def test_a_session_with_a_jar_is_refused_where_the_caller_keeps_cookies() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(errors.UsageError):
            HttpTransport(session=session, cookies=False)
