from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.service.config import Config, ControlConfig, RecorderConfig, SiteConfig, SystemConfig, WebConfig
from heliobus.service.supervisor import Service
from heliobus.url import DeviceURL
from heliobus.web.server import WebServer
from tests.service.conftest import _installed, clock, device

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from heliobus.web.demo import Playground
    from tests.service.conftest import MakeDevice

__all__ = ["_installed", "clock", "device"]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@asynccontextmanager
async def connected(server: WebServer) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection, and leave nothing of it behind."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what another task does over a socket."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)


async def ask(
    server: WebServer,
    path: str,
    *,
    host: str | None = "localhost",
    method: str = "GET",
    headers: tuple[str, ...] = (),
    version: str = "1.1",
    body: bytes | None = None,
) -> Answer:
    """Send one request as it is written here; ``host`` None leaves the header out."""
    lines = [f"{method} {path} HTTP/{version}", *([f"Host: {host}"] if host is not None else []), *headers]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    async with connected(server) as (reader, writer):
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + (body or b""))
        raw = await reader.read()
    head, _, content = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    named = dict(line.lower().split(": ", 1) for line in rest)
    if named.get("transfer-encoding") == "chunked":
        content = _joined(content)
    return Answer(int(first.split()[1]), named, content)


def _joined(chunks: bytes) -> bytes:
    out = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size, 16)
        out, chunks = out + rest[:length], rest[length + 2 :]
        if length == 0:
            break
    return out


@dataclass
class House:
    """A running service whose polls the test makes, and its page."""

    service: Service
    server: WebServer
    clock: ManualClock

    async def ask(self, path: str, **options: Any) -> Answer:
        return await ask(self.server, path, **options)

    async def poll(self, *systems: str) -> None:
        """Poll each of the systems, or all, and wait until it is on the disk."""
        for name in systems or [status.name for status in self.service.systems()]:
            await self.service.poll(name)
        await self.service.flush()


def config(
    folder: Path,
    *systems: str,
    sites: Mapping[str, str] | None = None,
    web: WebConfig | None = None,
    control: ControlConfig | None = None,
) -> Config:
    """Configure scripted systems; ``sites`` maps names of sites to time zones, one system each."""
    named = sites or {"My House": "Europe/Berlin"}
    return Config(
        sites=tuple(SiteConfig(name=name, timezone=zone) for name, zone in named.items()),
        systems=tuple(
            SystemConfig(
                name=name,
                url=DeviceURL.parse(f"scripted://owner@{name}"),
                interval=10.0,
                site=site if sites else None,
                grid=not sites and number == 0 and len(systems) > 1,
            )
            for number, (name, site) in enumerate(zip(systems, [*named] * len(systems), strict=False))
        ),
        recorder=RecorderConfig(path=folder / "record.db", durability="strict"),
        web=web or WebConfig(),
        control=control or ControlConfig(),
    )


@asynccontextmanager
async def serving(
    configured: Config, clock: ManualClock, *, playground: Playground | None = None
) -> AsyncIterator[House]:
    front_end = configured.recorder.path.parent / "front-end"  # there is none unless the test writes one
    async with (
        Service(configured, clock=clock, driven=True) as service,
        WebServer(service, port=0, front_end=front_end, playground=playground) as server,
    ):
        yield House(service, server, clock)


@pytest.fixture
async def house(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> AsyncIterator[House]:
    """A site with one sunny system called roof, polled once."""
    device("roof")
    async with serving(config(tmp_path, "roof"), clock) as running:
        await running.poll()
        yield running
