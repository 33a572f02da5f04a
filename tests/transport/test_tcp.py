from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import ConnectionLost, DeadlineExceeded, Unreachable, UsageError
from heliobus.transport.tcp import TcpConnection, address, deadline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HERE = "127.0.0.1"


class Echo:
    """Sends back what it gets; ``x`` ends the connection."""

    def __init__(self) -> None:
        self.port = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while (data := await reader.read(65536)) not in {b"", b"x"}:
            writer.write(data)
        writer.close()


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    echo = Echo()
    server = await asyncio.start_server(echo.serve, HERE, 0)
    echo.port = server.sockets[0].getsockname()[1]
    yield echo
    server.close()
    for writer in echo.writers:
        writer.close()


async def received(connection: TcpConnection, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += await connection.receive()
    return data


async def test_bytes_go_both_ways(echo: Echo) -> None:
    connection = await TcpConnection.open(HERE, echo.port, within=5)
    connection.send(b"one")
    assert await received(connection, 3) == b"one"
    connection.send(b"two")
    assert await received(connection, 3) == b"two"
    connection.close()


async def test_more_than_is_held_arrives_whole(echo: Echo) -> None:
    data = bytes(range(256)) * 16_384
    connection = await TcpConnection.open(HERE, echo.port, within=5)
    connection.send(data)
    assert await received(connection, len(data)) == data
    connection.close()


async def test_the_end_of_the_stream(echo: Echo) -> None:
    connection = await TcpConnection.open(HERE, echo.port, within=5)
    assert connection.quiet
    connection.send(b"x")
    with pytest.raises(ConnectionLost, match=f"{HERE}:{echo.port} ended"):
        await connection.receive()
    assert not connection.quiet
    with pytest.raises(ConnectionLost):
        connection.send(b"one")


async def test_what_arrived_before_the_end_is_given_first() -> None:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"bye")
        writer.close()

    server = await asyncio.start_server(serve, HERE, 0)
    connection = await TcpConnection.open(HERE, server.sockets[0].getsockname()[1], within=5)
    assert await connection.receive() == b"bye"
    with pytest.raises(ConnectionLost):
        await connection.receive()
    server.close()


async def test_bytes_that_nobody_waits_for_are_not_quiet(echo: Echo) -> None:
    connection = await TcpConnection.open(HERE, echo.port, within=5)
    connection.send(b"one")
    for _ in range(1000):  # turns of the event loop: loopback takes no time
        await asyncio.sleep(0)
    assert not connection.quiet
    assert await connection.receive() == b"one"
    assert connection.quiet
    connection.close()


async def test_a_closed_port() -> None:
    with socket.socket() as unused:
        unused.bind((HERE, 0))
        port = unused.getsockname()[1]
    with pytest.raises(Unreachable, match="Connection refused"):
        await TcpConnection.open(HERE, port, within=5)


async def test_nobody_answers() -> None:
    with socket.socket() as deaf, socket.socket() as waiting, socket.socket() as another:
        deaf.bind((HERE, 0))
        deaf.listen(0)  # who comes while its queue is full gets no answer at all
        for queued in (waiting, another):
            queued.setblocking(False)
            queued.connect_ex(deaf.getsockname())
        with pytest.raises(Unreachable, match="nobody answers"):
            await TcpConnection.open(*deaf.getsockname(), within=0.05)


async def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(Unreachable, match=r"battery\.invalid"):
        await TcpConnection.open("battery.invalid", 5033, within=5)


@pytest.mark.parametrize(("host", "port"), [("x" * 64 + ".invalid", 1), (HERE, 99_999), ("a\0b", 1)])
async def test_what_is_no_address(host: str, port: int) -> None:
    with pytest.raises((UsageError, Unreachable)):
        await TcpConnection.open(host, port, within=5)


async def test_the_deadline_covers_everything_inside(echo: Echo) -> None:
    connection = await TcpConnection.open(HERE, echo.port, within=5)

    async def wait() -> None:
        async with deadline(0.05, peer="the roof"):
            await connection.receive()

    with pytest.raises(DeadlineExceeded, match=r"from the roof within 0\.05 s"):
        await wait()
    connection.close()


def test_addresses() -> None:
    assert address("192.0.2.1", 5033) == "192.0.2.1:5033"
    assert address("2001:db8::1", 5033) == "[2001:db8::1]:5033"
