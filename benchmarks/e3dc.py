"""E3/DC over the network beside pye3dc 0.10.0: a poll, a history, and a fleet; nothing is cached.

The simulated systems are other processes, so what is counted is the client's CPU alone.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

import e3dc
import psutil

from benchmarks.measure import ROUNDS, Figure, cpu, ratio, serving, simulated
from heliobus.compat.e3dc import E3DC
from heliobus.e3dc import AsyncClient, models
from heliobus.e3dc.client.asking import ask
from heliobus.e3dc.client.link import RscpLink
from heliobus.e3dc.protocol import HISTORY_ROW
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

_POLLED = [
    "INFO_REQ_UTC_TIME",
    *(f"EMS_REQ_{name}" for name in ("BAT_SOC", "POWER_PV", "POWER_ADD", "POWER_BAT", "POWER_HOME", "POWER_GRID")),
    *(f"EMS_REQ_{name}" for name in ("POWER_WB_ALL", "SELF_CONSUMPTION", "AUTARKY")),
]
"""The ten values of pye3dc's poll."""
_HISTORY = {
    "DB_REQ_HISTORY_TIME_START": 1_781_740_800,  # 2026-06-18, before the moment at which the system stands still
    "DB_REQ_HISTORY_TIME_INTERVAL": 900,
    "DB_REQ_HISTORY_TIME_SPAN": 32 * 3600,
}
"""As many rows as a day's history may have."""
_POLLS, _HISTORIES = 100, 10
_FLEET, _FLEET_POLLS = 1000, 3


def figures() -> Iterator[Figure]:
    with simulated("e3dc", "--at", "2026-06-20T12:30:00+02:00") as told:
        yield _round_trips(told)
        yield asyncio.run(_poll(told))
        yield _blocking_poll(told)
        yield from asyncio.run(_histories(told))
        yield asyncio.run(_stall(told))
    with serving("e3dc", _FLEET) as street:
        yield from asyncio.run(_fleet(street))


def _access(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("username", "password", "key", "port")}


def _pye3dc(told: dict[str, Any]) -> Any:
    return e3dc.E3DC(e3dc.E3DC.CONNECT_LOCAL, ipAddress=told["host"], **_access(told))


def _compat(told: dict[str, Any]) -> E3DC:
    return E3DC(E3DC.CONNECT_LOCAL, ipAddress=told["host"], **_access(told))


def _polled(system: Any) -> Any:
    system.lastRequest = None  # both would give the last result again within a second
    return system.poll(keepAlive=True)


# -- a poll


def _round_trips(told: dict[str, Any]) -> Figure:
    """Counted by a relay between client and system."""

    async def count() -> tuple[int, int]:
        async with _relay(told) as (port, asked):
            found = []
            for make in (_compat, _pye3dc):
                system = await asyncio.to_thread(make, told | {"port": port})
                before = len(asked)
                await asyncio.to_thread(_polled, system)
                found.append(len(asked) - before)
                await asyncio.to_thread(system.disconnect)
        ours, theirs = found
        return ours, theirs

    ours, theirs = asyncio.run(count())
    return Figure(what="round trips of a poll", value=ours, unit="", goal=1, note=f"pye3dc: {theirs}")


@asynccontextmanager
async def _relay(told: dict[str, Any]) -> AsyncIterator[tuple[int, list[int]]]:
    """A port that leads to the system, and the sizes of the requests that went through."""
    asked: list[int] = []
    carrying: set[asyncio.Task[Any]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sizes: list[int]) -> None:
        while data := await reader.read(65536):
            sizes.append(len(data))
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, out = await asyncio.open_connection(told["host"], told["port"])
        carrying.add(asyncio.create_task(carry(reader, out, asked)))
        carrying.add(asyncio.create_task(carry(theirs, writer, [])))

    async with await asyncio.start_server(serve, "127.0.0.1") as server:
        yield server.sockets[0].getsockname()[1], asked
        await asyncio.gather(*carrying)


async def _poll(told: dict[str, Any]) -> Figure:
    theirs = _pye3dc(told)
    async with AsyncClient(told["host"], **_access(told)) as ours:

        async def poll() -> list[Any]:
            return await ours.query(_POLLED)

        values = [item.value for item in await poll()][1:]
        assert values == [theirs.sendRequestTag(name, keepAlive=True) for name in _POLLED[1:]]
        rounds = [(await _cpu(poll, _POLLS), cpu(lambda: _polled(theirs), _POLLS)) for _ in range(ROUNDS)]
    theirs.disconnect()
    return ratio("a poll of ten values", rounds, calls=_POLLS, goal=1 / 5)


