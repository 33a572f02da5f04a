from __future__ import annotations

import pytest

from heliobus.growatt.protocol import hash_password


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
