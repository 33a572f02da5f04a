from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from heliobus.e3dc.protocol import Item, Timestamp, Type, build_frame, decode, encode, parse_frame, tags
from heliobus.e3dc.protocol.portal import Answered, Ended, Event, Phase, PortalConnection, password_hash
from heliobus.e3dc.simulator.portal import PING, PortalSimulator
from heliobus.errors import ConnectionLost, UsageError
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import Plant
from heliobus.transport.websocket import WebSocketConnection
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)


@dataclass
class Visitor:
    """A client whose every message the test moves by hand."""

    socket: WebSocketConnection
    core: PortalConnection
    events: list[Event] = field(default_factory=list)

    async def step(self) -> None:
        self.events += self.core.receive_data(await self.socket.receive())
        await self.send()

    async def send(self) -> None:
        for message in self.core.data_to_send():
            await self.socket.send(message)

    async def ready(self) -> None:
        while self.core.phase is not Phase.READY:
            await self.step()

    async def ask(self, *items: Item) -> list[Item]:
        self.core.ask(encode(items))
        await self.send()
        while not self.events:
            await self.step()
        event = self.events.pop(0)
        assert isinstance(event, Answered)
        return decode(event.frame.data)


@dataclass
class Bench:
    simulator: PortalSimulator
    clock: ManualClock
    running: AsyncExitStack

    async def visit(self, **changed: str) -> Visitor:
        told = self.simulator.announcement()
        socket = await WebSocketConnection.open(told["websocket_url"])
        self.running.push_async_callback(socket.close)
        login = {"user": told["username"], "password": password_hash(told["password"]), "system": told["serial"]}
        core = PortalConnection(**(login | changed), now=lambda: Timestamp(0))
        return Visitor(socket, core)


class Start(Protocol):
    async def __call__(self, *faults: str, **options: Any) -> Bench: ...


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as running:

        async def starting(*faults: str, **options: Any) -> Bench:
            clock = ManualClock(NOON)
            made = PortalSimulator(SimulationOptions(plant=Plant(7), clock=clock, faults=faults, **options))
            return Bench(await running.enter_async_context(made), clock, running)

        yield starting


async def test_it_answers_as_the_system_does(start: Start) -> None:
    bench = await start()
    visitor = await bench.visit()
    await visitor.ready()
    power, serial, unknown = await visitor.ask(
        Item(tags.EMS_REQ_POWER_PV), Item(tags.INFO_REQ_SERIAL_NUMBER), Item(0x01123456)
    )
    assert power.number == round(bench.simulator.plant.at(NOON).pv)
    assert serial.text == bench.simulator.device.serial
    assert unknown.error is not None
    assert (bench.simulator.frames, bench.simulator.connections) == (1, 1)


async def test_what_is_written_changes_the_device(start: Start) -> None:
    bench = await start()
    visitor = await bench.visit()
    await visitor.ready()
    index, command = Item(tags.HA_DATAPOINT_INDEX, Type.UINT16, 1), Item(tags.HA_REQ_COMMAND, Type.CSTRING, "on")
    (done,) = await visitor.ask(Item(tags.HA_REQ_COMMAND_ACTUATOR, Type.CONTAINER, [index, command]))
    assert done.flag
    assert bench.simulator.device.switches[0].on


async def test_the_announcement(start: Start) -> None:
    told = (await start()).simulator.announcement()
    url = DeviceURL.parse(told["url"])
    assert (url.scheme, url.user, url.host) == ("e3dc+portal", told["username"], told["serial"])
    assert url.options == {"url": told["websocket_url"]}
    assert told["websocket_url"] == f"ws://127.0.0.1:{told['port']}/ws"


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"password": password_hash("wrong")}, 16), ({"user": "nobody"}, 16), ({"system": "Q10-4400000007"}, None)],
)
@pytest.mark.parametrize("fault", ["", "portal-status"])
async def test_refused(start: Start, changed: dict[str, str], status: int | None, fault: str) -> None:
    visitor = await (await start(*filter(None, [fault]))).visit(**changed)
    while not visitor.events:
        await visitor.step()
    assert visitor.events == [Ended(status)]
    with pytest.raises(ConnectionLost):
        await visitor.step()


async def test_the_messages_are_as_recorded(start: Start) -> None:
    """Connection id and level first, the questions in a frame without a checksum, in the recorded order."""
    visitor = await (await start()).visit()
    (opening,) = decode(parse_frame(await visitor.socket.receive()).data)
    names = [tags.label(child.tag) for child in opening.children]
    assert names == ["SERVER_CONNECTION_ID", "SERVER_AUTH_LEVEL", "SERVER_TYPE", "SERVER_HASH_CODE"]
    visitor.core.receive_data(build_frame(encode([opening]), time=Timestamp(0)))
    await visitor.send()
    (command,) = decode(parse_frame(await visitor.socket.receive()).data)
    data = command.children[3].value
    assert isinstance(data, bytes)
    inner = parse_frame(data)
    assert not inner.crc
    assert [item.tag - tags.INFO_REQ_SERIAL_NUMBER + 1 for item in decode(inner.data)] == [
        *(0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E, 0x10, 0x0F, 0x07, 0x11)
    ]


async def test_who_does_not_answer_a_ping_is_sent_away(start: Start) -> None:
    bench = await start()
    visitor = await bench.visit()
    await visitor.ready()
    await bench.clock.advance(PING)
    await visitor.step()
    while bench.simulator.pings == 0:
        await bench.clock.run_until_idle()
    await bench.clock.advance(PING)
    visitor.core.receive_data(await visitor.socket.receive())  # this one is not answered
    await bench.clock.advance(PING)
    assert visitor.core.receive_data(await visitor.socket.receive()) == [Ended(None)]


async def test_commands_before_the_registration_end_the_connection(start: Start) -> None:
    visitor = await (await start()).visit()
    await visitor.socket.receive()
    (command,) = [visitor.core._main.carry(build_frame(b"", time=Timestamp(0)))]
    await visitor.socket.send(build_frame(encode([command]), time=Timestamp(0)))
    visitor.events += visitor.core.receive_data(await visitor.socket.receive())
    assert visitor.events == [Ended(None)]


async def test_bad_messages_end_the_connection_and_nothing_else(start: Start) -> None:
    bench = await start()
    good = await bench.visit()
    await good.ready()
    for bad in (b"", b"\xff" * 40, build_frame(b"\x01", time=Timestamp(0))):
        visitor = await bench.visit()
        await visitor.socket.receive()
        await visitor.socket.send(bad)
        with pytest.raises(ConnectionLost):
            await visitor.socket.receive()
    assert len(await good.ask(Item(tags.EMS_REQ_POWER_PV))) == 1


async def test_faults_are_checked(start: Start) -> None:
    bench = await start("portal-asks", "twice")
    assert bench.simulator.faults == ("portal-asks", "twice")
    with pytest.raises(UsageError, match="no E3/DC fault 'nothing'"):
        bench.simulator.faults = ("nothing",)
    with pytest.raises(UsageError, match="recordings"):
        await start(replay="x.json")
