"""V4's calls, and what its answers mean."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import (
    AuthenticationError,
    DeadlineExceeded,
    Error,
    NotSupported,
    ProtocolError,
    Refused,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.growatt.protocol import Blocked, Frequent, v4
from heliobus.growatt.protocol.codes import TokenRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES: Mapping[int, type[Error]] = {
    -1: UsageError,
    1: TransportError,
    2: TokenRefused,
    3: AuthenticationError,
    4: NotSupported,
    5: Unreachable,
    6: Refused,
    7: NotSupported,
    8: UsageError,
    9: UsageError,
    10: UsageError,
    11: UsageError,
    12: AuthenticationError,
    15: TransportError,
    16: DeadlineExceeded,
    18: TransportError,
    100: Frequent,
    101: AuthenticationError,
    102: Frequent,
    105: Frequent,
    999: Refused,
}


def judged(body: bytes, *, name: str = "queryLastData", status: int = 200, location: str | None = None) -> Any:
    return v4.content(name, status=status, body=body, location=location, retry_after=None)


def coded(code: int, message: str = "", data: Any = None) -> bytes:
    return json.dumps({"code": code, "data": data, "message": message}).encode()


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_an_error_with_a_remedy(code: int) -> None:
    with pytest.raises(CODES[code]) as error:
        judged(coded(code, "THE_SERVERS_WORDS"))
    assert type(error.value) is CODES[code]
    assert "THE_SERVERS_WORDS" in error.value.what()
    assert str(code) in error.value.what()
    assert error.value.remedy


def test_the_list_of_codes_is_whole() -> None:
    assert {*CODES} - {999} == {*v4.MEANINGS}


@pytest.mark.parametrize(("name", "seconds"), [("queryLastData", 300.0), ("setPower", 5.0), ("queryDeviceList", 5.0)])
def test_too_early_waits_for_the_calls_own_interval(name: str, seconds: float) -> None:
    with pytest.raises(Frequent) as error:
        judged(coded(102), name=name)
    assert error.value.seconds == seconds


def test_what_the_server_says_of_the_wait_counts() -> None:
    with pytest.raises(Frequent) as error:
        judged(coded(429, "API-level rate limited for clientId=client***, retry after 43217ms"))
    assert error.value.seconds == pytest.approx(43.217)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"", 200, TransportError),
        (b'{"code": 0, "data', 200, ProtocolError),
        (b"[]", 200, ProtocolError),
        (b'{"data": 1}', 200, ProtocolError),
        (b"<html>maintenance</html>", 200, TransportError),
        (b'<html><form action="/login">', 200, TokenRefused),
        (b"<html>", 403, Blocked),
        (b"<html>", 405, Blocked),
        (b"", 502, TransportError),
        (b"", 404, ProtocolError),
    ],
)
def test_what_is_no_answer(body: bytes, status: int, kind: type[Error]) -> None:
    with pytest.raises(kind):
        judged(body, status=status)


@given(st.binary(max_size=80))
def test_any_bytes_are_data_or_an_error_of_ours(body: bytes) -> None:
    with suppress(Error):
        judged(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["code", "data", "message", "noah"]), inner, max_size=4)
        ),
    )
)
def test_any_json_is_data_or_an_error_of_ours(answer: Any) -> None:
    with suppress(Error):
        v4.listed("queryLastData", judged(json.dumps(answer).encode()))


def test_a_question_has_its_parameters_and_no_others() -> None:
    asked = v4.question("queryLastData", deviceSn="A,B", deviceType="noah")
    assert asked == (
        "POST",
        "v4/new-api/queryLastData",
        {"deviceSn": "A,B", "deviceType": "noah"},
        None,
        None,
        "application/json",
    )
    for wrong in ({}, {"deviceSn": "A"}, {"deviceSn": "A", "deviceType": "noah", "more": "1"}):
        with pytest.raises(UsageError):
            v4.question("queryLastData", **wrong)
    with pytest.raises(UsageError, match="not for the kind 'min'"):
        v4.question("setGridCharge", deviceSn="A", deviceType="min", value="1")
    with pytest.raises(UsageError):
        v4.question("nothing")


def test_up_to_a_hundred_serial_numbers() -> None:
    hundred = [f"SN{place}" for place in range(100)]
    assert v4.serials("queryLastData", hundred).count(",") == 99
    for name, wrong in (
        ("queryLastData", [*hundred, "SN100"]),
        ("queryLastData", []),
        ("queryLastData", ["SN,1"]),
        ("queryLastData", [""]),
        ("setPower", hundred[:2]),
    ):
        with pytest.raises(UsageError):
            v4.serials(name, wrong)


def test_writes_share_the_devices_pace_and_reads_have_their_own() -> None:
    query = {"deviceSn": "A", "deviceType": "noah", "value": "1"}
    assert v4.CALLS["setPower"].key(query) == v4.CALLS["setOffGrid"].key(query) is not None
    assert v4.CALLS["setPower"].key(query) != v4.CALLS["setPower"].key({**query, "deviceSn": "B"})
    assert v4.CALLS["readPower"].key(query) is None


def test_a_kind_under_another_name_is_listed() -> None:
    assert v4.listed("queryDeviceInfo", {"sphs": [{"serialNum": "A"}, 1]}) == [{"serialNum": "A"}]
