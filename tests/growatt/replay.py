"""A socket that answers with recordings, and keeps what it was asked."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp import web

from heliobus.growatt.client import AsyncClient
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.host import Host
from tests.growatt.conftest import NOON

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Asked(NamedTuple):
    name: str
    headers: dict[str, str]
    query: dict[str, str]
    body: Any


class Replay:
    """Answers every call with ``answer``, or with that of its name in ``answers``."""

    def __init__(self) -> None:
        self.answer: Any = None
        self.answers: dict[str, Any] = {}
        self.asked: list[Asked] = []
        self.clock = ManualClock(NOON)
        app = web.Application()
        app.router.add_route("*", "/{page:.*}", self._serve)
        self.host = Host(app)

    async def _serve(self, request: web.Request) -> web.Response:
        name = request.path.rpartition("/")[2]
        form = {key: str(value) for key, value in (await request.post()).items()}
        text = await request.text()
        body = form or (json.loads(text) if text else None)
        self.asked.append(Asked(name, dict(request.headers), dict(request.query), body))
        answer = self.answers.get(name, self.answer)
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="text/html")
        return web.json_response(answer)

    def client(self, **more: Any) -> AsyncClient:
        server = f"127.0.0.1:{self.host.port}"
        return AsyncClient(**{"token": "t", "server": server, "scheme": "http", "clock": self.clock, **more})


@asynccontextmanager
async def replay() -> AsyncIterator[Replay]:
    made = Replay()
    async with made.host:
        yield made
