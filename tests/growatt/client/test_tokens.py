"""The guardian of a token against a server that keeps its own time: it never has to refuse."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heliobus.errors import LockedOut
from tests.growatt.conftest import NOON, running

QUESTIONS = ("plant_data", "plant_details", "device_list")
steps = st.lists(
    st.tuples(st.sampled_from((0, 1, 100, 285, 295, 299, 300, 301, 1000)), st.sampled_from(QUESTIONS)),
    min_size=1,
    max_size=12,
)


async def course(walk: list[tuple[int, str]], state: Path) -> tuple[list[Any], list[str]]:
    """The outcomes of the questions, each after some seconds and by a program of its own."""
    outcomes: list[Any] = []
    async with running(profile="tlx") as cloud:
        plant = cloud.simulator.account.plant_id
        for seconds, name in walk:
            await cloud.clock.advance(seconds)
            arguments = {"username": None, "password": None, "token": cloud.told["token"], "state": state}
            async with cloud.client(**arguments) as client:
                asked = asyncio.create_task(client.query(name, plant_id=plant))
                while not asked.done():  # one that is a moment too early waits
                    await asyncio.sleep(0.001)
                    if cloud.clock.sleeping:
                        await cloud.clock.advance(2)
                outcomes.append(asked.exception() or (cloud.clock.now() - NOON).total_seconds())
        return outcomes, cloud.simulator.requests


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(walk=steps)
def test_no_walk_makes_the_server_refuse(walk: list[tuple[int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcomes, requests = asyncio.run(course(walk, Path(folder) / "state.json"))
    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert not [one for one in refused if not isinstance(one, LockedOut) or "10012" in str(one)], walk
    assert len(requests) == len(walk) - len(refused)
    last: dict[str, float] = {}
    time = 0.0
    for (seconds, name), outcome in zip(walk, outcomes, strict=True):
        time += seconds
        if isinstance(outcome, BaseException):
            assert time - last[name] < 300.0, walk  # not more careful than needed
        else:
            last[name] = time = outcome
