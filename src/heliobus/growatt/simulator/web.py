"""Route B on the simulated cloud: the web portal's pages, by a session of its own login (SPEC B)."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from itertools import count, takewhile
from typing import TYPE_CHECKING, Any

from aiohttp import web

from heliobus.growatt.protocol import hash_password
from heliobus.growatt.protocol.web import ACTIONS, CALLS, LOGIN, PANELS, POINTS_PER_DAY, READS
from heliobus.growatt.simulator import house, pages
from heliobus.growatt.simulator.faults import DEAD_FORMS
from heliobus.growatt.simulator.house import kwh, parts, text
from heliobus.growatt.simulator.writes import write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.growatt.simulator.cloud import Cloud
    from heliobus.growatt.simulator.house import Moment
    from heliobus.simulation.plant import Instant

_WRONG = -2
_WORDS = {"508": "inv_set_param_out_of_range", "509": "inv_set_time_format"}
_WEEK = 7
_PAGE = 4


def routes(cloud: Cloud) -> list[web.RouteDef]:
    """The pages of the portal's table."""

    async def serve(request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        return _serve(cloud, request, {**request.query, **form})

    found = sorted({(call.method, call.page) for call in CALLS.values()})
    return [web.route(method, f"/{page}", serve) for method, page in found]


def _serve(cloud: Cloud, request: web.Request, asked: Mapping[str, str]) -> web.Response:
    page = request.path.lstrip("/")
    name = next(call.name for call in CALLS.values() if call.page == page)
    cloud.requests.append(f"web {page}")
    if refusal := cloud.refusal(request):
        return refusal
    if name == LOGIN.name:
        return _login(cloud, asked)
    if not cloud.account.knows(request.cookies.get("JSESSIONID")):
        return pages.dead(next((form for form in DEAD_FORMS if form in cloud.faults), DEAD_FORMS[0]))
    cloud = cloud.of(*(asked.get(one) for one in _SERIALS))
    if page == "tcpSet.do":
        return cloud.json(_tcp(cloud, asked))
    if name == "inverter_settings":
        return _settings_page(cloud, asked)
    return cloud.json(_content(cloud, name, asked))


_SERIALS = ("serialNum", "sn", *(panel.serial for panel in PANELS.values()))


def _login(cloud: Cloud, asked: Mapping[str, str]) -> web.Response:
    account = cloud.account
    right = hashlib.md5(account.password.encode(), usedforsecurity=False).hexdigest() == asked.get("passwordCrc")
    secret = hash_password(account.password) if right else ""
    if cloud.lock is not None:
        return cloud.json({"result": 0, "msg": "507"})
    if "wrong-region" in cloud.faults:
        return cloud.json({"result": _WRONG})
    back, session = account.login(asked.get("account", ""), secret, now=cloud.clock.now(), zone=0)
    if session is None:
        return cloud.json({"result": 0, "msg": "507"} if back["msg"] == "507" else {"result": _WRONG})
    response = cloud.json({"result": 1})
    response.set_cookie("JSESSIONID", session, path="/", httponly=True)
    return response


# -- reads


def _content(cloud: Cloud, name: str, asked: Mapping[str, str]) -> Any:
    m = cloud.moment()
    if name == "plants":
        return [{"timezone": m.offset, "id": cloud.account.plant_id, "plantName": cloud.account.plant_name}]
    family, _, what = name.partition("_")
    ours = {"plantId": cloud.account.plant_id, "sn": cloud.datalogger}
    if family in PANELS and what in _PANEL:
        ours[PANELS[family].serial] = cloud.serial
        known = family == cloud.family and what in _told(family)
    else:
        known = name in _PLAIN
    if not known or any(asked.get(key, own) != own for key, own in ours.items()) or "null-object" in cloud.faults:
        return {"result": 0, "obj": None, "msg": "504"}
    try:
        found = _PANEL[what](m, asked) if what in _PANEL and family in PANELS else _PLAIN[name](cloud, asked)
    except (KeyError, ValueError):  # a parameter is missing or badly formed
        return {"result": 0, "obj": None, "msg": "501"}
    return {"result": 1, "obj": found}


def _told(family: str) -> tuple[str, ...]:
    """The panels of a family whose answers were recorded for it, or for the one most like it."""
    return tuple(_PANEL) if family in ("mix", "spa") else ()


def _status(m: Moment, _: Mapping[str, str]) -> dict[str, Any]:
    return house.mix_status(m)


def _totals(m: Moment, _: Mapping[str, str]) -> dict[str, Any]:
    today, total = m.today, m.total
    return {
        "epvToday": kwh(today.pv),
        "epvTotal": kwh(total.pv),
        "eselfToday": kwh(max(today.load - today.grid_import, 0.0)),
        "eselfTotal": kwh(max(total.load - total.grid_import, 0.0)),
        "elocalLoadToday": kwh(today.load),
        "elocalLoadTotal": kwh(total.load),
        "gridPowerToday": kwh(today.grid_import),
        "gridPowerTotal": kwh(total.grid_import),
        "etoGridToday": kwh(today.grid_export),
        "etogridTotal": kwh(total.grid_export),
        "edischarge1Today": kwh(today.discharge),
        "edischarge1Total": kwh(total.discharge),
        "photovoltaicRevenueToday": text(today.pv / 1000 * 0.3),
        "photovoltaicRevenueTotal": text(total.pv / 1000 * 0.3),
        "unit": "€",
    }


_CURVES: Mapping[str, Callable[[Instant], float]] = {
    "ppv": lambda now: now.pv,
    "pacToUser": lambda now: parts(now.grid)[0],
    "pacToGrid": lambda now: parts(now.grid)[1],
    "sysOut": lambda now: now.load,
    "elocalLoad": lambda now: now.load,
    "pself": lambda now: max(now.load - parts(now.grid)[0], 0.0),
    "pdischarge": lambda now: parts(now.battery)[0],
    "pcharge": lambda now: parts(now.battery)[1],
}


def _day(m: Moment, asked: Mapping[str, str]) -> dict[str, Any]:
    day = _date(m, asked)
    curve = _by_place(m, day)
    sums = m.between(day, m.midnight(day + timedelta(days=1)))
    own = max(sums.load - sums.grid_import, 0.0)
    return {
        "etouser": kwh(sums.grid_import),
        "charts": {
            name: [None if now is None else round(of(now) / 1000, 2) for now in curve] for name, of in _CURVES.items()
        },
        "eCharge": kwh(own + sums.grid_export),
        "eAcCharge": kwh(sums.grid_export),
        "eChargeToday1": kwh(own),
        "eChargeToday2": kwh(own),
        "elocalLoad": kwh(sums.load),
    }


def _battery(m: Moment, asked: Mapping[str, str]) -> dict[str, Any]:
    day = _date(m, asked)
    days = [m.midnight(day - timedelta(days=back)) for back in reversed(range(_WEEK))]
    sums = [m.between(one, m.midnight(one + timedelta(days=1))) for one in days]
    return {
        "date": f"{day:%Y-%m-%d}",
        "cdsTitle": [f"{one:%Y-%m-%d}" for one in days],
        "wBatteryType": "1",
        "socChart": {"soc": [None if now is None else float(round(now.soc)) for now in _by_place(m, day)]},
        "cdsData": {
            "cd_charge": [round(one.charge / 1000, 1) for one in sums],
            "cd_disCharge": [round(one.discharge / 1000, 1) for one in sums],
        },
    }


def _date(m: Moment, asked: Mapping[str, str]) -> datetime:
    return datetime.strptime(asked["date"], "%Y-%m-%d").replace(tzinfo=m.zone)


def _by_place(m: Moment, day: datetime) -> list[Instant | None]:
    """Every five minutes of the plant's clock, None where the house did not stand yet or the time has not come."""
    known = dict(m.curve(day))
    labels = (f"{place // 12:02}:{place % 12 * 5:02}" for place in range(POINTS_PER_DAY))
    return [known.get(label) for label in labels]


_PANEL: Mapping[str, Callable[[Moment, Mapping[str, str]], dict[str, Any]]] = {
    "status": _status,
    "totals": _totals,
    "day": _day,
    "battery": _battery,
}


def _plant(cloud: Cloud, _: Mapping[str, str]) -> dict[str, Any]:
    m = cloud.whole()
    return {
        "id": cloud.account.plant_id,
        "plantName": cloud.account.plant_name,
        "accountName": cloud.account.username,
        "country": "Germany",
        "city": "",
        "lat": "0",
        "lng": "0",
        "timezone": m.offset,
        "creatDate": f"{m.plant.house.commissioned.astimezone(m.zone):%Y-%m-%d}",
        "nominalPower": text(m.plant.house.peak_power, 0),
        "eTotal": kwh(m.total.pv),
        "moneyUnit": "eur",
        "moneyUnitText": "€",
        "isShare": "false",
    }


def _devices(cloud: Cloud, _: Mapping[str, str]) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for one in cloud.members:
        found.setdefault(_word(one), []).append([one.serial, one.serial, str(int(one.moment().offline))])
    return found


def _device_page(cloud: Cloud, asked: Mapping[str, str]) -> dict[str, Any]:
    page, count = int(asked.get("currPage") or 1), len(cloud.members)
    shown = cloud.members[(page - 1) * _PAGE : page * _PAGE]
    return {
        "currPage": page,
        "pages": -(-count // _PAGE),
        "pageSize": _PAGE,
        "count": count,
        "ind": 1,
        "datas": [_device(one) for one in shown],
        "notPager": False,
    }


def _device(cloud: Cloud) -> dict[str, Any]:
    m = cloud.moment()
    return {
        "sn": cloud.serial,
        "alias": cloud.serial,
        "deviceTypeName": cloud.family,
        "datalogSn": cloud.datalogger,
        "plantId": cloud.account.plant_id,
        "plantName": cloud.account.plant_name,
        "accountName": cloud.account.username,
        "timezone": m.offset,
        "nominalPower": text(m.plant.house.peak_power, 0),
        "pac": text(m.now.pv + m.now.battery),
        "eToday": kwh(m.today.pv),
        "eTotal": kwh(m.total.pv),
        "lastUpdateTime": f"{m.local:%Y-%m-%d %H:%M:%S}",
        "status": "-1" if m.offline else "1",
    }


_PLAIN: Mapping[str, Callable[[Cloud, Mapping[str, str]], Any]] = {
    "plant": _plant,
    "devices": _devices,
    "device_page": _device_page,
    "datalogger": lambda cloud, _: {
        "deviceType": "ShineWIFI-S",
        "simSignal": "-65",
        "ipAndPort": "/192.0.2.1:21244",
        "interval": "5",
        "sn": cloud.datalogger,
        "firmwareVersion": "3.0.0.2",
        "deviceTypeIndicate": "11",
    },
    "panel_device": lambda cloud, _: {"sn": cloud.serial, "panelType": _word(cloud)},
    "has_neo": lambda _, __: {"getHaveNeo": False},
    "may_add_devices": lambda _, __: {"isEicUser": True},
    "plant_topic": lambda _, __: {"topicType": 0},
    "layout_type": lambda _, __: 3,
}


def _word(cloud: Cloud) -> str:
    return PANELS[cloud.family].folder if cloud.family in PANELS else cloud.family


# -- settings


def _tcp(cloud: Cloud, asked: Mapping[str, str]) -> dict[str, Any]:
    action, serial = asked.get("action", ""), asked.get("serialNum", "")
    if serial != cloud.serial:
        return {"msg": "701", "success": False}
    if action == "readAllMinParam" or action in READS.values():
        return _read(cloud, action, asked.get("paramId", ""))
    if action.removesuffix("Set").removesuffix("SPF5000") != ACTIONS.get(cloud.family, "").removesuffix("Set"):
        return {"msg": "506", "success": False}
    kind, word = ("paramId", "command_") if cloud.family == "inverter" else ("type", "param")
    numbered = takewhile(lambda one: one in asked, (f"{word}{place}" for place in count(1)))
    code = write(cloud, asked.get(kind, ""), [asked[one] for one in numbered])
    return {"msg": _WORDS.get(code, code) if code else "inv_set_success", "success": code is None}


def _read(cloud: Cloud, action: str, name: str) -> dict[str, Any]:
    """What the inverter itself says, without the cloud's lag."""
    if action != "readAllMinParam" and READS.get(cloud.family) != action:
        return {"msg": "506", "success": False}
    if "offline" in cloud.faults:
        return {"msg": "505", "success": False}
    if action == "readAllMinParam":
        return {"msg": dict(cloud.settings.device), "success": cloud.family == "tlx"}
    return {"msg": cloud.settings.device.get(name, ""), "success": True}


def _settings_page(cloud: Cloud, asked: Mapping[str, str]) -> web.Response:
    """A page with a line of script that holds the settings."""
    if asked.get("invSn") != cloud.serial or cloud.family != "inverter":
        return pages.broken()
    m = cloud.moment()
    known = {
        **cloud.settings.shown(),
        "timezone": m.offset,
        "sysTime": f"{m.local:%Y-%m-%d %H:%M:%S}",
        "nominalPower": text(m.plant.house.peak_power, 0),
        "lost": m.offline,
        "status": 1,
    }
    script = json.dumps(known).replace("'", "\\'")
    body = f"<!DOCTYPE html><html><body><script>var inv=JSON.parse('{script}');</script></body></html>"
    return web.Response(text=body, content_type="text/html")
