"""The clouds' bad manners by name; several at once are all in force."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEAD_FORMS = ("dead-302", "dead-302-login", "dead-page", "dead-500", "dead-json")
"""How a dead session is told (SPEC A.4, erratum G5); naming one also ends the sessions that there are."""

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "dead-302": "sessions end; told by a redirect to /error.do?errorMess=errorNoLogin",
        "dead-302-login": "sessions end; told by a redirect to /login",
        "dead-page": "sessions end; told by the login page with HTTP 200",
        "dead-500": "sessions end; told by an error page with HTTP 500",
        "dead-json": "sessions end; told by JSON: Login invalid, please log in again",
        "locked": "logins are refused: locked for 24 hours",
        "locked-1h": "sessions end, and logins are refused: locked for one hour",
        "locked-short": "logins are refused: locked, without a duration",
        "system-error": "logins are refused for now (501)",
        "wrong-region": "the account lives on another server: logins are refused (502), the look-up names it",
        "ua-blocked": "every request is refused as by the list of User-Agents (403)",
        "waf": "every request is refused by the firewall (405)",
        "throttled": "every request is refused for 30 minutes (429)",
        "gateway": "the servers behind the gateway are down (502)",
        "maintenance": "a web page instead of data",
        "empty": "empty bodies",
        "truncated": "bodies cut off",
        "big": "bodies of 10 MB, small while compressed",
        "charset": "bodies in GB 18030",
        "nul": "bodies padded with NUL bytes",
        "null-object": "obj is null, msg 504, as for a serial number of another family",
        "no-devices": "the newer list of devices is empty; that of a token, too, though it counts one",
        "token-refused": "V4 and OAuth know no token, and grant none",
        "no-permission": "the token may see no device",
        "refuses-settings": "devices refuse every setting of V4 and OAuth",
        "device-silent": "devices obey V4 and OAuth, but the answer is that they did not in time",
        "offline": "the datalogger is lost",
        "delayed": "data of the last full five minutes, as the real servers show",
        "stale-midnight": "today's counters show yesterday until 06:00 of the plant",
        "texts": "every number comes as a text",
        "counter-reset": "lifetime counters begin anew at 0 when this is newly named",
        "clock-jump": "the inverter's clock is an hour ahead",
    }
)

LOCKS: Mapping[str, int | None] = MappingProxyType({"locked": 24, "locked-1h": 1, "locked-short": None})
"""Hours that each lock tells."""
ENDS = frozenset({*DEAD_FORMS, "locked-1h"})
"""What ends the sessions that there are when it is newly named."""


def faults_of(names: Iterable[str]) -> frozenset[str]:
    """The faults of these names; UsageError names those that there are."""
    wanted = frozenset(names)
    if unknown := sorted(wanted - FAULTS.keys()):
        raise UsageError(f"no Growatt fault {unknown[0]!r}", remedy=f"Use one of: {', '.join(FAULTS)}.")
    return wanted
