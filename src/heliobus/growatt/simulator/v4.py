"""Route D on the simulated cloud: the "new-api", by token, with its pace and its refusals (SPEC D)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aiohttp import web

from heliobus.errors import Error
from heliobus.growatt.control import changed
from heliobus.growatt.control import v4 as settings
from heliobus.growatt.protocol import v4
from heliobus.growatt.simulator.house import Moment
from heliobus.growatt.simulator.obedience import obey
from heliobus.growatt.simulator.pace import Pace
from heliobus.growatt.simulator.samples import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.growatt.simulator.cloud import Cloud

    Parameters = Mapping[str, str]

_OK, _SET, _READ = "SUCCESSFUL_OPERATION", "PARAMETER_SETTING_SUCCESSFUL", "success"
_STEP = timedelta(minutes=5)
_WIFI = -46
_PAGE = 100
_REFUSALS = {
    -1: "PLEASE_USE_THE_NEW_DOMAIN",
    1: "SYSTEM_ERROR",
    2: "TOKEN_IS_INVALID",
    4: "DEVICE_NOT_FOUND",
    5: "DEVICE_OFFLINE",
    6: "PARAMETER_SETTING_FAILED",
    7: "WRONG_DEVICE_TYPE",
    8: "DEVICE_SN_IS_EMPTY",
    9: "DATE_CANNOT_BE_EMPTY",
    10: "PAGE_CANNOT_BE_EMPTY",
    11: "DEVICE_SN_EXCEEDS_QUANTITY_LIMIT",
    12: "DEVICE_SN_DOES_NOT_HAVE_PERMISSION",
    16: "PARAMETER_SETTING_RESPONSE_TIMEOUT",
    102: "FREQUENTLY_ACCESS",
}
_FAULTS = {
    "token-refused": 2,
    "wrong-region": -1,
    "system-error": 1,
    "no-permission": 12,
}


@dataclass
class V4State:
    """What the devices of a cloud are set to by this route, and who asked when."""

    pace: Pace = field(default_factory=Pace)
    info: dict[str, Any] = field(default_factory=dict)
    """As ``queryDeviceInfo`` has it."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """By ``set_param_N``, as ``readVppParameter`` has it."""
    is_on: bool = True
    written: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    """Every write that was obeyed."""


_STATES: WeakKeyDictionary[Cloud, V4State] = WeakKeyDictionary()


def state(cloud: Cloud) -> V4State:
    """The route's own state of a cloud."""
    if cloud not in _STATES:
        _STATES[cloud] = V4State(info=_first(cloud))
    return _STATES[cloud]


