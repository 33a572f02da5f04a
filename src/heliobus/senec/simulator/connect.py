"""SENEC.Connect on a real socket (SPEC 10, capture 52, erratum S1): systems in another order each time, and a quota."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aiohttp import web

from heliobus.senec.protocol.connect import KEY_HEADER, PATH, QUOTA
from heliobus.senec.simulator.app.house import single
from heliobus.senec.simulator.house import serial
from heliobus.senec.simulator.served import Served
from heliobus.simulation.house import House
from heliobus.simulation.plant import Plant

if TYPE_CHECKING:
    from heliobus.simulation.state import WallboxState
    from heliobus.vendor import SimulationOptions

FAULTS = MappingProxyType(
    {
        "connect-outage": "it is down (HTTP 503)",
        "connect-busy": "too many requests in a short time (HTTP 429)",
        "connect-quota": "the month's requests are used up (HTTP 403 with Retry-After)",
        "connect-quota-429": "the same, told by HTTP 429",
        "connect-rights": "the subscription may not read systems (HTTP 403)",
        "connect-page": "a page of the portal instead of JSON",
        "connect-empty": "empty bodies",
        "connect-truncated": "bodies cut off",
        "connect-missing": "the owner's system is left out",
        "connect-nameless": "no name plates: nobody knows whose values they are",
        "connect-twice": "two systems with the same id",
    }
)
_DEFAULT = "battery,meter"
"""What is told when nothing is asked for by name: a guess (erratum S10)."""
_REPLACED = {"state": 0, "state_of_charge": 24, "power": 0.0}
_MODEL = "SENEC.Home P4 hybrid / 11.8"


class ConnectSimulator(Served):
    """A subscription with three systems: the house of the options, a neighbour's, and a unit that was replaced."""

    def __init__(self, options: SimulationOptions) -> None:
        app = web.Application()
        app.router.add_get(PATH, self._serve)
        super().__init__(options, app, table=FAULTS)
        seed = options.plant.seed
        house = replace(House.draw(seed + 1), commissioned=options.plant.house.commissioned)
        self.ids = tuple(f"P4H1-SIM{seed:05}-0000-{number:02}" for number in (1, 2, 3))
        self.key = f"{(seed * 2_654_435_761) % 2**64:032x}"
        self.quota = QUOTA
        self.requests = 0
        self._month = ""
        self._spent = 0
        self._plants = (options.plant, Plant(seed + 1, house=house))

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url, serial and token."""
        return {
            "vendor": "senec",
            "url": f"senec+connect://{self.place}/{self.ids[0]}?scheme=http",
            "host": self._host.host,
            "port": self._host.port,
            "base_url": self._host.base_url,
            "serial": serial(self._plants[0]),
            "token": self.key,
        }

    async def _serve(self, request: web.Request) -> web.Response:
        self.requests += 1
        if obstacle := self._obstacle(request):
            return obstacle
        include = request.query.get("include", _DEFAULT).split(",")
        sections = set(include) - ({"bessNameplate"} if "connect-nameless" in self.faults else set())
        systems = [{name: one for name, one in system.items() if name in sections} for system in self._systems()]
        random.Random(self.requests).shuffle(systems)  # noqa: S311 - another order each time, not a secret
        body = json.dumps(systems).encode()
        if "connect-page" in self.faults:
            return web.Response(
                text="<!DOCTYPE html><html><body>SENEC Developer</body></html>", content_type="text/html"
            )
        if "connect-empty" in self.faults:
            body = b""
        if "connect-truncated" in self.faults:
            body = body[: len(body) * 2 // 3]
        return web.Response(body=body, content_type="application/json")

    def _obstacle(self, request: web.Request) -> web.Response | None:
        """What the API management answers before anybody asks a system."""
        key = request.headers.get(KEY_HEADER) or request.query.get("subscription-key", "")
        if "connect-outage" in self.faults:
            return web.Response(status=503)
        if key != self.key:
            missing = "missing" if not key else "invalid"
            return _told(401, f"Access denied due to {missing} subscription key.")
        if "connect-busy" in self.faults:
            return _told(429, "Rate limit is exceeded. Try again in 30 seconds.", seconds=30)
        if "connect-rights" in self.faults:
            return _told(403, "Access denied.")
        self._spend()
        used_up = self._spent > self.quota
        if used_up or {"connect-quota", "connect-quota-429"} & set(self.faults):
            status = 429 if "connect-quota-429" in self.faults else 403
            return _told(status, "Out of call volume quota.", seconds=self._rest_of_month())
        return None

    def _spend(self) -> None:
        month = f"{self._clock.now():%Y-%m}"
        self._spent = self._spent + 1 if month == self._month else 1
        self._month = month

    def _rest_of_month(self) -> int:
        now = self._clock.now()
        first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return int(((first + timedelta(days=31)).replace(day=1) - now).total_seconds())

    def _systems(self) -> list[dict[str, Any]]:
        found = [self._in_use(number) for number in (0, 1)]
        if "connect-missing" in self.faults:
            del found[0]
        if "connect-twice" in self.faults:
            found[-1]["bessNameplate"] = found[0]["bessNameplate"]
        gone = {"battery": dict(_REPLACED), "bessNameplate": self._plate(2), "meter": {"grid_power": 0.0}, "evse": []}
        return [*found, gone]

    def _in_use(self, number: int) -> dict[str, Any]:
        plant = self._plants[number]
        now = plant.at(max(self._clock.now(), plant.house.commissioned))
        return {
            "battery": {
                "state": 0,
                "state_of_charge": round(now.soc),
                "power": single(0.0 - now.battery),
                "voltage": round(now.battery_voltage, 1),
                "current": round(0.0 - now.battery_current, 1),
            },
            "bessNameplate": self._plate(number),
            "meter": {
                "grid_power": single(now.grid),
                "consumption": single(now.load),
                "production": single(now.pv),
            },
            "evse": [] if now.wallbox is None else [_evse(f"wb_{number}", now.wallbox)],
        }

    def _plate(self, number: int) -> dict[str, Any]:
        house = self._plants[min(number, 1)].house
        return {
            "manufacturer": "SENEC GmbH",
            "model": _MODEL,
            "serial_number": f"SIM-{self._plants[0].seed}-{number}",
            "system_id": self.ids[number],
            "design_capacity": round(house.battery_capacity),
            "active_charge_power": round(house.max_charge),
            "active_discharge_power": round(house.max_discharge),
        }


def _evse(id_: str, box: WallboxState) -> dict[str, Any]:
    return {
        "id": id_,
        "ev_connected": box.car_soc is not None,
        "ev_charging": box.power > 0,
        "charging_power": single(box.power),
    }


def _told(status: int, message: str, *, seconds: int | None = None) -> web.Response:
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return web.json_response({"statusCode": status, "message": message}, status=status, headers=headers)
