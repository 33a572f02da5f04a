"""A simulated cloud on a real socket, and clients for it, all on a clock that the test moves."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.growatt.client import AsyncClient
from heliobus.growatt.simulator import GrowattSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import House, Plant, String
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
HOUSE = replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC), strings=(String(peak=4000.0),) * 2)
PLANT = Plant(7, house=HOUSE)


class Cloud:
    """The simulated cloud, and the client's side of its account; each ``client()`` is a restart of the program."""

    def __init__(self, simulator: GrowattSimulator, clock: ManualClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.told = simulator.announcement()

    @property
    def server(self) -> str:
        return f"{self.told['host']}:{self.told['port']}"

    @property
    def logins(self) -> int:
        """How many logins the cloud has accepted."""
        return len(self.simulator.account.logins)

    def asked(self, name: str) -> int:
        return self.simulator.requests.count(name)

    def client(self, **more: Any) -> AsyncClient:
        arguments = {"username": self.told["username"], "password": self.told["password"], "server": self.server}
        return AsyncClient(**{**arguments, "scheme": "http", "clock": self.clock, **more})

    async def read(self, **more: Any) -> Any:
        """One reading by a program that has just been started."""
        async with self.client(**more) as client:
            return await client.read()


@asynccontextmanager
async def running(
    *, plant: Plant = PLANT, at: datetime = NOON, profile: str | None = None, faults: tuple[str, ...] = ()
) -> AsyncIterator[Cloud]:
    clock = ManualClock(at)
    options = SimulationOptions(plant=plant, clock=clock, profile=profile, faults=faults)
    async with GrowattSimulator(options) as simulator:
        yield Cloud(simulator, clock)


@pytest.fixture
def cloud() -> Callable[..., AbstractAsyncContextManager[Cloud]]:
    """Give ``cloud(profile=..., faults=..., at=...)``, to be entered."""
    return running
