"""The way to an appliance that changes under the client's feet: scheme, certificate, firmware 2411's cookie."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from heliobus.errors import NotSupported, Refused, TransportError, Unreachable, UsageError
from heliobus.model.command import Charge, Status
from heliobus.model.event import EventKind
from heliobus.senec import AsyncClient, Client
from heliobus.senec.simulator import SenecSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.host import Host
from heliobus.simulation.plant import House, Plant
from heliobus.transport.tls import FilePins, MemoryPins
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from heliobus.transport.tls import Pins

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
PLANT = Plant(7, house=replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC)))


@asynccontextmanager
async def appliance(
    clock: ManualClock, *, scheme: str = "auto", pins: Pins | None = None, **options: Any
) -> AsyncIterator[tuple[SenecSimulator, AsyncClient]]:
    async with AsyncExitStack() as stack:
        made = SenecSimulator(SimulationOptions(plant=PLANT, clock=clock, **options))
        simulator = await stack.enter_async_context(made)
        told = simulator.announcement()
        client = AsyncClient(told["host"], port=told["port"], scheme=scheme, pins=pins, timeout=8, clock=clock)
        yield simulator, await stack.enter_async_context(client)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


async def read_until_back(client: AsyncClient, clock: ManualClock) -> int:
    """Poll every 10 s; gives the polls until one is good again, itself included."""
    for poll in range(1, 20):
        try:
            snapshot = await client.read()
        except TransportError:
            await clock.advance(10)
        else:
            assert snapshot.pv.power == pytest.approx(PLANT.at(NOON).pv, rel=0.2)
            return poll
    raise AssertionError


async def execute(client: AsyncClient, clock: ManualClock) -> Status:
    task = asyncio.create_task(client.execute(Charge()))
    while not task.done():
        waiting = asyncio.create_task(clock.until_asleep())
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await clock.advance(1)
    return (await task).status


# -- finding the scheme


@pytest.mark.parametrize("wire", ["http", "https"])
async def test_auto_finds_what_is_spoken_and_stays_with_it(clock: ManualClock, wire: str) -> None:
    async with appliance(clock, wire=wire) as (simulator, client):
        assert client.peer is None
        for _ in range(3):
            assert (await client.read()).source == f"senec/{wire}"
        assert simulator.requests == 3
        assert client.peer is not None
        assert client.peer.scheme == wire
        assert client.peer.accepted
        certificate = simulator.certificate
        assert client.peer.fingerprint == (certificate.fingerprint if certificate else None)
        assert client.events() == ()
        assert await execute(client, clock) is Status.APPLIED


@pytest.mark.parametrize(("before", "after"), [("http", "https"), ("https", "http")])
async def test_a_flip_of_the_scheme_is_found_after_two_failures(clock: ManualClock, before: str, after: str) -> None:
    async with appliance(clock, wire=before) as (simulator, client):
        await client.read()
        await simulator.change(wire=after)
        assert await read_until_back(client, clock) <= 2
        (event,) = client.events()
        assert event.kind is EventKind.PEER_CHANGED
        assert (event.data["old"]["scheme"], event.data["new"]["scheme"]) == (before, after)
        assert event.data["accepted"] == (after == "https")
        await simulator.change(wire=before)
        await clock.advance(30)
        assert await read_until_back(client, clock) <= 2


async def test_while_it_is_off_the_other_scheme_is_tried_every_30_s_only(clock: ManualClock) -> None:
    tried: list[str] = []

    async def refuse(url: str) -> None:
        tried.append(url.partition(":")[0])
        raise Unreachable("off")

    async with appliance(clock, wire="http") as (_, client):
        await client.read()
        for _ in range(9):
            with pytest.raises(Unreachable):
                await client._link.over(refuse)
            await clock.advance(10)
    assert tried == ["http", *("http", "https", "http", "http") * 2, "http", "https", "http"][: len(tried)]
    assert tried.count("https") == 3


async def test_a_chosen_scheme_is_never_left(clock: ManualClock) -> None:
    async with appliance(clock, wire="https", scheme="http") as (simulator, client):
        for _ in range(4):
            with pytest.raises(TransportError):
                await client.read()
            await clock.advance(30)
        await simulator.change(wire="http")
        await client.read()
        assert client.peer is not None
        assert client.peer.accepted


async def test_a_redirect_is_followed_at_once_by_asking_over_https(clock: ManualClock) -> None:
    async def redirect(_: web.Request) -> web.Response:
        raise web.HTTPFound("https://127.0.0.1/")

    app = web.Application()
    app.router.add_post("/lala.cgi", redirect)
    async with appliance(clock, wire="http") as (simulator, client):
        await client.read()
        port = simulator.announcement()["port"]
        await simulator._host.__aexit__(None, None, None)
        async with Host(app, port=port):
            with pytest.raises(NotSupported, match="HTTP 302"):
                await client.read()
        await simulator.change(wire="https")
        assert await read_until_back(client, clock) == 1


# -- certificates


async def test_another_certificate_is_read_and_gets_no_write_until_it_is_accepted(clock: ManualClock) -> None:
    async with appliance(clock, wire="https") as (simulator, client):
        await client.read()
        assert simulator.certificate is not None
        old = simulator.certificate.fingerprint
        await simulator.change(renew=True)
        new = simulator.certificate.fingerprint
        assert await read_until_back(client, clock) == 1
        (event,) = client.events()
        assert (event.kind, event.data["accepted"]) == (EventKind.PEER_CHANGED, False)
        assert (event.data["old"]["fingerprint"], event.data["new"]["fingerprint"]) == (old, new)
        assert old in event.text
        assert new in event.text
        with pytest.raises(Refused, match="nothing is written") as error:
            await execute(client, clock)
        assert "heliobus trust" in error.value.remedy
        assert simulator.plant.overrides == ()
        assert (await client.read()).pv.power is not None
        assert client.events() == (), "told once"

        peer = client.peer
        assert peer is not None
        assert (peer.fingerprint, peer.known, peer.accepted) == (new, old, False)
        await client.accept_certificate(peer)
        assert client.peer is not None
        assert client.peer.accepted
        assert await execute(client, clock) is Status.APPLIED


async def test_http_instead_of_https_gets_no_write_until_it_is_accepted(clock: ManualClock) -> None:
    async with appliance(clock, wire="https") as (simulator, client):
        await client.read()
        await simulator.swap_board()
        await read_until_back(client, clock)
        with pytest.raises(Refused):
            await execute(client, clock)
        assert simulator.plant.overrides == ()
        assert client.peer is not None
        await client.accept_certificate(client.peer)
        assert await execute(client, clock) is Status.APPLIED


async def test_a_write_in_the_moment_of_the_change_reaches_nobody(clock: ManualClock) -> None:
    async with appliance(clock, wire="https") as (simulator, client):
        await client.read()
        await simulator.change(renew=True)
        requests = simulator.requests
        with pytest.raises(Refused):
            await client._ask({"ENERGY": {"SAFE_CHARGE_FORCE": "u8_01"}})
        assert simulator.requests == requests


async def test_only_what_was_looked_at_can_be_accepted(clock: ManualClock) -> None:
    async with appliance(clock, wire="https") as (simulator, client):
        await client.read()
        await simulator.change(renew=True)
        await client.read()
        seen = client.peer
        assert seen is not None
        await simulator.change(renew=True)
        await client.read()
        with pytest.raises(Refused, match="any more"):
            await client.accept_certificate(seen)


async def test_nothing_is_written_before_anything_was_read(clock: ManualClock) -> None:
    async with appliance(clock) as (simulator, client):
        with pytest.raises(Refused, match="nothing is known yet"):
            await client._ask({"ENERGY": {"SAFE_CHARGE_FORCE": "u8_01"}})
        assert simulator.requests == 0


async def test_pins_outlive_the_client_and_others_may_accept(clock: ManualClock, tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    async with appliance(clock, wire="https", pins=FilePins(path)) as (simulator, client):
        await client.read()
        await simulator.change(renew=True)
        told = simulator.announcement()
        later = AsyncClient(told["host"], port=told["port"], pins=FilePins(path), clock=clock)
        async with later:
            await later.read()
            (event,) = later.events()
            assert not event.data["accepted"]
            assert later.peer is not None
            assert not later.peer.accepted
            await client.read()
            assert client.peer is not None
            await client.accept_certificate(client.peer)
            assert later.peer.accepted
            await later.read()
            assert await execute(later, clock) is Status.APPLIED


async def test_a_page_that_is_no_senec_is_not_pinned(clock: ManualClock) -> None:
    pins = MemoryPins()
    async with appliance(clock, wire="https", pins=pins, faults=("html",)) as (simulator, client):
        with pytest.raises(Exception, match="not as a SENEC"):
            await client.read()
        assert pins.get(client.trust.place) is None
        simulator.faults = ()
        await client.read()
        assert pins.get(client.trust.place) is not None


async def test_the_blocking_client_shows_and_accepts(clock: ManualClock) -> None:
    async with appliance(clock, wire="https") as (simulator, _):
        told = simulator.announcement()
        with Client(told["host"], port=told["port"], clock=clock) as blocking:
            await asyncio.to_thread(blocking.read)
            await simulator.change(renew=True)
            await asyncio.to_thread(blocking.read)
            peer = await asyncio.to_thread(getattr, blocking, "peer")
            assert not peer.accepted
            assert [event.kind for event in await asyncio.to_thread(blocking.events)] == [EventKind.PEER_CHANGED]
            await asyncio.to_thread(blocking.accept_certificate, peer)
            assert (await asyncio.to_thread(getattr, blocking, "peer")).accepted


async def test_behind_another_certificate_there_may_be_another_device(clock: ManualClock) -> None:
    async with appliance(clock, wire="https", profile="0811") as (simulator, client):
        old = await client.identify()
        assert "pv.energy" in client.capabilities.fields
        await client.read(detail="full")
        await simulator.swap_board()
        await simulator.change(profile="0826")
        await read_until_back(client, clock)
        assert (await client.read()).device is None, "until it was asked"
        with pytest.raises(UsageError, match="no device"):
            await client.read(old)
        assert "pv.energy" not in client.capabilities.fields
        new = await client.identify()
        assert new.serial == simulator.announcement()["serial"] != old.serial


async def test_other_firmware_is_noticed_by_asking(clock: ManualClock) -> None:
    async with appliance(clock, profile="0826") as (simulator, client):
        await client.identify()
        await client.read(detail="full")
        assert "pv.energy" not in client.capabilities.fields
        await simulator.change(profile="0811")
        await client.identify()
        await client.read()
        assert "pv.energy" in client.capabilities.fields


# -- the greeting of firmware 2411


async def test_firmware_2411_answers_without_greeting(clock: ManualClock) -> None:
    async with appliance(clock, wire="https", profile="2411") as (simulator, client):
        assert (await client.read()).pv.power is not None
        assert simulator.requests == 1
        assert "NPU 2411" in str((await client.identify()).firmware)


async def test_one_that_is_silent_is_greeted_and_its_cookie_kept(clock: ManualClock) -> None:
    async with appliance(clock, wire="https", profile="2411", faults=("cookie-first",)) as (simulator, client):
        assert (await client.read()).pv.power is not None
        asked = simulator.requests
        assert asked == 4, "twice unheard, the greeting, and again"
        for _ in range(3):
            await client.read()
        assert simulator.requests == asked + 3
        assert await execute(client, clock) is Status.APPLIED


async def test_where_no_cookie_is_free_a_session_is_logged_out(clock: ManualClock) -> None:
    faults = ("cookie-first", "sessions-full")
    async with appliance(clock, wire="https", profile="2411", faults=faults) as (_, client):
        reading = asyncio.create_task(client.read())
        await clock.until_asleep()
        await clock.advance(5)
        assert (await reading).pv.power is not None
