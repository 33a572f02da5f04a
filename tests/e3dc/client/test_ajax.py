from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import pytest

from heliobus.e3dc.client.ajax import AjaxClient
from heliobus.e3dc.models.ajax import total
from heliobus.e3dc.protocol.portal import password_hash
from heliobus.e3dc.simulator.ajax import AjaxSimulator
from heliobus.errors import (
    AuthenticationError,
    DeadlineExceeded,
    Error,
    NotSupported,
    ProtocolError,
    Refused,
    TransportError,
    Unreachable,
)
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import Plant
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
SERIAL = "S10-4400000007"


@dataclass
class Bench:
    simulator: AjaxSimulator
    running: AsyncExitStack

    def client(self, serial: str = SERIAL, **changed: Any) -> AjaxClient:
        told = self.simulator.announcement()
        made = {"username": told["username"], "password": told["password"], "url": told["url"]} | changed
        client = AjaxClient(serial, **made)
        self.running.push_async_callback(client.close)
        return client


class Start(Protocol):
    async def __call__(self, *faults: str) -> Bench: ...


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as running:

        async def starting(*faults: str) -> Bench:
            made = AjaxSimulator(SimulationOptions(plant=Plant(7), clock=ManualClock(NOON), faults=faults))
            return Bench(await running.enter_async_context(made), running)

        yield starting


async def test_a_poll_is_the_houses_truth(start: Start) -> None:
    bench = await start()
    unit = await bench.client().poll()
    flows = bench.simulator.device.moment().flows
    truth = bench.simulator.plant.at(NOON)
    assert unit.time == NOON
    assert unit.soc == round(truth.soc)
    assert total(unit.pv) == flows.pv == round(truth.pv) > 0
    assert (total(unit.grid), unit.battery, total(unit.house)) == (flows.grid, flows.battery, flows.home)
    assert (unit.wallbox, total(unit.meters[1])) == (flows.wallbox, flows.add)
    assert unit.system_status is not None
    assert int(unit.system_status) > 0


@pytest.mark.parametrize("serial", [SERIAL, SERIAL[4:]])
async def test_one_login_for_many_polls(start: Start, serial: str) -> None:
    bench = await start()
    async with bench.client(serial) as client:
        assert await client.poll() == await client.poll()
    assert (bench.simulator.requests, bench.simulator.logins) == (4, 1)
    await client.poll()
    assert bench.simulator.logins == 2


async def test_a_hashed_password_and_the_applications_session(start: Start) -> None:
    bench = await start()
    password = password_hash(bench.simulator.announcement()["password"])
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        client = bench.client(password=password, hashed=True, session=session)
        assert (await client.poll()).time == NOON
        await client.close()
        assert not session.closed


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody"}, {"hashed": True}])
async def test_a_refused_login(start: Start, wrong: dict[str, Any]) -> None:
    bench = await start()
    with pytest.raises(AuthenticationError, match="user name or the password"):
        await bench.client(**wrong).poll()
    assert bench.simulator.requests == 1


async def test_a_system_that_is_not_the_accounts(start: Start) -> None:
    bench = await start()
    with pytest.raises(Refused, match="no system 4400000008"):
        await bench.client("4400000008").poll()


async def test_a_session_that_ended_is_opened_again(start: Start) -> None:
    bench = await start("ajax-expired")
    client = bench.client()
    for _ in range(3):
        assert (await client.poll()).time == NOON
    assert bench.simulator.logins == 3


async def test_values_that_are_missing_are_none(start: Start) -> None:
    bench = await start("ajax-missing")
    unit = await bench.client().poll()
    assert unit.system_status is None
    assert unit.soc is not None
    assert total(unit.house) is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("ajax-error", Refused),
        ("ajax-gone", NotSupported),
        ("ajax-broken", TransportError),
        ("ajax-html", ProtocolError),
        ("silent", DeadlineExceeded),
    ],
)
async def test_each_fault_has_its_error(start: Start, fault: str, error: type[Error]) -> None:
    bench = await start(fault)
    client = bench.client(timeout=0.1 if fault == "silent" else 5.0)
    with pytest.raises(Error) as caught:
        await client.poll()
    assert type(caught.value) is error
    bench.simulator.faults = ()
    assert (await client.poll()).time == NOON


async def test_nobody_there(unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/"
    async with AjaxClient(SERIAL, username="me", password="x", url=url) as client:
        with pytest.raises(Unreachable):
            await client.poll()
