"""Something between a client and a device that cuts, delays and spoils what the device sends."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

Serve: TypeAlias = "Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]"

HERE = "127.0.0.1"
ENDLESS = 1 << 60
_TURNS = 50  # of the event loop: loopback takes no time, but some of these


@asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """A server that does ``serve`` with each connection; gives its port."""
    tasks: list[asyncio.Task[None]] = []

    async def close_after(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.create_task(close_after(reader, writer)))

    server = await asyncio.start_server(accept, HERE, 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Relay:
    """Forwards to ``port``; of the device's bytes, counted over each connection:

    * ``limit``: after so many the connection ends;  ``segment``: so many travel at once
    * ``spoil(position, data)``: what becomes of the bytes that begin at a position
    * ``gate``: while it is not set they wait
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self.port = 0
        self.limit = ENDLESS
        self.segment = ENDLESS
        self.spoil: Callable[[int, bytes], bytes] = lambda _, data: data
        self.gate = asyncio.Event()
        self.gate.set()
        self.connections = 0
        self.frames = 0
        """Requests: clients of RSCP send each in one piece."""
        self.sent = 0
        """Bytes from the device, over all connections."""
        self._asked = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, HERE, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.close()

    async def until(self, frames: int) -> None:
        """Wait for so many requests in all."""
        while self.frames < frames:
            self._asked.clear()
            await self._asked.wait()

    async def hang_up(self) -> None:
        """End all connections, and let both sides see it."""
        for task in self._tasks:
            task.cancel()
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        there, back = await asyncio.open_connection(HERE, self._target)
        self._writers += (writer, back)
        for work in (self._up(reader, back), self._down(there, writer)):
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                self.frames += 1
                self._asked.set()
                writer.write(data)
        finally:
            writer.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._pass_on(reader, writer)
        finally:
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone = 0
        while gone < self.limit and (data := await reader.read(65536)):
            await self.gate.wait()
            data = self.spoil(gone, data)[: self.limit - gone]
            for start in range(0, len(data), self.segment):
                writer.write(data[start : start + self.segment])
                await writer.drain()
                if self.segment < ENDLESS:
                    await asyncio.sleep(0)
            gone += len(data)
            self.sent += len(data)
