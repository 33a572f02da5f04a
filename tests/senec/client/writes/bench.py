"""A simulated appliance that can be written to, its client, and a clock that waits for nobody."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from heliobus.senec import AsyncClient
from heliobus.senec.control import (
    StorageMode,
)
from heliobus.senec.simulator import SenecSimulator
from heliobus.senec.simulator.appliance import TEST
from heliobus.simulation.plant import House, Plant
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
STORE = StorageMode(on=True, dangerous=True)


class SkippingClock:
    """A wait is over at once, and its time has passed."""

    def __init__(self) -> None:
        self.gone = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.gone)

    def monotonic(self) -> float:
        return self.gone

    async def sleep(self, seconds: float) -> None:
        self.gone += seconds


@dataclass
class Bench:
    clock: SkippingClock
    simulator: SenecSimulator
    client: AsyncClient

    async def state(self) -> dict[str, Any]:
        """All that writes may touch, by path."""
        answer = await self.client.query({"ENERGY": {}, "SOCKETS": {}, "WALLBOX": {}})
        words: dict[str, Any] = {}
        for section, values in answer.items():
            for name, value in values.items():
                path = f"{section}.{name}"
                if isinstance(value, list):
                    words |= {f"{path}.{place}": item for place, item in enumerate(value)}
                else:
                    words[path] = value
        return words

    async def settled(self) -> dict[str, Any]:
        """The same when no order is on its way, without what flows."""
        await self.clock.sleep((TEST + timedelta(seconds=30)).total_seconds())
        words = await self.state()
        return {path: value for path, value in words.items() if not path.startswith(("ENERGY.GUI", "ENERGY.STAT"))}


class Start(Protocol):
    async def __call__(self, *, profile: str = "v2.1", faults: tuple[str, ...] = ()) -> Bench: ...


@asynccontextmanager
async def opened(profile: str, faults: tuple[str, ...] = ()) -> AsyncIterator[Bench]:
    """One of June 2026 that knows its client; the faults begin now."""
    clock = SkippingClock()
    house = replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC), wallbox=None)
    options = SimulationOptions(plant=Plant(7, house=house), clock=clock, profile=profile)
    async with SenecSimulator(options) as simulator:
        told = simulator.announcement()
        async with AsyncClient(told["host"], port=told["port"], scheme="http", clock=clock) as client:
            await client.identify()
            simulator.faults = faults
            yield Bench(clock, simulator, client)
