from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import AuthenticationError, LockedOut, NotSupported, Unreachable
from heliobus.model.event import EventKind
from heliobus.model.identity import Device
from heliobus.service.config import SystemConfig
from heliobus.service.connection import Connection
from heliobus.service.poller import Poller
from heliobus.url import DeviceURL
from tests.service.conftest import events, readings
from tests.service.scripted import HANG, NOON, SUNNY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from heliobus.service.hub import Hub, Subscription
    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice

NO = Unreachable("cannot connect")


def poller(clock: ManualClock, hub: Hub, *, interval: float = 10.0) -> Poller:
    system = SystemConfig(name="roof", url=DeviceURL.parse("scripted://roof"), interval=interval)
    return Poller(Connection(system, clock=clock), name="roof", site="home", interval=interval, hub=hub, clock=clock)


@asynccontextmanager
async def running(one: Poller) -> AsyncIterator[None]:
    task = asyncio.create_task(one.run())
    yield
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()


def seconds(subscription: Subscription) -> list[float]:
    """Give the moments of the polls, in s after the start."""
    return [since(one.at) for one in readings(subscription)]


def since(moment: datetime) -> float:
    return (moment - NOON).total_seconds()


async def test_polls_at_its_interval(clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice) -> None:
    device("roof")
    async with running(poller(clock, hub)):
        await clock.advance(35)
    got = readings(published)
    assert [since(one.at) for one in got] == [0, 10, 20, 30]
    assert [one.status for one in got] == ["ok"] * 4
    assert [one.snapshot.received_at for one in got if one.snapshot] == [one.at for one in got]


async def test_a_slow_answer_misses_beats_and_shifts_none(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice
) -> None:
    roof = device("roof")
    roof.delay = lambda: clock.sleep(23)
    async with running(poller(clock, hub)):
        await clock.advance(80)
    assert seconds(published) == [23, 53]
    assert roof.reads == 3, "one in flight"


async def test_two_callers_never_poll_at_the_same_time(clock: ManualClock, hub: Hub, device: MakeDevice) -> None:
    roof = device("roof", HANG)
    one = poller(clock, hub)
    calls = [asyncio.create_task(one.poll_once()) for _ in range(3)]
    await clock.run_until_idle()
    assert roof.reads == 1
    for call in calls:
        call.cancel()
    await asyncio.wait(calls)


async def test_a_failed_poll_is_a_reading_without_values(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice
) -> None:
    device("roof", NO)
    reading = await poller(clock, hub).poll_once()
    assert (reading.snapshot, reading.status, reading.error) == (None, "connecting", NO.line())
    assert reading in published.take()


