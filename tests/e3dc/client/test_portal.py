from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import pytest

from heliobus.e3dc.client.portal import PortalLink
from heliobus.e3dc.models import Batch
from heliobus.e3dc.protocol import Item, tags
from heliobus.e3dc.protocol.portal import password_hash
from heliobus.e3dc.simulator.portal import PING, PortalSimulator
from heliobus.errors import (
    AuthenticationError,
    ConnectionLost,
    DeadlineExceeded,
    Error,
    Overflow,
    ProtocolError,
    Refused,
    Unreachable,
    UsageError,
)
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import Plant
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
SERIAL = "S10-4400000007"
POWER = Batch.of([Item(tags.EMS_REQ_POWER_PV), Item(tags.INFO_REQ_SERIAL_NUMBER)])
STEP = 5.0
"""Seconds for each step where the portal is to answer, and where it is silent."""
SILENCE = 0.1


@dataclass
class Bench:
    simulator: PortalSimulator
    clock: ManualClock
    running: AsyncExitStack

    def link(self, *, serial: str = SERIAL, timeout: float = STEP, **changed: Any) -> PortalLink:
        told = self.simulator.announcement()
        made = {"username": told["username"], "password": told["password"], "url": told["websocket_url"]} | changed
        link = PortalLink(serial, timeout=timeout, clock=self.clock, **made)
        self.running.push_async_callback(link.close)
        return link

    async def power(self, link: PortalLink, *, repeatable: bool = True) -> float | None:
        power, serial = await link.exchange(POWER, repeatable=repeatable)
        assert power is not None
        assert serial is not None
        assert serial.text == SERIAL
        return power.number

    @property
    def truth(self) -> int:
        return round(self.simulator.plant.at(self.clock.now()).pv)


class Start(Protocol):
    async def __call__(self, *faults: str) -> Bench: ...


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as running:

        async def starting(*faults: str) -> Bench:
            clock = ManualClock(NOON)
            made = PortalSimulator(SimulationOptions(plant=Plant(7), clock=clock, faults=faults))
            return Bench(await running.enter_async_context(made), clock, running)

        yield starting


async def test_requests_share_one_connection(start: Start) -> None:
    bench = await start()
    link = bench.link()
    assert bench.truth > 0
    for _ in range(3):
        assert await bench.power(link) == bench.truth
    assert (bench.simulator.frames, bench.simulator.connections) == (3, 1)


async def test_callers_at_once_take_turns(start: Start) -> None:
    bench = await start()
    link = bench.link()
    assert await asyncio.gather(*(bench.power(link) for _ in range(5))) == [bench.truth] * 5
    assert bench.simulator.connections == 1


@pytest.mark.parametrize("fault", ["portal-unordered", "portal-asks", "unknown-tags", "twice"])
async def test_right_answers_whatever_else_the_portal_says(start: Start, fault: str) -> None:
    bench = await start(fault)
    link = bench.link()
    for _ in range(3):
        assert await bench.power(link) == bench.truth


async def test_a_minute_of_pings_on_one_connection(start: Start) -> None:
    bench = await start()
    link = bench.link()
    await bench.power(link)
    for number in range(1, 7):
        await bench.clock.until_asleep()
        await bench.clock.advance(PING)
        while bench.simulator.pings < number:
            await bench.clock.run_until_idle()
    assert await bench.power(link) == bench.truth
    assert (bench.simulator.pings, bench.simulator.connections) == (6, 1)


async def test_closed_it_connects_again_when_it_is_needed(start: Start) -> None:
    bench = await start()
    link = bench.link()
    await bench.power(link)
    await link.close()
    await link.close()
    assert await bench.power(link) == bench.truth
    assert bench.simulator.connections == 2


async def test_a_connection_that_ended_while_idle_is_made_anew(start: Start) -> None:
    bench = await start()
    link = bench.link()
    await bench.power(link, repeatable=False)
    port = bench.simulator.announcement()["port"]
    await bench.simulator.__aexit__(None, None, None)
    with pytest.raises(Unreachable):
        await bench.power(link)
    again = PortalSimulator(SimulationOptions(plant=Plant(7), clock=bench.clock, port=port))
    async with again:
        assert await bench.power(link, repeatable=False) == bench.truth
        await link.close()


