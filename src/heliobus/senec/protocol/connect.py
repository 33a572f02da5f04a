"""SENEC.Connect, the official interface (SPEC 10, errata S1, S10): one call, and what its answers mean.  No I/O here.

It lives behind an API management, whose quota answers 403 and whose rate limit answers 429, both with Retry-After; a
403 without a word of a quota is about rights.  SENEC's own answer to a quota that is used up was never recorded.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from heliobus.errors import AuthenticationError, ProtocolError, Refused, TransportError
from heliobus.senec.protocol.app import content

if TYPE_CHECKING:
    from heliobus.senec.protocol import Json

HOST = "apim-eds-gwc-prod.azure-api.net"
PATH = "/senec-connect/v1/systems/device-data/general"
KEY_HEADER = "Ocp-Apim-Subscription-Key"
SECTIONS = ("battery", "meter", "evse", "bessNameplate")
"""What is always asked for: without the name plate nobody knows whose values they are, and requests are what counts."""
QUOTA = 45_000
"""Requests in a calendar month."""
TARGET = f"{PATH}?{urlencode({'include': ','.join(SECTIONS)}, safe=',')}"

_NAME = "general"
_UNAUTHORIZED, _FORBIDDEN, _TOO_MANY = 401, 403, 429
_QUOTA_WORDS = ("quota", "out of call volume")


class QuotaUsed(TransportError):
    """The month's requests are used up; ``seconds`` until there are new ones, None if it was not said."""

    default_remedy = "Wait for the next month, and ask less often: programs with the same key share its requests."

    def __init__(self, what: str, *, seconds: float | None) -> None:
        super().__init__(what)
        self.seconds = seconds


class TooFast(QuotaUsed):
    """Too many requests in a short time."""

    default_remedy = "Wait; once a minute is enough."


def entries(*, status: int, body: bytes, retry_after: str | None = None) -> list[dict[str, Json]]:
    """The systems in an answer, in no order.

    Raises QuotaUsed, TooFast, AuthenticationError (the key), Refused (its rights), TransportError (an outage, a web
    page instead of data) and ProtocolError.
    """
    seconds = seconds_of(retry_after)
    if status == _UNAUTHORIZED:
        raise AuthenticationError(
            "SENEC.Connect does not take the subscription key (HTTP 401)",
            remedy="Check the key (HELIOBUS_TOKEN, token_file) and the subscription at developer.senec.com.",
        )
    if status == _TOO_MANY:
        raise TooFast("SENEC.Connect was asked too often (HTTP 429)", seconds=seconds)
    if status == _FORBIDDEN and (seconds is not None or _speaks_of_quota(body)):
        raise QuotaUsed("the month's requests to SENEC.Connect are used up (HTTP 403)", seconds=seconds)
    if status == _FORBIDDEN:
        raise Refused(
            "this subscription may not read the systems (HTTP 403)",
            remedy="Look at developer.senec.com which systems the subscription has: Home 4, P4 and E4 only.",
        )
    found = content(_NAME, status=status, body=body, retry_after=retry_after)
    if not isinstance(found, list):
        raise ProtocolError("SENEC.Connect answers with no list of systems", remedy="Try again; report it if it stays.")
    return [one for one in found if isinstance(one, dict)]


def _speaks_of_quota(body: bytes) -> bool:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    message = str(told.get("message", "")) if isinstance(told, dict) else ""
    return any(word in message.lower() for word in _QUOTA_WORDS)


def seconds_of(retry_after: str | None) -> float | None:
    """The header Retry-After in seconds; its other form, a date, is as good as none."""
    return float(retry_after) if retry_after is not None and retry_after.strip().isdecimal() else None
