"""The portal's first generation, with one system behind it (SPEC 8.1).

Only the error 6632 is known by its number; the others are made up.
"""

from __future__ import annotations

import json
from secrets import token_hex
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aiohttp import web

from heliobus.e3dc.protocol import Item, tags
from heliobus.e3dc.protocol.ajax import NO_WINDOW, PATH, SELECTS, WINDOW
from heliobus.e3dc.protocol.portal import password_hash
from heliobus.e3dc.simulator.ems import TABLE
from heliobus.e3dc.simulator.server import PASSWORD, USER
from heliobus.e3dc.simulator.web import WebSimulator

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.house import Moment
    from heliobus.vendor import SimulationOptions

_COOKIE = "PHPSESSID"
_LOGIN_REFUSED, _NOT_LOGGED_IN, _NO_SUCH_SYSTEM, _NO_SYSTEM, _UNKNOWN, _OUT_OF_ORDER = range(6601, 6607)
_ALL = "IDOVERVIEWCOMMON"
_PAGES = MappingProxyType({"ajax-gone": 404, "ajax-broken": 503, "ajax-html": 200})
"""What answers with a page instead, and the status."""


class AjaxSimulator(WebSimulator):
    """One system in the portal's first generation."""

    own_faults = frozenset(
        {
            *_PAGES,
            "ajax-error",  # no live data
            "ajax-expired",  # forgets each session after its first live data
            "ajax-missing",  # half of the live data is not there
        }
    )

    def __init__(self, options: SimulationOptions) -> None:
        super().__init__(options)
        self._sessions: dict[str, bool] = {}  # who is logged in, and whether the system is selected
        self.requests = 0
        """How many requests came."""
        self.logins = 0
        """How many of them were logins that succeeded."""

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url, username, password, serial."""
        base = self._host.base_url
        return {
            "vendor": "e3dc",
            "url": base.rstrip("/") + PATH,
            "host": self._host.host,
            "port": self._host.port,
            "base_url": base,
            "username": USER,
            "password": PASSWORD,
            "serial": self.device.serial,
        }

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_post(PATH, self._command)

    async def _command(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        if delay := sum(fault.delay for fault in self.device.faults):
            await self.clock.sleep(delay)
        for fault, status in _PAGES.items():
            if fault in self.faults:
                return web.Response(text="<html><body>E3/DC</body></html>", status=status, content_type="text/html")
        if not request.headers.get(WINDOW, "").startswith("GUID-"):
            return _answer(NO_WINDOW)
        form = await request.post()
        asked = {name: str(value) for name, value in form.items()}
        return self._obey(request.cookies.get(_COOKIE, ""), asked)

    def _obey(self, session: str, asked: dict[str, str]) -> web.Response:
        match asked.get("DO"):
            case "LOGIN":
                return self._log_in(asked)
            case _ if session not in self._sessions:
                return _answer(_NOT_LOGGED_IN)
            case "GETCONTENT":
                return self._page(session, asked)
            case "LIVEUNITDATA":
                return self._live(session)
        return _answer(_UNKNOWN)

    def _log_in(self, asked: dict[str, str]) -> web.Response:
        if (asked.get("USERNAME"), asked.get("PASSWD")) != (USER, password_hash(PASSWORD)):
            return _answer(_LOGIN_REFUSED)
        self.logins += 1
        session = token_hex(13)
        self._sessions[session] = False
        response = _answer(0, {"USERLEVEL": 10})
        response.set_cookie(_COOKIE, session)
        return response

    def _page(self, session: str, asked: dict[str, str]) -> web.Response:
        match asked.get("MODID"):
            case module if module == _ALL:
                listed = json.dumps([{"serialno": self.device.serial}])
                return _answer(0, f"<script>var s10list='{listed}';</script>")
            case module if module == SELECTS:
                if asked.get("ARG0") not in {self.device.serial, self.device.serial.rpartition("-")[2]}:
                    return _answer(_NO_SUCH_SYSTEM)
                self._sessions[session] = True
                return _answer(0, "<div></div>")
        return _answer(_UNKNOWN)

    def _live(self, session: str) -> web.Response:
        if not self._sessions[session]:
            return _answer(_NO_SYSTEM)
        if "ajax-expired" in self.faults:
            del self._sessions[session]
        if "ajax-error" in self.faults:
            return _answer(_OUT_OF_ORDER)
        values = live_values(self.device.moment())
        if "ajax-missing" in self.faults:
            values = dict(list(values.items())[::2])
        return _answer(0, json.dumps(values))


def live_values(moment: Moment) -> dict[str, str]:
    """The portal's names and signs; all values are texts."""
    flows = moment.flows
    status = TABLE[tags.EMS_REQ_SYS_STATUS].answer(moment, Item(tags.EMS_REQ_SYS_STATUS))
    return {
        "time": f"{moment.time:%Y-%m-%d %H:%M:%S}",
        "SYSSTATUS": str(status.value),
        "SOC": str(round(moment.now.soc)),
        "POWER_BAT": str(flows.battery),
        "POWER_WALLBOX": str(flows.wallbox),
        **_three("POWER_PV_S", flows.pv),
        **_three("POWER_LM_L", flows.grid),
        **_three("POWER_C_L", flows.home),
        **_three("PM0_L", flows.grid),
        **_three("PM1_L", flows.add),
    }


def _three(name: str, whole: int) -> dict[str, str]:
    """Three shares that add up."""
    return {f"{name}{number + 1}": str((whole + number) // 3) for number in range(3)}


def _answer(errno: int, content: Any = None) -> web.Response:
    return web.json_response({"ERRNO": errno, "CONTENT": content})
