"""The OpenAPI V1 on the simulated cloud: tokens, the limit of identical requests, pages, codes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from heliobus.growatt.control import FAMILIES as SETTINGS
from heliobus.growatt.control import bean
from heliobus.growatt.protocol.v1 import CALLS, FAMILIES, INTERVAL, LAST_PAGE, LONGEST_RANGE, PAGE
from heliobus.growatt.simulator.house import Moment
from heliobus.growatt.simulator.v1 import plants, telemetry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from heliobus.growatt.protocol.v1 import Call, Family
    from heliobus.growatt.simulator.cloud import Cloud

_LINES = 20
_WORDS = {
    -1: "please use the new domain",
    10011: "error_permission_denied",
    10012: "error_frequently_access",
    10013: "error_perpage",
    10014: "error_page",
}
_BY_PATH = {(call.method, call.path): call for call in CALLS.values()}
_CODES = {
    "501": 10001, "502": 10002, "503": 10004, "504": 10003, "505": 10005, "506": 10006, "507": 10007, "508": 10008,
    "509": 10009, "701": 10011,
}  # fmt: skip
"""The codes of the app's writes as this route has them."""


class Failure(Exception):
    """A code instead of data."""

    def __init__(self, code: int, said: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.said = _WORDS.get(code, "error") if said is None else said


class V1Server:
    """The calls of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._asked: dict[tuple[str, tuple[tuple[str, str], ...]], datetime] = {}

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request; parameters may stand in the query or in a form, that of a GET too."""
        call = _BY_PATH.get((request.method, request.match_info["page"]))
        self._cloud.requests.append(f"v1/{call.name if call else request.match_info['page']}")
        if refusal := self._cloud.refusal(request):
            return refusal
        if call is None:
            raise web.HTTPNotFound
        form = await request.post() if request.method == "POST" else {}
        asked = {**request.query, **{name: str(value) for name, value in form.items()}}
        try:
            self._check(call, request.headers.get("token"), asked)
            answer = self._answer(call, asked)
        except Failure as failure:
            answer = {"data": "", "error_code": failure.code, "error_msg": failure.said}
        return self._cloud.json(answer)

    def _check(self, call: Call, token: str | None, asked: Mapping[str, str]) -> None:
        faults = self._cloud.faults
        hidden = "no-permission" in faults or self._cloud.family not in telemetry.FAMILIES
        if token != self._cloud.token or (hidden and call.name != "plant_list"):
            raise Failure(10011)
        if "wrong-region" in faults:
            raise Failure(10002, "error_useTrueHostToSet") if call.writes else Failure(-1)
        if not call.writes:
            self._limit(call, asked)
        if int(asked.get("perpage") or _LINES) > PAGE:
            raise Failure(10013)
        if int(asked.get("page") or 1) > LAST_PAGE:
            raise Failure(10014)

    def _limit(self, call: Call, asked: Mapping[str, str]) -> None:
        """The same request once in five minutes; those that are refused do not count."""
        now = self._cloud.clock.now()
        recent = timedelta(seconds=INTERVAL)
        self._asked = {key: at for key, at in self._asked.items() if now - at < recent}
        key = call.path, tuple(sorted(asked.items()))
        if key in self._asked:
            raise Failure(10012)
        self._asked[key] = now

    def _answer(self, call: Call, asked: Mapping[str, str]) -> dict[str, Any]:
        family, _, what = call.name.partition("_")
        known = FAMILIES.get(family)
        if known is not None and what in _FAMILY_CALLS:
            return _FAMILY_CALLS[what](self, known, asked)
        if call.name not in _CALLS:
            raise Failure(10011)  # what only an installer's token may do
        return _CALLS[call.name](self, asked)

    @property
    def cloud(self) -> Cloud:
        return self._cloud

    # -- devices

    def check_device(self, family: Family, serial: str | None, *, missing: int, empty: int) -> None:
        if not serial:
            raise Failure(empty)
        if serial != self._cloud.serial or family.name != self._cloud.family:
            raise Failure(missing, "error_device_not_exist")

    def detail(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get("device_sn"), missing=10002, empty=10003)
        found = plants.detail(self._cloud, self._cloud.moment())
        settings = self._cloud.settings.shown()
        data = {**found, "tlxSetbean": settings} if family.name == "tlx" else {**found, **settings}
        return self._data(data, device_sn=self._cloud.serial)

    def last(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get(family.serial), missing=10002, empty=10003)
        data = telemetry.last(self._cloud.moment(), family.name, self._cloud.serial)
        return self._data(data, **{family.serial: self._cloud.serial})

    def bulk(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        serials = [one for one in asked.get(family.bulk, "").split(",") if one]
        for serial in serials:
            self.check_device(family, serial, missing=10002, empty=10003)
        lines = [
            {
                "deviceSn": serial,
                "dataloggerSn": self._cloud.datalogger,
                "data": telemetry.last(self._cloud.moment(), family.name, serial),
            }
            for serial in serials
        ]
        return {"data": lines, "pageNum": 1, "error_code": 0, "error_msg": ""}

    def alarms(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get(family.serial), missing=10005, empty=10002)
        _date(asked, "date", wrong=10003)
        return ok({"count": 0, "alarms": [], family.serial: self._cloud.serial})

    def history(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        """The newest first; the next page begins at the place after its last, counted from 1 (sample)."""
        self.check_device(family, asked.get(family.serial), missing=10005, empty=10002)
        first, last = _date(asked, "start_date", wrong=10003), _date(asked, "end_date", wrong=10003)
        if not timedelta(0) <= last - first <= timedelta(days=LONGEST_RANGE):
            raise Failure(10004)
        m = self._cloud.moment()
        built = self._cloud.plant.house.commissioned
        moments = [moment for moment in plants.steps(m, first, last) if built <= moment <= m.time][::-1]
        page, lines = int(asked.get("page") or 1), int(asked.get("perpage") or _LINES)
        shown = moments[(page - 1) * lines : page * lines]
        return ok(
            {
                "count": len(moments),
                "next_page_start_id": page * lines + 1,
                "datalogger_sn": self._cloud.datalogger,
                family.serial: self._cloud.serial,
                "datas": [telemetry.last(Moment(m.plant, one), family.name, self._cloud.serial) for one in shown],
            }
        )

    # -- settings

    def read(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get("device_sn"), missing=10002, empty=10004)
        if self._cloud.moment().offline:
            raise Failure(10005)
        name = asked.get("paramId", "")
        setting = SETTINGS[family.name].get(name)
        if name == "set_any_reg":
            return ok("0")
        if setting is None:
            raise Failure(10009)
        told = self._cloud.settings.device
        values = (next((told[one] for one in parameter.names if one in told), "") for parameter in setting.parameters)
        return ok(",".join(str(value) for value in values))

    def write(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get(family.serial), missing=10012, empty=10004)
        if self._cloud.moment().offline:
            raise Failure(10005)
        name, texts = _written(family, asked)
        code = self._cloud.settings.write(name, texts)
        if code is not None:
            setting = SETTINGS[family.name].get(name)
            ordered = code == "509" and setting is not None and setting.periods
            raise Failure(10013 if ordered else _CODES.get(code, 10001))
        return ok("")

    def settings(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get("device_sn"), missing=10002, empty=10003)
        return self._data(dict(bean(self._cloud.settings.shown())), device_sn=self._cloud.serial)

    def day_energy(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get("device_sn"), missing=10005, empty=10002)
        day = _date(asked, "date", wrong=10003)
        found: float = plants.energy(self._cloud.moment(), day, day, "day")["energys"][0]["energy"]
        return self._data(found, device_sn=self._cloud.serial)

    def _data(self, data: Any, **beside: str) -> dict[str, Any]:
        return {**ok(data), "datalogger_sn": self._cloud.datalogger, **beside}

    # -- plants

    def check_plant(self, asked: Mapping[str, str], *, missing: int = 10002, empty: int = 10003) -> Moment:
        if not asked.get("plant_id"):
            raise Failure(empty)
        if asked["plant_id"] != self._cloud.account.plant_id:
            raise Failure(missing)
        return self._cloud.moment()

    def power(self, asked: Mapping[str, str]) -> dict[str, Any]:
        return ok(plants.power(self.check_plant(asked), _date(asked, "date", wrong=10003)))

    def energy(self, asked: Mapping[str, str]) -> dict[str, Any]:
        m = self.check_plant(asked)
        first, last = _date(asked, "start_date", wrong=10004), _date(asked, "end_date", wrong=10004)
        unit = asked.get("time_unit", "day")
        longest = {"day": LONGEST_RANGE, "month": 731, "year": 20 * 366}.get(unit, -1)
        if not 0 <= (last - first).days <= longest:
            raise Failure(10004)
        return ok(plants.energy(m, first, last, unit))

    def device_list(self, asked: Mapping[str, str]) -> dict[str, Any]:
        m = self.check_plant(asked, missing=10003, empty=10002)
        hidden = "no-devices" in self._cloud.faults
        return ok({"count": 1, "devices": [] if hidden else [plants.device(self._cloud, m)]})


def ok(data: Any) -> dict[str, Any]:
    return {"data": data, "error_code": 0, "error_msg": ""}


def _date(asked: Mapping[str, str], name: str, *, wrong: int) -> date:
    try:
        return date.fromisoformat(asked.get(name, ""))
    except ValueError:
        raise Failure(wrong) from None


def _written(family: Family, asked: Mapping[str, str]) -> tuple[str, Sequence[str]]:
    if family.name == "inverter":
        return asked.get("paramId", ""), [asked.get("command_1", ""), asked.get("command_2", "")]
    # Some leave out what they do not use (erratum G14).
    return asked.get("type", ""), [asked.get(name, "") for name in family.parameters]


_FAMILY_CALLS: Mapping[str, Callable[[V1Server, Family, Mapping[str, str]], dict[str, Any]]] = {
    "detail": V1Server.detail,
    "last": V1Server.last,
    "bulk": V1Server.bulk,
    "alarms": V1Server.alarms,
    "history": V1Server.history,
    "read": V1Server.read,
    "set": V1Server.write,
    "settings": V1Server.settings,
    "day_energy": V1Server.day_energy,
}


def _of_device(server: V1Server, asked: Mapping[str, str]) -> None:
    if asked.get("device_sn") != server.cloud.serial:
        raise Failure(10005)


def _plant_of(server: V1Server, asked: Mapping[str, str]) -> dict[str, Any]:
    _of_device(server, asked)
    found = plants.plant(server.cloud, server.cloud.moment())
    return ok({"plant": {_camel(name): value for name, value in found.items()}})


def _datalogger_of(server: V1Server, asked: Mapping[str, str]) -> dict[str, Any]:
    _of_device(server, asked)
    return ok({"datalogSN": server.cloud.datalogger})


def _camel(name: str) -> str:
    first, *words = name.split("_")
    return first + "".join(word.capitalize() for word in words)


def _soc(server: V1Server, asked: Mapping[str, str]) -> dict[str, Any]:
    if asked.get("vppSn") != server.cloud.serial:
        raise Failure(10002)
    about = {"soc": round(server.cloud.moment().now.soc, 1), "sn": server.cloud.serial}
    return {"error_code": 0, "error_msg": "", "dataLogSn": server.cloud.datalogger, **about}


def _lists(name: str) -> Callable[[V1Server, Mapping[str, str]], dict[str, Any]]:
    """An empty list: there is no meter, sensor or end user."""
    return lambda server, _: ok({"count": 0, "dataloggerSn": server.cloud.datalogger, name: []})


_CALLS: Mapping[str, Callable[[V1Server, Mapping[str, str]], dict[str, Any]]] = {
    "plant_list": lambda server, _: ok({"count": 1, "plants": [plants.plant(server.cloud, server.cloud.moment())]}),
    "plant_details": lambda server, asked: ok(plants.details(server.cloud, server.check_plant(asked))),
    "plant_data": lambda server, asked: ok(plants.data(server.cloud, server.check_plant(asked))),
    "plant_power": V1Server.power,
    "plant_energy": V1Server.energy,
    "plant_of": _plant_of,
    "device_list": V1Server.device_list,
    "device_type": lambda server, _: plants.kind(server.cloud),
    "datalogger_of": _datalogger_of,
    "datalogger_list": lambda server, asked: ok(
        {"count": 1, "dataloggers": [plants.datalogger(server.cloud, server.check_plant(asked, missing=10003))]}
    ),
    "meter_list": _lists("meters"),
    "env_list": _lists("envs"),
    "user_list": _lists("c_user"),
    "vpp_soc": _soc,
}
