"""One device over TCP: bytes both ways, and deadlines that cover a whole exchange."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self

from heliobus.errors import ConnectionLost, DeadlineExceeded, Unreachable, UsageError
from heliobus.transport.reason import reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_HELD = 1 << 20
"""Bytes that may wait to be taken; beyond it the sender has to wait."""


@asynccontextmanager
async def deadline(seconds: float, *, peer: str) -> AsyncIterator[None]:
    """Give everything inside ``seconds`` in all; raises DeadlineExceeded, which names the ``peer``."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise DeadlineExceeded(f"no complete answer from {peer} within {seconds:g} s") from error


class TcpConnection(asyncio.Protocol):
    """One open connection; made by ``open``."""

    def __init__(self, peer: str) -> None:
        self._peer = peer
        self._transport: asyncio.Transport | None = None
        self._arrived = bytearray()
        self._news = asyncio.Event()
        self._ended = False

    @classmethod
    async def open(cls, host: str, port: int, *, within: float) -> Self:
        """Connect ``within`` so many seconds.  Raises Unreachable, and UsageError for what is no address."""
        peer = address(host, port)
        try:
            async with asyncio.timeout(within):
                _, connection = await asyncio.get_running_loop().create_connection(lambda: cls(peer), host, port)
        except TimeoutError as error:
            raise Unreachable(f"nobody answers at {peer}") from error
        except OSError as error:
            raise Unreachable(f"cannot connect to {peer}: {reason(error)}") from error
        except (ValueError, OverflowError) as error:
            raise UsageError(f"{peer} is not an address") from error
        return connection

    @property
    def quiet(self) -> bool:
        """Whether it is open and nothing has arrived that was not taken."""
        return not self._ended and not self._arrived

    def send(self, data: bytes) -> None:
        """Send all of ``data``.  Raises ConnectionLost if the connection has ended."""
        if self._ended or self._transport is None:
            raise self._lost()
        self._transport.write(data)

    async def receive(self) -> bytes:
        """Wait for what arrives, at least one byte.  Raises ConnectionLost at the end of the stream."""
        while not self._arrived:
            if self._ended:
                raise self._lost()
            self._news.clear()
            await self._news.wait()
        data = bytes(self._arrived)
        self._arrived.clear()
        if self._transport is not None and len(data) > _HELD:
            self._transport.resume_reading()
        return data

    def close(self) -> None:
        """End the connection at once; what was sent and is still on its way may be lost."""
        if self._transport is not None:
            self._transport.abort()

    # -- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP has no other
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._arrived += data
        if len(self._arrived) > _HELD and self._transport is not None:
            self._transport.pause_reading()
        self._news.set()

    def eof_received(self) -> None:
        self._end()

    def connection_lost(self, _error: Exception | None) -> None:
        self._end()

    def _end(self) -> None:
        self._ended = True
        self._news.set()

    def _lost(self) -> ConnectionLost:
        return ConnectionLost(f"{self._peer} ended the connection")


def address(host: str, port: int) -> str:
    """``host:port`` as people write it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
