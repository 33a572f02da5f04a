"""Route A on the simulated cloud: the pages that the ShinePhone app asks, by session."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from aiohttp import web

from heliobus.growatt.protocol import ENDPOINTS
from heliobus.growatt.protocol.endpoints import APP_FIELDS
from heliobus.growatt.protocol.password import checked
from heliobus.growatt.protocol.writes import WRITES
from heliobus.growatt.simulator import families, house, pages, plants, writes
from heliobus.growatt.simulator.cloud import SERIALS
from heliobus.growatt.simulator.faults import DEAD_FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from heliobus.growatt.simulator.cloud import Cloud
    from heliobus.growatt.simulator.house import Moment

    Parameters: TypeAlias = Mapping[str, str]
    Answer: TypeAlias = Callable[[Cloud, Moment, Parameters], Any]


def routes(cloud: Cloud) -> list[web.RouteDef]:
    """Every page that no other route has."""

    async def serve(request: web.Request) -> web.Response:
        return _serve(cloud, request, {name: str(value) for name, value in (await request.post()).items()})

    return [web.route("*", "/{page:.*}", serve)]


def _serve(cloud: Cloud, request: web.Request, form: Parameters) -> web.Response:
    page = request.match_info["page"]
    parameters = {**request.query, **form}
    name = _call(page, parameters)
    cloud.requests.append(name or page)
    if refusal := cloud.refusal(request):
        return refusal
    if name in ("login", "login_old", "login_app"):
        return _login(cloud, name, parameters)
    if name in ("server_of", "server_of_user"):
        known = parameters.get("userName") == cloud.account.username
        return cloud.json({"success": known, "msg": cloud.region if known else ""})
    if name == "logout":
        cloud.account.expire()
        return pages.dead("dead-302-login")
    if not cloud.account.knows(request.cookies.get("JSESSIONID")):
        return pages.dead(next((form for form in DEAD_FORMS if form in cloud.faults), DEAD_FORMS[0]))
    if name is None:
        raise web.HTTPNotFound
    asked = cloud.of(*(parameters.get(one) for one in _SERIALS))
    confused = asked.family == "max" and name.startswith("inverter_")
    return pages.broken() if confused else cloud.json(_content(asked, name, parameters))


def _login(cloud: Cloud, name: str, parameters: Parameters) -> web.Response:
    session = None
    stamp = parameters.get("timestamp", "")
    incomplete = name == "login_app" and (not parameters.keys() >= set(APP_FIELDS) or checked(stamp) != stamp)
    if (lock := cloud.lock) is not None:
        back = lock
    elif incomplete or "system-error" in cloud.faults:
        back = {"msg": "501", "success": False}
    elif "wrong-region" in cloud.faults:
        back = {"msg": "502", "success": False}
    else:
        back, session = cloud.account.login(
            parameters.get("userName", ""),
            parameters.get("password", ""),
            now=cloud.clock.now(),
            zone=int(float(cloud.moment().offset)),
        )
    response = cloud.json({"back": back})
    if session is not None:
        response.set_cookie("JSESSIONID", session, path="/", httponly=True)
        response.set_cookie("SERVERID", f"simulated|{int(cloud.clock.now().timestamp())}", path="/")
    return response


def _content(cloud: Cloud, name: str, parameters: Parameters) -> Any:
    if name in WRITES:
        return writes.written(cloud, name, parameters)
    endpoint = ENDPOINTS[name]
    family = name.partition("_")[0]
    of_plant = family in ("plant", "plants")
    known = _is_ours(cloud, parameters) and (of_plant or family == cloud.family)
    if not known or "null-object" in cloud.faults:
        return {"result": 0, "obj": None, "msg": "504"}
    try:
        found = _ANSWERS[name](cloud, cloud.whole() if of_plant else cloud.moment(), parameters)
    except (KeyError, ValueError):  # a parameter is missing or badly formed
        return {"result": 0, "obj": None, "msg": "501"}
    if endpoint.envelope == "obj":
        return {"result": 1, "obj": found, "msg": ""}
    return {endpoint.envelope: found} if endpoint.envelope else found


def _is_ours(cloud: Cloud, parameters: Parameters) -> bool:
    """Whether what a call names belongs to the account."""
    ours = {
        "userId": str(cloud.account.user_id),
        "plantId": cloud.account.plant_id,
        **dict.fromkeys(_SERIALS, cloud.serial),
    }
    return all(parameters.get(name, own) == own for name, own in ours.items())


_NOAHS = ("noah", "nexa")
_SERIALS = ("mixId", "serialNum", "id", "spaId", "storageId", "storageSn", "inverterId", "deviceSn")


def _call(page: str, parameters: Parameters) -> str | None:
    """The name of the call behind a page and its operation."""
    chosen = {name: parameters[name] for name in ("op", "action") if name in parameters}
    return next(
        (
            one.name
            for one in (*ENDPOINTS.values(), *WRITES.values())
            if one.page == page and dict(one.selector) == chosen
        ),
        None,
    )


def _devices(cloud: Cloud, m: Moment, hidden: Container[str]) -> dict[str, Any]:
    """All but those of these families, which a fault hides."""
    hides = "no-devices" in cloud.faults
    devices = [
        plants.device(one.moment(), serial=one.serial, family=one.family, datalogger=one.datalogger)
        for one in cloud.members
        if not (hides and one.family in hidden)
    ]
    return plants.plant_devices(m, devices, [one.datalogger for one in cloud.members])


def _noah(cloud: Cloud) -> dict[str, Any]:
    """The plant's first NOAH or NEXA."""
    one = next((one for one in cloud.members if one.family in _NOAHS), cloud)
    return families.plant_noah(**_named(one), family=one.family)


