"""What the simulated SENEC.Connect does that the client must never notice, or must."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest

from heliobus.errors import UsageError
from heliobus.senec.protocol.connect import KEY_HEADER, PATH
from heliobus.senec.simulator.connect import FAULTS, ConnectSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import Plant
from heliobus.vendor import SimulationOptions

NOON = datetime(2026, 6, 30, 10, 30, tzinfo=UTC)


def options(*faults: str, replay: str | None = None) -> SimulationOptions:
    return SimulationOptions(plant=Plant(7), clock=ManualClock(NOON), faults=faults, wire="connect", replay=replay)


async def test_orders_keys_sections_and_quota() -> None:
    asked = options()
    async with ConnectSimulator(asked) as simulator, aiohttp.ClientSession() as session:
        url, key = f"http://{simulator.place}{PATH}", {KEY_HEADER: simulator.key}
        orders = set()
        for _ in range(20):
            async with session.get(f"{url}?include=bessNameplate", headers=key) as answer:
                orders.add(tuple(one["bessNameplate"]["system_id"] for one in await answer.json()))
        assert len(orders) > 3
        async with session.get(f"{url}?subscription-key={simulator.key}") as answer:
            assert {name for one in await answer.json() for name in one} == {"battery", "meter"}
        async with session.get(url) as answer:
            assert answer.status == 401
            assert "missing" in (await answer.json())["message"]
        simulator.quota = 21
        async with session.get(url, headers=key) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (403, str(13 * 3600 + 1800))
        assert isinstance(asked.clock, ManualClock)
        asked.clock.jump(86_400.0)
        async with session.get(url, headers=key) as answer:
            assert answer.status == 200


def test_what_it_cannot_be_is_refused() -> None:
    for asked in (options(replay="x"), replace(options(replay="x"), wire=None)):
        with pytest.raises(UsageError, match="from recordings over http and https only"):
            ConnectSimulator(asked)
    with pytest.raises(UsageError, match="fault") as error:
        ConnectSimulator(options("no-such"))
    assert next(iter(FAULTS)) in error.value.remedy
