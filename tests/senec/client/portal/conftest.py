"""The portal on a real socket, and clients for its account, all on a clock that the test moves."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.senec import AsyncPortalClient
from heliobus.senec.simulator.portal import PortalSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import House, Plant, String
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
HOUSE = replace(House.draw(7), commissioned=datetime(2026, 3, 1, tzinfo=UTC), strings=(String(peak=4000.0),) * 2)
PLANT = Plant(7, house=HOUSE)


class SkippingClock(ManualClock):
    """Nobody waits on it: a sleep is over at once, and the time has passed."""

    async def sleep(self, seconds: float) -> None:
        await self.advance(seconds)


class Portal:
    """The simulated portal, and the client's side of its account; each ``client()`` is a restart of the program."""

    def __init__(self, simulator: PortalSimulator, clock: ManualClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.told = simulator.announcement()
        self.plant = simulator.plants[0].serial
        self.other = simulator.plants[2].serial

    @property
    def passwords(self) -> int:
        """How many full logins the sign-on has seen."""
        return len(self.simulator.sign_on.passwords)

    def asked(self, name: str) -> int:
        return self.simulator.requests.count(name)

    def client(self, **more: Any) -> AsyncPortalClient:
        arguments = {name: self.told[name] for name in ("username", "password", "totp")}
        arguments |= {"server": self.simulator.place, "scheme": "http", "system": self.plant, "clock": self.clock}
        return AsyncPortalClient(**{**arguments, **more})


@asynccontextmanager
async def running(*faults: str, at: datetime = NOON) -> AsyncIterator[Portal]:
    clock = SkippingClock(at)
    options = SimulationOptions(plant=PLANT, clock=clock, faults=faults, wire="portal")
    async with PortalSimulator(options) as simulator:
        yield Portal(simulator, clock)


@pytest.fixture
def portal() -> Callable[..., AbstractAsyncContextManager[Portal]]:
    """Give ``portal("fault", ..., at=...)``, to be entered."""
    return running
