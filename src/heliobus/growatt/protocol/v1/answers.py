"""What the OpenAPI V1's answers mean (SPEC C.1, errata G11 to G15).

Every answer is ``{"data": ..., "error_code": 0, "error_msg": ""}`` with HTTP 200.  A code means another thing from call
to call; 10012 means both "too frequent" and, after a write, "no such device": the message tells them apart.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import (
    AuthenticationError,
    NotSupported,
    OutOfBounds,
    ProtocolError,
    Refused,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.growatt.protocol.answers import Frequent, SessionDead, check_status, parse
from heliobus.growatt.protocol.v1.calls import CALLS, LAST_PAGE, PAGE
from heliobus.growatt.protocol.values import integer, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.errors import Error
    from heliobus.growatt.protocol.v1.calls import Call
    from heliobus.model.records import Json

INTERVAL = 300.0
"""Seconds between identical requests (SPEC C.1)."""

_MEANINGS: Mapping[str, tuple[type[Error], str, str | None]] = MappingProxyType(
    {
        "system": (TransportError, "the server has a fault", "Wait; it often lasts minutes."),
        "server": (TransportError, "the server cannot reach the datalogger's server", "Wait some minutes."),
        "unread": (TransportError, "the inverter did not answer the server", "Try again in some minutes."),
        "offline": (Unreachable, "the inverter is offline", "Wait until it is on again; it may sleep at night."),
        "collector": (Unreachable, "the datalogger is offline", "Check the datalogger's network."),
        "device": (NotSupported, "the server has no such device of this family", "Look the device up in devices()."),
        "serial": (UsageError, "the serial number is missing or wrong", "Look the device up in devices()."),
        "plant": (NotSupported, "the account has no such plant", "Look the plant up in devices()."),
        "logger": (NotSupported, "the account has no such datalogger", "Look it up among the plant's dataloggers."),
        "user": (NotSupported, "the account has no such user", "Check the user's id."),
        "date": (UsageError, "the date is wrong", "Give a date of the plant."),
        "range": (UsageError, "the range is longer than seven days", "Ask for seven days at most."),
        "empty": (UsageError, "a parameter is missing", "Give every parameter of the call."),
        "taken": (Refused, "the name or number is taken", "Choose another one."),
        "mismatch": (Refused, "the codes do not belong together", "Check the code printed on the device."),
        "setting": (NotSupported, "this device has no such setting", None),
        "unreadable": (NotSupported, "the datalogger cannot read settings", "Read all settings at once."),
        "value": (OutOfBounds, "the value is out of its range", None),
        "time": (OutOfBounds, "the time is badly formed", None),
        "order": (OutOfBounds, "the end is before the start", "Split what passes midnight in two."),
    }
)
_FREQUENT = re.compile(r"frequen", re.IGNORECASE)
_ELSEWHERE = re.compile(r"true_?host|new_?domain|use the new", re.IGNORECASE)
_WRONG_HOST, _DENIED, _TWICE, _LONG_PAGE, _FAR_PAGE = -1, 10011, 10012, 10013, 10014
_SAID = 80
_REMEDY = (
    "Make a token in the ShinePhone app (Me, your account, API token) and name the server of the account's region; "
    "tokens made on the web may see no plants."
)


class Answer(NamedTuple):
    """What a call brought: its ``data``, and what stands beside it (``datalogger_sn``, ``pageNum`` ...)."""

    data: Json
    beside: Mapping[str, Json]


def content(name: str, *, status: int, body: bytes, location: str | None, retry_after: str | None) -> Answer:
    """The content of the answer to a call.

    Raises Frequent and Blocked (too early), AuthenticationError (a token that is unknown or lacks the right),
    UsageError, NotSupported, OutOfBounds and Refused as the code says, Unreachable (device or datalogger offline),
    TransportError (a fault, maintenance, an empty body) and ProtocolError (no JSON, another shape).
    """
    try:
        check_status(status, body=body, location=location, retry_after=retry_after)
    except SessionDead:
        raise AuthenticationError("the server does not know the token", remedy=_REMEDY) from None
    answer = parse(body)
    if not isinstance(answer, dict):
        raise ProtocolError(f"the answer to {name} is no object")
    if "error_code" not in answer:
        return _bare(name, answer)
    code = integer(answer["error_code"])
    if code is None:
        raise ProtocolError(f"the answer to {name} has no error code")
    if code:
        raise failure(CALLS[name], code, text(answer.get("error_msg")) or "")
    beside = {key: value for key, value in answer.items() if key not in ("data", "error_code", "error_msg")}
    return Answer(answer.get("data"), beside)


def failure(call: Call, code: int, said: str) -> Error:
    """What a code of this call means; ``said`` are the server's words."""
    told = f"{said[:_SAID]}, {code}" if said else f"{code}"
    if _FREQUENT.search(said) or (code == _TWICE and _TWICE not in call.codes):
        return Frequent(f"{call.name} was asked too often ({told})", seconds=INTERVAL)
    if code == _WRONG_HOST or _ELSEWHERE.search(said):
        return UsageError(
            f"the account lives on another server ({told})",
            remedy="Name the server of its region: openapi.growatt.com, or openapi-us, openapi-au or openapi-cn.",
        )
    if code == _DENIED:
        return AuthenticationError(f"the token may not do that ({told})", remedy=_REMEDY)
    kind = call.codes.get(code)
    if kind is not None:
        error, what, remedy = _MEANINGS[kind]
        return error(f"{call.name}: {what} ({told})", remedy=remedy)
    if code in (_LONG_PAGE, _FAR_PAGE):
        return UsageError(
            f"{call.name}: there is no such page ({told})",
            remedy=f"Ask for at most {PAGE} lines a page, and {LAST_PAGE} pages.",
        )
    return Refused(f"{call.name}: the server refuses ({told})", remedy="Report this code with the call.")


def _bare(name: str, answer: Mapping[str, Json]) -> Answer:
    """An answer without the envelope, as that to ``device_type`` is."""
    if "result" not in answer:
        raise ProtocolError(f"the answer to {name} has no error code")
    if integer(answer["result"]) != 1:
        raise NotSupported(f"{name}: the server does not know it ({text(answer.get('msg')) or 'no reason given'})")
    return Answer(None, answer)
