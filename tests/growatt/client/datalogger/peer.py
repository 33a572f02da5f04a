"""Both ends of the datalogger's protocol for tests: a datalogger by hand, and a server that records."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self

from heliobus.growatt.protocol.datalogger import (
    DataRecord,
    Frame,
    Receiver,
    Type,
    acknowledge,
    build_frame,
    build_record,
)
from heliobus.growatt.simulator.datalogger import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

LOGGER = "LOG1234567"
SERIAL = "MIN1234567"


class Logger:
    """A datalogger that says what a test tells it to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self._receiver = Receiver()
        self._frames: list[Frame] = []

    @classmethod
    @asynccontextmanager
    async def to(cls, port: int) -> AsyncIterator[Self]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield cls(reader, writer)
        finally:
            writer.close()

    async def say(self, frame: Frame) -> Frame:
        """Say a frame, and give the answer."""
        self.writer.write(build_frame(frame))
        return await self.hear()

    async def hear(self) -> Frame:
        while not self._frames:
            data = await self._reader.read(4096)
            assert data, "the listener ended the conversation"
            self._frames += self._receiver.receive_data(data)
        return self._frames.pop(0)

    async def ended(self) -> bool:
        return await self._reader.read(4096) == b""


class Server:
    """The real server: acknowledges, and keeps what it hears."""

    def __init__(self, speak: Callable[[Frame], list[Frame]] | None = None, *, port: int | None = None) -> None:
        self.heard: list[Frame] = []
        self.port = port or free_port("127.0.0.1")
        self._news = asyncio.Event()
        self._speak = speak
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def until(self, count: int) -> None:
        while len(self.heard) < count:
            self._news.clear()
            await self._news.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        receiver = Receiver()
        while data := await reader.read(4096):
            for frame in receiver.receive_data(data):
                self.heard.append(frame)
                self._news.set()
                answer = acknowledge(frame)
                said = [*([answer] if answer else []), *(self._speak(frame) if self._speak else [])]
                for one in said:
                    writer.write(build_frame(one))


def record(kind: Type = Type.DATA, *, logger: str = LOGGER, serial: str = SERIAL, power: float = 100.0) -> Frame:
    return build_record(
        DataRecord(kind=kind, logger=logger, serial=serial, layout="min", values={"pvpowerin": power, "bms_soc": 50})
    )


def announce() -> Frame:
    return build_record(DataRecord(kind=Type.ANNOUNCE, logger=LOGGER, serial=SERIAL, layout="announcement"))
