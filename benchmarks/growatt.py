"""Growatt's cloud beside growattServer 1.7.1: a refresh of one plant with three devices; and a fleet.

By the app's calls both ask the same.  By the OpenAPI V1 heliobus asks once about all three, with the call that Growatt
has for several devices; growattServer has none for it and asks about each.  That is where the gain is: question by
question heliobus takes about 0.8 of the peer's time by V1.  Either has one client for the plant.

The simulated clouds are another process, so what is counted is the client's CPU alone.  A client of heliobus keeps its
ledger on the disk meanwhile, which the peer does not have: with a token a line before each question and one after it.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import growattServer
import psutil

from benchmarks.measure import ROUNDS, Figure, cpu, ratio, serving
from heliobus.growatt import AsyncClient
from heliobus.simulation.clock import FrozenClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

_PROFILES = ("tlx+mix+storage", "tlx+tlx+tlx")
_REFRESHES = 20
_ACCOUNTS, _FLEET_POLLS = 1000, 3
_START = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)


class _Leaping(FrozenClock):
    """Each look at it is five minutes after the last one, so that a token may ask the same at once again."""

    def now(self) -> datetime:
        self._at += timedelta(minutes=5)
        return self._at


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, serving("growatt", *_PROFILES, "tlx") as (mixed, alike, one):
        yield asyncio.run(_by_user(mixed, Path(folder)))
        yield asyncio.run(_by_token(alike, Path(folder)))
        yield from asyncio.run(_fleet(one, Path(folder)))


def _client(told: dict[str, Any], *, state: Path, **access: Any) -> AsyncClient:
    server = f"{told['host']}:{told['port']}"
    return AsyncClient(server=server, scheme="http", timeout=120, state=state, **access)


def _user(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("username", "password")}


async def _by_user(told: dict[str, Any], folder: Path) -> Figure:
    """A MIN by its one call, a MIX and an SPF by two each."""
    api = growattServer.GrowattApi()
    api.server_url = told["base_url"]
    plant = api.login(told["username"], told["password"])["data"][0]["plantId"]
    serials = {one["deviceType"]: one["deviceSn"] for one in api.device_list(plant)}
    tlx, mix, spf = (serials[family] for family in _PROFILES[0].split("+"))

    def theirs() -> list[Any]:
        return [
            api.tlx_detail(tlx)["data"],
            api.mix_system_status(mix, plant),
            api.mix_totals(mix, plant),
            api.storage_params(spf),
            api.storage_energy_overview(plant, spf),
        ]

    async with _client(told, state=folder / "user.json", **_user(told)) as client:

        async def ours() -> list[Any]:
            return [await client.read(serial) for serial in (tlx, mix, spf)]

        return await _compared("a plant with MIN, MIX and SPF by the app's calls", ours, theirs)


async def _by_token(told: dict[str, Any], folder: Path) -> Figure:
    api = growattServer.OpenApiV1(token=told["token"])
    api.api_url = f"{told['base_url']}v1/"
    plant = api.plant_list()["plants"][0]["plant_id"]
    serials = [one["device_sn"] for one in api.device_list(plant)["devices"]]
    async with _client(told, state=folder / "token.json", token=told["token"], clock=_Leaping(_START)) as client:

        async def ours() -> list[Any]:
            found = await client.read_all()
            assert sorted(found) == sorted(serials)
            return list(found.values())

        return await _compared(
            "a plant with three MIN by V1, one question against three",
            ours,
            lambda: [api.min_energy(serial) for serial in serials],
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
    state = folder / "fleet.json"
    async with _client(told, state=state, **_user(told)) as client:
        await client.read()  # logs in, for all
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


async def serve(*profiles: str) -> None:
    """Be the clouds, until killed."""
    from heliobus.growatt.simulator import GrowattSimulator
    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions

    clock = _Leaping(_START)
    async with AsyncExitStack() as running:
        made = [GrowattSimulator(SimulationOptions(plant=Plant(0), clock=clock, profile=one)) for one in profiles]
        print(json.dumps([(await running.enter_async_context(one)).announcement() for one in made]), flush=True)
        await asyncio.Event().wait()
