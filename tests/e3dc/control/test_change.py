from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.e3dc.control import Change, WriteSetting, carry_out
from heliobus.e3dc.control.change import flat, same
from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Type, tags
from heliobus.errors import ConnectionLost, LockedOut, NotSupported, ProtocolError, Unreachable
from heliobus.model.command import Outcome, Status
from heliobus.simulation.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime(2026, 6, 1, tzinfo=UTC)
READ, WRITE = Item(tags.EMS_REQ_BATTERY_TO_CAR_MODE), Item(tags.EMS_REQ_SET_BATTERY_TO_CAR_MODE, Type.UCHAR8, 1)
COMMAND = WriteSetting(name="car", value=True)
CHANGE = Change(
    state=[READ],
    words=flat,
    write=lambda _: [WRITE],
    wanted={"EMS_BATTERY_TO_CAR_MODE": 1},
)


def state(value: int) -> Item:
    return Item(tags.EMS_BATTERY_TO_CAR_MODE, Type.UCHAR8, value)


def echo(kind: int = Type.UCHAR8, value: Any = 1) -> Item:
    return Item(tags.EMS_SET_BATTERY_TO_CAR_MODE, kind, value)


def refused(code: ErrorCode = ErrorCode.ACCESS_DENIED) -> Item:
    return echo(Type.ERROR, ErrorAnswer(code))


class Device:
    """Answers one after the other what it was given, the last one for ever."""

    def __init__(self, states: Sequence[Item | Exception | None], written: Item | Exception | None) -> None:
        self.states = list(states)
        self.written = written
        self.asked: list[Item] = []

    async def __call__(self, items: Sequence[Item], *, repeatable: bool = True) -> list[Item | None]:
        self.asked += items
        told: Item | Exception | None = self.written
        if items == CHANGE.state:
            assert repeatable
            told = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if isinstance(told, Exception):
            raise told
        return [told]


async def carried_out(device: Device, change: Change = CHANGE, *, dry_run: bool = False) -> Outcome:
    clock = ManualClock(START)
    task = asyncio.create_task(carry_out(change, command=COMMAND, ask=device, clock=clock, dry_run=dry_run))
    while not task.done():
        await clock.advance(1)
    return await task


async def test_applied() -> None:
    device = Device([state(0), state(1)], echo())
    outcome = await carried_out(device)
    assert outcome.status is Status.APPLIED
    assert outcome.before == {"EMS_BATTERY_TO_CAR_MODE": 0}
    assert outcome.requested == outcome.read_back == {"EMS_BATTERY_TO_CAR_MODE": 1}
    assert outcome.sent == ("Item(EMS_REQ_SET_BATTERY_TO_CAR_MODE, UCHAR8, 1)",)
    assert device.asked == [READ, WRITE, READ]


async def test_it_may_take_a_while_to_show() -> None:
    outcome = await carried_out(Device([state(0), state(0), ConnectionLost("x"), state(1)], echo()))
    assert outcome.status is Status.APPLIED


async def test_what_is_so_already_is_not_written() -> None:
    device = Device([state(1)], echo())
    assert (await carried_out(device)).status is Status.APPLIED
    assert device.asked == [READ]
    assert (await carried_out(device, replace(CHANGE, always=True))).sent
    assert WRITE in device.asked


async def test_a_dry_run_asks_nothing() -> None:
    device = Device([state(0)], echo())
    plan = await carried_out(device, dry_run=True)
    assert plan.status is Status.PLANNED
    assert plan.sent
    assert device.asked == []


@pytest.mark.parametrize(
    ("answer", "status", "note"),
    [
        (refused(), Status.REJECTED, "ACCESS_DENIED"),
        (echo(Type.BOOL, value=False), Status.REJECTED, "says no"),
        (echo(), Status.ACCEPTED, "None"),
        (echo(value=0), Status.ACCEPTED, "None"),  # an echo of something else is no refusal
        (Item(tags.EMS_RES_MAX_CHARGE_POWER, Type.CHAR8, -1), Status.REJECTED, "out of range"),
        (Item(tags.EMS_RES_MAX_CHARGE_POWER, Type.CHAR8, -2), Status.ACCEPTED, "later"),
        (Item(tags.EMS_RES_MAX_CHARGE_POWER, Type.CHAR8, 1), Status.ACCEPTED, "recommended"),
        (Item(tags.EMS_SET_POWER_SETTINGS, Type.CONTAINER, [refused()]), Status.REJECTED, "ACCESS_DENIED"),
        (None, Status.UNKNOWN, "did not answer"),
        (ConnectionLost("gone"), Status.UNKNOWN, "gone"),
        (ProtocolError("nonsense"), Status.UNKNOWN, "nonsense"),
        (LockedOut("busy", until=START), Status.UNKNOWN, "busy"),
    ],
)
async def test_what_the_device_does_not_do(answer: Item | Exception | None, status: Status, note: str) -> None:
    outcome = await carried_out(Device([state(0)], answer))
    assert outcome.status is status
    assert note in str(outcome.note)


async def test_a_no_in_any_type() -> None:
    confirming = replace(CHANGE, confirms=True)
    assert (await carried_out(Device([state(0)], echo(value=0)), confirming)).status is Status.REJECTED


async def test_without_an_answer_the_state_tells() -> None:
    outcome = await carried_out(Device([state(0), state(1)], ConnectionLost("gone")))
    assert outcome.status is Status.APPLIED


async def test_a_state_that_is_not_told_is_no_proof() -> None:
    blind = replace(CHANGE, blind=True, always=True)
    assert (await carried_out(Device([state(0)], echo()), blind)).status is Status.APPLIED
    assert (await carried_out(Device([state(0)], ConnectionLost("gone")), blind)).status is Status.UNKNOWN


async def test_what_was_not_sent_is_raised() -> None:
    with pytest.raises(Unreachable):
        await carried_out(Device([state(0)], Unreachable("nobody there")))


@pytest.mark.parametrize("told", [None, Item(READ.tag, Type.ERROR, ErrorAnswer(ErrorCode.UNKNOWN_TAG))])
async def test_what_the_device_does_not_know_is_not_written(told: Item | None) -> None:
    device = Device([told], echo())
    with pytest.raises(NotSupported, match="EMS_REQ_BATTERY_TO_CAR_MODE"):
        await carried_out(device)
    assert WRITE not in device.asked


async def test_whom_to_tell_that_it_was_taken() -> None:
    taken = []
    change = replace(CHANGE, taken=lambda: taken.append(1))
    await carried_out(Device([state(0)], refused()), change)
    assert taken == []
    await carried_out(Device([state(0)], echo()), change)
    assert taken == [1]


@pytest.mark.parametrize(
    ("got", "wanted", "equal"),
    [
        *((1, True, True), (0, True, False), (None, 0, False), ("a", "a", True)),
        *((0.1200000047, 0.12, True), (20.0, 20, True), (1499.9, 1500.0, True), (1490.0, 1500.0, False)),
        *((4999, 5000, False), (5000, 5000, True)),
    ],
)
def test_words_that_mean_the_same(got: Any, wanted: Any, *, equal: bool) -> None:
    assert same(got, wanted) is equal
