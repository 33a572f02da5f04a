from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Type, tags

from .conftest import in_container, request

if TYPE_CHECKING:
    from .conftest import Link, Start


async def states(link: Link) -> dict[object, object]:
    answer = await link.one("HA_REQ_ACTUATOR_STATES")
    return {child.children[0].value: child.children[1].value for child in answer.children}


def command(index: int, text: str) -> Item:
    children = [
        request("HA_DATAPOINT_INDEX", Type.UINT16, index),
        request("HA_REQ_COMMAND", Type.CSTRING, text),
    ]
    return request("HA_REQ_COMMAND_ACTUATOR", Type.CONTAINER, children)


async def test_switches(start: Start) -> None:
    link = await (await start()).log_in()
    names = [
        [child.value for child in datapoint.children]
        for datapoint in (await link.one("HA_REQ_DATAPOINT_LIST")).children
    ]
    assert names == [[1, 3, "Pool"], [4, 3, "Wärmepumpe"], [7, 5, "Garten"]]
    assert await states(link) == {1: 0, 4: 1, 7: 0}
    assert await link.one(command(7, "on")) == Item(tags.HA_COMMAND_ACTUATOR, Type.BOOL, value=True)
    assert (await link.one(command(4, "off"))).value is True
    assert await states(link) == {1: 0, 4: 0, 7: 1}


@pytest.mark.parametrize("wrong", [command(2, "on"), command(1, "toggle")])
async def test_commands_that_fail(start: Start, wrong: Item) -> None:
    link = await (await start()).log_in()
    assert (await link.one(wrong)).value is False
    assert await states(link) == {1: 0, 4: 1, 7: 0}


async def test_what_is_no_command(start: Start) -> None:
    link = await (await start()).log_in()
    assert (await link.one("HA_REQ_COMMAND_ACTUATOR")).error == ErrorAnswer(ErrorCode.FORMAT)


@pytest.mark.parametrize("index", [0, 0xFF])
async def test_sg_ready(start: Start, index: int) -> None:
    link = await (await start()).log_in()
    wish = request("SGR_REQ_SET_STATE", Type.UCHAR8, 3)
    normal, _, raised = await in_container(link, "SGR", Type.UINT16, index, "SGR_REQ_STATE", wish, "SGR_REQ_STATE")
    assert (normal.number, raised.number) == (2, 3)
    too_much = request("SGR_REQ_SET_STATE", Type.UCHAR8, 9)
    assert (await in_container(link, "SGR", Type.UINT16, index, too_much))[0].error is not None
    used = (await in_container(link, "SGR", Type.UINT16, index, "SGR_REQ_USED_POWER"))[0]
    assert used.tag == 0x12800009  # not what one would compute


async def test_modbus(start: Start) -> None:
    link = await (await start()).log_in()
    assert (await link.one("MBS_REQ_MODBUS_ENABLED")).value is False
    await link.one(request("MBS_REQ_SET_MODBUS_ENABLED", Type.BOOL, value=True))
    assert (await link.one("MBS_REQ_MODBUS_ENABLED")).value is True
    connectors = await link.one("MBS_REQ_MODBUS_CONNECTORS")
    assert connectors.children[0].get(tags.MBS_MODBUS_CONNECTOR_ENABLED) is not None
    assert (await link.one("MBS_REQ_SET_MODBUS_ENABLED")).error is not None
