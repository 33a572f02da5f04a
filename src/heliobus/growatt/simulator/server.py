"""The cloud on a real socket: pages, sessions and what goes wrong with them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from aiohttp import web

from heliobus.errors import UsageError
from heliobus.growatt.protocol import ENDPOINTS
from heliobus.growatt.simulator import house, pages, plants
from heliobus.growatt.simulator.account import CloudAccount, locked
from heliobus.growatt.simulator.faults import DEAD_FORMS, faults_of
from heliobus.growatt.simulator.house import Moment
from heliobus.simulation.host import Host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions

    Parameters: TypeAlias = Mapping[str, str]
    Answer: TypeAlias = Callable[["GrowattSimulator", Moment, Parameters], Any]

PROFILES = ("mix", "tlx")
_RECENT = timedelta(minutes=5)
_BIG = 10_000_000
_SECRET_SEED = 2**32
_SERIALS = {"mix": "SIMMIX", "tlx": "SIMTLX"}


class GrowattSimulator:
    """Growatt's cloud with one account, whose plant is the house with a hybrid of the profile's family.

    It answers while entered.  Making one raises UsageError for an unknown wire, profile or fault, for replays, and for
    a time at which the house does not stand yet.
    """

    def __init__(self, options: SimulationOptions) -> None:
        if options.wire not in {None, "shine"}:
            raise UsageError(f"no simulated Growatt wire {options.wire!r}", remedy="Use shine.")
        if options.replay is not None:
            raise UsageError("a simulated Growatt cloud cannot replay yet", remedy="Leave replay out.")
        self.family = options.profile or PROFILES[0]
        if self.family not in PROFILES:
            raise UsageError(f"no Growatt profile {self.family!r}", remedy=f"Use one of: {', '.join(PROFILES)}.")
        self._plant = options.plant
        self._clock = options.clock
        seed = options.plant.seed % 10_000_000
        self.serial = f"{_SERIALS[self.family]}{seed:07d}"
        self._account = CloudAccount(
            user_id=1_000_000 + seed,
            username=f"owner{seed}",
            password=f"Sonne-{(options.plant.seed * 2_654_435_761) % _SECRET_SEED:08x}",
            plant_id=str(2_000_000 + seed),
            plant_name="Simulated house",
        )
        self.requests: list[str] = []
        """The calls so far, by their names in ``protocol.ENDPOINTS`` or else their pages."""
        self.region = "127.0.0.1:9"
        """The host that the look-up names."""
        self.faults = options.faults
        options.plant.at(options.clock.now())
        self._host = Host(self._app(), host=options.host, port=options.port)

    async def __aenter__(self) -> Self:
        await self._host.__aenter__()
        if "wrong-region" not in self._faults:
            self.region = self._address
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._host.__aexit__(kind, error, trace)

    @property
    def plant(self) -> Plant:
        """The house; this cloud obeys no commands yet."""
        return self._plant

    @property
    def account(self) -> CloudAccount:
        """The account's sessions, logins and lock."""
        return self._account

    @property
    def faults(self) -> tuple[str, ...]:
        """What goes wrong from now on, by the names of ``FAULTS``; a dead form ends all sessions when it is set."""
        return self._named

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        self._named = tuple(names)
        self._faults = faults_of(self._named)
        if self._faults.intersection(DEAD_FORMS):
            self._account.expire()

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url, serial, username and password."""
        return {
            "vendor": "growatt",
            "url": f"growatt://{self._account.username}@{self._address}?scheme=http",
            "host": self._host.host,
            "port": self._host.port,
            "base_url": self._host.base_url,
            "serial": self.serial,
            "username": self._account.username,
            "password": self._account.password,
        }

    @property
    def _address(self) -> str:
        return self._host.base_url.removeprefix("http://").rstrip("/")

    # -- HTTP

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{page:.*}", self._serve)
        return app

    async def _serve(self, request: web.Request) -> web.Response:
        page = request.match_info["page"]
        parameters = {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}
        name = _call(page, parameters)
        self.requests.append(name or page)
        if refusal := pages.refusal(self._faults, request.headers.get("User-Agent", "")):
            return refusal
        if name == "login":
            return self._login(parameters)
        if name == "server_of":
            return self._json(self._region_of(parameters))
        if page == "logout.do":
            self._account.expire()
            return pages.dead("dead-302-login")
        if not self._account.knows(request.cookies.get("JSESSIONID")):
            return pages.dead(next((form for form in DEAD_FORMS if form in self._faults), DEAD_FORMS[0]))
        if name is None:
            raise web.HTTPNotFound
        return self._json(self._content(name, parameters))

    def _login(self, parameters: Parameters) -> web.Response:
        session = None
        if "locked" in self._faults or "locked-short" in self._faults:
            back = locked(short="locked-short" in self._faults)
        elif "system-error" in self._faults:
            back = {"msg": "501", "success": False}
        elif "wrong-region" in self._faults:
            back = {"msg": "502", "success": False}
        else:
            back, session = self._account.login(
                parameters.get("userName", ""),
                parameters.get("password", ""),
                now=self._clock.now(),
                zone=int(float(self._moment().offset)),
            )
        response = self._json({"back": back})
        if session is not None:
            response.set_cookie("JSESSIONID", session, path="/", httponly=True)
            response.set_cookie("SERVERID", f"simulated|{int(self._clock.now().timestamp())}", path="/")
        return response

    def _region_of(self, parameters: Parameters) -> dict[str, Any]:
        known = parameters.get("userName") == self._account.username
        return {"success": known, "msg": self.region if known else ""}

    def _moment(self) -> Moment:
        now = self._clock.now()
        if "delayed" in self._faults:
            begin = datetime(1970, 1, 1, tzinfo=UTC)
            now = max(now - (now - begin) % _RECENT, self._plant.house.commissioned)
        return Moment(self._plant, now, offline="offline" in self._faults, stale="stale-midnight" in self._faults)

    def _content(self, name: str, parameters: Parameters) -> Any:
        endpoint = ENDPOINTS[name]
        family = name.partition("_")[0]
        known = self._is_ours(parameters) and family in ("plant", "plants", "dashboard", self.family)
        if not known or "null-object" in self._faults:
            return {"result": 0, "obj": None, "msg": "504"}
        try:
            found = _ANSWERS[name](self, self._moment(), parameters)
        except (KeyError, ValueError):  # a parameter is missing or badly formed
            return {"result": 0, "obj": None, "msg": "501"}
        if endpoint.envelope == "obj":
            return {"result": 1, "obj": found, "msg": ""}
        return {endpoint.envelope: found} if endpoint.envelope else found

    def _is_ours(self, parameters: Parameters) -> bool:
        """Whether what a call names belongs to the account."""
        ours = {
            "userId": str(self._account.user_id),
            "plantId": self._account.plant_id,
            **dict.fromkeys(("mixId", "serialNum"), self.serial),
            "id": self.serial,
        }
        return all(parameters.get(name, own) == own for name, own in ours.items())

    def _json(self, content: Any) -> web.Response:
        if "texts" in self._faults:
            content = _as_texts(content)
        charset = "gb18030" if "charset" in self._faults else "utf-8"
        body = json.dumps(content, ensure_ascii=False).encode(charset)
        response = web.Response(content_type="text/html", charset="UTF-8")  # whatever the charset is
        if "empty" in self._faults:
            body = b""
        if "truncated" in self._faults:
            body = body[: len(body) * 2 // 3]
        if "nul" in self._faults:
            body += b"\0" * 8
        if "big" in self._faults:
            body = gzip.compress(body[:-1] + b" " * _BIG + body[-1:])
            response.headers["Content-Encoding"] = "gzip"
        response.body = body
        return response

    # -- answers that need more than the house

    def devices(self, m: Moment, *, empty: bool) -> dict[str, Any]:
        device = {"deviceSn": self.serial, "deviceType": self.family, "datalogSn": f"LOG{self.serial[-7:]}"}
        return plants.plant_devices(m, device, empty=empty)


def _call(page: str, parameters: Parameters) -> str | None:
    """The name of the call behind a page and its operation."""
    chosen = {name: parameters[name] for name in ("op", "action") if name in parameters}
    return next((one.name for one in ENDPOINTS.values() if one.page == page and dict(one.selector) == chosen), None)


def _as_texts(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _as_texts(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_as_texts(value) for value in content]
    number = isinstance(content, (int, float)) and not isinstance(content, bool)
    return str(content) if number else content


def _day(m: Moment, parameters: Parameters) -> datetime:
    return datetime.strptime(parameters["date"], "%Y-%m-%d").replace(tzinfo=m.zone)


_ANSWERS: Mapping[str, Answer] = {
    "plants": lambda sim, m, _: plants.plant_list(m, sim.account),
    "plant_devices": lambda sim, m, _: sim.devices(m, empty="no-devices" in sim.faults),
    "plant_devices_old": lambda sim, m, _: sim.devices(m, empty=False),
    "plant_settings": lambda sim, m, _: plants.plant_settings(m, sim.account),
    "plant_energies": lambda _, m, __: plants.plant_energies(m),
    "plant_history": lambda sim, m, asked: plants.plant_history(m, sim.account, asked["type"], asked["date"]),
    "dashboard": lambda _, m, __: plants.dashboard(m),
    "mix_status": lambda _, m, __: house.mix_status(m),
    "mix_totals": lambda _, m, __: house.mix_totals(m),
    "mix_info": lambda _, m, __: house.mix_info(m),
    "mix_energy": lambda _, m, asked: house.mix_energy(m, _day(m, asked)),
    "tlx_detail": lambda _, m, __: house.tlx_detail(m),
    "tlx_status": lambda _, m, __: house.tlx_status(m),
    "tlx_totals": lambda _, m, __: house.tlx_totals(m),
}
