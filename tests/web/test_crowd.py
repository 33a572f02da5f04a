"""Two hundred live pages at once, one of which never reads: nobody who reads misses anything, and nothing grows."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil
import pytest

from heliobus.simulation.plant import Plant
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.vendor import SimulationOptions, vendors

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.conftest import Figure

CLIENTS, SECONDS, LEAST_SECONDS = 200, 120.0, 8.0
MOST_GROWTH_MB = 8.0

_CONFIG = """
[site]
timezone = "Europe/Berlin"
[[system]]
name = "roof"
url = "{url}"
interval = 1
[recorder]
path = "{folder}/record.db"
[web]
bind = "127.0.0.1:0"
"""


@dataclass
class Reader:
    """Notes what one page gets: its first event, and of which readings the changes tell."""

    changes: list[str] = field(default_factory=list)
    first: str = ""
    ended: bool = False

    async def read(self, stream: asyncio.StreamReader) -> None:
        name = ""
        async for line in stream:
            if line.startswith(b"event: "):
                name = line.decode().strip()[7:]
                self.first = self.first or name
            elif line.startswith(b"data: ") and name == "change":
                self.changes.append(json.loads(line[6:])["systems"]["roof"]["snapshot"]["received_at"])
        self.ended = True


@asynccontextmanager
async def served(config: Path) -> AsyncIterator[tuple[psutil.Process, int]]:
    """Run ``heliobus serve`` as a program of its own; give it and its port."""
    command = [sys.executable, "-m", "heliobus", "serve", "--config", str(config)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HELIOBUS_")}
    started = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE, env=environment)
    try:
        assert started.stderr is not None
        said = (await started.stderr.readline()).decode()
        yield psutil.Process(started.pid), int(said.rstrip("/\n").rpartition(":")[2])
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.send_signal(signal.SIGTERM)
        await started.communicate()


async def listen(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    stream, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return stream, writer


@pytest.mark.prove
async def test_two_hundred_pages(tmp_path: Path, scale: float, figure: Figure) -> None:
    seconds = max(SECONDS * scale, LEAST_SECONDS)
    async with AsyncExitStack() as opened:
        options = SimulationOptions(plant=Plant(1), clock=SYSTEM_CLOCK)
        appliance = await opened.enter_async_context(vendors()["senec"].simulate(options))
        config = tmp_path / "heliobus.toml"
        config.write_text(_CONFIG.format(url=appliance.announcement()["url"], folder=tmp_path), encoding="utf-8")
        process, port = await opened.enter_async_context(served(config))
        deaf = await listen(port)  # never read: its window stays shut once it is full
        connections = [await listen(port) for _ in range(CLIENTS - 1)]
        readers = [Reader() for _ in connections]
        tasks = [
            asyncio.create_task(reader.read(stream)) for reader, (stream, _) in zip(readers, connections, strict=True)
        ]
        await asyncio.sleep(seconds / 4)
        before, busy = process.memory_info().rss, sum(process.cpu_times()[:2])
        await asyncio.sleep(seconds * 3 / 4)
        grown = (process.memory_info().rss - before) / 2**20
        load = (sum(process.cpu_times()[:2]) - busy) / (seconds * 3 / 4)
        assert not any(reader.ended for reader in readers)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _, writer in [deaf, *connections]:
            writer.close()
    counts = [len(reader.changes) for reader in readers]
    everything = sorted({reading for reader in readers for reading in reader.changes})
    assert {reader.first for reader in readers} == {"now"}
    assert min(counts) >= seconds * 0.5
    for reader in readers:
        # They connected one after the other: what came before the first of a page is not its own.
        own = everything[everything.index(reader.changes[0]) :]
        assert reader.changes == own[: len(reader.changes)], "a reader that reads missed a change"
        assert len(own) - len(reader.changes) <= 1, "a reader that reads is late"
    assert grown < MOST_GROWTH_MB
    figure(
        "live pages",
        f"{CLIENTS} for {seconds:.0f} s, one deaf: each of {CLIENTS - 1} got {min(counts)} to {max(counts)} changes; "
        f"memory {before / 2**20:.0f} MiB {grown:+.1f}; {100 * load:.0f} % of a core",
    )
