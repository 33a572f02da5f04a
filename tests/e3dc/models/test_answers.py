from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.models import is_absent, pair, plain, refusal
from heliobus.e3dc.models.answers import RESPONSE
from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Oversized, Timestamp, Type, tags
from heliobus.errors import LockedOut, NotSupported, OutOfBounds, ProtocolError, Refused

PV, BAT, STATUS = Item(tags.EMS_REQ_POWER_PV), Item(tags.EMS_REQ_POWER_BAT), Item(tags.EMS_REQ_SYS_STATUS)
UNTIL = datetime(2026, 1, 1, tzinfo=UTC)


def answer(request: Item, value: int = 1) -> Item:
    return Item(request.tag | RESPONSE, Type.INT32, value)


def failed(tag: int) -> Item:
    return Item(tag, Type.ERROR, ErrorAnswer(ErrorCode.NOT_AVAILABLE))


def data(index: int, *children: Item, asked: bool) -> Item:
    tag = tags.BAT_REQ_DATA if asked else tags.BAT_DATA
    return Item(tag, Type.CONTAINER, [Item(tags.BAT_INDEX, Type.UINT16, index), *children])


@given(st.lists(st.sampled_from([PV, BAT, STATUS, Item(tags.INFO_REQ_TIME)]), unique=True), st.randoms())
def test_complete_answers_are_paired_in_any_order(requests: list[Item], random: object) -> None:
    answers = [answer(request, place) for place, request in enumerate(requests)]
    assert pair(requests, answers) == answers
    shuffled = answers.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert pair(requests, shuffled) == answers


def test_an_irregular_tag_counts_by_its_place() -> None:
    status = Item(0x0100009E, Type.UINT32, 7)  # SPEC 3.1
    assert pair([PV, STATUS, BAT], [answer(PV), status, answer(BAT)]) == [answer(PV), status, answer(BAT)]


def test_an_answer_to_another_request_is_not_taken_by_its_place() -> None:
    assert pair([PV, STATUS], [answer(STATUS), answer(PV)]) == [answer(PV), answer(STATUS)]


def test_a_missing_answer() -> None:
    assert pair([PV, STATUS, BAT], [answer(PV), answer(BAT)]) == [answer(PV), None, answer(BAT)]
    assert pair([PV, BAT], []) == [None, None]


def test_an_error_with_the_tag_of_the_request() -> None:
    error = failed(PV.tag)
    assert pair([PV, BAT], [error, answer(BAT)]) == [error, answer(BAT)]
    assert pair([PV, BAT, STATUS], [answer(BAT), error]) == [error, answer(BAT), None]


def test_the_answer_of_another_namespace_is_none() -> None:
    assert pair([PV], [Item(tags.RSCP_AUTHENTICATION, Type.UCHAR8, 10)]) == [None]


def test_containers_are_told_apart_by_their_index() -> None:
    first, second, third = (data(index, asked=True) for index in (0, 1, 2))
    answers = [data(2, asked=False), data(0, asked=False)]
    assert pair([first, second, third], answers) == [answers[1], None, answers[0]]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (ErrorCode.AGAIN, LockedOut),
        (ErrorCode.ALREADY_IN_USE, LockedOut),
        (ErrorCode.UNSPECIFIED, LockedOut),
        (ErrorCode.UNKNOWN_TAG, NotSupported),
        (ErrorCode.NOT_AVAILABLE, NotSupported),
        (ErrorCode.NOT_HANDLED, NotSupported),
        (ErrorCode.ACCESS_DENIED, Refused),
        (ErrorCode.OUT_OF_BOUNDS, OutOfBounds),
        (ErrorCode.FORMAT, ProtocolError),
        (77, ProtocolError),
        (None, ProtocolError),
    ],
)
def test_what_an_error_means_for_a_value_that_was_needed(code: int | None, error: type[Exception]) -> None:
    raised = refusal(None if code is None else ErrorAnswer(code), "the reserve", until=UNTIL)
    assert type(raised) is error
    assert "the reserve" in str(raised)


def test_what_a_device_does_not_have_is_no_fault() -> None:
    absent = {code for code in ErrorCode if is_absent(ErrorAnswer(code))}
    assert absent == {
        ErrorCode.NOT_HANDLED,
        ErrorCode.ACCESS_DENIED,
        ErrorCode.NOT_AVAILABLE,
        ErrorCode.UNKNOWN_TAG,
    }
    assert not is_absent(None)


def test_plain_items() -> None:
    items = [
        answer(PV, 4687),
        data(0, Item(tags.BAT_RSOC, Type.FLOAT32, 50.5), failed(tags.BAT_FCC), asked=False),
        data(1, asked=False),
        Item(tags.INFO_UTC_TIME, Type.TIMESTAMP, Timestamp(5, 500_000_000)),
        Item(tags.WB_EXTERN_DATA, Type.BYTEARRAY, b"\x00\xff"),
        Item(tags.EMS_AUTARKY, Type.FLOAT32, math.nan),
        Item(tags.INFO_SW_RELEASE, Type.CSTRING, Oversized(5000)),
        Item(0x01ABCDEF, Type.BOOL, True),
        Item(tags.EMS_MODE),
    ]
    assert json.loads(json.dumps(plain(items), allow_nan=False)) == {
        "EMS_POWER_PV": 4687,
        "BAT_DATA": [{"BAT_INDEX": 0, "BAT_RSOC": 50.5, "BAT_FCC": {"error": "NOT_AVAILABLE"}}, {"BAT_INDEX": 1}],
        "INFO_UTC_TIME": 5.5,
        "WB_EXTERN_DATA": "00ff",
        "EMS_AUTARKY": "nan",
        "INFO_SW_RELEASE": {"bytes": 5000},
        "0x01abcdef": True,
        "EMS_MODE": None,
    }
