"""The guardian of a token against a server that keeps its own time: it never has to refuse."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heliobus.errors import ConnectionLost, LockedOut
from heliobus.growatt.client import AsyncClient
from heliobus.simulation.clock import ManualClock
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


# -- programs that end in the midst of a question, and programs that share a token


class Deaf:
    """A server that takes questions and does not answer until told to hang up; clients of one token for it."""

    def __init__(self, state: Path) -> None:
        self.clock = ManualClock(NOON)
        self.questions = 0
        self.asked = asyncio.Event()
        self.hang_up = asyncio.Event()
        self._state = state
        self._clients: list[AsyncClient] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self.hang_up.set()
        for client in self._clients:
            await client.close()
        self._server.close()
        await self._server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.read(1):
            self.questions += 1
            self.asked.set()
            await self.hang_up.wait()
        writer.close()

    def client(self) -> AsyncClient:
        port = self._server.sockets[0].getsockname()[1]
        made = AsyncClient(
            token="token", server=f"127.0.0.1:{port}", scheme="http", timeout=20.0, state=self._state, clock=self.clock
        )
        self._clients.append(made)
        return made

    async def ask(self) -> asyncio.Task[Any]:
        """A program that has just been started and waits for its answer."""
        self.asked.clear()
        asking = asyncio.create_task(self.client().query("plant_list"))
        await self.asked.wait()
        return asking


async def test_a_program_that_dies_in_the_midst_of_a_question_makes_the_next_one_wait_for_its_answer(
    tmp_path: Path,
) -> None:
    async with Deaf(tmp_path / "state.json") as deaf:
        (await deaf.ask()).cancel()  # nothing is done about the question any more, as with a killed program
        for seconds in (0, 300, 9):
            deaf.clock.jump(seconds)
            with pytest.raises(LockedOut) as caught:
                await deaf.client().query("plant_list")
            assert caught.value.until == NOON + timedelta(seconds=320)
        deaf.clock.jump(11)
        (await deaf.ask()).cancel()
        assert deaf.questions == 2


async def test_two_programs_with_one_token_ask_once(tmp_path: Path) -> None:
    async with Deaf(tmp_path / "state.json") as deaf:
        asking = await deaf.ask()
        with pytest.raises(LockedOut):
            await deaf.client().query("plant_list")
        deaf.clock.jump(5)
        deaf.hang_up.set()
        with pytest.raises(ConnectionLost):
            await asking
        # Now it is known when it was over, by the other one too.
        with pytest.raises(LockedOut) as caught:
            await deaf.client().query("plant_list")
        assert caught.value.until == NOON + timedelta(seconds=305)
        assert deaf.questions == 1