def _blocking_poll(told: dict[str, Any]) -> Figure:
    ours, theirs = _compat(told), _pye3dc(told)
    assert _polled(ours).items() >= _polled(theirs).items()
    rounds = [(cpu(lambda: _polled(ours), _POLLS), cpu(lambda: _polled(theirs), _POLLS)) for _ in range(ROUNDS)]
    for system in (ours, theirs):
        system.disconnect()
    return ratio("the same by compat.e3dc, blocking", rounds, calls=_POLLS, goal=1 / 5)


async def _cpu(work: Callable[[], Awaitable[object]], calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        await work()
    return time.process_time() - start


# -- a history


async def _histories(told: dict[str, Any]) -> list[Figure]:
    """As the client reads its rows, and item by item as ``query`` gives them, which is pye3dc's way."""
    theirs = _pye3dc(told)
    request = ("DB_REQ_HISTORY_DATA_DAY", "Container", [(name, "Uint64", value) for name, value in _HISTORY.items()])
    asked = models.request(("DB_REQ_HISTORY_DATA_DAY", _HISTORY))
    link = RscpLink(told["host"], clock=SYSTEM_CLOCK, timeout=10, **_access(told))

    async def rows() -> Any:
        return await ask(link, [asked], tables=(HISTORY_ROW,))

    async def items() -> Any:
        return await ask(link, [asked])

    expected = [[value for _, _, value in row[2]] for row in theirs.sendRequest(request, keepAlive=True)[2][1:]]
    (answer,) = await rows()
    assert [list(row) for row in answer.children[1].value.rows] == expected
    (answer,) = await items()
    assert [[one.value for one in row.children] for row in answer.children[1:]] == expected
    times = [
        (
            await _cpu(rows, _HISTORIES),
            await _cpu(items, _HISTORIES),
            cpu(lambda: theirs.sendRequest(request, keepAlive=True), _HISTORIES),
        )
        for _ in range(ROUNDS)
    ]
    await link.close()
    theirs.disconnect()
    what = f"a history of {len(expected)} rows"
    return [
        ratio(what, [(ours, peers) for ours, _, peers in times], calls=_HISTORIES, goal=1 / 15),
        ratio(f"{what}, item by item", [(ours, peers) for _, ours, peers in times], calls=_HISTORIES, goal=1 / 10),
    ]


async def _stall(told: dict[str, Any]) -> Figure:
    """How long nothing else runs in the loop while a history arrives, is decrypted and decoded."""
    longest = []
    async with AsyncClient(told["host"], **_access(told)) as ours:
        await ours.query(_POLLED)
        for _ in range(ROUNDS):
            ticks = [time.thread_time()]  # not the wall's: another process may have the core
            asking = asyncio.create_task(ours.query([("DB_REQ_HISTORY_DATA_DAY", _HISTORY)]))
            while not asking.done():
                await asyncio.sleep(0)
                ticks.append(time.thread_time())
            longest.append(max(after - before for before, after in pairwise(ticks)))
    return Figure(
        what="the longest stall of the event loop by it",
        value=1000 * median(longest),
        unit="ms",
        goal=5,
        note="pye3dc blocks its thread for the whole exchange",
    )


# -- a fleet


async def _fleet(street: list[dict[str, Any]]) -> list[Figure]:
    process = psutil.Process()
    before = process.memory_info().rss
    async with AsyncExitStack() as running:
        clients = [
            await running.enter_async_context(AsyncClient(told["host"], timeout=120, **_access(told)))
            for told in street
        ]

        async def poll() -> None:
            snapshots = await asyncio.gather(*(client.read() for client in clients))
            assert all(one.battery.soc is not None for one in snapshots)

        await poll()  # connects, logs in, and learns which batteries there are
        await poll()
        times = [await _cpu(poll, 1) for _ in range(_FLEET_POLLS)]
        memory = (process.memory_info().rss - before) / len(clients)
    each = median(times) / len(clients)
    return [
        Figure(
            what=f"a poll of one of {len(clients)} systems in one process",
            value=1e6 * each,
            unit="us",
            goal=1000,
            note=f"{1 / each:.0f} polls/s on one core, as snapshots",
        ),
        Figure(
            what="what each of them keeps in memory",
            value=memory / 1024,
            unit="KiB",
            goal=64,
            note="resident, connected and polled",
        ),
    ]


async def serve(count: int) -> None:
    """Be the street, until killed."""
    from heliobus.e3dc.simulator import E3dcSimulator
    from heliobus.simulation.clock import FrozenClock
    from heliobus.simulation.plant import Plant, summer_noon
    from heliobus.vendor import SimulationOptions

    first = Plant(0)
    clock = FrozenClock(summer_noon(first))
    async with AsyncExitStack() as running:
        made = [E3dcSimulator(SimulationOptions(plant=first, clock=clock)) for _ in range(count)]
        print(json.dumps([(await running.enter_async_context(one)).announcement() for one in made]), flush=True)
        await asyncio.Event().wait()
