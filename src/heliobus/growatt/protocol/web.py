"""Route B, the web portal's calls as data (SPEC B): the same backend as the app's, by a login of its own.

All reads are POST and answer ``{"result": 1, "obj": ...}``.  The settings page of a plain inverter is a web page with
the settings in a line of script.
"""

from __future__ import annotations

import hashlib
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import AuthenticationError, NotSupported, TransportError, UsageError
from heliobus.growatt.protocol.answers import Blocked
from heliobus.growatt.protocol.endpoints import Endpoint, Question
from heliobus.growatt.protocol.values import number, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from heliobus.model.records import Json

HEADERS: Mapping[str, str] = MappingProxyType({"X-Requested-With": "XMLHttpRequest"})
POINTS_PER_DAY = 288
"""A day's chart has a value, or null, for every five minutes of the plant's day."""

_WRONG = -2
_LOCKED_SECONDS = 4 * 3600.0
_EMBEDDED = re.compile(rb"inv\s*=\s*JSON\.parse\('(\{.*?\})'\)", re.DOTALL)
_ANY_ADDRESS = MappingProxyType({"startAddr": "-1", "endAddr": "-1"})


class Panel(NamedTuple):
    """How the portal names a family: the folder, the middle of its pages, the parameter of the serial number."""

    folder: str
    word: str
    serial: str
    chart: str = "EnergyDayChart"
    """The first of its charts; MonthChart, YearChart and TotalChart follow the same pattern."""


PANELS: Mapping[str, Panel] = MappingProxyType(
    {
        "mix": Panel("mix", "MIX", "mixSn"),
        "tlx": Panel("tlx", "TLX", "tlxSn"),
        "spa": Panel("spa", "SPA", "spaSn"),
        "storage": Panel("storage", "Storage", "storageSn"),
        "inverter": Panel("inv", "Inv", "invSn", "DayChart"),
        "max": Panel("max", "Max", "maxSn", "DayChart"),
        "noah": Panel("noah", "Noah", "noahSn"),
    }
)
"""By the family as the app's list of devices names it."""
ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "mix": "mixSet",
        "spa": "spaSet",
        "tlx": "tlxSet",
        "max": "maxSet",
        "storage": "storageSet",
        "noah": "noahSet",
        "inverter": "inverterSet",
    }
)
"""The action of ``tcpSet.do`` that writes a family's settings."""
READS: Mapping[str, str] = MappingProxyType(
    {"tlx": "readMinParam", "mix": "readMixParam", "storage": "readStorageParam"}
)
"""The action that reads one setting of a family from the inverter itself."""
_SPF_PREFIX, _SPF_ACTION = "storage_spf5000_", "storageSPF5000Set"


def _read(name: str, page: str, *parameters: str, envelope: str = "obj") -> Endpoint:
    return Endpoint(name, "POST", page, parameters, envelope, form=True)


def _panels() -> Iterator[Endpoint]:
    for family, panel in PANELS.items():
        stem = f"panel/{panel.folder}/get{panel.word}"
        asked = ("plantId", panel.serial)
        yield _read(f"{family}_status", f"{stem}StatusData", *asked)
        yield _read(f"{family}_totals", f"{stem}TotalData", *asked)
        yield _read(f"{family}_battery", f"{stem}BatChart", *asked, "date")
        yield _read(f"{family}_day", f"{stem}{panel.chart}", *asked, "date")
        for span, word in (("month", "Month"), ("year", "Year"), ("total", "Total")):
            key = "date" if span == "month" else "year"
            yield _read(f"{family}_{span}", f"{stem}{panel.chart.replace('Day', word)}", *asked, key)