def _device(cloud: Cloud) -> dict[str, str]:
    return {"serial": cloud.serial, "plant_id": cloud.account.plant_id}


def _named(cloud: Cloud) -> dict[str, str]:
    return {**_device(cloud), "plant_name": cloud.account.plant_name}


def _day(m: Moment, parameters: Parameters) -> datetime:
    return datetime.strptime(parameters["date"], "%Y-%m-%d").replace(tzinfo=m.zone)


_ANSWERS: Mapping[str, Answer] = {
    "plants": lambda cloud, m, _: plants.plant_list(m, cloud.account),
    "plant_devices": lambda cloud, m, _: _devices(cloud, m, SERIALS),
    "plant_devices_old": lambda cloud, m, _: _devices(cloud, m, _NOAHS),
    "plants_paged": lambda cloud, m, asked: plants.plant_page(m, cloud.account, int(asked["toPageNum"])),
    "plants_energies": lambda _, m, __: plants.plant_energies(m),
    "plants_energies_two": lambda _, m, __: plants.plant_energies(m),
    "plant_curve": lambda cloud, m, asked: plants.plant_history(
        m, cloud.account, asked["type"], asked["date"], fine=True
    ),
    "plant_noah": lambda cloud, _, __: _noah(cloud),
    "plant_settings": lambda cloud, m, _: plants.plant_settings(m, cloud.account) | cloud.plant_settings,
    "plant_energies": lambda _, m, __: plants.plant_energies(m),
    "plant_history": lambda cloud, m, asked: plants.plant_history(m, cloud.account, asked["type"], asked["date"]),
    "plant_dashboard": lambda _, m, __: plants.dashboard(m),
    "mix_status": lambda _, m, __: house.mix_status(m),
    "mix_totals": lambda _, m, __: house.mix_totals(m),
    "mix_info": lambda _, m, __: house.mix_info(m),
    "mix_energy": lambda _, m, asked: house.mix_energy(m, _day(m, asked)),
    "mix_settings": lambda cloud, _, __: {"mixBean": cloud.settings.shown()},
    "tlx_settings": lambda cloud, _, __: {"tlxSetBean": cloud.settings.shown()},
    # What these two tell of settings is not known; the names are those of the portal's page and of V4.
    "inverter_params": lambda cloud, _, __: cloud.settings.shown(),
    "max_params": lambda cloud, _, __: cloud.settings.shown(),
    "tlx_detail": lambda _, m, __: house.tlx_detail(m),
    "tlx_status": lambda _, m, __: house.tlx_status(m),
    "tlx_totals": lambda _, m, __: house.tlx_totals(m),
    "tlx_day": lambda _, m, asked: families.output_of_day(m, _day(m, asked), battery=True),
    "storage_info": lambda _, m, __: families.storage_info(m),
    "storage_params": lambda cloud, m, __: families.storage_params(m) | {"storageBean": cloud.settings.shown()},
    "storage_totals": lambda _, m, __: families.storage_totals(m),
    "spa_status": lambda _, m, __: families.spa_status(m),
    "spa_energy": lambda _, m, __: families.spa_energy(m),
    "inverter_detail": lambda _, m, __: families.inverter_detail(m, phases=1),
    "inverter_detail_two": lambda _, m, __: families.inverter_detail(m, phases=1),
    "inverter_day": lambda _, m, asked: families.output_of_day(m, _day(m, asked), battery=False),
    "max_detail": lambda _, m, __: families.inverter_detail(m, phases=3),
    "max_detail_two": lambda _, m, __: families.inverter_detail(m, phases=3),
    "max_day": lambda _, m, asked: families.output_of_day(m, _day(m, asked), battery=False),
    "noah_status": lambda cloud, m, _: families.noah_status(m, **_device(cloud)),
    "noah_info": lambda cloud, _, __: writes.noah_told(cloud, families.noah_info(**_device(cloud))),
    "nexa_info": lambda cloud, _, __: writes.noah_told(cloud, families.noah_info(**_device(cloud))),
    "noah_batteries": lambda _, m, __: families.noah_batteries(m),
    "noah_chart": lambda _, m, asked: families.noah_chart(m, _day(m, asked) - timedelta(days=1)),
    "nexa_status": lambda cloud, m, _: families.nexa_status(m, **_device(cloud)),
    "nexa_batteries": lambda _, m, __: families.noah_batteries(m),
    "nexa_chart": lambda _, m, asked: families.noah_chart(m, _day(m, asked) - timedelta(days=1)),
}
