from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Type
from heliobus.e3dc.simulator.system import DENIED

from .conftest import request

if TYPE_CHECKING:
    from .conftest import Start

DENIAL = ErrorAnswer(ErrorCode.ACCESS_DENIED)


async def test_what_users_must_not(start: Start) -> None:
    link = await (await start()).log_in()
    answers = await link.ask(*(Item(tag) for tag in sorted(DENIED)))
    assert [answer.tag for answer in answers] == [tag | 0x00800000 for tag in sorted(DENIED)]
    assert {answer.error for answer in answers} == {DENIAL}


@pytest.mark.parametrize("name", ["DIAG_REQ_CURRENT_ISSUES", "SERVER_REQ_PING", "DB_RECOVERY_REQ_STATUS"])
async def test_namespaces_of_the_service(start: Start, name: str) -> None:
    link = await (await start()).log_in()
    assert (await link.one(name)).error == DENIAL


async def test_dangerous_requests_are_noted(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    assert bench.simulator.device.acts == []
    await link.ask("EMS_REQ_EMERGENCY_POWER_RETRY", "EMS_REQ_POWER_PV", "SYS_REQ_SYSTEM_REBOOT")
    assert bench.simulator.device.acts == ["EMS_REQ_EMERGENCY_POWER_RETRY", "SYS_REQ_SYSTEM_REBOOT"]


async def test_emergency_power_is_possible(start: Start) -> None:
    link = await (await start()).log_in()
    names = ("READY_FOR_SWITCH", "GRID_CONNECTED", "ISLAND_GRID", "INVALID_STATE", "POSSIBLE")
    answers = await link.ask(*(f"EP_REQ_IS_{name}" for name in names))
    assert [answer.value for answer in answers] == [True, True, False, False, True]


async def test_protocol_version(start: Start) -> None:
    link = await (await start()).log_in()
    answer = await link.one(request("RSCP_REQ_SET_PROTOCOL_VERSION", Type.UCHAR8, 1))
    assert answer == Item(0x00800009, Type.UCHAR8, 1)
