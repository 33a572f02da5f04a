from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from heliobus.growatt.protocol import hash_password
from heliobus.growatt.protocol.endpoints import APP_FIELDS
from heliobus.growatt.protocol.password import app_fields, checked


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("password", "5f4dcc3b5aa765d61d8327deb882cf99"),
        ("admin", "21232f297a57a5a743894ace4a801fc3"),
        ("test", "c98f6bcd4621d373cade4e832627b4f6"),
        ("growatt", "6c649d2d285d62d3c3c6182ed6863920"),
        ("1", "c4ca4238a0b92382cdcc509a6f75849b"),
        ("12345678", "25d55ad283aa40caf464c76d713cc7ad"),
        ("", "d41d8cd98fc0b2c4e980c998ecf8427e"),
        ("ä€", "f1e21d5366cff1c8f242f8e4853aabae"),
    ],
)
def test_the_known_vectors(password: str, expected: str) -> None:
    assert hash_password(password) == expected


@pytest.mark.parametrize(
    ("milliseconds", "expected"), [("1720091200000", "1720091200036"), ("1234567890123", "1234567890118")]
)
def test_a_time_with_its_check(milliseconds: str, expected: str) -> None:
    """Of the digits 1, 3, 5 and 7 counted from 0, modulo 98."""
    assert checked(milliseconds) == expected
    assert checked(expected) == expected


def test_the_app_is_the_same_phone_each_time() -> None:
    now = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
    one, another = app_fields("owner", now), app_fields("owner", now + timedelta(days=1))
    assert one.keys() == set(APP_FIELDS)
    assert (one["phoneSn"], one["loginTime"]) == (another["phoneSn"], "2026-06-20 10:30:00")
    assert app_fields("neighbour", now)["phoneSn"] != one["phoneSn"]
    assert one["timestamp"][:11] == "17819514000"
