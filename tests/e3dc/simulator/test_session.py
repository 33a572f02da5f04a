from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Timestamp, Type, decode, encode, tags
from heliobus.e3dc.simulator.answering import RESPONSE
from heliobus.e3dc.simulator.device import Device
from heliobus.e3dc.simulator.equipment import PROFILES
from heliobus.e3dc.simulator.session import SYSTEM, USER, Session
from heliobus.simulation.clock import ManualClock

from .conftest import NOON, new_house

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


# -- every tag


def session(profile: str = "s10e-pro") -> Session:
    """A dialogue in which somebody has logged in."""
    device = Device(new_house(), ManualClock(NOON), PROFILES[profile])
    made = Session(device, SYSTEM, {})
    made.level = USER
    return made


LINES = (Path(tags.__file__).parent / "tags.tsv").read_text("utf-8").splitlines()
KNOWN = sorted({tag for line in LINES if not (tag := int(line[:8], 16)) & RESPONSE and tag >> 24 < 0xF0})
"""What may be a request, without the namespaces of the service."""


def in_namespace(tag: int) -> list[int]:
    return [one for one in KNOWN if one >> 24 == tag >> 24]


def test_every_known_tag_has_one_answer() -> None:
    asked = [Item(tag) for tag in KNOWN if tag != tags.RSCP_REQ_AUTHENTICATION]
    assert len(asked) > 2_000
    answers = session().answers(asked)
    assert len(answers) == len(asked)
    codes = {answer.error.code for answer in answers if answer.error}
    assert codes == {
        ErrorCode.ACCESS_DENIED,
        ErrorCode.FORMAT,
        ErrorCode.NOT_AVAILABLE,
    }
    namespaces = {answer.tag >> 24 for answer in answers if answer.error is None}
    assert namespaces >= {
        tags.code(f"{name}_GENERAL_ERROR") >> 24 for name in ("RSCP", "EMS", "DB", "HA", "INFO", "EP")
    }
    for answer in answers:
        decode(encode([answer]))


@pytest.mark.parametrize(
    ("namespace", "index"), [("BAT", 5), ("DCDC", 5), ("PVI", 5), ("PM", 5), ("WB", 3), ("SGR", 5)]
)
def test_every_tag_of_a_container_has_one_answer(namespace: str, index: int) -> None:
    data = tags.code(f"{namespace}_REQ_DATA")
    place = Item(tags.code(f"{namespace}_INDEX"), index, 0)
    inner = [Item(tag, Type.UINT16, 0) for tag in in_namespace(data) if tag not in {data, place.tag}]
    (answer,) = session().answers([Item(data, Type.CONTAINER, [place, *inner])])
    assert len(answer.children) == 1 + len(inner)
    assert sum(child.error is None for child in answer.children) > 5
    assert decode(encode([answer]))[0].tag == answer.tag
    outside = session().answers([child for child in inner if child.tag & 0x00FF0000 == 0])
    assert {answer.error for answer in outside} <= {
        ErrorAnswer(ErrorCode.FORMAT),
        ErrorAnswer(ErrorCode.ACCESS_DENIED),
        None,  # PVI_REQ_INVERTER_COUNT and the like
    }


def test_types_are_those_of_the_lists() -> None:
    different = set()
    for row in SYSTEM.values():
        listed = tags.type_of(row.tag)
        answer = row.answer(Device(new_house(), ManualClock(NOON), PROFILES["s10e"]).moment(), Item(0))
        if answer.error is None and listed is not None and answer.type != listed:
            different.add(tags.label(row.tag))
    assert different == set()


