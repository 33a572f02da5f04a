from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from heliobus.senec.client.sighting import recognise
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.vendor import SimulationOptions, vendors

if TYPE_CHECKING:
    from heliobus.vendor import Simulator

PLANT = Plant(1)
NOON = FrozenClock(summer_noon(PLANT))


def simulator(wire: str, *, profile: str | None = None, faults: tuple[str, ...] = ()) -> Simulator:
    options = SimulationOptions(plant=PLANT, clock=NOON, wire=wire, profile=profile, faults=faults)
    return vendors()["senec"].simulate(options)


@pytest.mark.parametrize("wire", ["http", "https"])
async def test_an_appliance_says_which_it_is(wire: str) -> None:
    async with simulator(wire, profile="lfp") as device:
        told = device.announcement()
        seen = await recognise(wire, told["host"], told["port"])
    assert seen is not None
    assert (str(seen.url), seen.certain) == (f"senec://127.0.0.1:{told['port']}", True)
    assert seen.model == "SENEC.Home V3 hybrid duo LFP"


@pytest.mark.parametrize("fault", ["html", "truncate", "404", "big", "empty"])
async def test_what_does_not_answer_as_a_senec_is_none(fault: str) -> None:
    async with simulator("http", faults=(fault,)) as device:
        told = device.announcement()
        assert await recognise("http", told["host"], told["port"]) is None


async def test_the_other_scheme_is_no_answer() -> None:
    async with simulator("http") as device:
        told = device.announcement()
        assert await recognise("https", told["host"], told["port"]) is None


async def test_who_redirects_or_answers_something_else_is_none() -> None:
    answers = [
        b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"FACTORY":{}}',
        b"SSH-2.0-OpenSSH\r\n",
    ]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(answers[0])
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        while answers:
            assert await recognise("http", "127.0.0.1", port) is None, answers[0]
            answers.pop(0)
