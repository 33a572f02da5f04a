from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Type, tags

from .conftest import NOON, request

if TYPE_CHECKING:
    from .conftest import Link, Start

NIGHT = datetime(2026, 6, 20, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("at", [NOON, NIGHT])
@pytest.mark.parametrize("profile", ["s10e", "s10e-pro"])
async def test_live_values(start: Start, at: datetime, profile: str) -> None:
    bench = await start(at=at, profile=profile)
    link = await bench.log_in()
    names = ("PV", "ADD", "GRID", "HOME", "WB_ALL", "BAT")
    answers = await link.ask(*(f"EMS_REQ_POWER_{name}" for name in names))
    assert {answer.type for answer in answers} == {Type.INT32}
    pv, add, grid, home, wallboxes, battery = (int(answer.number or 0) for answer in answers)
    assert pv - add + grid == home + wallboxes + battery
    now = bench.simulator.plant.at(at)
    assert pv - add == pytest.approx(now.pv, abs=0.5)
    assert battery == pytest.approx(-now.battery, abs=0.5)
    assert (add < 0) == (profile == "s10e-pro" and at == NOON)
    soc = await link.one("EMS_REQ_BAT_SOC")
    assert (soc.type, soc.value) == (Type.UCHAR8, round(now.soc))
    mode = (await link.one("EMS_REQ_MODE")).value
    assert mode == (0 if battery == 0 else 2 if battery > 0 else 1)


async def specs(link: Link) -> dict[str, object]:
    answer = await link.one("EMS_REQ_GET_SYS_SPECS")
    assert answer.tag == tags.EMS_GET_SYS_SPECS == 0x01800098
    found: dict[str, object] = {}
    for spec in answer.children:
        index, name, value = spec.children
        assert index.tag == tags.EMS_SYS_SPEC_INDEX
        found[str(name.text)] = value.error or value.value
    return found


async def test_specifications(start: Start) -> None:
    bench = await start()
    found = await specs(await bench.log_in())
    house = bench.simulator.plant.house
    assert found["installedBatteryCapacity"] == round(house.battery_capacity)
    assert found["maxBatDischargPower"] == round(house.max_discharge)  # their spelling
    assert found["maxPvPower"] == ErrorAnswer(ErrorCode.NOT_AVAILABLE)


async def system_status(link: Link) -> int:
    answer = await link.one("EMS_REQ_SYS_STATUS")
    assert answer.tag == 0x0100009E  # not what one would compute
    assert answer.type == Type.UINT32
    return int(answer.number or 0)


async def test_status_bits_follow_the_settings(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    assert await system_status(link) == 0b00_1100_1000_1011_1111
    assert (await link.one("EMS_REQ_STATUS")).number == 0b100
    bench.simulator.device.settings.powersave = False
    charge_idle = [
        request("EMS_IDLE_PERIOD_TYPE", Type.UCHAR8, 0),
        request("EMS_IDLE_PERIOD_DAY", Type.UCHAR8, 5),  # NOON is a Saturday
        request("EMS_IDLE_PERIOD_ACTIVE", Type.BOOL, value=True),
        request("EMS_IDLE_PERIOD_START", Type.CONTAINER, clock(12, 0)),
        request("EMS_IDLE_PERIOD_END", Type.CONTAINER, clock(13, 0)),
    ]
    period = request("EMS_IDLE_PERIOD", Type.CONTAINER, charge_idle)
    assert (await link.one(request("EMS_REQ_SET_IDLE_PERIODS", Type.CONTAINER, [period]))).number == 1
    assert await system_status(link) == 0b01_0100_1000_1011_1111
    assert (await link.one("EMS_REQ_STATUS")).number == 0b10_0101


def clock(hour: int, minute: int) -> list[object]:
    return [
        request("EMS_IDLE_PERIOD_HOUR", Type.UCHAR8, hour),
        request("EMS_IDLE_PERIOD_MINUTE", Type.UCHAR8, minute),
    ]


async def test_reserve_reached_in_the_morning(start: Start) -> None:
    bench = await start(at=NIGHT)
    link = await bench.log_in()
    reached = bench.simulator.plant.at(NIGHT).soc <= bench.simulator.plant.house.reserve_soc + 0.005
    assert bool(await system_status(link) >> 20 & 1) == reached
    bench.simulator.device.settings.reserve = 100.0
    assert await system_status(link) >> 20 & 1