async def test_the_applications_session_is_used_and_left_open(start: Start) -> None:
    bench = await start()
    async with aiohttp.ClientSession() as session:
        link = bench.link(session=session)
        assert await bench.power(link) == bench.truth
        await link.close()
        assert not session.closed


async def test_a_serial_number_without_prefix_and_a_hashed_password(start: Start) -> None:
    bench = await start()
    password = password_hash(bench.simulator.announcement()["password"])
    assert await bench.power(bench.link(serial=SERIAL[4:], password=password, hashed=True)) == bench.truth


# -- errors, each its own


@pytest.mark.parametrize("fault", ["", "portal-status"])
@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody"}, {"hashed": True}])
async def test_a_refused_login(start: Start, wrong: dict[str, Any], fault: str) -> None:
    bench = await start(*filter(None, [fault]))
    with pytest.raises(AuthenticationError, match="user name or the password"):
        await bench.power(bench.link(**wrong))
    assert bench.simulator.connections == 1  # never tried again


async def test_another_system_than_the_accounts(start: Start) -> None:
    bench = await start()
    with pytest.raises(Refused, match="no connection to S10-4400000008") as error:
        await bench.power(bench.link(serial="S10-4400000008"))
    assert "prefix" in error.value.remedy
    assert bench.simulator.connections == 1


async def test_a_prefix_that_cannot_be_is_told_at_once(start: Start) -> None:
    bench = await start()
    with pytest.raises(UsageError, match="cannot begin with Q10-"):
        bench.link(serial="Q10-4400000007")
    assert bench.simulator.connections == 0


@pytest.mark.parametrize(
    ("fault", "undone"),
    [
        ("portal-mute-at-opening", "did not register the connection"),
        ("portal-mute-at-questions", "did not ask who is there"),
        ("portal-mute-at-login", "did not connect to the system"),
        ("silent", "did not answer"),
    ],
)
async def test_silence_at_each_step(start: Start, fault: str, undone: str) -> None:
    bench = await start(fault)
    link = bench.link(timeout=SILENCE)
    with pytest.raises(DeadlineExceeded, match=undone):
        await bench.power(link)
    bench.simulator.faults = ()
    assert await bench.power(link) == bench.truth


async def test_a_server_that_does_not_even_open_the_websocket(start: Start) -> None:
    bench = await start()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(DeadlineExceeded, match="was not reached within"):
            await bench.power(bench.link(url=f"ws://127.0.0.1:{port}/ws", timeout=SILENCE))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("portal-unregister", ConnectionLost),
        ("close", ConnectionLost),
        ("portal-text", ProtocolError),
        ("garbage", ProtocolError),
        ("cut-frame", ProtocolError),
        ("wrong-crc", ProtocolError),
        ("wrong-length", ProtocolError),
        ("wrong-magic", ProtocolError),
        ("nesting-bomb", Overflow),
    ],
)
async def test_bad_frames_and_ends(start: Start, fault: str, expected: type[Error]) -> None:
    bench = await start(fault)
    link = bench.link()
    for repeatable, connections in ((False, 1), (True, 3)):
        with pytest.raises(Error) as error:
            await bench.power(link, repeatable=repeatable)
        assert type(error.value) is expected
        assert bench.simulator.connections == connections  # what changes something is not sent twice
    bench.simulator.faults = ()
    assert await bench.power(link) == bench.truth


@pytest.mark.parametrize("fault", ["empty-frame", "big"])
async def test_an_answer_that_does_not_fit_is_an_empty_one(start: Start, fault: str) -> None:
    bench = await start(fault)
    assert await bench.link().exchange(POWER, repeatable=True) == [None, None]


async def test_a_cancelled_call_does_not_leave_its_answer_to_the_next(start: Start) -> None:
    bench = await start("slow")
    link = bench.link()
    call = asyncio.create_task(bench.power(link))
    await bench.clock.until_asleep(2)  # the pings, and the answer that is late
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    bench.simulator.faults = ()
    assert await bench.power(link) == bench.truth
    assert bench.simulator.connections == 2


def test_no_secret_in_what_is_shown() -> None:
    link = PortalLink(SERIAL, username="me", password="hush hush", timeout=1.0, clock=ManualClock(NOON))
    assert link.address == f"{SERIAL} at wss://s10.e3dc.com/ws"
    assert "hush" not in repr(link) + str(link)