VALUES: dict[int, st.SearchStrategy[Any]] = {
    Type.NONE: st.none(),
    Type.BOOL: st.booleans(),
    Type.CHAR8: st.integers(-128, 127),
    Type.UCHAR8: st.integers(0, 255),
    Type.UINT16: st.integers(0, 9) | st.integers(0, 2**16 - 1),
    Type.INT32: st.integers(-(2**31), 2**31 - 1),
    Type.UINT64: st.integers(0, 2**64 - 1),
    Type.DOUBLE64: st.floats(),
    Type.CSTRING: st.text(max_size=20),
    Type.BYTEARRAY: st.binary(max_size=8),
    Type.TIMESTAMP: st.builds(Timestamp, st.integers(0, 2**31) | st.integers(-(2**63), 2**63 - 1), st.just(0)),
}
TIMES = ["TIME_START", "TIME_INTERVAL", "TIME_SPAN"]
PARAMETERS = [
    "EMS_REQ_SET_POWER_MODE",
    "EMS_REQ_SET_POWER_VALUE",
    "EMS_POWER_LIMITS_USED",
    "EMS_MAX_CHARGE_POWER",
    "EMS_DISCHARGE_START_POWER",
    "EMS_POWERSAVE_ENABLED",
    "EMS_IDLE_PERIOD",
    "EMS_IDLE_PERIOD_2",
    "EMS_IDLE_PERIOD_TYPE",
    "EMS_IDLE_PERIOD_DAY",
    "EMS_IDLE_PERIOD_ACTIVE",
    "EMS_IDLE_PERIOD_START",
    "EMS_IDLE_PERIOD_END",
    "EMS_IDLE_PERIOD_HOUR",
    "EMS_IDLE_PERIOD_MINUTE",
    "EMS_PERIOD_ACTIVE",
    "EMS_PERIOD_START",
    "EMS_PERIOD_STOP",
    "EMS_PERIOD_WEEKDAYS",
    "SE_PARAM_INDEX",
    "SE_PARAM_EP_RESERVE",
    "SE_PARAM_EP_RESERVE_W",
    "HA_DATAPOINT_INDEX",
    "HA_REQ_COMMAND",
    "DB_REQ_HISTORY_TIME_START",
    "DB_REQ_HISTORY_UTC_TIME_START",
    "DB_REQ_HISTORY_TIME_INTERVAL",
    "DB_REQ_HISTORY_TIME_SPAN",
    "WB_EXTERN_DATA",
]


@st.composite
def items(draw: st.DrawFn, tag: int, depth: int) -> Item:
    """An item with any value; containers hold parameters."""
    kind = draw(st.sampled_from([Type.CONTAINER, *VALUES]))
    if kind != Type.CONTAINER:
        return Item(tag, kind, draw(VALUES[kind]))
    names = draw(st.lists(st.sampled_from(PARAMETERS), max_size=6 if depth else 0))
    return Item(tag, kind, [draw(items(tags.code(name), depth - 1)) for name in names])


@st.composite
def requests(draw: st.DrawFn) -> Item:
    """A request of the system, one that nobody knows, or the container of a device with its requests."""
    namespace = draw(st.sampled_from([None, "DB", "BAT", "DCDC", "PVI", "PM", "WB", "SGR"]))
    if namespace == "DB":
        kind = draw(st.sampled_from(["DAY", "WEEK", "MONTH", "YEAR"]))
        times = [draw(items(tags.code(f"DB_REQ_HISTORY_{name}"), 0)) for name in TIMES]
        return Item(tags.code(f"DB_REQ_HISTORY_DATA_{kind}"), Type.CONTAINER, times)
    if namespace is None:
        tag = draw(st.sampled_from(sorted(SYSTEM)) | st.integers(0, 2**32 - 1))
        return draw(items(tag, 3))
    data = tags.code(f"{namespace}_REQ_DATA")
    asked = draw(st.lists(st.sampled_from(in_namespace(data)), max_size=6))
    place = Item(tags.code(f"{namespace}_INDEX"), Type.UINT16, draw(st.integers(0, 2)))
    return Item(data, Type.CONTAINER, [place, *(draw(items(tag, 1)) for tag in asked)])


@settings(max_examples=200)
@given(asked=st.lists(requests(), max_size=4))
def test_no_request_is_too_strange(asked: list[Item]) -> None:
    STRANGE.level = USER
    assert len(decode(STRANGE.answer(decode(encode(asked))))) == len(asked)


STRANGE = session()
