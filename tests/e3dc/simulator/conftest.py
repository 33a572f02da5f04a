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
    cipher: Cipher
    waiting: list[Frame] = field(default_factory=list)
    pieces: int = 0
    """In how many pieces the answers came."""
    last: bytes = b""
    """The last block that came."""

    @staticmethod
    def frame(*items: Item, crc: bool = True) -> bytes:
        return build_frame(encode(items), time=THEN, crc=crc)

    async def exchange(self, *items: Item, crc: bool = True) -> Frame:
        self.writer.write(self.connection.send(self.frame(*items, crc=crc)))
        return await self.receive()

    async def plain(self) -> bytes:
        """The bytes of the next answer, decrypted, with their padding."""
        received = await self.reader.read(65536)
        return self.cipher.decrypt(received, chain=self.last)

    async def receive(self) -> Frame:
        while not self.waiting:
            data = await self.reader.read(65536)
            if not data:
                raise EOFError
            self.pieces += 1
            self.last = data[-32:]
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


async def in_container(link: Link, namespace: str, kind: int, index: int, *asked: Item | str) -> list[Item]:
    """The answers out of ``X_DATA``, whose index is checked."""
    place = request(f"{namespace}_INDEX", kind, index)
    inner = [request(item) if isinstance(item, str) else item for item in asked]
    answer = await link.one(request(f"{namespace}_REQ_DATA", Type.CONTAINER, [place, *inner]))
    assert answer.tag == tags.code(f"{namespace}_DATA")
    assert answer.children[0] == place
    return answer.children[1:]


@dataclass
class Bench:
    """A simulator in service, and its clock."""

    simulator: E3dcSimulator
    clock: ManualClock
    links: list[Link] = field(default_factory=list)

    async def connect(self, *, key: str | None = None, port: int | None = None) -> Link:
        """A connection that nobody has logged in on."""
        told = self.simulator.announcement()
        reader, writer = await asyncio.open_connection(told["host"], port or told["port"])
        cipher = Cipher(key or told["key"])
        link = Link(reader, writer, Connection(cipher), cipher)
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
