"""Scripts are read, and happen when they say: to the device, or on the way to it."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import UsageError
from heliobus.simulation.chaos import Chaos, ThroughChaos, Toxics
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.faults import Fault, Player, script
from heliobus.simulation.plant import House, Plant
from heliobus.vendor import SimulationOptions, Simulator, vendors

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("cut-frame", Fault(name="cut-frame")),
        ("latency=200ms", Fault(name="latency=200ms")),
        ("cut-frame@90s", Fault(name="cut-frame", at=timedelta(seconds=90))),
        ("router-away+20min", Fault(name="router-away", duration=timedelta(minutes=20))),
        ("latency=1s@1.5h+250ms", Fault(name="latency=1s", at=1.5 * HOUR, duration=timedelta(milliseconds=250))),
        ("a@2026-06-20T12:30:00+02:00", Fault(name="a", at=NOON)),
        ("a@2026-06-20T12:30:00+02:00+1h", Fault(name="a", at=NOON, duration=HOUR)),
        ("a@2026-06-20T10:30+1d", Fault(name="a", at=NOON, duration=24 * HOUR)),
    ],
)
def test_a_fault_as_text(text: str, fault: Fault) -> None:
    assert Fault.parse(text) == fault


@pytest.mark.parametrize("text", ["", "@1h", "a@", "a@noon", "a+soon", "a@1h+", "a+0s", "a@1h+0min"])
def test_what_is_no_fault(text: str) -> None:
    with pytest.raises(UsageError):
        Fault.parse(text)


@given(st.text())
def test_no_text_hurts(text: str) -> None:
    with contextlib.suppress(UsageError):
        assert Fault.parse(text).name in text


def test_times_and_lengths_that_cannot_be() -> None:
    with pytest.raises(UsageError, match="no time zone"):
        Fault(name="a", at=datetime(2026, 6, 20))  # noqa: DTZ001
    with pytest.raises(UsageError, match="before the start"):
        Fault(name="a", at=-HOUR)


@asynccontextmanager
async def playing(vendor: str, texts: tuple[str, ...]) -> AsyncIterator[tuple[Simulator, Player, ManualClock, Chaos]]:
    """A device behind a proxy, with a script that has begun."""
    clock = ManualClock(NOON)
    plant = Plant(7, house=House(commissioned=datetime(2026, 6, 1, tzinfo=UTC)))
    device = vendors()[vendor].simulate(SimulationOptions(plant=plant, clock=clock))
    proxy = Chaos()
    player = Player(device, clock=clock, proxy=proxy)
    async with ThroughChaos(device, proxy), asyncio.TaskGroup() as group:
        task = group.create_task(player.run(script(texts)))
        await clock.advance(0)
        yield device, player, clock, proxy
        task.cancel()


async def test_faults_come_and_go_by_the_clock() -> None:
    texts = "segments@10min+5min", "clock-jump@2026-06-20T10:42Z+1h", "slow@3h", "close@2026-06-20T09:00Z+1h"
    async with playing("e3dc", texts) as (device, player, clock, _):
        seen = [device.faults]
        for _ in range(5):
            await clock.advance(360)
            seen.append(device.faults)
        assert seen == [(), (), ("segments", "clock-jump"), ("clock-jump",), ("clock-jump",), ("clock-jump",)]
        clock.jump(7200)  # of the wall, not of durations
        await clock.advance(3600)
        assert device.faults == ()
        await clock.advance(5400)
        assert list(device.faults) == list(player.active) == ["slow"]
    began = [(mark.name, (mark.began - NOON) / timedelta(minutes=1)) for mark in player.marks]
    assert began == [("segments", 10), ("clock-jump", 12), ("slow", 300)]
    assert [mark.ended is None for mark in player.marks] == [False, False, True]
    assert player.marks[0].ended == NOON + timedelta(minutes=15)


async def test_the_router_goes_away_and_comes_back() -> None:
    async with playing("senec", ("router-away@1min+20min",)) as (_, _, clock, proxy):
        reader, writer = await asyncio.open_connection(*proxy.address)
        await clock.advance(60)
        assert await reader.read() == b""
        writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*proxy.address)
        await clock.advance(20 * 60)
        _, writer = await asyncio.open_connection(*proxy.address)
        writer.close()


async def test_a_bad_network_gets_well() -> None:
    async with playing("senec", ("latency=200ms@1min+2min", "slicer=1@2min+2min")) as (device, _, clock, proxy):
        seen = []
        for _ in range(5):
            seen.append(proxy.toxics)
            await clock.advance(60)
    both = Toxics(latency=0.2, slicer=1.0)
    assert seen == [Toxics(), Toxics(latency=0.2), both, Toxics(slicer=1.0), Toxics()]
    assert device.faults == ()


async def test_a_device_that_starts_anew() -> None:
    async with playing("senec", ("wire-flips@1min+1min", "nan@90s+1min")) as (device, _, clock, _):
        schemes = []
        for _ in range(4):
            schemes.append(device.announcement()["base_url"].partition(":")[0])
            await clock.advance(45)
        assert schemes == ["http", "http", "https", "http"]
        assert device.faults == ()


async def test_on_request() -> None:
    async with playing("e3dc", ()) as (device, player, clock, _):
        mark = await player.begin("silent")
        with pytest.raises(UsageError, match="gremlins"):
            await player.begin("gremlins")
        assert device.faults == ("silent",)
        await clock.advance(5)
        await player.end(mark)
        await player.end(mark)
        assert list(device.faults) == []
        assert mark.ended == NOON + timedelta(seconds=5)
        assert player.marks == [mark]


async def test_the_networks_faults_need_a_proxy() -> None:
    clock = ManualClock(NOON)
    device = vendors()["e3dc"].simulate(SimulationOptions(plant=Plant(7), clock=clock, faults=("slow",)))
    player = Player(device, clock=clock)
    with pytest.raises(UsageError, match="no proxy"):
        await player.begin("router-away")
    await player.begin("segments")
    assert device.faults == ("slow", "segments")


@pytest.mark.parametrize(
    ("vendor", "text"),
    [
        ("senec", "router-away@2h+20min"),
        ("e3dc", "router-away@2h+20min"),
        ("growatt", "router-away@2h+20min"),
        ("senec", "wire-flips@4h+30min"),
        ("e3dc", "cut-frame@6h+2min"),
        ("growatt", "dead-302@8h+1min"),
        ("growatt", "locked@10h+1h"),
        ("senec", "counter-reset@12h"),
        ("e3dc", "counter-reset@12h"),
        ("senec", "clock-jump@14h+2h"),
        ("e3dc", "clock-jump@14h+2h"),
    ],
)
async def test_a_day_s_faults_come_and_go_while_running(vendor: str, text: str) -> None:
    async with playing(vendor, (text,)) as (device, player, clock, proxy):
        (fault,) = script([text])
        assert isinstance(fault.at, timedelta)
        before = device.faults, proxy.listening
        await clock.advance(fault.at.total_seconds())
        await clock.advance(30)
        assert (device.faults, proxy.listening) != before
        assert player.active == (fault.name,)
        await clock.advance(2 * 3600)
        gone = (device.faults, proxy.listening) == before
        assert gone == (fault.duration is not None)
        assert player.marks[0].began == NOON + fault.at
