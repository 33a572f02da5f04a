from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from heliobus import errors
from heliobus.simulation.host import Host
from heliobus.transport.websocket import WebSocketConnection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def _echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.data == b"end":
            break
        if message.data == b"text":
            await socket.send_str("text")
        elif message.data == b"cut":
            assert request.transport is not None
            request.transport.abort()
        elif message.data == b"garbage":
            assert request.transport is not None
            request.transport.write(b"\xff\xff\xff\xff")
        else:
            await socket.send_bytes(message.data)
    return socket


async def _page(_request: web.Request) -> web.Response:
    return web.Response(text="<html>")


@pytest.fixture
async def server() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/echo", _echo)
    app.router.add_get("/page", _page)
    async with Host(app) as host:
        yield host.base_url.replace("http", "ws", 1)


async def test_messages_come_back_whole(server: str) -> None:
    connection = await WebSocketConnection.open(server + "echo")
    for message in (b"", b"one", bytes(100_000)):
        await connection.send(message)
        assert await connection.receive() == message
    await connection.close()
    await connection.close()


async def test_the_applications_session_stays_open(server: str) -> None:
    async with aiohttp.ClientSession() as session:
        connection = await WebSocketConnection.open(server + "echo", session=session)
        await connection.close()
        assert not session.closed


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"end", errors.ConnectionLost),
        (b"cut", errors.ConnectionLost),
        (b"text", errors.ProtocolError),
        (b"garbage", errors.ProtocolError),
        (bytes(2000), errors.Overflow),
    ],
)
async def test_what_ends_a_connection(server: str, sent: bytes, error: type[errors.Error]) -> None:
    connection = await WebSocketConnection.open(server + "echo", limit=1000)
    await connection.send(sent)
    with pytest.raises(errors.Error) as caught:
        await connection.receive()
    assert type(caught.value) is error
    await connection.close()


async def test_an_ended_connection_takes_nothing(server: str) -> None:
    connection = await WebSocketConnection.open(server + "echo")
    await connection.close()
    with pytest.raises(errors.ConnectionLost):
        await connection.send(b"one")
    with pytest.raises(errors.ConnectionLost):
        await connection.receive()


@pytest.mark.parametrize("path", ["page", "nothing"])
async def test_no_websocket_there(server: str, path: str) -> None:
    with pytest.raises(errors.ProtocolError, match="is no websocket"):
        await WebSocketConnection.open(server + path)


@pytest.mark.parametrize("url", ["", "ws://", "ftp://127.0.0.1/ws", "ws://[::1", "127.0.0.1:1"])
async def test_no_address(url: str) -> None:
    with pytest.raises(errors.UsageError):
        await WebSocketConnection.open(url)


async def test_nobody_there(unused_tcp_port: int) -> None:
    with pytest.raises(errors.Unreachable, match="Connection refused"):
        await WebSocketConnection.open(f"ws://127.0.0.1:{unused_tcp_port}/ws")
    with pytest.raises(errors.Unreachable):
        await WebSocketConnection.open("wss://portal.invalid/ws")


async def test_no_tls_there(server: str) -> None:
    with pytest.raises(errors.Unreachable, match="no secure connection"):
        await WebSocketConnection.open(server.replace("ws", "wss", 1) + "echo")


async def test_a_server_that_hangs_up_while_it_is_opened() -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(errors.Unreachable):
            await WebSocketConnection.open(f"ws://127.0.0.1:{port}/ws")
