"""Growatt's cloud beside growattServer 1.7.1: a refresh of a plant with three devices, by the same calls; and a fleet.

The simulated clouds are another process, so what is counted is the client's CPU alone.  A client of heliobus keeps its
ledger on the disk meanwhile, which the peer does not have: with a token a line before each question and one after it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import growattServer
import psutil

from benchmarks.measure import ROUNDS, Figure, cpu, ratio
from heliobus.growatt import AsyncClient
from heliobus.simulation.clock import SimulatedClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

_FAMILIES = ("tlx", "mix", "storage")
_REFRESHES = 20
_ACCOUNTS, _FLEET_POLLS = 1000, 3
_ROOT = Path(__file__).resolve().parent.parent
_START = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
_SPEED = 300_000
"""A token may ask the same every five minutes, here each ms."""


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, _clouds(*_FAMILIES, "tlx", "tlx", "tlx") as told:
        yield asyncio.run(_by_user(told[:3], Path(folder)))
        yield asyncio.run(_by_token(told[3:], Path(folder)))
        yield from asyncio.run(_fleet(told[0], Path(folder)))


def _client(told: dict[str, Any], *, state: Path, **access: Any) -> AsyncClient:
    server = f"{told['host']}:{told['port']}"
    return AsyncClient(server=server, scheme="http", timeout=120, state=state, **access)


def _user(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("username", "password")}


async def _by_user(clouds: list[dict[str, Any]], folder: Path) -> Figure:
    """A MIN by its one call, a MIX and an SPF by two each."""
    asks = []
    for told in clouds:
        api = growattServer.GrowattApi()
        api.server_url = told["base_url"]
        plant = api.login(told["username"], told["password"])["data"][0]["plantId"]
        asks.append((api, told["serial"], plant))
    (tlx, tlx_sn, _), (mix, mix_sn, mix_plant), (spf, spf_sn, spf_plant) = asks

    def theirs() -> list[Any]:
        return [
            tlx.tlx_detail(tlx_sn)["data"],
            mix.mix_system_status(mix_sn, mix_plant),
            mix.mix_totals(mix_sn, mix_plant),
            spf.storage_params(spf_sn),
            spf.storage_energy_overview(spf_plant, spf_sn),
        ]

    async with AsyncExitStack() as running:
        clients = [
            await running.enter_async_context(_client(told, state=folder / f"{told['serial']}.json", **_user(told)))
            for told in clouds
        ]

        async def ours() -> list[Any]:
            return [await client.read() for client in clients]

        return await _compared("three devices by the app's calls", ours, theirs)


async def _by_token(clouds: list[dict[str, Any]], folder: Path) -> Figure:
    apis = []
    for told in clouds:
        api = growattServer.OpenApiV1(token=told["token"])
        api.api_url = f"{told['base_url']}v1/"
        apis.append((api, told["serial"]))
    clock = SimulatedClock(_START, speed=_SPEED)
    async with AsyncExitStack() as running:
        clients = [
            await running.enter_async_context(
                _client(told, state=folder / f"token-{number}.json", token=told["token"], clock=clock)
            )
            for number, told in enumerate(clouds)
        ]

        async def ours() -> list[Any]:
            return [await client.read() for client in clients]

        return await _compared(
            "three MIN by the OpenAPI V1", ours, lambda: [api.min_energy(serial) for api, serial in apis]
        )


async def _compared(what: str, ours: Callable[[], Awaitable[Any]], theirs: Callable[[], Any]) -> Figure:
    assert all(one.pv.power is not None for one in await ours())
    assert all(theirs())
    rounds = [(await _cpu(ours, _REFRESHES), cpu(theirs, _REFRESHES)) for _ in range(ROUNDS)]
    return ratio(what, rounds, calls=_REFRESHES, goal=1 / 2)


async def _cpu(work: Callable[[], Awaitable[object]], calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        await work()
    return time.process_time() - start


# -- a fleet


async def _fleet(told: dict[str, Any], folder: Path) -> list[Figure]:
    """As many accounts as clients know: each has its own file; that they are one to the cloud does not matter."""
    state = folder / f"{told['serial']}.json"
    process = psutil.Process()
    before = process.memory_info().rss
    async with AsyncExitStack() as running:
        clients = []
        for number in range(_ACCOUNTS):
            own = folder / f"account-{number}.json"
            own.write_bytes(state.read_bytes())
            own.chmod(0o600)
            clients.append(await running.enter_async_context(_client(told, state=own, **_user(told))))

        async def poll() -> None:
            snapshots = await asyncio.gather(*(client.read() for client in clients))
            assert all(one.pv.power is not None for one in snapshots)

        await poll()  # connects, and learns which devices there are
        times = [await _cpu(poll, 1) for _ in range(_FLEET_POLLS)]
        memory = (process.memory_info().rss - before) / len(clients)
    each = median(times) / len(clients)
    return [
        Figure(
            what=f"a refresh of one of {len(clients)} accounts in one process",
            value=1e6 * each,
            unit="us",
            goal=2000,
            note=f"{1 / each:.0f} refreshes/s on one core, as snapshots",
        ),
        Figure(
            what="what each of them keeps in memory",
            value=memory / 1024,
            unit="KiB",
            goal=128,
            note="resident, connected and polled",
        ),
    ]


@contextmanager
def _clouds(*families: str) -> Iterator[list[dict[str, Any]]]:
    """A simulated cloud for each family in another process; gives what they announce."""
    command = [sys.executable, "-c", f"import asyncio, benchmarks.growatt as it; asyncio.run(it.serve({families!r}))"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


async def serve(families: tuple[str, ...]) -> None:
    """Be the clouds, until killed."""
    from heliobus.growatt.simulator import GrowattSimulator
    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions

    clock = SimulatedClock(_START, speed=_SPEED)
    async with AsyncExitStack() as running:
        made = [GrowattSimulator(SimulationOptions(plant=Plant(0), clock=clock, profile=family)) for family in families]
        print(json.dumps([(await running.enter_async_context(one)).announcement() for one in made]), flush=True)
        await asyncio.Event().wait()
