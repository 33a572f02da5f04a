"""Route E on the simulated cloud: the OAuth2 OpenAPI with grants, bound devices, its pace and dispatch (SPEC E)."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aiohttp import web

from heliobus.errors import Error
from heliobus.growatt.control import dispatch
from heliobus.growatt.models.slots import slots_of
from heliobus.growatt.protocol import oauth
from heliobus.growatt.simulator.house import Moment
from heliobus.growatt.simulator.obedience import obey
from heliobus.growatt.simulator.pace import Pace
from heliobus.growatt.simulator.telemetry import device_info, telemetry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.growatt.simulator.cloud import Cloud

    Values = Mapping[str, Any]

ACCESS, REFRESH = timedelta(seconds=604_800), timedelta(seconds=2_592_000)
CODE, REDIRECT = "simulated-code", "https://third-party.example.com/oauth/callback"
_REFUSALS = {
    1: "SYSTEM_ERROR",
    2: "TOKEN_IS_INVALID",
    5: "DEVICE_OFFLINE",
    6: "PARAMETER_SETTING_FAILED",
    7: "WRONG_DEVICE_TYPE",
    12: "DEVICE_SN_DOES_NOT_HAVE_PERMISSION",
    16: "PARAMETER_SETTING_RESPONSE_TIMEOUT",
    18: "READ_DEVICE_PARAM_FAIL",
    19: "DEVICE_ID_ALREADY_EXISTS",
    103: "WRONG_GRANT_TYPE",
    105: "TOO_MANY_REQUEST",
    400: "fail",
}
_STEP = timedelta(minutes=5)


class _Refusal(Exception):
    def __init__(self, code: int, data: Any = None, message: str | None = None) -> None:
        super().__init__(code)
        self.answer = {"code": code, "data": data, "message": message or _REFUSALS[code]}


@dataclass
class OAuthState:
    """One application and what it holds."""

    client_id: str
    client_secret: str
    pin: str
    bound: set[str]
    access: dict[str, tuple[datetime, bool]] = field(default_factory=dict)
    """By the token: until when, and whether an owner's code is behind it."""
    refresh: dict[str, datetime] = field(default_factory=dict)
    codes: set[str] = field(default_factory=lambda: {CODE})
    """Those that have not been used."""
    grants: list[str] = field(default_factory=list)
    """The kinds of all grants that were given."""
    pace: Pace = field(default_factory=Pace)
    told: dict[str, Any] = field(default_factory=dict)
    """What was dispatched last, by the kind of set."""
    ids: set[str] = field(default_factory=set)

    def expire(self) -> None:
        """Forget every access token."""
        self.access.clear()

    def revoke(self) -> None:
        """The owner takes his leave back."""
        self.expire()
        self.refresh.clear()


_STATES: WeakKeyDictionary[Cloud, OAuthState] = WeakKeyDictionary()


def state(cloud: Cloud) -> OAuthState:
    """The route's own state of a cloud."""
    if cloud not in _STATES:
        seed = cloud.plant.seed % 10_000_000
        _STATES[cloud] = OAuthState(
            client_id=f"client{seed}",
            client_secret=f"secret-{cloud.token[-16:]}",
            pin=f"PIN{seed}",
            bound={one.serial for one in cloud.members},
        )
    return _STATES[cloud]


