"""SENEC's cloud and an appliance on real sockets, and clients of them."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.senec import AsyncAppClient, AsyncClient
from heliobus.senec.simulator import SenecSimulator
from heliobus.senec.simulator.app import AppSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import House, Plant, String
from heliobus.vendor import SimulationOptions
from tests.senec.client import local

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
HOUSE = replace(House.draw(7), commissioned=datetime(2026, 3, 1, tzinfo=UTC), strings=(String(peak=4000.0),) * 2)
PLANT = Plant(7, house=HOUSE)


class AppCloud:
    """The simulated cloud, and the client's side of its account; each ``client()`` is a restart of the program."""

    def __init__(self, simulator: AppSimulator, clock: ManualClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.told = simulator.announcement()
        self.system = str(simulator.systems[0].id)
        self.other = str(simulator.systems[1].id)

    @property
    def server(self) -> str:
        return f"{self.told['host']}:{self.told['port']}"

    @property
    def passwords(self) -> int:
        """How many full logins the sign-on has seen."""
        return len(self.simulator.sign_on.passwords)

    def asked(self, name: str) -> int:
        return self.simulator.requests.count(name)

    def client(self, **more: Any) -> AsyncAppClient:
        arguments = {name: self.told[name] for name in ("username", "password", "totp")} | {"server": self.server}
        return AsyncAppClient(**{**arguments, "scheme": "http", "system": self.system, "clock": self.clock, **more})

    async def read(self, **more: Any) -> Any:
        """One reading by a program that has just been started."""
        async with self.client(**more) as client:
            return await client.read()


@asynccontextmanager
async def running(
    *, plant: Plant = PLANT, at: datetime = NOON, profile: str | None = None, faults: tuple[str, ...] = ()
) -> AsyncIterator[AppCloud]:
    clock = ManualClock(at)
    options = SimulationOptions(plant=plant, clock=clock, profile=profile, faults=faults, wire="app")
    async with AppSimulator(options) as simulator:
        yield AppCloud(simulator, clock)


@pytest.fixture
def app_cloud() -> Callable[..., AbstractAsyncContextManager[AppCloud]]:
    """Give ``app_cloud(faults=..., at=...)``, to be entered."""
    return running


# -- one appliance


@pytest.fixture
async def open_() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def simulate(open_: AsyncExitStack) -> local.Simulate:
    """Give ``await simulate(profile=...)``: a simulated appliance and a client of it, both open."""

    async def start(**options: Any) -> tuple[SenecSimulator, AsyncClient]:
        made = SenecSimulator(SimulationOptions(plant=local.PLANT, clock=local.CLOCK, **options))
        simulator = await open_.enter_async_context(made)
        told = simulator.announcement()
        client = AsyncClient(told["host"], port=told["port"], clock=local.CLOCK)
        return simulator, await open_.enter_async_context(client)

    return start
