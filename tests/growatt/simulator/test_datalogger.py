from __future__ import annotations

import asyncio
import gc
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import UsageError
from heliobus.growatt.client.datalogger import Listener, listening
from heliobus.growatt.protocol.datalogger import INTERVAL, Frame, Type, answer_of, get_logger, get_registers, set_logger
from heliobus.growatt.simulator.datalogger import DataloggerSimulator
from heliobus.simulation.clock import FrozenClock, ManualClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions
from tests.growatt.client.datalogger.peer import Server

PLANT = Plant(1)
NOON = summer_noon(PLANT)
MINUTE = timedelta(minutes=1)


def simulated(clock: ManualClock | FrozenClock, **options: object) -> DataloggerSimulator:
    return DataloggerSimulator(SimulationOptions(plant=PLANT, clock=clock, **options))  # type: ignore[arg-type]


def listener(simulator: DataloggerSimulator, clock: ManualClock | FrozenClock) -> Listener:
    url = DeviceURL.parse(simulator.announcement()["url"])
    return Listener(url.host, **listening(url), clock=clock)


async def test_an_outage_is_told_later_in_order() -> None:
    clock = ManualClock(NOON)
    async with simulated(clock) as simulator:
        async with listener(simulator, clock) as source:
            assert (await source.read()).device_time == NOON
        await clock.advance(300.0)
        async with listener(simulator, clock) as source:
            live = await source.read()
            assert live.device_time == NOON + timedelta(minutes=5)
            history = await source.history()
        assert [one.device_time for one in history] == [NOON + minutes * MINUTE for minutes in range(1, 5)]
        for one in history:
            assert one.device_time is not None
            assert one.pv.power == pytest.approx(PLANT.at(one.device_time).pv, abs=0.05)


@pytest.mark.parametrize("turns", range(8))
async def test_its_end_closes_a_connection_that_is_just_ending(turns: int) -> None:
    """What is left open the collector complains of, which fails the test."""
    clock = FrozenClock(NOON)
    async with simulated(clock) as simulator:
        async with listener(simulator, clock) as source:
            await source.read()
        for _ in range(turns):
            await asyncio.sleep(0)
    gc.collect()


async def test_it_speaks_every_interval_and_pings() -> None:
    clock = ManualClock(NOON)
    async with simulated(clock) as simulator, Server(port=simulator.port) as server:
        await server.until(2)
        assert [frame.type for frame in server.heard] == [Type.ANNOUNCE, Type.DATA]
        for minute in range(1, 4):
            await clock.until_asleep(2)
            await clock.advance(60.0)
            await server.until(2 + minute + (minute == 3))
        assert sorted(frame.type for frame in server.heard[2:]) == [Type.DATA] * 3 + [Type.PING]


async def test_it_answers_commands() -> None:
    def ask(frame: Frame) -> list[Frame]:
        if frame.type != Type.ANNOUNCE:
            return []
        return [
            set_logger(frame, logger="LOG0000001", register=INTERVAL, text="5"),
            get_logger(frame, logger="LOG0000001", register=INTERVAL),
            get_registers(frame, logger="LOG0000001", start=0, end=3),
        ]

    async with simulated(FrozenClock(NOON)) as simulator, Server(ask, port=simulator.port) as server:
        await server.until(5)
        answers = [answer_of(frame) for frame in server.heard if frame.type not in (Type.ANNOUNCE, Type.DATA)]
        assert simulator.interval == timedelta(minutes=5)
    assert [answer.result for answer in answers] == [0, 0, 0]
    assert answers[1].data == b"5"
    assert answers[2].registers == dict.fromkeys(range(4), 0)


async def test_the_clock_is_set() -> None:
    clock = FrozenClock(NOON)
    async with simulated(clock) as simulator, listener(simulator, clock) as source:
        await source.read()
        while simulator.set_time is None:  # a second of this machine's
            await clock.sleep(0.05)
    local = NOON.astimezone(ZoneInfo(PLANT.house.timezone))
    assert simulator.set_time == f"{local:%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    "options",
    [{"profile": "toaster"}, {"faults": ("empty",)}, {"replay": "recording"}],
    ids=lambda one: next(iter(one)),
)
def test_what_it_cannot_be(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        simulated(FrozenClock(NOON), **options)