def routes(cloud: Cloud) -> list[web.RouteDef]:
    """The calls under ``v4/new-api/``."""

    async def serve(request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        asked = {**request.query, **form}
        return _serve(cloud.of(asked.get("deviceSn")), request, asked)

    return [web.post(f"/{v4.BASE}{{name}}", serve)]


def _serve(cloud: Cloud, request: web.Request, asked: Parameters) -> web.Response:
    name = request.match_info["name"]
    cloud.requests.append(f"v4 {name}")
    if refusal := cloud.refusal(request):
        return refusal
    if name not in v4.CALLS:
        raise web.HTTPNotFound
    code = _refused(cloud, name, asked, token=request.headers.get("token"))
    if code is not None:
        return cloud.json({"code": code, "data": None, "message": _REFUSALS[code]})
    found, message = _answered(cloud, name, asked)
    if "device-silent" in cloud.faults and v4.CALLS[name].writes:
        return cloud.json({"code": 16, "data": None, "message": _REFUSALS[16]})
    return cloud.json({"code": 0, "data": found, "message": message})


# -- who may ask what, and when


def _refused(cloud: Cloud, name: str, asked: Parameters, *, token: str | None) -> int | None:
    """The code of a refusal, in the order in which the server looks."""
    fault = next((code for fault, code in _FAULTS.items() if fault in cloud.faults), None)
    if token != cloud.token or fault == _FAULTS["token-refused"]:
        return 2
    if fault is not None and not (fault == _FAULTS["no-permission"] and name == "queryDeviceList"):
        return fault
    call = v4.CALLS[name]
    wrong = _wrong(cloud, call, asked)
    if wrong is not None:
        return wrong
    key = call.key(asked) or f"{name} {sorted(asked.items())}"
    if state(cloud).pace.wait(cloud.clock.now(), key, call.interval) is not None:
        return 102
    goes_to_device = call.writes or name in ("readPower", "readVppParameter")
    if goes_to_device and "offline" in cloud.faults:
        return 5
    refuses = "refuses-settings" in cloud.faults or not _is_possible(cloud, name, asked)
    return 6 if call.writes and refuses else None


def _is_possible(cloud: Cloud, name: str, asked: Parameters) -> bool:
    """Whether the device has the setting and can have the value."""
    table = settings.SETTINGS[kind_of(cloud)]
    if name == "removeVppTimePeriod":
        return asked.get("setType") in table
    setting, values = asked.get("setType", name), [asked.get("value", "")]
    if name == "setTimeSegment":
        setting = f"{name}{asked.get('type')}"
        values = [asked.get(key, "") for key in ("mode", "startTime", "endTime", "power", "enable")]
    if setting in settings.SCALED and values[0].isdecimal():
        values = [str(int(values[0]) / settings.SCALED[setting])]
    try:
        changed(table, cloud.family, setting, values, dangerous=True)
    except Error:
        return False
    return True


def _wrong(cloud: Cloud, call: v4.Call, asked: Parameters) -> int | None:
    if not call.kinds:
        return None if asked.get("page", "").isdecimal() else 10
    serials = [one for one in asked.get("deviceSn", "").split(",") if one]
    wrong = (
        (not serials, 8),
        (len(serials) > v4.MOST_SERIALS, 11),
        (asked.get("deviceType") not in call.kinds, 7),
        ("date" in call.parameters and not asked.get("date"), 9),
        # Of several the foreign ones are left out.
        (not call.several and serials != [cloud.serial], 12),
        (not call.several and asked.get("deviceType") != kind_of(cloud), 4),
    )
    return next((code for is_so, code in wrong if is_so), None)


def kind_of(cloud: Cloud) -> str:
    """The kind of device that the inverter of the profile's family is to V4."""
    return v4.FAMILIES.get(cloud.family, "noah")


# -- what it says


def _answered(cloud: Cloud, name: str, asked: Parameters) -> tuple[Any, str]:
    """The data and the message of an answer."""
    if v4.CALLS[name].writes:
        _obey(cloud, name, asked)
        return None, _SET
    return _ANSWERS[name](cloud, asked), _OK if name.startswith("query") else _READ


def _meant(cloud: Cloud, asked: Parameters) -> list[Cloud]:
    """Those of the plant that were asked for; foreign ones are left out."""
    serials = asked["deviceSn"].split(",")
    return [one for one in cloud.members if one.serial in serials and kind_of(one) == asked["deviceType"]]


def _listed(cloud: Cloud, asked: Parameters, row: Callable[[Cloud], dict[str, Any]]) -> dict[str, Any]:
    return {asked["deviceType"]: [row(one) for one in _meant(cloud, asked)]}


def _info(cloud: Cloud) -> dict[str, Any]:
    return state(cloud).info | {"lastUpdateTime": round(cloud.moment().time.timestamp() * 1000)}


def _power(cloud: Cloud) -> Any:
    own = state(cloud).info
    return own.get("defaultPower", own.get("activeRate"))


def _devices(cloud: Cloud, page: int) -> dict[str, Any]:
    listed = [
        {
            "deviceSn": one.serial,
            "deviceType": kind_of(one),
            "datalogSn": one.datalogger,
            "createDate": f"{one.plant.house.commissioned:%Y-%m-%d %H:%M:%S}",
        }
        for one in cloud.members
        if page == 1 and "no-devices" not in cloud.faults
    ]
    return {
        "count": len(listed),
        "data": listed,
        "lastPager": True,
        "notPager": False,
        "other": None,
        "pageSize": _PAGE,
        "pages": 1,
        "startCount": 0,
    }


def _sample(cloud: Cloud, m: Moment) -> dict[str, Any]:
    found = sample(kind_of(cloud), m, serial=cloud.serial, datalogger=cloud.datalogger)
    if kind_of(cloud) == "noah":
        found["workMode"] = state(cloud).info.get("time1Mode", 0)
    return found


def _now(cloud: Cloud) -> dict[str, Any]:
    return _sample(cloud, cloud.moment())


def _curve(cloud: Cloud, written: str) -> list[dict[str, Any]]:
    """A plant's day, the newest first."""
    m = cloud.moment()
    try:
        day = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=m.zone)
    except ValueError:
        return []
    moment, found = m.midnight(day), []
    while moment <= m.time and moment.astimezone(m.zone).date() == day.date():
        if moment >= cloud.plant.house.commissioned:
            found.append(_sample(cloud, Moment(cloud.plant, moment)))
        moment += _STEP
    return found[::-1]


