"""The portal mein-senec.de as data (SPEC 8): its calls, what the status of an answer means, its week files.  No I/O.

A session that has ended is told in many ways: 401, a redirect to the sign-on, or a page where data should be.
"""

from __future__ import annotations

import json
import math
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from heliobus.errors import ProtocolError, Refused, UsageError
from heliobus.senec.protocol import app

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "mein-senec.de"
CLIENT = "meinsenec-login-portal"
_API = "/endkunde/api"
MODES = ("DEACTIVATED", "MANUAL", "AUTO")
"""Of peak shaving."""
MOST_PLANTS = 15


class Call(NamedTuple):
    """One call; the names in the path's braces and in ``query`` are its parameters."""

    name: str
    method: str
    path: str
    query: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


class Question(NamedTuple):
    """An HTTP request without a host."""

    method: str
    target: str
    body: bytes | None


_PLANT = ("anlageNummer",)
_SENEC = _API + "/senec/{anlageNummer}"
_TABLE = (
    Call("customer", "GET", _API + "/context/getEndkunde"),
    Call("navigation", "GET", _API + "/context/getAnlageBasedNavigationViewModel", _PLANT),
    Call("plants", "GET", _API + "/anlagen/getAnlagen"),
    Call("overview", "GET", _API + "/status/getstatusoverview.php", _PLANT),
    Call("measurements", "GET", _API + "/status/getstatus.php", ("type", "period", *_PLANT), ("timestamp", "days")),
    Call("autarky", "GET", _API + "/status/getautarky.php", _PLANT),
    Call("accu_state", "GET", _API + "/status/getaccustate.php", _PLANT),
    Call("reserve", "GET", _SENEC + "/emergencypower/reserve-in-percent"),
    Call("set_reserve", "POST", _SENEC + "/emergencypower", ("reserve-in-percent",)),
    Call("peak_shaving", "GET", _API + "/peakshaving/getSettings", _PLANT),
    # SPEC 8 says GET; both programs that are known to set it post it.
    Call(
        "set_peak_shaving",
        "POST",
        _API + "/peakshaving/saveSettings",
        (*_PLANT, "mode", "capacityLimit", "endzeit"),
    ),
    Call("sg_ready_state", "GET", _SENEC + "/sgready/state"),
    Call("sg_ready", "GET", _SENEC + "/sgready/config"),
    Call("set_sg_ready", "POST", _SENEC + "/sgready"),
    Call("sockets", "GET", _API + "/steckdosen/findByGeraetenummer", _PLANT),
    Call("set_sockets", "POST", _API + "/steckdosen/save"),
    Call("weeks", "GET", _API + "/statistischeDaten/getKalenderWochen", _PLANT),
    Call("week", "GET", _API + "/statistischeDaten/download", (*_PLANT, "woche", "jahr")),
    Call("documents", "GET", _API + "/dokumente/getGlobalDocuments"),
    Call("document", "GET", _API + "/dokumente/download", ("docId",)),
)
CALLS: Mapping[str, Call] = MappingProxyType({one.name: one for one in _TABLE})


def question(name: str, *, body: Any = None, **values: str) -> Question:
    """What to send for a call.  Raises UsageError for one that is not in the table or lacks a parameter."""
    call = CALLS.get(name)
    if call is None:
        raise UsageError(f"no call {name!r} of the portal", remedy=f"Use one of: {', '.join(CALLS)}.")
    known = {*call.query, *call.optional, *(["anlageNummer"] if "{anlageNummer}" in call.path else [])}
    needed = known - set(call.optional)
    if needed - values.keys() or values.keys() - known:
        raise UsageError(f"{name} needs {', '.join(sorted(needed)) or 'nothing'}", remedy="Name just that.")
    path = call.path.replace("{anlageNummer}", quote(values.get("anlageNummer", ""), safe=""))
    query = {key: values[key] for key in (*call.query, *call.optional) if key in values}
    content = None if body is None else json.dumps(body, separators=(",", ":")).encode()
    return Question(call.method, f"{path}?{urlencode(query)}" if query else path, content)


# -- answers


class SessionEnded(app.TokenDead):
    """The portal wants a login, or shows a page instead of an answer."""

    default_remedy = "Try again; a new login follows by itself, but no more often than once an hour."


_REDIRECTS, _UNAUTHORIZED, _BAD = range(300, 400), 401, 400
_REFUSALS = frozenset({400, 404, 405, 406, 409, 410, 415, 422})
_LONGEST_MESSAGE = 200


def payload(name: str, *, status: int, body: bytes, retry_after: str | None = None) -> bytes:
    """The body of an answer as it is.

    Raises SessionEnded, Foreign (rights), Busy, NotSupported (this plant does not have it) or for a writing call
    Refused with the portal's words, and ProtocolError.
    """
    if status in _REDIRECTS or status == _UNAUTHORIZED or (status < _BAD and body.lstrip().startswith(b"<")):
        raise SessionEnded(f"the portal wants a login before {name} (HTTP {status})")
    if status in _REFUSALS and CALLS[name].method == "POST":
        raise _refused(name, status, body)
    if status >= _BAD:
        app.content(name, status=status, body=b"", retry_after=retry_after)  # raises what the status means
    return body


def content(name: str, *, status: int, body: bytes, retry_after: str | None = None) -> Any:
    """The content of an answer, None of an empty one; a refusal may come with HTTP 200 and its status inside.

    Raises what ``payload`` raises, and ProtocolError for what is no JSON.
    """
    plain = payload(name, status=status, body=body, retry_after=retry_after)
    found = app.content(name, status=status, body=plain)
    if isinstance(found, dict):
        inside = found.get("status")
        if isinstance(inside, int) and inside >= _BAD and ("message" in found or "error" in found):
            if inside == _UNAUTHORIZED:
                raise SessionEnded(f"the portal wants a login before {name} (status {inside} inside)")
            raise _refused(name, inside, body)
    return found


def _refused(name: str, status: int, body: bytes) -> Refused:
    """The refusal in the portal's own words."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    words = [told.get(key) for key in ("message", "errorCode", "error")] if isinstance(told, dict) else []
    why = next((str(one)[:_LONGEST_MESSAGE] for one in words if one), "without a word")
    return Refused(f"the portal refuses {name} (HTTP {status}): {why}", remedy="See whether mein-senec.de allows it.")


# -- week files


class WeekFile(NamedTuple):
    """A week's rows in their order: local times without a zone, and the columns' values by their titles."""

    columns: tuple[str, ...]
    rows: tuple[tuple[datetime, tuple[float | None, ...]], ...]


_MOST_ROWS = 20_000


def week_file(body: bytes) -> WeekFile:
    """Read a CSV: semicolons, decimal commas, ``dd.mm.yyyy HH:MM:SS``.  Raises ProtocolError.

    A line that is cut off or no data is left out, for the last one often is.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    first, _, rest = text.partition("\n")
    title, *columns = [cell.strip() for cell in first.split(";")]
    if title != "Uhrzeit" or not columns:
        raise ProtocolError("the portal's week is no table of values", remedy="Try again; report it if it stays so.")
    rows = []
    for line in rest.splitlines()[:_MOST_ROWS]:
        when, *cells = line.split(";")
        moment = _moment(when)
        if moment is not None and len(cells) == len(columns):
            rows.append((moment, tuple([_number(cell) for cell in cells])))
    return WeekFile(tuple(columns), tuple(rows))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), "%d.%m.%Y %H:%M:%S")  # noqa: DTZ007 - the file has no zone
    except ValueError:
        return None


def _number(cell: str) -> float | None:
    try:
        found = float(cell.strip().replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
