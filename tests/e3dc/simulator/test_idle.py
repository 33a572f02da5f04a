from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import Item, Type, tags
from heliobus.e3dc.simulator.settings import CHARGE, DISCHARGE, Period

from .conftest import new_house, request

if TYPE_CHECKING:
    from .conftest import Link, Start


def old(kind: int, day: int, start: tuple[int, int], end: tuple[int, int], *, active: bool = True) -> Item:
    def time(name: str, at: tuple[int, int]) -> Item:
        children = [
            request("EMS_IDLE_PERIOD_HOUR", Type.UCHAR8, at[0]),
            request("EMS_IDLE_PERIOD_MINUTE", Type.UCHAR8, at[1]),
        ]
        return request(f"EMS_IDLE_PERIOD_{name}", Type.CONTAINER, children)

    children = [
        request("EMS_IDLE_PERIOD_TYPE", Type.UCHAR8, kind),
        request("EMS_IDLE_PERIOD_DAY", Type.UCHAR8, day),
        request("EMS_IDLE_PERIOD_ACTIVE", Type.BOOL, active),
        time("START", start),
        time("END", end),
    ]
    return request("EMS_IDLE_PERIOD", Type.CONTAINER, children)


async def test_old_periods(start: Start) -> None:
    link = await (await start()).log_in()
    before = (await link.one("EMS_REQ_GET_IDLE_PERIODS")).children
    assert len(before) == 14
    wanted = old(DISCHARGE, 6, (22, 15), (23, 59))
    done = await link.one(request("EMS_REQ_SET_IDLE_PERIODS", Type.CONTAINER, [wanted]))
    assert done == Item(tags.EMS_SET_IDLE_PERIODS, Type.UCHAR8, 1)
    after = (await link.one("EMS_REQ_GET_IDLE_PERIODS")).children
    assert after[-1] == wanted
    assert after[:-1] == before[:-1]


@pytest.mark.parametrize(
    "wrong",
    [
        old(DISCHARGE, 7, (1, 0), (2, 0)),
        old(2, 0, (1, 0), (2, 0)),
        old(CHARGE, 0, (2, 0), (1, 0)),
        old(CHARGE, 0, (2, 0), (24, 0)),
        request("EMS_IDLE_PERIOD", Type.CONTAINER, []),
        request("EMS_IDLE_PERIOD"),
    ],
)
async def test_wrong_old_periods_change_nothing(start: Start, wrong: Item) -> None:
    link = await (await start()).log_in()
    before = await link.one("EMS_REQ_GET_IDLE_PERIODS")
    right = old(CHARGE, 0, (1, 0), (2, 0))
    assert (await link.one(request("EMS_REQ_SET_IDLE_PERIODS", Type.CONTAINER, [right, wrong]))).number == 0
    assert await link.one("EMS_REQ_GET_IDLE_PERIODS") == before


def new(start: int, stop: int, *, weekdays: int = 127, name: str = "Urlaub", kind: int = CHARGE) -> Item:
    children = [
        request("EMS_PERIOD_ACTIVE", Type.BOOL, value=True),
        request("EMS_PERIOD_DESCRIPTION", Type.CSTRING, name),
        request("EMS_PERIOD_WEEKDAYS", Type.UCHAR8, weekdays),
        Item(tags.EMS_PERIOD_START, Type.UINT32, start),
        Item(tags.EMS_PERIOD_STOP, Type.UINT32, stop),
        request("EMS_IDLE_PERIOD_TYPE", Type.UCHAR8, kind),
    ]
    return request("EMS_IDLE_PERIOD_2", Type.CONTAINER, children)


async def set_new(link: Link, *periods: Item) -> Item:
    return await link.one(request("EMS_REQ_SET_IDLE_PERIODS_2", Type.CONTAINER, list(periods)))


async def test_new_periods_replace_all_that_there_were(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    before = (await link.one("EMS_REQ_GET_IDLE_PERIODS_2")).children
    assert {tags.label(child.tag) for child in before[0].children} >= {"EMS_PERIOD_START", "EMS_PERIOD_STOP"}
    assert before[0].get(tags.EMS_PERIOD_START) == Item(tags.EMS_PERIOD_START, Type.UINT32, 22 * 3600)
    wanted = [new(6 * 3600, 7 * 3600, name="Früh"), new(23 * 3600, 4 * 3600, kind=DISCHARGE)]
    assert (await set_new(link, *wanted)).children == wanted
    assert (await link.one("EMS_REQ_GET_IDLE_PERIODS_2")).children == wanted
    bench.simulator.faults = ("idle-periods-unchanged",)
    assert (await link.one("EMS_REQ_GET_IDLE_PERIODS_2")).value == []


async def test_new_periods_in_minutes(start: Start) -> None:
    bench = await start(faults=("idle-periods-in-minutes",))
    link = await bench.log_in()
    first = (await link.one("EMS_REQ_GET_IDLE_PERIODS_2")).children[0]
    assert first.get(tags.EMS_PERIOD_START) == Item(tags.EMS_PERIOD_START, Type.UINT32, 22 * 60)
    assert (await set_new(link, new(60, 90))).children == [new(60, 90)]
    assert bench.simulator.device.settings.periods[0].start == 3600


@pytest.mark.parametrize(
    "wrong",
    [
        new(86_400, 0),
        new(0, 86_400),
        new(0, 1, kind=7),
        new(0, 1, name="x" * 300),
        new(0, 1, weekdays=200),
        request("EMS_IDLE_PERIOD_2"),
    ],
)
async def test_wrong_new_periods_change_nothing(start: Start, wrong: Item) -> None:
    link = await (await start()).log_in()
    before = await link.one("EMS_REQ_GET_IDLE_PERIODS_2")
    assert (await set_new(link, new(0, 1), wrong)).error is not None
    assert (await link.one("EMS_REQ_SET_IDLE_PERIODS_2")).error is not None
    assert await link.one("EMS_REQ_GET_IDLE_PERIODS_2") == before


async def test_old_firmware_knows_the_old_ones_only(start: Start) -> None:
    link = await (await start(profile="s10e-2019")).log_in()
    assert (await link.one("EMS_REQ_GET_IDLE_PERIODS")).children
    assert (await link.one("EMS_REQ_GET_IDLE_PERIODS_2")).error is not None


def test_a_period_over_midnight() -> None:
    friday_night = Period(active=True, description="", weekdays=1 << 4, start=22 * 3600, stop=6 * 3600, type=CHARGE)
    assert friday_night.holds(4, 23 * 3600)
    assert friday_night.holds(5, 5 * 3600)
    assert not friday_night.holds(5, 23 * 3600)
    assert not friday_night.holds(4, 5 * 3600)
    sunday_night = Period(active=True, description="", weekdays=1 << 6, start=22 * 3600, stop=6 * 3600, type=CHARGE)
    assert sunday_night.holds(0, 0)


async def test_what_is_blocked_now(start: Start) -> None:
    settings = (await start()).simulator.device.settings
    assert new_house().house.timezone == "Europe/Berlin"
    tuesday_night = datetime(2026, 6, 16, 23, 0)  # noqa: DTZ001 - local
    assert settings.blocked(DISCHARGE, tuesday_night)
    assert not settings.blocked(CHARGE, tuesday_night)
    settings.registers[tags.EMS_REQ_GET_IDLE_PERIODS_ENABLE] = False
    assert not settings.blocked(DISCHARGE, tuesday_night)
