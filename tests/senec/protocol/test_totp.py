from __future__ import annotations

from base64 import b32encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import UsageError
from heliobus.senec.protocol import totp

KEY = b"12345678901234567890"  # RFC 6238, appendix B
VECTORS = (
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert totp.code(KEY, moment, digits=8) == code
    assert totp.code(KEY, moment) == code[2:]


@given(st.binary(min_size=1, max_size=64))
def test_a_secret_may_come_in_every_usual_dress(key: bytes) -> None:
    bare = b32encode(key).decode()
    dressed = " ".join(bare[at : at + 4] for at in range(0, len(bare), 4)).lower()
    uri = f"otpauth://totp/SENEC:me%40example.org?secret={bare.rstrip('=')}&issuer=SENEC&digits=6&period=30"
    assert {totp.secret_of(text) for text in (bare, bare.rstrip("="), dressed, uri, f" {bare}\n")} == {key}


@pytest.mark.parametrize(
    "text",
    [
        *("", "====", "otpauth://totp/SENEC", "123456", "not base32!"),
        "otpauth://hotp/SENEC?secret=GEZDGNBVGY3TQOJQ",
        "otpauth://totp/SENEC?secret=GEZDGNBVGY3TQOJQ&digits=8",
        "otpauth://totp/SENEC?secret=GEZDGNBVGY3TQOJQ&algorithm=SHA256",
        "https://example.org/?secret=GEZDGNBVGY3TQOJQ",
    ],
)
def test_what_is_no_secret_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        totp.secret_of(text)
    assert not text or text not in f"{caught.value} {caught.value.remedy}"
    assert caught.value.__cause__ is None