LOGIN = Endpoint(
    "web_login",
    "POST",
    "login",
    ("account", "passwordCrc"),
    form=True,
    fixed=MappingProxyType({"password": "", "validateCode": "", "isReadPact": "1"}),
)
_TABLE = (
    LOGIN,
    _read("plants", "index/getPlantListTitle", envelope=""),
    _read("plant", "panel/getPlantData", "plantId"),
    _read("devices", "panel/getDevicesByPlant", "plantId"),
    _read("device_page", "panel/getDevicesByPlantList", "plantId", "currPage"),
    _read("datalogger", "panel/getDeviceInfo", "plantId", "deviceTypeName", "sn"),
    _read("panel_device", "panel/getEicDevicesByPlant", "plantId"),
    _read("noah_page", "device/getNoahList", "plantId", "currPage"),
    _read("has_neo", "components/getHaveNeo", "plantId"),
    _read("may_add_devices", "homeEnergy/getIsEicUser", "plantId"),
    _read("plant_topic", "index/getPlantTopic", "plantId"),
    _read("layout_type", "layout/getIsLayoutType", "plantId"),
    _read("string_devices", "index/getChuanghuoDeviceList"),
    *_panels(),
    Endpoint(
        "inverter_settings",
        "GET",
        "commonDeviceSetC/setInverter",
        ("invSn",),
        fixed=MappingProxyType({"type": "server"}),
        embedded=_EMBEDDED,
    ),
    Endpoint("tcp_read", "POST", "tcpSet.do", ("action", "paramId", "serialNum"), fixed=_ANY_ADDRESS, writes=True),
    Endpoint("tcp_set", "POST", "tcpSet.do", ("action", "serialNum"), writes=True),
)
CALLS: Mapping[str, Endpoint] = MappingProxyType({one.name: one for one in _TABLE})


def web_question(name: str, **values: str) -> Question:
    """What to send for a call; UsageError for one that is not in the table or lacks a parameter."""
    call = CALLS.get(name)
    if call is None or call is LOGIN or name == "tcp_set":
        known = ", ".join(one for one in CALLS if one not in (LOGIN.name, "tcp_set"))
        raise UsageError(f"no call {name!r} of the portal", remedy=f"Use one of: {known}.")
    if set(values) != set(call.parameters):
        raise UsageError(f"{name} needs {', '.join(call.parameters)}", remedy="Give these and no others.")
    return _question(call, values)


def login_question(username: str, password: str) -> Question:
    """What to send to log in: the plain MD5 of the password, not the app's hash."""
    digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    return _question(LOGIN, {"account": username, "passwordCrc": digest})


def set_question(family: str, serial: str, setting: str, parameters: Sequence[str]) -> Question:
    """What to send to write a setting: ``param1`` ..., of a plain inverter ``command_1`` ...; all in the query."""
    if family not in ACTIONS:
        raise NotSupported(f"the portal writes no settings of the family {family!r}", alternatives=tuple(ACTIONS))
    action = _SPF_ACTION if setting.startswith(_SPF_PREFIX) else ACTIONS[family]
    kind, word = ("paramId", "command_") if family == "inverter" else ("type", "param")
    numbered = {f"{word}{place}": value for place, value in enumerate(parameters, 1)}
    return _question(CALLS["tcp_set"], {"action": action, "serialNum": serial, kind: setting, **numbered})


def admitted(answer: Json) -> str:
    """The user's id out of the answer to a login, which has none.

    Raises AuthenticationError (-2), Blocked (507) and TransportError for every other refusal, such as a captcha.
    """
    result = number(answer.get("result")) if isinstance(answer, dict) else None
    message = (text(answer.get("msg")) if isinstance(answer, dict) else None) or ""
    if result == 1:
        return ""
    if result == _WRONG:
        raise AuthenticationError(
            "the portal does not know this user with this password (-2)",
            remedy="Check both, and that the account lives on this server (accounts live in one region).",
        )
    if message == "507":
        raise Blocked("the account is locked (507)", seconds=_LOCKED_SECONDS)
    raise TransportError(
        f"the portal refuses the login for now ({message or result})",
        remedy="Wait an hour; if it stays so, log in once with a browser, which may be shown a captcha.",
    )


def _question(call: Endpoint, values: Mapping[str, str]) -> Question:
    parameters = {**call.fixed, **values}
    if call.form:
        return Question(call.method, call.page, call.selector, parameters)
    return Question(call.method, call.page, {**call.selector, **parameters}, None)