def routes(cloud: Cloud) -> list[web.RouteDef]:
    """The calls under ``oauth2/``."""

    async def grant(request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        return _granting(cloud, request, form)

    async def serve(request: web.Request) -> web.Response:
        body = await request.read()
        return _serve(cloud, request, body)

    return [
        web.post(f"/{oauth.BASE}token", grant),
        web.post(f"/{oauth.BASE}refresh", grant),
        web.route("*", f"/{oauth.BASE}{{name}}", serve),
    ]


# -- grants


def _granting(cloud: Cloud, request: web.Request, form: Mapping[str, str]) -> web.Response:
    kind = form.get("grant_type", "")
    cloud.requests.append(f"oauth {kind}")
    if refusal := cloud.refusal(request):
        return refusal
    own = state(cloud)
    if "system-error" in cloud.faults:
        return cloud.json({"code": 1, "message": _REFUSALS[1]})
    right = form.get("client_id") == own.client_id and form.get("client_secret") == own.client_secret
    if not right or not _is_due(own, kind, form, cloud.clock.now()) or "token-refused" in cloud.faults:
        return cloud.json({"code": 400, "message": "invalid_grant"})
    own.grants.append(kind)
    return cloud.json(_tokens(own, cloud.clock.now(), owned=kind != "client_credentials"))


def _is_due(own: OAuthState, kind: str, form: Mapping[str, str], now: datetime) -> bool:
    if kind == "authorization_code":
        due = form.get("code") in own.codes and form.get("redirect_uri") == REDIRECT
        own.codes.discard(form.get("code", ""))
        return due
    if kind == "refresh_token":
        until = own.refresh.pop(form.get("refresh_token", ""), None)  # works once
        return until is not None and now < until
    return kind == "client_credentials"


def _tokens(own: OAuthState, now: datetime, *, owned: bool) -> dict[str, Any]:
    access = secrets.token_hex(30)
    own.access[access] = now + ACCESS, owned
    found: dict[str, Any] = {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": round(ACCESS.total_seconds()),
    }
    if owned:
        refresh = secrets.token_hex(30)
        own.refresh[refresh] = now + REFRESH
        found |= {"refresh_token": refresh, "refresh_expires_in": round(REFRESH.total_seconds())}
    return found


# -- calls


def _serve(cloud: Cloud, request: web.Request, body: bytes) -> web.Response:
    name = request.match_info["name"]
    cloud.requests.append(f"oauth {name}")
    if refusal := cloud.refusal(request):
        return refusal
    call = oauth.CALLS.get(name)
    if call is None or request.method != call.method:
        raise web.HTTPNotFound
    try:
        owned = _admitted(cloud, request.headers.get("Authorization", ""))
        values = dict(request.query) if call.method == "GET" else _values(body)
        found = _answered(cloud, call, values, owned=owned)
    except _Refusal as refused:
        return cloud.json(refused.answer)
    return cloud.json({"code": 0, "data": found, "message": "SUCCESSFUL_OPERATION"})


def _admitted(cloud: Cloud, header: str) -> bool:
    """Whether an owner's code is behind the token."""
    token = header.removeprefix("Bearer ")
    own = state(cloud)
    if token == cloud.token and "token-refused" not in cloud.faults:
        return True
    until, owned = own.access.get(token, (cloud.clock.now(), False))
    if cloud.clock.now() >= until or "token-refused" in cloud.faults:
        raise _Refusal(2)
    return owned


def _values(body: bytes) -> Values:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        raise _Refusal(400) from None
    if not isinstance(found, dict):
        raise _Refusal(400)
    return found


def _answered(cloud: Cloud, call: oauth.Call, values: Values, *, owned: bool) -> Any:
    own, name = state(cloud), call.name
    if "system-error" in cloud.faults:
        raise _Refusal(1)
    if "deviceSn" in call.parameters and (values.get("deviceSn") not in own.bound or "no-permission" in cloud.faults):
        raise _Refusal(12, [str(values.get("deviceSn"))])
    if name == "getDeviceList" and not owned:
        raise _Refusal(103)
    if call.interval is not None:
        _paced(cloud, call, values)
    if name == "bindDevice":
        return _bind(cloud, values, owned=owned)
    # Who may do what is the first one's; what a device is told is its own.
    return _ANSWERS[name](cloud.of(values.get("deviceSn")), values)


def _devices(cloud: Cloud, *, bound: bool) -> list[Any]:
    held = state(cloud).bound
    found = [device_info(one, bound=one.serial in held) for one in cloud.members]
    return [one for one in found if "no-devices" not in cloud.faults and (one["authFlag"] or not bound)]


def _unbind(cloud: Cloud, values: Values) -> None:
    state(cloud).bound -= set(values.get("deviceSnList", []))


def _paced(cloud: Cloud, call: oauth.Call, values: Values) -> None:
    own = state(cloud)
    left = own.pace.wait(cloud.clock.now(), call.key(values), call.interval or 0.0)
    if left is None:
        return
    if call.interval == oauth.DISPATCH:
        raise _Refusal(105)
    millis = round(left.total_seconds() * 1000)
    said = f"API-level rate limited for clientId={own.client_id[:6]}***, retry after {millis}ms"
    raise _Refusal(429, message=said)


def _bind(cloud: Cloud, values: Values, *, owned: bool) -> None:
    own = state(cloud)
    for row in values.get("deviceSnList") or [{}]:
        serial = row.get("deviceSn")
        ours = any(serial == one.serial for one in cloud.members)
        if not ours or (not owned and row.get("pinCode") != own.pin):
            raise _Refusal(12, [str(serial)])
        if serial in own.bound:
            raise _Refusal(19)
        own.bound.add(serial)


def _history(cloud: Cloud, values: Values) -> dict[str, Any]:
    m = cloud.moment()
    try:
        day = datetime.strptime(str(values.get("date")), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise _Refusal(400) from None
    level = values.get("level")
    if level is None:
        rows = [telemetry(Moment(cloud.plant, moment), serial=cloud.serial) for moment in _steps(cloud, day, m.time)]
        return {"deviceSn": cloud.serial, "list": rows}
    local = day.replace(tzinfo=m.zone)
    first = local if level == "Day" else local.replace(day=1)
    days = [m.midnight(first + timedelta(days=place)) for place in range(1 if level == "Day" else 31)]
    listed = [one for one in days if one.month == first.month and one <= m.time]
    return {"deviceSn": cloud.serial, "list": [_day(m, one) for one in listed]}


def _steps(cloud: Cloud, start: datetime, now: datetime) -> list[datetime]:
    moments = [start + place * _STEP for place in range(288)]
    return [moment for moment in moments if cloud.plant.house.commissioned <= moment <= now]


def _day(m: Moment, start: datetime) -> dict[str, Any]:
    energy = m.between(start, m.midnight(start + timedelta(days=1)))
    return {
        "date": f"{start:%Y-%m-%d}",
        "epv": round(energy.pv / 1000, 2),
        "etoUser": round(energy.grid_import / 1000, 2),
        "etoGrid": round(energy.grid_export / 1000, 2),
        "echarge": round(energy.charge / 1000, 2),
        "edischarge": round(energy.discharge / 1000, 2),
    }


# -- dispatch


def _dispatched(cloud: Cloud, values: Values) -> None:
    own = state(cloud)
    number, kind = str(values.get("requestId")), str(values.get("setType"))
    if len(number) != oauth.REQUEST_ID or number in own.ids:
        raise _Refusal(400)
    own.ids.add(number)
    if "offline" in cloud.faults:
        raise _Refusal(5)
    if "refuses-settings" in cloud.faults or not _is_possible(kind, values.get("value")):
        raise _Refusal(6)
    own.told[kind] = values.get("value")
    _obey(cloud, kind, values.get("value"))
    if "device-silent" in cloud.faults:
        raise _Refusal(16)


def _is_possible(kind: str, value: Any) -> bool:
    if kind == "time_slot_charge_discharge":
        value = slots_of(value)
    try:
        dispatch.dispatched(kind, value, dangerous=True)
    except Error:
        return False
    return True


def _obey(cloud: Cloud, kind: str, value: Any) -> None:
    if kind == "remote_charge_discharge_power":
        obey(cloud, int(value), minutes=None)
    elif kind == "duration_and_power_charge_discharge":
        signs = {"chargeCommand": 1, "dischargeCommand": -1}
        obey(cloud, signs.get(value["type"], 0) * int(value["percentage"]), minutes=int(value["duration"]))


def _told(cloud: Cloud, values: Values) -> Any:
    kind = str(values.get("setType"))
    if "offline" in cloud.faults:
        raise _Refusal(5)
    if "device-silent" in cloud.faults or kind not in dispatch.SET_TYPES:
        raise _Refusal(18)
    return state(cloud).told.get(kind, [] if kind == "time_slot_charge_discharge" else 0)


_ANSWERS: Mapping[str, Callable[[Cloud, Values], Any]] = {
    "getDeviceList": lambda cloud, _: _devices(cloud, bound=False),
    "getDeviceListAuthed": lambda cloud, _: _devices(cloud, bound=True),
    "unbindDevice": _unbind,
    "getDeviceInfo": lambda cloud, _: device_info(cloud, bound=True),
    "getDeviceData": lambda cloud, _: telemetry(cloud.moment(), serial=cloud.serial),
    "HistoricalData": _history,
    "deviceDispatch": _dispatched,
    "readDeviceDispatch": _told,
}
