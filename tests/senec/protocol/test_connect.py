from __future__ import annotations

import json

import pytest

from heliobus.errors import AuthenticationError, Error, ProtocolError, Refused, TransportError
from heliobus.senec.protocol import connect


def test_the_name_plate_is_always_asked_for() -> None:
    assert f"{connect.PATH}?include=battery,meter,evse,bessNameplate" == connect.TARGET


@pytest.mark.parametrize(
    ("status", "body", "retry_after", "error"),
    [
        (401, b'{"statusCode": 401, "message": "Access denied"}', None, AuthenticationError),
        (403, b'{"statusCode": 403, "message": "Out of call volume quota."}', None, connect.QuotaUsed),
        (403, b"", "86400", connect.QuotaUsed),
        (403, b'{"message": "not yours"}', None, Refused),
        (403, b"<html>", None, Refused),
        (403, b"[" * 100_000, None, Refused),
        (429, b"", "Wed, 21 Oct 2026 07:28:00 GMT", connect.TooFast),
        (500, b"", None, TransportError),
        (302, b"", None, TransportError),
        (200, b"<!DOCTYPE html>", None, TransportError),
        (200, b"", None, ProtocolError),
        (200, b"{}", None, ProtocolError),
        (200, b'[{"battery"', None, ProtocolError),
    ],
)
def test_an_answer_that_is_none_has_a_type(
    status: int, body: bytes, retry_after: str | None, error: type[Error]
) -> None:
    with pytest.raises(error) as raised:
        connect.entries(status=status, body=body, retry_after=retry_after)
    assert type(raised.value) is error or error is TransportError
    if isinstance(raised.value, connect.QuotaUsed):
        assert raised.value.seconds == (86400.0 if retry_after == "86400" else None)


def test_what_is_no_object_is_left_out() -> None:
    assert connect.entries(status=200, body=json.dumps([1, None, {"a": 1}]).encode()) == [{"a": 1}]