async def test_one_event_and_one_line_on_loss_and_on_return(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    roof = device("roof", SUNNY, *[NO] * 20, SUNNY)
    with caplog.at_level(logging.INFO, "heliobus"):
        async with running(poller(clock, hub)):
            await clock.advance(600)
    assert roof.reads > 22
    lost, back = events(published)
    assert (lost.kind, lost.text) == (EventKind.SOURCE_LOST, f"no answer: {NO.line()}")
    assert back.kind is EventKind.SOURCE_BACK
    assert 30 < since(lost.at) <= 60, "a first failed poll is no news while the last answer is fresh"
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


async def test_a_system_that_never_answered_is_told_at_once(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice
) -> None:
    device("roof", NO)
    async with running(poller(clock, hub)):
        await clock.advance(600)
    (lost,) = events(published)
    assert since(lost.at) == 0


async def test_a_device_that_is_back_is_read_within_two_intervals(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice
) -> None:
    roof = device("roof", NO)
    async with running(poller(clock, hub)):
        await clock.advance(3600)
        roof.answers.append(SUNNY)
        roof.answers.popleft()
        readings(published)
        await clock.advance(20)
    assert any(reading.snapshot for reading in readings(published))


async def test_a_wrong_password_is_tried_seldom(clock: ManualClock, hub: Hub, device: MakeDevice) -> None:
    roof = device("roof", AuthenticationError("wrong"))
    async with running(poller(clock, hub)):
        await clock.advance(3600)
    assert roof.reads < 25


async def test_nobody_asks_while_locked_out(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice
) -> None:
    until = NOON.replace(day=22)
    roof = device("roof", LockedOut("too many logins", until=until), SUNNY)
    async with running(poller(clock, hub)):
        await clock.advance(24 * 3600 - 1)
        assert roof.reads == 1
        await clock.advance(30)
    assert [reading.status for reading in readings(published) if reading.snapshot][:1] == ["ok"]


async def test_a_lock_out_is_told_when_it_begins(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice
) -> None:
    until = NOON + timedelta(hours=1)
    device("roof", SUNNY, LockedOut("too many logins", until=until), SUNNY)
    async with running(poller(clock, hub)):
        await clock.advance(3700)
    told = [event for event in events(published) if event.kind in {EventKind.SOURCE_LOST, EventKind.SOURCE_BACK}]
    assert [event.kind for event in told] == [EventKind.SOURCE_LOST, EventKind.SOURCE_BACK]
    assert since(told[0].at) == 10
    assert "too many logins" in told[0].text
    assert 3600 <= since(told[1].at) <= 3610


async def test_a_bug_in_the_client_does_not_end_the_polling(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice
) -> None:
    device("roof", RuntimeError("a bug"), SUNNY)
    one = poller(clock, hub)
    async with running(one):
        await clock.advance(25)
    assert [reading.error for reading in readings(published)][:2] == [
        "unexpected RuntimeError: a bug. Report this with the log.",
        None,
    ]
    assert (one.status().polls, one.status().failures) == (3, 1)


async def test_a_bug_of_our_own_does_not_either(
    clock: ManualClock, hub: Hub, device: MakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    roof = device("roof")
    hub._subscriptions.add("not a subscription")  # type: ignore[arg-type]
    async with running(poller(clock, hub)):
        await clock.advance(25)
    assert roof.reads == 3
    assert all(record.exc_info for record in caplog.records)
    assert len(caplog.records) == 3


async def test_the_device_is_identified_before_the_first_reading(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice
) -> None:
    roof = device("roof")
    one = poller(clock, hub)
    async with running(one):
        await clock.advance(35)
    assert roof.asked_who == 1
    who = Device(id="s1", vendor="scripted", serial="s1", firmware="7")
    assert [reading.snapshot.device for reading in readings(published) if reading.snapshot] == [who] * 4
    assert one.status().device == who


async def test_after_a_loss_the_device_may_be_another(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice
) -> None:
    old, new = (Device(id=name, vendor="scripted") for name in ("old", "new"))
    roof = device("roof", SUNNY, *[NO] * 5, SUNNY)
    roof.behind = (old,)
    async with running(poller(clock, hub)):
        await clock.advance(5)
        roof.behind, roof.identity = (new,), old  # as a client does that has asked once and remembers
        await clock.advance(300)
    assert roof.asked_who == 2
    told = [reading.snapshot.device for reading in readings(published) if reading.snapshot]
    assert told[:2] == [old, new]


async def test_of_several_devices_the_snapshot_names_its_own(clock: ManualClock, hub: Hub, device: MakeDevice) -> None:
    roof = device("roof")
    roof.behind = tuple(Device(id=name, vendor="scripted") for name in ("1", "2"))
    roof.identity = roof.behind[1]
    one = poller(clock, hub)
    await one.poll_once()
    await one.poll_once()
    assert (roof.asked_who, one.status().device) == (1, roof.behind[1])


@pytest.mark.parametrize(("error", "asked"), [(NO, 4), (NotSupported("no such call"), 1)], ids=repr)
async def test_a_device_that_does_not_say_who_it_is_is_read_all_the_same(
    clock: ManualClock, hub: Hub, published: Subscription, device: MakeDevice, *, error: Exception, asked: int
) -> None:
    roof = device("roof")
    roof.who = error
    async with running(poller(clock, hub)):
        await clock.advance(35)
    assert roof.asked_who == asked
    assert [reading.snapshot.device for reading in readings(published) if reading.snapshot] == [None] * 4


async def test_the_status_names_the_way(clock: ManualClock, hub: Hub, device: MakeDevice) -> None:
    device("roof")
    one = poller(clock, hub)
    reading = await one.poll_once()
    status = one.status()
    assert (status.name, status.site, status.vendor, status.url) == ("roof", "home", "scripted", "scripted://roof")
    assert (status.interval_s, status.snapshot) == (10.0, reading.snapshot)
