"""SENEC beside pysenec 0.3.0, the one Python library for it: a whole poll, and decoding alone."""

from __future__ import annotations

import asyncio
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pysenec
from pysenec.util import parse

from benchmarks.measure import ROUNDS, Figure, cpu, ratio, simulated
from heliobus.senec import AsyncClient
from heliobus.senec.mapping import snapshot
from heliobus.senec.protocol import decode_answer, parse_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

_POLLS = 200
_DECODES = 2000
_ROOT = Path(__file__).resolve().parent.parent
_SHARED = Path(os.environ.get("HELIOBUS_SHARED") or _ROOT.parent / "shared")
_BODIES = (
    _SHARED / "captures/senec/02-lala-v3duo-0826-basic.json",
    _ROOT / "tests/fixtures/senec/0826/live.json",  # our own, of the same shape
)


def figures() -> Iterator[Figure]:
    yield _whole_poll()
    yield _decoding()


def _whole_poll() -> Figure:
    """Old firmware, on which pysenec finds all that it asks for; a fast clock, so that no poll is like the last."""
    with simulated("senec", "--profile", "0811", "--speed", "5000") as told:
        rounds = asyncio.run(_polls(told))
    return ratio("whole poll against pysenec, client only", rounds, calls=_POLLS, goal=1.1)


async def _polls(told: dict[str, Any]) -> list[tuple[float, float]]:
    async with (
        AsyncClient(told["host"], port=told["port"], scheme="http") as ours,
        aiohttp.ClientSession() as session,
    ):
        theirs = pysenec.Senec(f"{told['host']}:{told['port']}", session)
        reading = await ours.read()
        await theirs.update()
        assert reading.grid.power is not None
        assert theirs.grid_state_power is not None
        return [(await _cpu(ours.read), await _cpu(theirs.update)) for _ in range(ROUNDS)]


async def _cpu(poll: Callable[[], Awaitable[object]]) -> float:
    start = time.process_time()
    for _ in range(_POLLS):
        await poll()
    return time.process_time() - start


def _decoding() -> Figure:
    path = next(path for path in _BODIES if path.is_file())
    body = json.loads(path.read_bytes())["response_body"].encode()
    now = datetime.now(UTC)
    live = snapshot(decode_answer(parse_body(body).sections), received_at=now)
    assert live.grid is not None
    assert live.grid.power == parse(json.loads(body))["ENERGY"]["GUI_GRID_POW"]
    rounds = [
        (
            cpu(lambda: snapshot(decode_answer(parse_body(body).sections), received_at=now), _DECODES),
            cpu(lambda: parse(json.loads(body)), _DECODES),
        )
        for _ in range(ROUNDS)
    ]
    what = f"{path.stem[:2]} decoded and mapped against pysenec's decoding"
    return ratio(what, rounds, calls=_DECODES, goal=3)
