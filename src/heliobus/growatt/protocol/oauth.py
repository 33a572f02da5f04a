"""The OAuth2 OpenAPI of 2026 as data: calls, grants, codes, what can be dispatched (SPEC E; captures oauth/).

A grant is a form and its answer has no envelope; everything else is a POST of JSON with ``Authorization: Bearer``.
The server paces each call by client and device: telemetry once a minute, dispatch once in five seconds.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.errors import AuthenticationError, NotSupported, ProtocolError, Refused, UsageError
from heliobus.growatt.protocol import codes
from heliobus.growatt.protocol.endpoints import Question
from heliobus.growatt.protocol.values import integer, text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from heliobus.growatt.protocol.codes import Meaning
    from heliobus.model.records import Json

BASE = "oauth2/"
DEFAULT_SERVER = "opencloud.growatt.com"
TELEMETRY, DISPATCH = 60.0, 5.0
"""Seconds between two calls about one device."""
REQUEST_ID = 32
"""Characters of a dispatch's id."""
_STAMP = 17


class Call(NamedTuple):
    """One call.  ``interval`` None: nobody says that it is paced."""

    name: str
    parameters: tuple[str, ...] = ()
    interval: float | None = TELEMETRY
    method: str = "POST"
    optional: tuple[str, ...] = ()
    writes: bool = False

    def key(self, values: Mapping[str, Any]) -> str:
        """Two requests with the same key are the same to the server's limits."""
        return f"{self.name} {values.get('deviceSn', '')} {values.get('date', '')} {values.get('level', '')}"


_CALLS = (
    Call("getDeviceList"),
    Call("getDeviceListAuthed"),
    Call("bindDevice", ("deviceSnList",), None, writes=True),
    Call("unbindDevice", ("deviceSnList",), None, writes=True),
    Call("getDeviceInfo", ("deviceSn",)),
    Call("getDeviceData", ("deviceSn",)),
    Call("HistoricalData", ("deviceSn", "date", "level"), TELEMETRY, "GET", optional=("level",)),
    Call("deviceDispatch", ("deviceSn", "setType", "value", "requestId"), DISPATCH, writes=True),
    Call("readDeviceDispatch", ("deviceSn", "setType", "requestId"), DISPATCH),
)
CALLS: Mapping[str, Call] = MappingProxyType({call.name: call for call in _CALLS})
"""``HistoricalData`` is of a later description than the captures."""

MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        1: codes.SYSTEM,
        2: codes.TOKEN,
        4: codes.UNKNOWN,
        5: codes.OFFLINE,
        6: codes.UNSET,
        7: codes.FAMILY,
        12: codes.Meaning(
            AuthenticationError,
            "the device's owner has not let this application see it",
            "Bind the device first (bind), with its PIN where the application has no owner's code.",
        ),
        15: codes.SILENT,
        16: codes.LATE,
        18: codes.Meaning(codes.SILENT.error, "the device's parameter cannot be read", codes.SILENT.remedy),
        19: codes.Meaning(Refused, "the device is bound already", "Unbind it first, or use it as it is."),
        103: codes.Meaning(
            NotSupported,
            "this call needs an owner's code, and the application has only its own secret",
            "Authorise with a code, or bind devices by their serial numbers and PINs.",
        ),
        105: codes.EARLY,
        400: codes.Meaning(UsageError, "the request is badly formed", "Give serial numbers without SPH: or SPM:."),
        429: codes.EARLY,
    }
)


def question(name: str, **values: Any) -> Question:
    """What to send for a call; UsageError for an unknown one and for missing or unknown parameters."""
    call = CALLS.get(name)
    if call is None:
        raise UsageError(f"no OAuth call {name!r}", remedy=f"Use one of: {', '.join(CALLS)}.")
    wrong = sorted(set(values).symmetric_difference(call.parameters) - set(call.optional))
    if wrong:
        raise UsageError(
            f"{name}: {wrong[0]!r} is missing or unknown", remedy=f"Give {', '.join(call.parameters) or 'nothing'}."
        )
    if call.method == "GET":
        return Question("GET", f"{BASE}{name}", {one: str(value) for one, value in values.items()}, None)
    return Question("POST", f"{BASE}{name}", {}, None, json.dumps(values).encode())


def request_id(moment: datetime, noise: str) -> str:
    """32 characters: the time of UTC to the millisecond, and ``noise`` (hex digits) for the rest."""
    stamp = f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03}"
    return f"{stamp}{noise:0<{REQUEST_ID - _STAMP}}"[:REQUEST_ID]


def content(name: str, *, status: int, body: bytes, location: str | None, retry_after: str | None) -> Json:
    """The data of the answer to a call; raises what ``codes.data`` does."""
    interval = CALLS[name].interval or DISPATCH
    return codes.data(
        name, MEANINGS, interval=interval, status=status, body=body, location=location, retry_after=retry_after
    )


# -- grants

GRANTS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "authorization_code": ("token", ("code", "client_id", "client_secret", "redirect_uri")),
        "client_credentials": ("token", ("client_id", "client_secret")),
        "refresh_token": ("refresh", ("refresh_token", "client_id", "client_secret")),
    }
)
"""Each grant's page and parameters."""
_GRANT_REMEDY = "Check the client id, its secret and the redirect address; a code works once and for minutes."


def grant(kind: str, **values: str) -> Question:
    """What to send for a grant."""
    page, parameters = GRANTS[kind]
    return Question("POST", f"{BASE}{page}", {}, {"grant_type": kind, **{name: values[name] for name in parameters}})


def granted(*, status: int, body: bytes, location: str | None, retry_after: str | None) -> dict[str, Json]:
    """The answer to a grant.

    Raises AuthenticationError where there is no token in it (also with HTTP 400 and 401, as OAuth has it), and what
    ``codes.envelope`` does.
    """
    if status in (400, 401):
        raise AuthenticationError(f"the server grants no token (HTTP {status})", remedy=_GRANT_REMEDY)
    answer = codes.envelope("the grant", status=status, body=body, location=location, retry_after=retry_after)
    if text(answer.get("access_token")):
        return answer
    code = integer(answer.get("code"))
    said = text(answer.get("message")) or text(answer.get("error")) or ""
    if code in (1, 105, 429):
        raise codes.failure("the grant", code, said, MEANINGS, interval=TELEMETRY)
    if code is None and not said:
        raise ProtocolError("the answer to a grant has neither a token nor a reason")
    told = ", ".join(str(part) for part in (said[:80], code) if part not in ("", None))
    raise AuthenticationError(f"the server grants no token ({told})", remedy=_GRANT_REMEDY)
