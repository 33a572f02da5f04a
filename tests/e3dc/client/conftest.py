"""A client with a simulated system at the other end of a real socket, and a relay between them."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from heliobus.e3dc import AsyncClient
from heliobus.e3dc.simulator import E3dcSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import House, Plant, summer_noon
from heliobus.vendor import SimulationOptions

from .relay import Relay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from heliobus.transport.clock import Clock


def new_house() -> Plant:
    """A house whose lifetime counters are quick to compute."""
    return Plant(1, house=replace(House.draw(1), commissioned=datetime(2026, 5, 28, tzinfo=UTC)))


NOON = summer_noon(new_house())
"""At which that house charges and feeds in at once."""


POWERS = ["EMS_REQ_POWER_PV", "EMS_REQ_POWER_BAT", "EMS_REQ_POWER_GRID", "EMS_REQ_POWER_HOME"]


async def powers(client: AsyncClient) -> list[object]:
    return [item.value for item in await client.query(POWERS)]


@dataclass
class Site:
    """A simulated system and a client for it."""

    simulator: E3dcSimulator
    clock: Clock
    relay: Relay
    stack: AsyncExitStack
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> dict[str, Any]:
        """What ``AsyncClient`` needs but for the host."""
        return {name: self.told[name] for name in ("username", "password", "key", "port")}

    async def client(self, *, relayed: bool = False, **arguments: Any) -> AsyncClient:
        """A client of its own, closed with the test; ``relayed`` ones go through the relay."""
        port = {"port": self.relay.port} if relayed else {}
        made = AsyncClient(self.told["host"], **{**self.address, "clock": self.clock, **port, **arguments})
        return await self.stack.enter_async_context(made)


class Start(Protocol):
    async def __call__(self, *, plant: Plant | None = None, clock: Clock | None = None, **options: Any) -> Site: ...


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Give ``await start(profile=..., faults=..., clock=...)``: a system at noon; all ends with the test."""
    async with AsyncExitStack() as stack:

        async def starting(*, plant: Plant | None = None, clock: Clock | None = None, **options: Any) -> Site:
            shown = clock or FrozenClock(NOON)
            simulator = E3dcSimulator(SimulationOptions(plant=plant or new_house(), clock=shown, **options))
            await stack.enter_async_context(simulator)
            told = simulator.announcement()
            relay = await stack.enter_async_context(Relay(told["port"]))
            return Site(simulator, shown, relay, stack, told)

        yield starting
