"""One-time codes as SENEC's sign-on wants them: TOTP with SHA-1, six digits, thirty seconds (RFC 6238, SPEC 6)."""

from __future__ import annotations

import binascii
import hmac
from base64 import b32decode, b32encode
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

PERIOD = 30
"""Seconds for which a code holds."""
_DIGITS = 6


def secret_of(text: str) -> bytes:
    """The key in ``otpauth://totp/...?secret=...`` or in the bare Base32 of an authenticator app.

    Raises UsageError, without the secret in it, for what is neither or asks for another kind of code.
    """
    text = text.strip()
    if "://" in text:
        told = {name: values[-1] for name, values in parse_qs(urlsplit(text).query).items()}
        kind = (told.get("algorithm", "SHA1").upper(), told.get("digits", "6"), told.get("period", "30"))
        if not text.startswith("otpauth://totp/") or kind != ("SHA1", str(_DIGITS), str(PERIOD)):
            raise _wrong()
        text = told.get("secret", "")
    bare = text.replace(" ", "").replace("-", "").rstrip("=").upper()
    try:
        key = b32decode(bare + "=" * (-len(bare) % 8))
    except (binascii.Error, ValueError):
        raise _wrong() from None  # the cause may quote the secret
    if not key:
        raise _wrong()
    return key


def secret_text(key: bytes) -> str:
    """A key as authenticator apps show it."""
    return b32encode(key).decode("ascii").rstrip("=")


def code(key: bytes, moment: datetime, *, digits: int = _DIGITS) -> str:
    """The code of the half minute that holds ``moment``."""
    count = int(moment.timestamp()) // PERIOD
    digest = hmac.digest(key, count.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def end(moment: datetime) -> datetime:
    """When the code of ``moment`` ends."""
    return moment + timedelta(seconds=PERIOD - moment.timestamp() % PERIOD)


def _wrong() -> UsageError:
    return UsageError(
        "the one-time secret is neither otpauth://totp/...?secret=... nor Base32",
        remedy="Give HELIOBUS_TOTP or totp_file the secret that the authenticator app was set up with.",
    )
