"""The OAuth route's requests, grants and codes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import AuthenticationError, Error, NotSupported, ProtocolError, Refused, TransportError, UsageError
from heliobus.growatt.protocol import Frequent, oauth

CODES: dict[int, type[Error]] = {
    1: TransportError,
    6: Refused,
    7: NotSupported,
    15: TransportError,
    16: TransportError,
    103: NotSupported,
    105: Frequent,
    400: UsageError,
    429: Frequent,
}
"""Those that no recording has."""

LONG_AGO = datetime(1000, 1, 1)  # noqa: DTZ001, as hypothesis wants it


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_an_error_with_a_remedy(code: int) -> None:
    body = json.dumps({"code": code, "data": None, "message": "WORDS"}).encode()
    with pytest.raises(CODES[code], match="WORDS") as error:
        oauth.content("deviceDispatch", status=200, body=body, location=None, retry_after=None)
    assert error.value.remedy


def test_a_request_is_json_and_a_history_a_query() -> None:
    asked = oauth.question("getDeviceData", deviceSn="A")
    assert (asked.method, asked.page, asked.body) == ("POST", "oauth2/getDeviceData", b'{"deviceSn": "A"}')
    asked = oauth.question("HistoricalData", deviceSn="A", date="2026-06-20")
    assert (asked.method, asked.query, asked.body) == ("GET", {"deviceSn": "A", "date": "2026-06-20"}, None)
    for name, wrong in (("getDeviceData", {}), ("getDeviceData", {"deviceSn": "A", "x": 1}), ("nothing", {})):
        with pytest.raises(UsageError):
            oauth.question(name, **wrong)


@given(st.datetimes(timezones=st.just(UTC), min_value=LONG_AGO), st.text("0123456789abcdef", max_size=40))
def test_a_request_id_has_32_characters(moment: datetime, noise: str) -> None:
    made = oauth.request_id(moment, noise)
    assert len(made) == 32
    assert made.startswith(f"{moment:%Y%m%d%H%M%S}")
    assert made.isalnum()


def granted(answer: Any, status: int = 200) -> Any:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return oauth.granted(status=status, body=body, location=None, retry_after=None)


@pytest.mark.parametrize(
    ("answer", "status", "kind"),
    [
        ({"error": "invalid_grant"}, 400, AuthenticationError),
        ({"error": "invalid_client"}, 401, AuthenticationError),
        ({"code": 400, "message": "fail"}, 200, AuthenticationError),
        ({"code": 2, "message": "TOKEN_IS_INVALID"}, 200, AuthenticationError),
        ({"code": 1, "message": "SYSTEM_ERROR"}, 200, TransportError),
        ({"code": 105, "message": "TOO_MANY_REQUEST"}, 200, Frequent),
        ({}, 200, ProtocolError),
        ([], 200, ProtocolError),
        (b"", 200, TransportError),
        (b"<html>", 200, TransportError),
        (b"{", 200, ProtocolError),
    ],
)
def test_a_grant_that_brings_no_token(answer: Any, status: int, kind: type[Error]) -> None:
    with pytest.raises(kind) as error:
        granted(answer, status)
    assert error.value.remedy


def test_a_grant_that_brings_one() -> None:
    assert granted({"access_token": "a", "expires_in": 60})["access_token"] == "a"
