from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Type, tags
from heliobus.e3dc.simulator.settings import EXCLUSIVE, REGISTERS, Register

from .conftest import request

if TYPE_CHECKING:
    from .conftest import Bench, Link, Start

OUT_OF_BOUNDS = ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)
FORMAT = ErrorAnswer(ErrorCode.FORMAT)
IDLE, DISCHARGE, CHARGE, GRID_CHARGE = range(1, 5)


def set_power(mode: int, value: int) -> Item:
    children = [
        request("EMS_REQ_SET_POWER_MODE", Type.UCHAR8, mode),
        request("EMS_REQ_SET_POWER_VALUE", Type.INT32, value),
    ]
    return request("EMS_REQ_SET_POWER", Type.CONTAINER, children)


async def battery(link: Link) -> float | None:
    return (await link.one("EMS_REQ_POWER_BAT")).number


# -- SET_POWER


async def test_a_command_falls_back_unless_it_is_repeated(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    before = await battery(link)
    assert await link.one(set_power(DISCHARGE, 400)) == Item(tags.EMS_SET_POWER, Type.INT32, 400)
    assert await battery(link) == -400
    for _ in range(20):
        await bench.clock.advance(5)
        await link.one(set_power(DISCHARGE, 400))
    assert await battery(link) == -400
    assert len(bench.simulator.plant.overrides) == 1
    await bench.clock.advance(9)
    assert await battery(link) == -400
    await bench.clock.advance(1)
    assert await battery(link) == pytest.approx(before, rel=0.2)


async def test_a_command_is_what_the_house_did(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    await link.one(set_power(DISCHARGE, 400))
    assert bench.simulator.plant.at(bench.clock.now()).battery == 400
    await bench.clock.advance(2)
    await link.one(set_power(IDLE, 0))
    assert await battery(link) == 0
    await bench.clock.advance(2)
    await link.one(set_power(0, 0))
    assert await battery(link) not in {0, -400}
    begun = bench.clock.now()
    await bench.clock.advance(60)
    now = bench.simulator.plant.at(bench.clock.now())
    assert now.battery == pytest.approx(bench.simulator.plant.at(begun).battery, rel=0.2)
    first, second = bench.simulator.plant.overrides
    assert (first.power, second.power) == (400, 0)
    assert second.end == begun


async def test_automatic_at_once_leaves_no_trace(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    await link.one(set_power(GRID_CHARGE, 100))
    await link.one(set_power(0, 0))
    await link.one(set_power(0, 0))
    assert bench.simulator.plant.overrides == ()


async def test_charging_takes_only_what_the_sun_leaves(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    now = bench.simulator.plant.at(bench.clock.now())
    surplus = now.pv - now.load
    assert surplus > 100
    most = bench.simulator.plant.house.max_charge
    await link.one(set_power(CHARGE, 100_000))
    assert await battery(link) == pytest.approx(min(surplus, most), abs=0.5)
    await link.one(set_power(GRID_CHARGE, 50))
    assert await battery(link) == 50


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (set_power(5, 100), OUT_OF_BOUNDS),
        (set_power(DISCHARGE, -100), OUT_OF_BOUNDS),
        (request("EMS_REQ_SET_POWER", Type.CONTAINER, []), FORMAT),
        (request("EMS_REQ_SET_POWER"), FORMAT),
    ],
)
async def test_what_is_no_command(start: Start, asked: Item, error: ErrorAnswer) -> None:
    bench = await start()
    assert (await (await bench.log_in()).one(asked)).error == error
    assert bench.simulator.plant.overrides == ()


# -- limits


def settings(**values: int | bool) -> Item:
    children = [
        request(f"EMS_{name}", Type.BOOL if isinstance(value, bool) else Type.UINT32, value)
        for name, value in values.items()
    ]
    return request("EMS_REQ_SET_POWER_SETTINGS", Type.CONTAINER, children)


async def read_settings(link: Link) -> dict[str, object]:
    answer = await link.one("EMS_REQ_GET_POWER_SETTINGS")
    return {tags.label(child.tag).removeprefix("EMS_"): child.value for child in answer.children}


async def results(link: Link, asked: Item) -> dict[int, object]:
    answer = await link.one(asked)
    assert {child.type for child in answer.children} <= {Type.CHAR8, Type.ERROR}
    return {child.tag: child.value for child in answer.children}


async def test_limits_are_kept(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    wanted = settings(POWER_LIMITS_USED=True, MAX_CHARGE_POWER=300, MAX_DISCHARGE_POWER=20, DISCHARGE_START_POWER=65)
    assert await results(link, wanted) == {
        tags.EMS_RES_POWER_LIMITS_USED: 0,
        tags.EMS_RES_MAX_CHARGE_POWER: 0,
        tags.EMS_RES_MAX_DISCHARGE_POWER: 1,  # done, but less than recommended
        tags.EMS_RES_DISCHARGE_START_POWER: 0,
    }
    now = await read_settings(link)
    assert now["POWER_LIMITS_USED"] is True
    assert (now["MAX_CHARGE_POWER"], now["MAX_DISCHARGE_POWER"], now["DISCHARGE_START_POWER"]) == (300, 20, 65)
    assert (await link.one("EMS_REQ_USED_CHARGE_LIMIT")).value == 300
    assert await results(link, settings(POWERSAVE_ENABLED=False)) == {tags.EMS_RES_POWERSAVE_ENABLED: 0}
    assert (await read_settings(link))["POWERSAVE_ENABLED"] == 0


async def test_limits_beyond_the_battery_change_nothing(start: Start) -> None:
    link = await (await start()).log_in()
    before = await read_settings(link)
    assert await results(link, settings(MAX_CHARGE_POWER=100_000)) == {tags.EMS_RES_MAX_CHARGE_POWER: -1}
    assert (await link.one(settings(WEATHER_FORECAST_MODE=1))).children[0].error is not None
    assert (await link.one("EMS_REQ_SET_POWER_SETTINGS")).error == FORMAT
    assert await read_settings(link) == before


# -- registers


@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: tags.label(register.read))
async def test_what_is_set_is_read(start: Start, register: Register) -> None:
    link = await (await start()).log_in()
    wanted = register.high if register.initial != register.high else register.low
    kind = Type.FLOAT32 if isinstance(register.initial, float) else Type.UINT32
    done = await link.one(Item(register.write, kind, wanted))
    assert done.error is None
    assert done.value in {None, True, wanted}
    assert (await link.one(Item(register.read))).number == wanted
    assert (await link.one(Item(register.write, Type.INT32, int(register.high) + 1))).error == OUT_OF_BOUNDS
    assert (await link.one(Item(register.write, Type.CSTRING, "x"))).error == FORMAT
    assert (await link.one(Item(register.read))).number == wanted


async def test_the_battery_is_before_the_car_or_for_it(start: Start) -> None:
    link = await (await start()).log_in()
    to_car = request("EMS_REQ_SET_BATTERY_TO_CAR_MODE", Type.UCHAR8, 1)
    assert await link.one(to_car) == Item(tags.EMS_SET_BATTERY_TO_CAR_MODE, Type.UCHAR8, 1)
    assert [(await link.one(Item(tag))).number for tag in EXCLUSIVE] == [1, 0]
    await link.one(request("EMS_REQ_SET_BATTERY_BEFORE_CAR_MODE", Type.UCHAR8, 1))
    assert [(await link.one(Item(tag))).number for tag in EXCLUSIVE] == [0, 1]


# -- reserve


async def reserve(link: Link, asked: Item | str = "SE_REQ_EP_RESERVE") -> dict[int, float | None]:
    return {child.tag: child.number for child in (await link.one(asked)).children}


@pytest.mark.parametrize(("name", "unit"), [("SE_PARAM_EP_RESERVE", "share"), ("SE_PARAM_EP_RESERVE_W", "energy")])
async def test_reserve(start: Start, name: str, unit: str) -> None:
    bench = await start()
    link = await bench.log_in()
    capacity = bench.simulator.plant.house.battery_capacity
    value = 25.0 if unit == "share" else capacity / 4
    index = request("SE_PARAM_INDEX", Type.UCHAR8, 0)
    wanted = [index, request(name, Type.FLOAT32, value)]
    await reserve(link, request("SE_REQ_SET_EP_RESERVE", Type.CONTAINER, wanted))
    now = await reserve(link)
    assert now[tags.SE_PARAM_EP_RESERVE] == pytest.approx(25.0)
    assert now[tags.SE_PARAM_EP_RESERVE_W] == pytest.approx(capacity / 4)
    assert now[tags.SE_PARAM_EP_RESERVE_MAX_W] == capacity
    for wrong in ([index], [request(name, Type.FLOAT32, 1.0)], [index, request(name, Type.FLOAT32, 1e9)]):
        assert (await link.one(request("SE_REQ_SET_EP_RESERVE", Type.CONTAINER, wrong))).error is not None


# -- charging by hand


async def manual(bench: Bench, link: Link) -> dict[str, object]:
    answer = await link.one("EMS_REQ_GET_MANUAL_CHARGE")
    assert answer.get(0x0100003E) is not None
    return {tags.label(child.tag).removeprefix("EMS_MANUAL_CHARGE_"): child.value for child in answer.children}


async def test_manual_charge(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    house = bench.simulator.plant.house
    assert (await manual(bench, link))["ACTIVE"] is False
    assert (await link.one(request("EMS_REQ_START_MANUAL_CHARGE", Type.UINT32, 500))).value is True
    assert await battery(link) == round(house.max_charge)
    await bench.clock.advance(600)
    now = await manual(bench, link)
    assert now["ACTIVE"] is True
    assert now["ENERGY_COUNTER"] == pytest.approx(house.max_charge / 6, abs=1)
    await bench.clock.advance(3600 * 500 / house.max_charge)
    now = await manual(bench, link)
    assert (now["ACTIVE"], now["START_COUNTER"]) == (False, 1)
    assert now["ENERGY_COUNTER"] == pytest.approx(500, abs=1)
    assert (await link.one(request("EMS_REQ_START_MANUAL_CHARGE", Type.UINT32, 500))).value is False  # once a day
    await bench.clock.advance(24 * 3600)
    assert (await link.one(request("EMS_REQ_START_MANUAL_CHARGE", Type.UINT32, 500))).value is True
    await bench.clock.advance(60)
    assert (await link.one(request("EMS_REQ_START_MANUAL_CHARGE", Type.UINT32, 0))).value is True
    assert (await manual(bench, link))["ACTIVE"] is False
    assert await battery(link) != round(house.max_charge) or bench.simulator.plant.overrides[-1].end is not None
