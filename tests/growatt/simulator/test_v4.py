"""The simulated V4 refuses as the real one does, also what our client never asks."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from heliobus.growatt.simulator import GrowattSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.vendor import SimulationOptions
from tests.growatt.conftest import NOON, PLANT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

SN = "SIMNOA0000007"
OURS = {"deviceSn": SN, "deviceType": "noah"}


@asynccontextmanager
async def asking() -> AsyncIterator[tuple[Callable[..., Awaitable[Any]], ManualClock]]:
    clock = ManualClock(NOON)
    options = SimulationOptions(plant=PLANT, clock=clock, wire="v4", profile="noah")
    async with GrowattSimulator(options) as simulator, aiohttp.ClientSession() as session:
        told = simulator.announcement()

        async def ask(name: str, *, token: str = told["token"], **query: str) -> Any:
            url = f"{told['base_url']}v4/new-api/{name}"
            async with session.post(url, params=query, headers={"token": token, "User-Agent": "phone"}) as answer:
                return await answer.json(content_type=None)

        yield ask, clock


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        ("queryLastData", {"token": "wrong", **OURS}, 2),
        ("queryLastData", {"deviceType": "noah"}, 8),
        ("queryLastData", {**OURS, "deviceSn": ",".join([SN] * 101)}, 11),
        ("queryLastData", {**OURS, "deviceType": "balloon"}, 7),
        ("queryHistoricalData", OURS, 9),
        ("queryDeviceList", {}, 10),
        ("setPower", {**OURS, "deviceSn": "FOREIGN", "value": "5"}, 12),
        ("setPower", {**OURS, "deviceType": "min", "value": "5"}, 4),
        ("setPower", {**OURS, "value": "801"}, 6),
        ("setPower", {**OURS, "value": "x"}, 6),
        ("setTimeSegment", {**OURS, "type": "10"}, 6),
        ("setPower", {**OURS, "value": "800"}, 0),
    ],
)
async def test_a_refusal_has_its_code(name: str, query: dict[str, str], code: int) -> None:
    async with asking() as (ask, _):
        answer = await ask(name, **query)
    assert answer["code"] == code
    assert answer["message"]


async def test_foreign_devices_are_left_out_of_several() -> None:
    async with asking() as (ask, _):
        answer = await ask("queryLastData", deviceSn=f"FOREIGN,{SN}", deviceType="noah")
        assert [row["deviceSn"] for row in answer["data"]["noah"]] == [SN]
        assert (await ask("queryLastData", deviceSn="FOREIGN", deviceType="noah"))["data"] == {"noah": []}


async def test_the_pace() -> None:
    async with asking() as (ask, clock):
        codes = []
        for wait in (0, 299, 1):
            clock.jump(wait)
            codes.append((await ask("queryLastData", **OURS))["code"])
        for wait in (0, 4, 1):
            clock.jump(wait)
            codes.append((await ask("setPower", **OURS, value="5"))["code"])
    assert codes == [0, 102, 0, 0, 102, 0]
