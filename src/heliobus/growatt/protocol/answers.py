"""An HTTP answer judged by its status and shape, never by its Content-Type (SPEC A.2, A.4, A.13)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from heliobus.errors import AuthenticationError, NotSupported, ProtocolError, TransportError
from heliobus.growatt.protocol.values import number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.growatt.protocol.endpoints import Endpoint
    from heliobus.model.records import Json

_HOUR = 3600.0
_LOCKED_HOURS = 4.0  # of a lock-out whose answer does not say how long (SPEC A.4)
_OK, _UA_BLOCKED, _WAF, _TOO_MANY = 200, 403, 405, 429
_REDIRECTS, _BROKEN = range(300, 400), range(500, 600)
_LOGIN_WORDS = re.compile(
    rb"not login|skip login|log ?in again|please log ?in|id=[\"']?login|action=[\"'][^\"']*login", re.IGNORECASE
)
_DEAD_MESSAGE = re.compile(r"log ?in (invalid|again)|not login|nologin", re.IGNORECASE)
_DEAD_PLACES = re.compile(r"login|errorMess|^(https?://[^/]+)?/?$", re.IGNORECASE)
# Byte order marks and NUL padding around the JSON.
_PADDING = b"\0 \t\r\n\xef\xbb\xbf"

MEANINGS: Mapping[str, str] = {
    "501": "the server has a fault",
    "502": "the server does not know it",
    "503": "the serial number is missing",
    "504": "the server has no such device of this family",
    "505": "the datalogger is offline",
    "701": "the account may not do that",
}


class SessionDead(TransportError):
    """The server no longer knows our session."""

    default_remedy = "Try again; a new login follows by itself when the account's budget allows."


class Blocked(TransportError):
    """The server wants us to stay away for ``seconds``."""

    default_remedy = "Wait; trying again earlier makes it longer."

    def __init__(self, what: str, *, seconds: float, remedy: str | None = None) -> None:
        super().__init__(what, remedy=remedy)
        self.seconds = seconds


class Frequent(Blocked):
    """This one request comes too early; others may be asked."""


def content(endpoint: Endpoint, *, status: int, body: bytes, location: str | None, retry_after: str | None) -> Any:
    """The content of an answer.

    Raises SessionDead, Blocked, TransportError (maintenance, an empty body), ProtocolError (no JSON, another shape) and
    NotSupported (no such device of this family).
    """
    found = endpoint.embedded.search(body) if endpoint.embedded is not None and status == _OK else None
    if found is not None:
        body = found[1].replace(b"\\'", b"'")
    check_status(status, body=body, location=location, retry_after=retry_after)
    answer = parse(body)
    if not isinstance(answer, dict):
        if not endpoint.envelope:
            return answer
        raise ProtocolError(f"the answer to {endpoint.name} is no object")
    message = text(answer.get("msg")) or ""
    if _DEAD_MESSAGE.search(message):
        raise SessionDead("the session has ended")
    if not endpoint.writes and _is_refused(endpoint, answer):
        raise NotSupported(f"{endpoint.name}: {MEANINGS.get(message, 'refused')} ({message or 'no reason given'})")
    if endpoint.envelope not in ("", *answer):
        raise ProtocolError(f"the answer to {endpoint.name} has no {endpoint.envelope!r}")
    return answer[endpoint.envelope] if endpoint.envelope else answer


def _is_refused(endpoint: Endpoint, answer: Mapping[str, Json]) -> bool:
    """Whether the answer is the ``obj: null`` of another family's device, which any call may get (SPEC A.13)."""
    if endpoint.envelope in answer and answer[endpoint.envelope] is None:
        return True
    failed = number(answer.get("result", 1)) != 1
    return failed and (endpoint.envelope == "obj" or ("obj" in answer and answer["obj"] is None))


def check_status(status: int, *, body: bytes, location: str | None, retry_after: str | None) -> None:
    """Raise what a status other than 200, or a web page with 200, means."""
    _check_throttle(status, retry_after)
    page = body.strip(_PADDING).startswith(b"<")
    gone = status in _REDIRECTS and _DEAD_PLACES.search(location or "/")
    if gone or ((status in _BROKEN or page) and _LOGIN_WORDS.search(body)):
        raise SessionDead("the session has ended")
    if status in _BROKEN:
        raise TransportError(f"the server has a fault (HTTP {status})", remedy="Wait; it often lasts minutes.")
    if status != _OK:
        raise ProtocolError(f"the server answers HTTP {status}", remedy="Check the server's name.")
    if page:
        raise TransportError("the server shows a web page instead of data", remedy="Wait; it may be maintenance.")


def _check_throttle(status: int, retry_after: str | None) -> None:
    if status == _UA_BLOCKED:
        raise Blocked(
            "the server refuses this User-Agent or address (HTTP 403)",
            seconds=_HOUR,
            remedy="Wait an hour; if it stays so, give the client a user_agent of your own.",
        )
    if status == _WAF:
        raise Blocked("the server's firewall blocks us (HTTP 405)", seconds=_HOUR)
    if status == _TOO_MANY:
        raise Blocked("too many requests (HTTP 429)", seconds=number(retry_after) or 900.0)


def parse(body: bytes) -> Json:
    """The JSON of a body, whatever its charset; TransportError for an empty body, ProtocolError for no JSON."""
    plain = body.strip(_PADDING).replace(b"\0", b"")
    if not plain:
        raise TransportError("the server answered with nothing", remedy="Wait; it may be maintenance.")
    try:
        parsed: Json = _JSON.decode(_decoded(plain))
    except (ValueError, RecursionError) as error:
        raise ProtocolError(
            "the answer is cut off or no JSON", remedy="Try again later; if it stays so, report it."
        ) from error
    return parsed


_JSON = json.JSONDecoder(parse_constant=lambda _: None)


def _decoded(body: bytes) -> str:
    for charset in ("utf-8", "gb18030"):
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1")


def logged_in(answer: Json) -> str:
    """The user's id out of the answer to a login.

    Raises AuthenticationError (502), Blocked (507, locked), TransportError for every other refusal, and ProtocolError.
    """
    if not isinstance(answer, dict):
        raise ProtocolError("the answer to the login is no object")
    user = answer.get("user")
    if answer.get("success") is True and isinstance(user, dict) and (user_id := text(user.get("id"))):
        return user_id
    code = text(answer.get("msg")) or ""
    if code == "502":
        raise AuthenticationError(
            "the server does not know this user with this password (502)",
            remedy="Check both, and that the account lives on this server (accounts live in one region).",
        )
    if code == "507":
        hours = number(answer.get("lockDuration")) or _LOCKED_HOURS
        raise Blocked(f"the account is locked for {hours:g} hours (507)", seconds=hours * _HOUR)
    raise TransportError(f"the server refuses the login for now ({code or 'no reason given'})", remedy="Wait an hour.")
