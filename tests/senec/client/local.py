"""An appliance on a real socket, the simulated one or one that is none, and a client of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import web

from heliobus.senec import AsyncClient
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.host import Host
from heliobus.simulation.plant import House, Plant

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from heliobus.senec.simulator import SenecSimulator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
CLOCK = FrozenClock(NOON)
NOT_SENEC = "answers, but not as a SENEC appliance"
PLANT = Plant(7, house=replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC)))


class Simulate(Protocol):
    async def __call__(self, **options: Any) -> tuple[SenecSimulator, AsyncClient]: ...


@dataclass
class Stranger:
    """Answers ``lala.cgi`` with what the test says, in turn, the last one for ever."""

    bodies: list[bytes]
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)

    async def lala(self, request: web.Request) -> web.Response:
        self.asked.append(await request.read())
        body = self.bodies.pop(0) if len(self.bodies) > 1 else self.bodies[0]
        return web.Response(body=body, status=self.status, content_type=self.content_type, headers=self.headers)

    async def client(self, stack: AsyncExitStack, **options: Any) -> AsyncClient:
        app = web.Application()
        app.router.add_post("/lala.cgi", self.lala)
        host = await stack.enter_async_context(Host(app))
        return await stack.enter_async_context(AsyncClient(host.host, port=host.port, **options))


def port_of(client: AsyncClient) -> int:
    return int(client._link.url.rpartition(":")[2].partition("/")[0])
