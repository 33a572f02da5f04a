"""A simulated appliance on a real socket, and a bare HTTP client that asks it."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import pytest

from heliobus.senec.protocol import decode_answer
from heliobus.senec.simulator import SenecSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import House, Plant
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)


def new_house() -> Plant:
    """A house whose lifetime counters are quick to compute."""
    return Plant(7, house=replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC)))


@dataclass
class Bench:
    """A simulator in service, its clock, and a client."""

    simulator: SenecSimulator
    clock: ManualClock
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return str(self.simulator.announcement()["base_url"])

    async def post(self, body: bytes, **headers: str) -> tuple[int, bytes, Any]:
        async with self.session.post(self.url + "lala.cgi", data=body, headers=headers) as answer:
            return answer.status, await answer.read(), answer.headers

    async def raw(self, request: object) -> dict[str, Any]:
        """The answer in wire form."""
        status, body, _ = await self.post(json.dumps(request).encode())
        assert status == 200
        answer = json.loads(body)
        assert isinstance(answer, dict)
        return answer

    async def ask(self, request: object) -> dict[str, dict[str, Any]]:
        """The answer decoded."""
        return dict(decode_answer(await self.raw(request)))


class Start(Protocol):
    async def __call__(self, *, at: datetime = NOON, plant: Plant | None = None, **options: Any) -> Bench: ...


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Give ``await start(profile=..., at=...)``; everything that was started ends with the test."""
    async with AsyncExitStack() as running:

        async def starting(*, at: datetime = NOON, plant: Plant | None = None, **options: Any) -> Bench:
            clock = ManualClock(at)
            made = SenecSimulator(SimulationOptions(plant=plant or new_house(), clock=clock, **options))
            simulator = await running.enter_async_context(made)
            session = await running.enter_async_context(aiohttp.ClientSession())
            return Bench(simulator, clock, session)

        yield starting
