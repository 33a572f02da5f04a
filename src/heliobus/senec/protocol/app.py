"""The App API's calls as data (SPEC 7, errata S6 to S9), and what the status of an answer means.  No I/O here.

The hosts are one table: a simulator serves all of them on one socket, since their paths differ.
"""

from __future__ import annotations

import json
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from heliobus.errors import NotSupported, ProtocolError, Refused, TransportError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

HOSTS: Mapping[str, str] = MappingProxyType(
    {
        "sso": "sso.senec.com",
        "systems": "senec-app-systems-proxy.prod.senec.dev",
        "measurements": "senec-app-measurements-proxy.prod.senec.dev",
        "abilities": "senec-app-abilities-proxy.prod.senec.dev",
        "wallbox": "senec-app-wallbox-proxy.prod.senec.dev",
    }
)
"""Where each service lives (since mid 2025)."""

RESOLUTIONS: Mapping[str, str] = MappingProxyType(
    {"5min": "FIVE_MINUTES", "hour": "HOUR", "day": "DAY", "month": "MONTH", "year": "YEAR"}
)
MODES = ("SOLAR", "FAST", "COMFORT")


class Endpoint(NamedTuple):
    """One call; the names in the path's braces and in ``query`` are its parameters."""

    name: str
    service: str
    method: str
    path: str
    query: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    writes: bool = False


class Question(NamedTuple):
    """An HTTP request without a host."""

    service: str
    method: str
    target: str
    body: bytes | None


_SYSTEMS, _MEASUREMENTS = "/systems/api/v1", "/measurements/api/v1/systems/{system}"
_WALLBOXES = "/wallbox/api/v1/systems"
_BOX = f"{_WALLBOXES}/{{system}}/wallboxes/{{wallbox}}"
_SPAN = ("resolution", "from", "to")

_TABLE = (
    Endpoint("systems", "systems", "GET", _SYSTEMS),
    Endpoint("details", "systems", "GET", _SYSTEMS + "/{system}/details"),
    Endpoint("status", "systems", "GET", _SYSTEMS + "/status/{system}"),
    Endpoint("online_state", "systems", "GET", _SYSTEMS + "/{system}/online-state"),
    Endpoint("forecast_charging", "systems", "GET", _SYSTEMS + "/settings/forecast-charging-settings/{system}"),
    Endpoint("dashboard", "measurements", "GET", _MEASUREMENTS + "/dashboard", optional=("wallboxIds",)),
    Endpoint("measurements", "measurements", "GET", _MEASUREMENTS + "/measurements", _SPAN, ("wallboxIds",)),
    Endpoint(
        "wallbox_measurements",
        "measurements",
        "GET",
        _MEASUREMENTS + "/wallboxes/measurements",
        (*_SPAN, "wallboxIds"),
    ),
    Endpoint("timespan", "measurements", "GET", _MEASUREMENTS + "/data-availability/timespan", ("timezone",)),
    Endpoint("abilities", "abilities", "GET", "/abilities/api/v1/packages/{system}"),
    Endpoint("wallboxes", "wallbox", "POST", _WALLBOXES + "/wallboxes/search"),
    Endpoint("wallbox", "wallbox", "GET", _BOX),
    Endpoint("lock", "wallbox", "PATCH", _BOX + "/locked/{locked}", writes=True),
    Endpoint("mode", "wallbox", "PATCH", _BOX + "/charging-mode/{mode}", writes=True),
    Endpoint("fast_charge", "wallbox", "PATCH", _BOX + "/settings/fast-charge", writes=True),
    Endpoint("solar_charge", "wallbox", "PATCH", _BOX + "/settings/solar-charge", writes=True),
)
ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType({one.name: one for one in _TABLE})


def question(name: str, *, body: Any = None, **values: str) -> Question:
    """What to send for a call.  Raises UsageError for one that is not in the table or lacks a parameter."""
    endpoint = ENDPOINTS.get(name)
    if endpoint is None:
        raise UsageError(f"no call {name!r} of the App API", remedy=f"Use one of: {', '.join(ENDPOINTS)}.")
    query = {key: values.pop(key) for key in (*endpoint.query, *endpoint.optional) if key in values}
    try:
        path = endpoint.path.format(**{key: quote(value, safe="") for key, value in values.items()})
    except KeyError as error:
        raise UsageError(f"{name} needs {error.args[0]}", remedy="Name it.") from error
    lacking = [key for key in endpoint.query if key not in query]
    unknown = [key for key in values if f"{{{key}}}" not in endpoint.path]
    if lacking or unknown:
        raise UsageError(f"{name} needs {', '.join(lacking)}" if lacking else f"{name} takes no {unknown[0]}")
    content = None if body is None else json.dumps(body, separators=(",", ":")).encode()
    return Question(endpoint.service, endpoint.method, f"{path}?{urlencode(query)}" if query else path, content)


# -- answers


class TokenDead(TransportError):
    """The access token is not taken, or the system is another account's: 401 says both."""

    default_remedy = "Try again; a new token follows by itself."


class Foreign(Refused):
    """The account has no such system, or may not see this of it."""

    default_remedy = "Use a system that devices() lists."


class Busy(TransportError):
    """The cloud wants to be left alone for ``seconds``, or for as long as it takes if they are None."""

    default_remedy = "Wait; the cloud has a fault or too much to do."

    def __init__(self, what: str, *, seconds: float | None) -> None:
        super().__init__(what)
        self.seconds = seconds


_TRANSIENT, _BROKEN = frozenset({408, 425, 429}), range(500, 600)
_UNAUTHORIZED, _FORBIDDEN, _NOTHING = 401, 403, frozenset({400, 404, 405, 410})
_GOOD, _REDIRECTS = range(200, 300), range(300, 400)


def content(name: str, *, status: int, body: bytes, retry_after: str | None = None) -> Any:
    """The content of an answer, None of an empty one.

    Raises TokenDead, Foreign, Busy, NotSupported (this system does not have it), TransportError (a web page instead of
    data) and ProtocolError.
    """
    _check(name, status, retry_after)
    plain = body.strip()
    if plain.startswith(b"<") or status in _REDIRECTS:
        raise TransportError(
            f"the cloud shows a web page instead of an answer to {name}", remedy="Wait; it may be maintenance."
        )
    if not plain:
        return None
    try:
        return json.loads(plain, parse_constant=lambda _: None, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(
            f"the answer to {name} is cut off or no JSON", remedy="Try again later; if it stays so, report it."
        ) from error


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _check(name: str, status: int, retry_after: str | None) -> None:
    if status == _UNAUTHORIZED:
        raise TokenDead(f"the cloud does not take the token for {name} (HTTP 401)")
    if status == _FORBIDDEN:
        raise Foreign(f"this account may not ask for {name} of this system (HTTP 403)")
    if status in _TRANSIENT or status in _BROKEN:
        raise Busy(f"the cloud does not answer {name} now (HTTP {status})", seconds=_seconds(retry_after))
    if status in _NOTHING:
        raise NotSupported(f"the cloud has no {name} for this system (HTTP {status})", remedy="Do without it.")
    if status not in _GOOD and status not in _REDIRECTS:
        raise ProtocolError(f"the cloud answers {name} with HTTP {status}", remedy="Look for a newer heliobus.")


def _seconds(retry_after: str | None) -> float | None:
    """The header in seconds; its other form, a date, is as good as none."""
    return float(retry_after) if retry_after is not None and retry_after.strip().isdecimal() else None
