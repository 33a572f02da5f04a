"""mein-senec.de on a real socket (SPEC 6 and 8): a cookie session by the sign-on, and what the portal answers in it."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import web

from heliobus.senec.protocol import sso as realm
from heliobus.senec.protocol import totp
from heliobus.senec.protocol.portal import CALLS, CLIENT
from heliobus.senec.simulator import sso
from heliobus.senec.simulator.portal.plant import PortalPlant
from heliobus.senec.simulator.served import Served
from heliobus.senec.simulator.sso import SignOnServer
from heliobus.simulation.house import House
from heliobus.simulation.plant import Plant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.vendor import SimulationOptions

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        **sso.FAULTS,
        "portal-outage": "the portal is down (HTTP 503)",
        "portal-ended": "every session has ended when it is used: a redirect to the login",
        "portal-page": "a page instead of data (HTTP 200)",
        "portal-empty": "empty bodies",
        "portal-truncated": "bodies cut off",
        "portal-refuses": "no setting is taken (HTTP 400 with a message)",
        "portal-refuses-inside": "the same with HTTP 200 and the status inside",
        "portal-deaf": "settings are taken and have no effect",
        "portal-cut": "settings are taken, and the connection breaks before the answer",
        "portal-elsewhere": "the login leads to another host",
        "portal-bare": "a plant without SG-Ready, sockets and battery state (HTTP 404)",
        "portal-watts": "powers in W instead of kW",
        "portal-old": "data of an hour ago: the plant is offline",
        "portal-shifted": "the plants have other indexes than before",
    }
)
_LOGIN, _CALLBACK, _COOKIE = "/oauth2/authorization/login-portal", "/login/oauth2/code/login-portal", "JSESSIONID"
_OLD = timedelta(hours=1)
_BARE = frozenset({"sg_ready", "sg_ready_state", "sockets", "accu_state"})
_SECRET_SEED = 2**32
_PAGE = "<!DOCTYPE html><html><head><title>mein SENEC</title></head><body>{}</body></html>"


class _SignOn(SignOnServer):
    """The sign-on, which lets the portal's client in as it does the app's, and sends it back to the portal."""

    async def _authorize(self, request: web.Request) -> web.Response:
        if request.query.get("client_id") == CLIENT:
            as_app = {"client_id": realm.CLIENT, "redirect_uri": realm.REDIRECT, "code_challenge_method": "S256"}
            query = {**request.query, **as_app, "home": request.query.get("redirect_uri", "")}
            request = request.clone(rel_url=request.rel_url.with_query(query))
        return await super()._authorize(request)

    def _arrived(self, visit: Any) -> web.Response:
        response = super()._arrived(visit)
        if home := visit.query.get("home"):
            response.headers["Location"] = f"{home}?{response.headers['Location'].partition('?')[2]}"
        return response

    def takes(self, code: str) -> bool:
        """Whether a code that it gave is good, for once."""
        return self._codes.pop(code, None) is not None


class PortalSimulator(Served):
    """An account of two plants and a unit that belongs to the first: the house of the options, and a neighbour's."""

    def __init__(self, options: SimulationOptions) -> None:
        app = web.Application()
        super().__init__(options, app, table=FAULTS)
        plant, seed = options.plant, options.plant.seed
        house = replace(House.draw(seed + 1), commissioned=plant.house.commissioned)
        self.plants = [
            PortalPlant(plant),
            PortalPlant(plant, master=False),
            PortalPlant(Plant(seed + 1, house=house), reserve=20),
        ]
        self.username = f"owner{seed}@example.org"
        key = bytes((seed * place * 2_654_435_761 >> 7) % 256 for place in range(1, 21))
        self.totp = f"otpauth://totp/SENEC:{seed}?secret={totp.secret_text(key)}&issuer=SENEC"
        self.sign_on = _SignOn(
            clock=options.clock,
            username=self.username,
            password=f"Sonne-{(seed * 2_654_435_761) % _SECRET_SEED:08x}",
            key=key,
            faults=lambda: self.faults,
        )
        self.requests: list[str] = []
        """The calls so far, by their names in ``protocol.portal.CALLS``."""
        self.logins = 0
        """How often somebody was sent to the sign-on."""
        self._sessions: set[str] = set()
        self._states: set[str] = set()
        self.sign_on.route(app.router)
        app.router.add_get("/", self._root)
        app.router.add_get(_LOGIN, self._login)
        app.router.add_get(_CALLBACK, self._callback)
        for call in CALLS.values():
            app.router.add_route(call.method, call.path, self._serve(call.name))

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url, serial, username, password and totp."""
        return {
            "vendor": "senec",
            "url": f"senec+portal://{self.username}@{self.place}/{self.plants[0].serial}?scheme=http",
            "host": self._host.host,
            "port": self._host.port,
            "base_url": self._host.base_url,
            "serial": self.plants[0].serial,
            "username": self.username,
            "password": self.sign_on.password,
            "totp": self.totp,
        }

    def expire(self) -> None:
        """End all sessions of the portal; the sign-on may still know who it was."""
        self._sessions.clear()

    # -- the session

    def _knows(self, request: web.Request) -> bool:
        return request.cookies.get(_COOKIE, "") in self._sessions

    async def _root(self, request: web.Request) -> web.Response:
        if "portal-outage" in self.faults:
            return web.Response(status=503)
        return _page("ng-view") if self._knows(request) else _redirect(_LOGIN)

    async def _login(self, _: web.Request) -> web.Response:
        self.logins += 1
        if "portal-elsewhere" in self.faults:
            return _redirect(f"http://localhost:{self._host.port}{realm.AUTHORIZE}")
        state = secrets.token_urlsafe(16)
        self._states.add(state)
        query = {
            "response_type": "code",
            "client_id": CLIENT,
            "scope": "roles meinsenec",
            "state": state,
            "redirect_uri": self._host.base_url.rstrip("/") + _CALLBACK,
        }
        return _redirect(f"{realm.AUTHORIZE}?{urlencode(query)}")

    async def _callback(self, request: web.Request) -> web.Response:
        state = request.query.get("state", "")
        if state not in self._states or not self.sign_on.takes(request.query.get("code", "")):
            return web.Response(status=400, text=_PAGE.format("Login failed"), content_type="text/html")
        self._states.discard(state)
        name = secrets.token_hex(16)
        self._sessions.add(name)
        response = _redirect("/")
        response.set_cookie(_COOKIE, name, httponly=True)
        return response

    # -- calls

    def _serve(self, name: str) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.Response:
            self.requests.append(name)
            if "portal-outage" in self.faults:
                return web.Response(status=503)
            if "portal-ended" in self.faults or not self._knows(request):
                return _redirect(_LOGIN)
            if "portal-page" in self.faults:
                return _page("Wartungsarbeiten")
            return await self._answer(name, request)

        return serve

    async def _answer(self, name: str, request: web.Request) -> web.Response:
        plants = list(reversed(self.plants)) if "portal-shifted" in self.faults else self.plants
        index = request.match_info.get("anlageNummer") or request.query.get("anlageNummer", "0")
        if not index.isdecimal() or int(index) >= len(plants):
            return _told(404, "ANLAGE_NOT_FOUND")
        plant = plants[int(index)]
        if name in _BARE and "portal-bare" in self.faults:
            return _told(404, "NOT_AVAILABLE")
        try:
            if CALLS[name].method == "POST":
                return await self._write(name, plant, request)
            return self._read(name, plant, request)
        except (KeyError, ValueError) as error:
            return _told(400, str(error))

    def _read(self, name: str, plant: PortalPlant, request: web.Request) -> web.Response:
        now = max(self._clock.now() - (_OLD if "portal-old" in self.faults else timedelta(0)), self._first)
        query = request.query
        if name == "week":
            file = plant.week(int(query["jahr"]), int(query["woche"]), now)
            return _told(404, "NO_DATA") if file is None else self._sent(file.encode(), "text/csv")
        if name == "document":
            return self._sent(b"PK\x05\x06" + bytes(18), "application/zip")
        scale = 1.0 if "portal-watts" in self.faults else 1e-3
        answers: Mapping[str, Callable[[], Any]] = {
            "customer": lambda: {"devNumber": 4711, "anzahlAnlagen": len(self.plants)},
            "plants": self._plant_list,
            "navigation": plant.navigation,
            "overview": lambda: plant.overview(now, scale=scale),
            "measurements": lambda: plant.series(query["type"], now),
            "autarky": lambda: plant.autarky(now),
            "accu_state": lambda: plant.accu_state(now),
            "reserve": lambda: plant.reserve,
            "peak_shaving": lambda: plant.peak_shaving(now),
            "sg_ready_state": plant.sg_ready_state,
            "sg_ready": lambda: plant.sg_ready,
            "sockets": lambda: plant.sockets,
            "weeks": lambda: plant.weeks(now),
            "documents": lambda: [
                {"description": "SenecGui-Root", "fileName": "root.zip", "documentPointer": {"docId": "17"}}
            ],
        }
        return self._sent(json.dumps(answers[name]()).encode(), "application/json")

    def _plant_list(self) -> list[dict[str, Any]]:
        return [
            {"anlageNummer": number, "produktName": "SENEC.Home V3 hybrid duo", "steuereinheitnummer": one.serial}
            for number, one in enumerate(self.plants)
        ]

    @property
    def _first(self) -> datetime:
        return self._plant.house.commissioned.astimezone(UTC)

    async def _write(self, name: str, plant: PortalPlant, request: web.Request) -> web.Response:
        if "portal-refuses" in self.faults:
            return _told(400, "SETTING_NOT_ALLOWED")
        if "portal-refuses-inside" in self.faults:
            return web.json_response({"status": 400, "error": "Bad Request", "message": "SETTING_NOT_ALLOWED"})
        if "portal-deaf" not in self.faults:
            await self._set(name, plant, request)
        if "portal-cut" in self.faults and request.transport is not None:
            request.transport.close()
        return web.Response(status=200)

    async def _set(self, name: str, plant: PortalPlant, request: web.Request) -> None:
        match name:
            case "set_reserve":
                plant.set_reserve(request.query)
            case "set_peak_shaving":
                plant.set_peak_shaving(request.query)
            case "set_sg_ready":
                plant.set_sg_ready(await request.json())
            case "set_sockets":
                plant.set_sockets(await request.json())

    def _sent(self, body: bytes, kind: str) -> web.Response:
        if "portal-empty" in self.faults:
            body = b""
        if "portal-truncated" in self.faults:
            body = body[: len(body) * 2 // 3]
        return web.Response(body=body, content_type=kind)


def _told(status: int, message: str) -> web.Response:
    return web.json_response({"status": status, "message": message}, status=status)


def _redirect(location: str) -> web.Response:
    return web.Response(status=302, headers={"Location": location})


def _page(words: str) -> web.Response:
    return web.Response(text=_PAGE.format(words), content_type="text/html")
