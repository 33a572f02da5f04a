from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Type, tags

if TYPE_CHECKING:
    from .conftest import Start


async def test_a_user_has_level_10(start: Start) -> None:
    link = await (await start()).connect()
    assert await link.log_in("owner@example.org", "portal password") == Item(tags.RSCP_AUTHENTICATION, Type.UCHAR8, 10)
    assert (await link.one("RSCP_REQ_USER_LEVEL")).value == 10


async def test_the_local_user(start: Start) -> None:
    link = await (await start()).connect()
    assert (await link.log_in("local.user", "offline password")).value == 10


@pytest.mark.parametrize(
    ("user", "password"),
    [("owner@example.org", "wrong"), ("nobody", "portal password"), ("local.user", "portal password"), ("", "")],
)
async def test_a_refused_login_is_int32_0(start: Start, user: str, password: str) -> None:
    link = await (await start()).connect()
    assert await link.log_in(user, password) == Item(tags.RSCP_AUTHENTICATION, Type.INT32, 0)
    assert (await link.one("EMS_REQ_POWER_PV")).error == ErrorAnswer(ErrorCode.ACCESS_DENIED)


async def test_a_refused_login_ends_the_one_before(start: Start) -> None:
    link = await (await start()).log_in()
    await link.log_in("owner@example.org", "wrong")
    assert (await link.one("EMS_REQ_POWER_PV")).error == ErrorAnswer(ErrorCode.ACCESS_DENIED)


async def test_nothing_before_the_login(start: Start) -> None:
    link = await (await start()).connect()
    answers = await link.ask("EMS_REQ_POWER_PV", "INFO_REQ_SERIAL_NUMBER", Item(0x01123456))
    assert [answer.tag for answer in answers] == [tags.EMS_POWER_PV, tags.INFO_SERIAL_NUMBER, 0x01923456]
    assert {answer.error for answer in answers} == {ErrorAnswer(ErrorCode.ACCESS_DENIED)}


async def test_one_answer_for_each_request_in_order(start: Start) -> None:
    link = await (await start()).log_in()
    names = ["EMS_REQ_POWER_BAT", "INFO_REQ_SERIAL_NUMBER", "EMS_REQ_POWER_PV", "EMS_REQ_POWER_BAT"]
    answers = await link.ask(*names)
    assert [answer.tag for answer in answers] == [tags.code(name.replace("REQ_", "")) for name in names]


async def test_an_unknown_tag_is_an_error_among_values(start: Start) -> None:
    link = await (await start()).log_in()
    before, unknown, after = await link.ask("EMS_REQ_POWER_PV", Item(0x01123456), "EMS_REQ_POWER_PV")
    assert unknown == Item(0x01923456, Type.ERROR, ErrorAnswer(ErrorCode.UNKNOWN_TAG))
    assert before == after
    assert isinstance(before.value, int)
