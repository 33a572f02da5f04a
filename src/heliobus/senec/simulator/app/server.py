"""SENEC's cloud on a real socket: the sign-on and all services of the App API, on the real paths (SPEC 6, 7, 11)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aiohttp import web

from heliobus.senec.protocol import totp
from heliobus.senec.protocol.app import ENDPOINTS
from heliobus.senec.simulator import sso
from heliobus.senec.simulator.app.house import CloudMoment
from heliobus.senec.simulator.app.system import CloudSystem
from heliobus.senec.simulator.profiles import profile_of
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
        "app-outage": "the services of the app are down (HTTP 503)",
        "app-busy": "too many requests (HTTP 429)",
        "app-timeout": "the services give up (HTTP 408)",
        "app-dead-token": "no access token is taken (HTTP 401)",
        "app-foreign-401": "another account's system is told by HTTP 401 instead of 403",
        "app-portal-page": "a page of the portal instead of JSON",
        "app-empty": "empty bodies",
        "app-truncated": "bodies cut off",
        "app-both-ways": "the grid is drawn from and fed into at once",
        "app-delayed": "data of the last full five minutes, as the real cloud shows",
        "app-old": "data of an hour ago: the system is offline",
        "app-wrong-system": "the dashboard of another system",
        "app-no-wallboxes": "the account may not ask for wallboxes (HTTP 403)",
        "app-refuses": "no wallbox takes a setting (HTTP 400)",
        "app-forgets": "settings are taken and have no effect",
    }
)
_RECENT, _OLD = timedelta(minutes=5), timedelta(hours=1)
_SECRET_SEED = 2**32
_STATUSES = {"app-outage": 503, "app-busy": 429, "app-timeout": 408}
_HEADERS = {"WWW-Authenticate": "Bearer"}


class AppSimulator(Served):
    """An account with two systems: the house of the options, a V3, and a neighbour's that is a V4.

    The cloud's commands reach only the house's wallbox.
    """

    def __init__(self, options: SimulationOptions) -> None:
        app = web.Application()
        super().__init__(options, app, table=FAULTS)
        plant, seed = options.plant, options.plant.seed
        firmware = str(profile_of(options.profile).cells["WIZARD"]["APPLICATION_VERSION"].content).lstrip("0")
        house = replace(House.draw(seed + 1), commissioned=plant.house.commissioned)
        number = 100_000 + 2 * (seed % 400_000)
        self.systems = (
            CloudSystem(plant, id_=number, generation="V3", firmware=firmware),
            CloudSystem(Plant(seed + 1, house=house), id_=number + 1, generation="V4", firmware=firmware),
        )
        self.username = f"owner{seed}@example.org"
        key = bytes((seed * place * 2_654_435_761 >> 7) % 256 for place in range(1, 21))
        self.totp = f"otpauth://totp/SENEC:{seed}?secret={totp.secret_text(key)}&issuer=SENEC"
        self.sign_on = SignOnServer(
            clock=options.clock,
            username=self.username,
            password=f"Sonne-{(seed * 2_654_435_761) % _SECRET_SEED:08x}",
            key=key,
            faults=lambda: self.faults,
        )
        self.requests: list[str] = []
        """The calls so far, by their names in ``protocol.app.ENDPOINTS``."""
        self.sign_on.route(app.router)
        # A fixed path before those with a parameter in its place.
        for endpoint in sorted(ENDPOINTS.values(), key=lambda one: one.path.count("{")):
            app.router.add_route(endpoint.method, endpoint.path, self._serve(endpoint.name))

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url, serial, username, password and totp."""
        return {
            "vendor": "senec",
            "url": f"senec+app://{self.username}@{self.place}/{self.systems[0].id}?scheme=http",
            "host": self._host.host,
            "port": self._host.port,
            "base_url": self._host.base_url,
            "serial": self.systems[0].serial,
            "username": self.username,
            "password": self.sign_on.password,
            "totp": self.totp,
        }

    # -- HTTP

    def _serve(self, name: str) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.Response:
            self.requests.append(name)
            if status := next((_STATUSES[fault] for fault in self._faults if fault in _STATUSES), None):
                return web.Response(status=status, headers={"Retry-After": "120"} if status == 429 else {})  # noqa: PLR2004
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if "app-dead-token" in self._faults or not self.sign_on.knows(token):
                return web.Response(status=401, headers=_HEADERS)
            return await self._answer(name, request)

        return serve

    async def _answer(self, name: str, request: web.Request) -> web.Response:
        body = await _json(request)
        if name == "systems":
            return self._json([system.listed() for system in self.systems])
        wanted = request.match_info.get("system") or next(iter(body.get("systemIds", [])), "")
        system = next((one for one in self.systems if str(one.id) == wanted), None)
        if system is None or ("app-no-wallboxes" in self._faults and name == "wallboxes"):
            return self._foreign(name)
        try:
            _require_wallbox(system, request.match_info.get("wallbox"))
            if ENDPOINTS[name].writes:
                self._write(name, system, {**request.match_info, **body})
                return self._json(system.told())
            return self._json(self._read(name, system, request.query))
        except _Absent as absent:
            return web.Response(status=absent.status)
        except (KeyError, ValueError):  # a parameter is missing or badly formed
            return web.Response(status=400)

    def _read(self, name: str, system: CloudSystem, query: Mapping[str, str]) -> Any:
        if name in ("measurements", "wallbox_measurements"):
            return self._moment(system).measurements(query)
        if name == "dashboard" and "app-wrong-system" in self._faults:
            system = self.systems[1]
        if name not in _ANSWERS:
            raise _Absent(404 if name == "online_state" else 400)  # as for many systems
        return _ANSWERS[name](system, self._moment(system))

    def _write(self, name: str, system: CloudSystem, asked: Mapping[str, Any]) -> None:
        if "app-refuses" in self._faults:
            raise _Absent(400)
        if "app-forgets" not in self._faults:
            _SETTERS[name](system, asked)

    def _moment(self, system: CloudSystem) -> CloudMoment:
        now = self._clock.now()
        if "app-delayed" in self._faults:
            now -= (now - datetime(1970, 1, 1, tzinfo=UTC)) % _RECENT
        if "app-old" in self._faults:
            now -= _OLD
        return CloudMoment(
            system.plant, max(now, system.plant.house.commissioned), both_ways="app-both-ways" in self._faults
        )

    def _foreign(self, name: str) -> web.Response:
        """A system that is not the account's (captures 23, 25, 27, 30 and 32)."""
        if "app-foreign-401" in self._faults:
            return web.Response(status=401, text="{}", content_type="text/plain")
        if name == "dashboard":
            return web.Response(status=403, headers=_HEADERS)
        local = f"{self._clock.now():%d.%m.%Y %H:%M}"
        told = {"status": 403, "error": "Forbidden", "errorCode": "403", "message": None, "timestamp": local}
        return web.json_response({**told, "trace": None}, status=403)

    def _json(self, content: Any) -> web.Response:
        body = json.dumps(content, separators=(",", ":")).encode()
        if "app-portal-page" in self._faults:
            return web.Response(text="<!DOCTYPE html><html><body>mein-senec</body></html>", content_type="text/html")
        if "app-empty" in self._faults:
            body = b""
        if "app-truncated" in self._faults:
            body = body[: len(body) * 2 // 3]
        return web.Response(body=body, content_type="application/json")


_ANSWERS: Mapping[str, Callable[[CloudSystem, CloudMoment], Any]] = {
    "dashboard": CloudSystem.dashboard,
    "details": CloudSystem.details,
    "status": CloudSystem.status,
    "timespan": CloudSystem.timespan,
    "abilities": lambda *_: {"warrantyPackage": None, "packageTypes": ["MOBILITY", "PEAK_SHAVING"]},
    "wallboxes": lambda system, _: [system.told()],
    "wallbox": lambda system, _: system.told(),
}
_SETTERS: Mapping[str, Callable[[CloudSystem, Mapping[str, Any]], None]] = {
    "lock": lambda system, asked: system.lock(asked["locked"]),
    "mode": lambda system, asked: system.set_mode(asked["mode"]),
    "fast_charge": CloudSystem.set_fast,
    "solar_charge": CloudSystem.set_solar,
}


class _Absent(Exception):
    """This system does not have it, or does not take it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _require_wallbox(system: CloudSystem, wallbox: str | None) -> None:
    if wallbox not in (None, system.wallbox["id"]):
        raise _Absent(404)


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.read() or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
