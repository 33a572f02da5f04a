"""The envelope that V4 and the OAuth route share: ``{"code": 0, "data": ..., "message": "SUCCESSFUL_OPERATION"}``.

The two number most refusals alike; each has its own table of what they mean (SPEC D, E).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.errors import (
    AuthenticationError,
    DeadlineExceeded,
    NotSupported,
    ProtocolError,
    Refused,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.growatt.protocol.answers import Frequent, SessionDead, check_status, parse
from heliobus.growatt.protocol.values import integer, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.errors import Error
    from heliobus.model.records import Json


class TokenRefused(AuthenticationError):
    """The token is unknown or too old."""

    default_remedy = (
        "Make a token in the ShinePhone app (Me, your account, API token), and name the server of its region."
    )


class Meaning(NamedTuple):
    """What a code means; ``error`` None is a request that comes too early."""

    error: type[Error] | None
    what: str
    remedy: str | None = None


_SAID = 80
_RETRY = re.compile(r"retry after (\d{1,9}) ?ms", re.IGNORECASE)
_EARLY = re.compile(r"frequen|too_?many|rate.?limit|retry after", re.IGNORECASE)

SYSTEM = Meaning(TransportError, "the server has a fault", "Wait; it often lasts minutes.")
TOKEN = Meaning(TokenRefused, "the server does not know the token")
FOREIGN = Meaning(
    AuthenticationError,
    "the token may not see this device",
    "Check the serial number, and that the token is of the account (and the region) that owns the device.",
)
UNKNOWN = Meaning(NotSupported, "the server has no such device", "Look the device up in devices().")
OFFLINE = Meaning(Unreachable, "the device is offline", "Wait until it is online again; it may sleep at night.")
UNSET = Meaning(Refused, "the device refuses the setting", "Check that this model has the setting and the value.")
FAMILY = Meaning(NotSupported, "the device is of another kind", "Look its kind up in devices().")
EARLY = Meaning(None, "it was asked too often")
SILENT = Meaning(TransportError, "the device does not answer the server", "Look at the setting in some minutes.")
LATE = Meaning(DeadlineExceeded, "the device did not answer in time", "Look at the setting in some minutes.")


def missing(what: str) -> Meaning:
    """A parameter that was left out or is wrong."""
    return Meaning(UsageError, f"{what} is missing or wrong", f"Give {what}.")


def data(
    name: str,
    meanings: Mapping[int, Meaning],
    *,
    interval: float,
    status: int,
    body: bytes,
    location: str | None,
    retry_after: str | None,
) -> Json:
    """The data of an answer; ``interval`` is how long a request that came too early has to wait, s.

    Raises Blocked and its Frequent (too early), TokenRefused and AuthenticationError (no right), UsageError,
    NotSupported and Refused as the code says, Unreachable (the device is offline), TransportError (a fault,
    maintenance, an empty body) and ProtocolError (no JSON, another shape).
    """
    answer = envelope(name, status=status, body=body, location=location, retry_after=retry_after)
    code = integer(answer.get("code"))
    if code is None:
        raise ProtocolError(f"the answer to {name} has no code")
    if code:
        said = text(answer.get("message")) or text(answer.get("msg")) or ""
        raise failure(name, code, said, meanings, interval=interval, about=answer.get("data"))
    return answer.get("data")


def envelope(name: str, *, status: int, body: bytes, location: str | None, retry_after: str | None) -> dict[str, Json]:
    """The object of an answer, whatever it holds."""
    try:
        check_status(status, body=body, location=location, retry_after=retry_after)
    except SessionDead:
        raise TokenRefused("the server asks for a login: it does not know the token") from None
    answer = parse(body)
    if not isinstance(answer, dict):
        raise ProtocolError(f"the answer to {name} is no object")
    return answer


def failure(
    name: str, code: int, said: str, meanings: Mapping[int, Meaning], *, interval: float, about: Any = None
) -> Error:
    """What a code means; ``said`` are the server's words, ``about`` the serial numbers that it names."""
    told = ", ".join(part for part in (said[:_SAID], str(code), _named(about)) if part)
    waiting = _RETRY.search(said)
    meaning = meanings.get(code)
    if (meaning is not None and meaning.error is None) or (meaning is None and _EARLY.search(said)):
        return Frequent(f"{name} was asked too often ({told})", seconds=int(waiting[1]) / 1000 if waiting else interval)
    if meaning is None or meaning.error is None:
        return Refused(f"{name}: the server refuses ({told})", remedy="Report this code with the call.")
    return meaning.error(f"{name}: {meaning.what} ({told})", remedy=meaning.remedy)


def _named(about: Any) -> str:
    names = [one for one in about if isinstance(one, str)] if isinstance(about, list) else []
    return " ".join(names)[:_SAID]