_ANSWERS: Mapping[str, Callable[[Cloud, Parameters], Any]] = {
    "queryDeviceList": lambda cloud, asked: _devices(cloud, int(asked["page"])),
    "queryDeviceInfo": lambda cloud, asked: _listed(cloud, asked, _info),
    "queryLastData": lambda cloud, asked: _listed(cloud, asked, _now),
    "queryHistoricalData": lambda cloud, asked: {"datas": _curve(cloud, asked["date"]), "haveNext": False, "start": 0},
    "queryDevicesHistoricalData": lambda cloud, asked: {
        one.serial: _curve(one, asked["date"]) for one in _meant(cloud, asked)
    },
    "readPower": lambda cloud, _: _power(cloud),
    "readVppParameter": lambda cloud, asked: state(cloud).parameters.get(asked["setType"], 0),
    "getWiFiSignalByDevice": lambda *_: _WIFI,
}


# -- what it obeys


def _first(cloud: Cloud) -> dict[str, Any]:
    """What a device is set to when it comes out of its box."""
    kind = kind_of(cloud)
    if kind != "noah":
        return {
            "serialNum": cloud.serial,
            "dataLogSn": cloud.datalogger,
            "alias": cloud.serial,
            "timezone": float(cloud.moment().offset),
            "lost": False,
            "status": 1,
            "onOff": True,
            "activeRate": 100,
            "fwVersion": "SIM1.0",
        }
    segments: dict[str, Any] = {}
    for place in range(1, settings.SEGMENTS + 1):
        segments |= {
            f"time{place}Mode": 0,
            f"time{place}Start": "0:0",
            f"time{place}End": "23:59" if place == 1 else "0:0",
            f"time{place}Power": 300 if place == 1 else 0,
            f"time{place}Enable": int(place == 1),
        }
    return {
        "deviceSn": cloud.serial,
        "datalogSn": cloud.datalogger,
        "alias": cloud.serial,
        "model": "Noah 2000",
        "lost": False,
        "status": 1,
        "associatedInvSn": "",
        "allowGridCharging": 0,
        "gridConnectionControl": 0,
        "chargingSocHighLimit": 100,
        "chargingSocLowLimit": 10,
        "defaultPower": 300,
        "tempType": 0,
        "fwVersion": "SIM1.0",
        **segments,
    }


def _obey(cloud: Cloud, name: str, asked: Parameters) -> None:
    """Take over a write."""
    own, kind = state(cloud), kind_of(cloud)
    own.written.append((name, dict(asked)))
    if name == "removeVppTimePeriod":
        own.parameters[asked["setType"]] = []
    elif name in ("setVppParameter", "setNewVppParameter"):
        own.parameters[asked["setType"]] = _plain(asked["value"])
        if asked["setType"] == "set_param_27":
            obey(cloud, int(asked["value"]), minutes=int(own.parameters.get("set_param_26", 0)) or None)
    elif name == "setTimeSegment":
        place = asked["type"]
        told = {"Mode": "mode", "Start": "startTime", "End": "endTime", "Power": "power", "Enable": "enable"}
        own.info |= {f"time{place}{key}": _plain(asked[value]) for key, value in told.items()}
    else:
        setting = settings.SETTINGS[kind][name]
        own.info[setting.parameters[0].names[0]] = _plain(asked["value"])


def _plain(value: str) -> Any:
    return int(value) if value.lstrip("-").isdecimal() else value
