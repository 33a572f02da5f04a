"""A simulated device on a real socket, and a bare client that speaks the protocol's own frames."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from heliobus.e3dc.protocol import Cipher, Connection, Frame, Item, Timestamp, Type, build_frame, decode, encode, tags
from heliobus.e3dc.simulator import E3dcSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import House, Plant
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
THEN = Timestamp(1_700_000_000)


def new_house() -> Plant:
    """A house whose lifetime counters are quick to compute."""
    return Plant(7, house=replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC)))


def request(name: str, kind: int = Type.NONE, value: Any = None) -> Item:
    return Item(tags.code(name), kind, value)


@dataclass
class Link:
    """One connection to a simulator."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    connection: Connection
    waiting: list[Frame] = field(default_factory=list)

    async def exchange(self, *items: Item, crc: bool = True) -> Frame:
        self.writer.write(self.connection.send(build_frame(encode(items), time=THEN, crc=crc)))
        return await self.receive()

    async def receive(self) -> Frame:
        while not self.waiting:
            data = await self.reader.read(65536)
            if not data:
                raise EOFError
            self.waiting += self.connection.receive_data(data)
        return self.waiting.pop(0)

    async def ask(self, *items: Item | str) -> list[Item]:
        """The answers to requests, or to the names of requests without a parameter."""
        asked = [request(item) if isinstance(item, str) else item for item in items]
        return decode((await self.exchange(*asked)).data)

    async def one(self, item: Item | str) -> Item:
        (answer,) = await self.ask(item)
        return answer

    async def log_in(self, user: str, password: str) -> Item:
        credentials = [
            request("RSCP_AUTHENTICATION_USER", Type.CSTRING, user),
            request("RSCP_AUTHENTICATION_PASSWORD", Type.CSTRING, password),
        ]
        return await self.one(request("RSCP_REQ_AUTHENTICATION", Type.CONTAINER, credentials))

    def close(self) -> None:
        self.writer.close()


@dataclass
class Bench:
    """A simulator in service, and its clock."""

    simulator: E3dcSimulator
    clock: ManualClock
    links: list[Link] = field(default_factory=list)

    async def connect(self, *, key: str | None = None) -> Link:
        """A connection that nobody has logged in on."""
        told = self.simulator.announcement()
        reader, writer = await asyncio.open_connection(told["host"], told["port"])
        link = Link(reader, writer, Connection(Cipher(key or told["key"])))
        self.links.append(link)
        return link

    def close(self) -> None:
        for link in self.links:
            link.close()

    async def log_in(self) -> Link:
        told = self.simulator.announcement()
        link = await self.connect()
        assert (await link.log_in(told["username"], told["password"])).value == 10
        return link


class Start(Protocol):
    async def __call__(self, *, at: datetime = NOON, plant: Plant | None = None, **options: Any) -> Bench: ...


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Give ``await start(profile=..., at=...)``; everything that was started ends with the test."""
    async with AsyncExitStack() as running:

        async def starting(*, at: datetime = NOON, plant: Plant | None = None, **options: Any) -> Bench:
            clock = ManualClock(at)
            made = E3dcSimulator(SimulationOptions(plant=plant or new_house(), clock=clock, **options))
            bench = Bench(await running.enter_async_context(made), clock)
            running.callback(bench.close)
            return bench

        yield starting
