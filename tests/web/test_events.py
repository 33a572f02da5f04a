from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from heliobus.errors import Unreachable
from heliobus.model.event import Event, EventKind
from heliobus.model.identity import Device
from heliobus.web.app import create_app
from heliobus.web.events import HEARTBEAT_S, EventStreams
from tests.service.scripted import NOON, SUNNY
from tests.web.conftest import config, connected, serving, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from heliobus.model.snapshot import Snapshot
    from heliobus.simulation.clock import ManualClock
    from heliobus.web.server import WebServer
    from tests.service.conftest import MakeDevice
    from tests.web.conftest import House


@dataclass
class Stream:
    """A reader of the event stream."""

    reader: asyncio.StreamReader
    head: str
    waiting: list[str] = field(default_factory=list)

    async def block(self) -> str:
        """Read one block, without the empty line that ends it; a chunk may carry several."""
        while not self.waiting:
            size = int(await self.reader.readline(), 16)
            if size == 0:
                raise EOFError
            self.waiting += (await self.reader.readexactly(size)).decode().split("\n\n")[:-1]
            await self.reader.readline()
        return self.waiting.pop(0)

    async def event(self) -> tuple[str, Any]:
        """Read the next event; comments are passed over."""
        while (block := await self.block()).startswith(":"):
            pass
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        return fields["event"], json.loads(fields["data"])

    async def next(self, wanted: str) -> Any:
        """Read up to the next event of that name."""
        while True:
            name, data = await self.event()
            if name == wanted:
                return data


@asynccontextmanager
async def listening(server: WebServer) -> AsyncIterator[Stream]:
    async with connected(server) as (reader, writer):
        writer.write(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        yield Stream(reader, (await reader.readuntil(b"\r\n\r\n")).decode())


def sun(power: float) -> Snapshot:
    return replace(SUNNY, pv=replace(SUNNY.pv, power=power))


async def test_the_whole_state_comes_first_then_changes(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    device("roof", sun(1000), sun(2000)).identity = Device(id="a", vendor="scripted", serial="a")
    device("cellar", sun(10)).identity = Device(id="b", vendor="scripted", serial="b")
    async with serving(config(tmp_path, "roof", "cellar"), clock) as house:
        await house.poll()
        async with listening(house.server) as stream:
            assert "200 OK" in stream.head
            assert "content-type: text/event-stream" in stream.head
            name, first = await stream.event()
            now = (await house.ask("/api/v1/now")).json
            assert (name, first) == ("now", now)
            await house.poll("roof")
            name, change = await stream.event()
            assert name == "change"
            assert set(change["systems"]) == {"roof"}
            assert change["systems"]["roof"]["snapshot"]["pv"]["power"] == 2000
            assert change["sites"]["my-house"]["pv"]["power"] == 2010
            assert {**now["systems"], **change["systems"]} == (await house.ask("/api/v1/now")).json["systems"]


async def test_a_failed_poll_and_what_happened_are_news(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    device("roof", SUNNY, Unreachable("off"))
    async with serving(config(tmp_path, "roof"), clock) as house:
        await house.poll()
        async with listening(house.server) as stream:
            await stream.event()
            await clock.advance(31)
            await house.poll()
            change = await stream.next("change")
            assert change["systems"]["roof"]["status"] == "late"
            assert change["systems"]["roof"]["snapshot"]["quality"]["pv.power"] == "stale"
            house.service.hub.publish(Event(at=NOON, system="roof", kind=EventKind.STORAGE, text="the disk is full"))
            assert await stream.next("event") == {
                "at": NOON.isoformat(),
                "system": "roof",
                "kind": "storage",
                "text": "the disk is full",
                "data": {},
            }


async def test_a_quiet_stream_has_a_heartbeat(house: House) -> None:
    async with listening(house.server) as stream:
        await stream.event()
        await house.clock.until_asleep()
        for _ in range(3):
            await house.clock.advance(HEARTBEAT_S)
            assert (await stream.event())[0] == "now"
            await house.clock.until_asleep()


async def test_a_reader_that_does_not_read_costs_nothing_and_gets_the_last_value(
    tmp_path: Path, clock: ManualClock, device: MakeDevice
) -> None:
    large = "x" * 250_000
    device("roof", *[replace(sun(number), source=large) for number in range(401)])
    async with serving(config(tmp_path, "roof"), clock) as house:
        await house.poll()
        async with listening(house.server) as stream:
            for _ in range(400):  # 100 MB, many times what the sockets hold
                await house.service.poll("roof")
                await asyncio.sleep(0)
            powers = []
            while 400 not in powers:
                _, news = await stream.event()
                powers.append(news["systems"]["roof"]["snapshot"]["pv"]["power"])
    assert powers == sorted(powers)
    assert len(powers) < 100


async def test_a_reader_that_is_gone_leaves_its_seat(house: House) -> None:
    before = house.service.hub.subscribers
    async with listening(house.server) as stream:
        await stream.event()
        assert house.service.hub.subscribers == before + 1
    await until(lambda: house.service.hub.subscribers == before)


async def test_the_number_of_readers_is_bounded(house: House) -> None:
    sent: list[dict[str, Any]] = []
    streams = EventStreams(house.service, max_clients=1)
    gone = asyncio.Event()

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    first = asyncio.create_task(streams({}, receive, send))
    await until(lambda: streams.clients == 1)
    before = len(sent)
    await streams({}, receive, send)
    refused = [message for message in sent[before:] if message["type"] == "http.response.start"]
    assert [message["status"] for message in refused] == [503]
    gone.set()
    await first
    assert streams.clients == 0


async def test_the_server_counts_its_readers(house: House) -> None:
    app = create_app(house.service)
    assert isinstance(app.state.streams, EventStreams)
    async with listening(house.server) as stream:
        await stream.event()
        assert house.server._app.state.streams.clients == 1
