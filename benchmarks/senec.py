"""SENEC beside pysenec 0.3.0, the one Python library for it: a whole poll, and decoding alone.

A whole read, every section of an appliance, stands beside the decoding of the gist that this project began with:
values without models.  ``_untyped`` is our own text of what that does.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pysenec
from pysenec.util import parse

from benchmarks.measure import ROUNDS, Figure, cpu, ratio, simulated
from heliobus.senec import AsyncClient
from heliobus.senec.mapping import snapshot
from heliobus.senec.models import WHOLE_REQUESTS, Reading
from heliobus.senec.protocol import decode_answer, parse_body, values
from heliobus.senec.simulator import PROFILES
from heliobus.senec.simulator.answering import answer
from heliobus.senec.simulator.appliance import Appliance
from heliobus.simulation.plant import Plant, summer_noon

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

_POLLS = 200
_DECODES = 2000
_WHOLE_READS = 100
_ROOT = Path(__file__).resolve().parent.parent
_SHARED = Path(os.environ.get("HELIOBUS_SHARED") or _ROOT.parent / "shared")
_BODIES = (
    _SHARED / "captures/senec/02-lala-v3duo-0826-basic.json",
    _ROOT / "tests/fixtures/senec/0826/live.json",  # our own, of the same shape
)


_SECTIONS = sorted((_SHARED / "captures/senec").glob("1[0-4]-lala-v3duo-*-full.json"))
"""Whole sections of a V3 duo, as recorded."""


def figures() -> Iterator[Figure]:
    yield _whole_poll()
    yield _decoding()
    yield _whole_read("every section of a simulated V3, typed", _simulated_sections())
    if _SECTIONS:
        recorded = [json.loads(path.read_bytes())["response_body"].encode() for path in _SECTIONS]
        yield _whole_read("captures 10 to 14, typed", recorded)


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


def _simulated_sections() -> list[bytes]:
    plant = Plant(1)
    appliance = Appliance(plant, PROFILES["0826"])
    present = appliance.at(summer_noon(plant))
    return [json.dumps(answer(present, {name: {} for name in request})).encode() for request in WHOLE_REQUESTS]


def _whole_read(what: str, bodies: list[bytes]) -> Figure:
    """Every value decoded, looked up in its table and converted, against decoded dictionaries."""
    typed = sum(len(section) for body in bodies for section in _typed(body).values())
    untyped = [variable for body in bodies for section in _untyped(body).values() for variable in section]
    assert typed == len(untyped) - untyped.count("OBJECT_NOT_FOUND")
    rounds = [
        (
            cpu(lambda: _first(bodies), _WHOLE_READS),
            cpu(lambda: [_untyped(body) for body in bodies], _WHOLE_READS),
        )
        for _ in range(ROUNDS)
    ]
    figure = ratio(f"{what}, against the gist's", rounds, calls=_WHOLE_READS, goal=3)
    return replace(figure, note=f"{typed} variables, {figure.note}")


def _first(bodies: list[bytes]) -> None:
    """As an appliance that is read for the first time: no value is remembered from another answer."""
    values._decode_short.cache_clear()  # noqa: SLF001 - there is no other way to forget
    for body in bodies:
        _typed(body)


def _typed(body: bytes) -> dict[str, dict[str, object]]:
    reading = Reading(decode_answer(parse_body(body).sections))
    return {name: Reading.sections[name](section).decoded() for name, section in reading.answer.items()}


def _untyped(body: bytes) -> dict[str, dict[str, Any]]:
    return {
        name: {
            variable: [_value(item) for item in leaf] if isinstance(leaf, list) else _value(leaf)
            for variable, leaf in section.items()
        }
        for name, section in json.loads(body).items()
    }


def _value(text: str) -> Any:
    """The gist knows these types; the others, and the words, stay as they are."""
    prefix, _, payload = text.partition("_")
    if prefix == "fl":
        return struct.unpack("!f", bytes.fromhex(payload))[0]
    if prefix == "u8":
        return struct.unpack("!B", bytes.fromhex(payload))[0]
    if prefix in {"i3", "i8", "u3", "u1"}:
        return int(payload, 16)
    return payload if prefix == "st" else text
