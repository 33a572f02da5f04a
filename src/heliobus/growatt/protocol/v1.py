"""The OpenAPI V1 as data, and what its answers mean (SPEC C, errata G11 to G15).

Every answer is ``{"data": ..., "error_code": 0, "error_msg": ""}`` with HTTP 200.  A code means another thing from call
to call, so each call names its own; 10012 means both "too frequent" and, after a write, "no such device": the message
tells them apart.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import (
    AuthenticationError,
    NotSupported,
    OutOfBounds,
    ProtocolError,
    Refused,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.growatt.protocol.answers import Blocked, SessionDead, check_status, parse
from heliobus.growatt.protocol.endpoints import Question
from heliobus.growatt.protocol.values import integer, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.errors import Error
    from heliobus.growatt.protocol.values import Json

INTERVAL = 300.0
"""Seconds between identical requests (SPEC C.1)."""
LONGEST_RANGE = 7
"""Days of one history question, both ends counted; the vendor's limit is an interval of seven."""
PAGE = 100
"""Lines of a page, the most that the server gives."""
LAST_PAGE = 250

Codes = dict[int, str]

_DATA: Codes = {10001: "system", 10002: "device", 10003: "serial"}
_DATED: Codes = {10001: "system", 10002: "serial", 10003: "date", 10004: "range", 10005: "device"}
_PARAMETER: Codes = {
    **{10001: "unread", 10002: "device", 10003: "offline", 10004: "serial", 10005: "collector"},
    **{10006: "unreadable", 10007: "unreadable", 10008: "server", 10009: "setting"},
}
_SET: Codes = {
    **{10001: "system", 10002: "server", 10003: "offline", 10004: "serial", 10005: "collector", 10006: "setting"},
    **{10007: "empty", 10008: "value", 10009: "time", 10012: "device", 10013: "order"},
}
_VPP: Codes = {
    **{10001: "unread", 10004: "serial", 10005: "collector", 10007: "empty", 10008: "value", 10009: "setting"},
    10012: "device",
}
_PLANT: Codes = {10001: "system", 10002: "plant", 10003: "empty"}
_PLANT_EDIT: Codes = {
    **{10001: "system", 10002: "empty", 10003: "empty", 10004: "empty", 10005: "user", 10006: "taken", 10007: "plant"},
}
_LOGGER: Codes = {10001: "system", 10002: "serial", 10003: "logger"}
_SENSOR: Codes = {10001: "system", 10002: "serial", 10003: "empty", 10004: "logger"}
_SENSOR_DATED: Codes = {
    **{10001: "system", 10002: "serial", 10003: "date", 10004: "range", 10005: "empty", 10006: "logger"},
}
_SYSTEM: Codes = {10001: "system"}

_MEANINGS: Mapping[str, tuple[type[Error], str, str | None]] = MappingProxyType(
    {
        "system": (TransportError, "the server has a fault", "Wait; it often lasts minutes."),
        "server": (TransportError, "the server cannot reach the datalogger's server", "Wait some minutes."),
        "unread": (TransportError, "the inverter did not answer the server", "Try again in some minutes."),
        "offline": (Unreachable, "the inverter is offline", "Wait until it is on again; it may sleep at night."),
        "collector": (Unreachable, "the datalogger is offline", "Check the datalogger's network."),
        "device": (NotSupported, "the server has no such device of this family", "Look the device up in devices()."),
        "serial": (UsageError, "the serial number is missing or wrong", "Look the device up in devices()."),
        "plant": (NotSupported, "the account has no such plant", "Look the plant up in devices()."),
        "logger": (NotSupported, "the account has no such datalogger", "Look it up among the plant's dataloggers."),
        "user": (NotSupported, "the account has no such user", "Check the user's id."),
        "date": (UsageError, "the date is wrong", "Give a date of the plant."),
        "range": (UsageError, "the range is longer than seven days", "Ask for seven days at most."),
        "empty": (UsageError, "a parameter is missing", "Give every parameter of the call."),
        "taken": (Refused, "the name or number is taken", "Choose another one."),
        "mismatch": (Refused, "the codes do not belong together", "Check the code printed on the device."),
        "setting": (NotSupported, "this device has no such setting", None),
        "unreadable": (NotSupported, "the datalogger cannot read settings", "Update its firmware, or read all settings."),
        "value": (OutOfBounds, "the value is out of its range", None),
        "time": (OutOfBounds, "the time is badly formed", None),
        "order": (OutOfBounds, "the end is before the start", "Split what passes midnight in two."),
    }
)


class Call(NamedTuple):
    """One call.  Of its ``parameters`` those in ``optional`` may be left out; those in ``filled`` are then sent empty."""

    name: str
    method: str
    path: str
    parameters: tuple[str, ...] = ()
    codes: Mapping[int, str] = _SYSTEM
    optional: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    writes: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether asking twice within ``INTERVAL`` is refused; of writes nobody says so (erratum G11)."""
        return not self.writes


class Family(NamedTuple):
    """A kind of device with calls of its own."""

    name: str
    number: int
    """What ``type`` of the list of devices says; a MAX may be there as 1, too (SPEC C.3)."""
    folder: str
    serial: str
    """The parameter that names the device."""
    read: str = ""
    write: str = ""
    values: int = 0
    """How many ``param1`` ... a write has."""
    codes: Mapping[int, str] = _DATED
    """Of its history."""
    bulk: str = ""
    has_alarms: bool = True

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(f"param{place}" for place in range(1, self.values + 1))


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        family.name: family
        for family in (
            Family("tlx", 7, "tlx", "tlx_sn", "readMinParam", "tlxSet", 19, bulk="tlxs"),
            Family("mix", 5, "mix", "mix_sn", "readMixParam", "mixSet", 18, bulk="mixs"),
            Family("spa", 6, "spa", "spa_sn", "readSpaParam", "spaSet", 18, bulk="spas"),
            Family("max", 4, "max", "max_sn", "readMaxParam", "maxSet", 19, bulk="maxs"),
            Family("storage", 2, "storage", "storage_sn", "readStorageParam", "storageSet", 4),
            Family("inverter", 1, "inverter", "device_sn", "readInverterParam", "inverterSet"),
            Family("pcs", 8, "pcs", "pcs_sn", codes=_DATA),
            Family("hps", 9, "hps", "hps_sn", codes=_DATA),
            Family("pbd", 10, "pbd", "pbd_sn", codes=_DATA),
            Family("boost", 11, "boost", "boost_sn", codes=_DATA, bulk="boosts", has_alarms=False),
        )
    }
)
NUMBERS: Mapping[int, str] = MappingProxyType({family.number: name for name, family in FAMILIES.items()})
"""Families by the ``type`` of the list of devices; 3 is a meter or a sensor."""

_PAGES = ("page", "perpage")
_RANGE = ("start_date", "end_date")


def _family_calls(family: Family) -> tuple[Call, ...]:
    name, folder, serial = family.name, f"device/{family.folder}", family.serial
    if name == "inverter":
        return _inverter_calls(folder)
    calls = [
        Call(f"{name}_detail", "GET", f"{folder}/{name}_data_info", ("device_sn",), _DATA),
        Call(f"{name}_last", "POST", f"{folder}/{name}_last_data", (serial,), _DATA),
        Call(
            f"{name}_history", "POST", f"{folder}/{name}_data", (serial, *_RANGE, "timezone_id", *_PAGES),
            family.codes, optional=("timezone_id", *_PAGES),
        ),
    ]  # fmt: skip
    if family.has_alarms:
        alarm_codes = {code: kind for code, kind in _DATED.items() if kind != "range"}
        calls.append(
            Call(f"{name}_alarms", "POST", f"{folder}/alarm_data", (serial, "date", *_PAGES), alarm_codes, _PAGES)
        )
    if family.bulk:
        bulk_codes = _DATA if name in ("tlx", "boost") else _DATED
        calls.append(
            Call(f"{name}_bulk", "POST", f"{folder}/{family.bulk}_data", (family.bulk, "pageNum"), bulk_codes)
        )
    if family.read:
        calls.append(Call(f"{name}_read", "POST", family.read, _REGISTERS, _PARAMETER))
        calls.append(
            Call(
                f"{name}_set", "POST", family.write, (serial, "type", *family.parameters), _SET,
                filled=family.parameters, writes=True,
            )
        )  # fmt: skip
    return tuple(calls)


_REGISTERS = ("device_sn", "paramId", "startAddr", "endAddr")


def _inverter_calls(folder: str) -> tuple[Call, ...]:
    """A plain inverter's calls have other names, methods and parameters than every other family's."""
    dated = {code: kind for code, kind in _DATED.items() if kind != "device"}
    commands = ("command_1", "command_2")
    return (
        Call("inverter_detail", "GET", f"{folder}/inv_data_info", ("device_sn",), _DATA),
        Call("inverter_last", "GET", f"{folder}/last_new_data", ("device_sn",), _DATA),
        Call(
            "inverter_history", "GET", f"{folder}/data", ("device_sn", *_RANGE, "timezone_id", *_PAGES), dated,
            optional=("timezone_id", *_PAGES),
        ),
        Call(
            "inverter_alarms", "GET", f"{folder}/alarm", ("device_sn", "date", *_PAGES),
            {10001: "system", 10002: "serial"}, _PAGES,
        ),
        Call("inverter_bulk", "POST", f"{folder}/invs_data", ("inverters", "pageNum")),
        Call("inverter_day_energy", "GET", f"{folder}/day_energy", ("device_sn", "date"), _DATED),
        Call("inverter_read", "POST", "readInverterParam", _REGISTERS, _PARAMETER),
        Call(
            "inverter_set", "POST", "inverterSet", ("device_sn", "paramId", *commands), _SET,
            filled=commands, writes=True,
        ),
    )  # fmt: skip


_PLACE = (
    *("c_user_id", "name", "peak_power", "latitude_f", "latitude_d", "currency", "longitude", "latitude"),
    *("timezone_id", "plant_type"),
)
_PLACE_OPTIONAL = tuple(name for name in _PLACE if name not in ("c_user_id", "name", "peak_power"))
_MORE = ("createDate", "formulaMoney", "city", "plantAddress")

_CALLS = (
    # plants
    Call("plant_list", "GET", "plant/list", (*_PAGES, "search_type", "search_keyword"), optional=(*_PAGES, "search_type", "search_keyword")),
    Call("plant_details", "GET", "plant/details", ("plant_id",), {**_PLANT, 10004: "user"}),
    Call("plant_data", "GET", "plant/data", ("plant_id",), _PLANT),
    Call("plant_power", "GET", "plant/power", ("plant_id", "date"), _PLANT),
    Call("plant_energy", "GET", "plant/energy", ("plant_id", *_RANGE, "time_unit", *_PAGES), {**_PLANT, 10004: "date"}, _PAGES),
    Call("user_plant_list", "POST", "plant/user_plant_list", ("user_name", *_PAGES), optional=_PAGES),
    Call("plant_of", "POST", "plant/sn_plant", ("device_sn",), {10001: "system", 10002: "user", 10003: "serial", 10004: "empty", 10005: "device"}),
    Call("plant_add", "POST", "plant/add", (*_PLACE, *_MORE), _PLANT_EDIT, (*_PLACE_OPTIONAL, *_MORE), writes=True),
    Call("plant_modify", "POST", "plant/modify", ("plant_id", *_PLACE), _PLANT_EDIT, _PLACE_OPTIONAL, writes=True),
    Call("plant_delete", "POST", "plant/delete", ("plant_id",), {10001: "system", 10002: "empty", 10004: "plant"}, writes=True),
    # devices and dataloggers
    Call("device_list", "GET", "device/list", ("plant_id", *_PAGES), {10001: "system", 10002: "empty", 10003: "plant"}, _PAGES),
    Call("device_add", "POST", "device/sn/add", ("plant_id", "sn", "c_user_id"), writes=True),
    Call("device_type", "GET", "device/check/sn", ("dataloggerSn",)),
    Call("device_dates", "POST", "device/all/create_date", ("pageNum", "devices")),
    Call("datalogger_of", "POST", "device/sn_datalog", ("device_sn",), {10003: "serial", 10005: "device"}),
    Call("datalogger_list", "GET", "device/datalogger/list", ("plant_id", *_PAGES), {10001: "system", 10002: "empty", 10003: "plant"}, _PAGES),
    Call("datalogger_add", "POST", "device/datalogger/add", ("plant_id", "sn", "c_user_id"), {10001: "system", 10002: "empty", 10003: "taken", 10004: "plant", 10005: "user", 10006: "empty"}, writes=True),
    Call("datalogger_delete", "POST", "device/datalogger/delete", ("plant_id", "sn"), {10001: "system", 10002: "empty", 10003: "plant", 10004: "logger"}, writes=True),
    Call("datalogger_validate", "POST", "device/datalogger/validate", ("datalogSn", "valiCode"), {10001: "serial", 10002: "mismatch", 10003: "taken"}),
    *(call for family in FAMILIES.values() for call in _family_calls(family)),
    Call("tlx_settings", "GET", "device/tlx/tlx_set_info", ("device_sn",), _DATA),
    # meters and sensors of a datalogger
    Call("meter_list", "GET", "device/ammeter/meter_list", ("datalog_sn", *_PAGES), _LOGGER, _PAGES),
    Call("meter_last", "GET", "device/ammeter/meter_last_data", ("datalog_sn", "address"), _SENSOR),
    Call("meter_history", "GET", "device/ammeter/meter_data", ("datalog_sn", "address", *_RANGE, *_PAGES), _SENSOR_DATED, _PAGES),
    Call("env_list", "GET", "device/env/env_list", ("datalog_sn", *_PAGES), _LOGGER, _PAGES),
    Call("env_last", "GET", "device/env/env_last_data", ("datalog_sn", "address"), _SENSOR),
    Call("env_history", "GET", "device/env/env_data", ("datalog_sn", "address", *_RANGE, *_PAGES), _SENSOR_DATED, _PAGES),
    # users of an installer's token
    Call("user_register", "POST", "user/user_register", ("user_name", "user_password", "user_email", "user_type", "user_country", "agent_code", "user_tel", "time"), {10001: "system", 10002: "empty", 10003: "taken", 10004: "empty", 10006: "empty", 10008: "empty", 10014: "mismatch"}, ("agent_code", "user_tel", "time"), writes=True),
    Call("user_modify", "POST", "user/modify", ("c_user_id", "mobile", "agent_code"), {10001: "system", 10002: "empty", 10003: "user", 10004: "user"}, ("agent_code",), writes=True),
    Call("user_check", "POST", "user/check_user", ("user_name",), {10001: "system", 10002: "empty", 10003: "taken"}),
    Call("user_list", "GET", "user/c_user_list", _PAGES, optional=_PAGES),
    # virtual power plants
    Call("vpp_soc", "POST", "device/vpp/getSocData", ("vppSn",), {10001: "unread", 10002: "device", 10003: "serial"}),
    Call("vpp_now", "POST", "vppRemoteSetNew", ("vppSn", "time", "percentage"), _VPP, writes=True),
    Call("vpp_schedule", "POST", "vppSetNew", ("vppSn", "timePeriods"), _VPP, writes=True),
)  # fmt: skip
CALLS: Mapping[str, Call] = MappingProxyType({call.name: call for call in _CALLS})

_FREQUENT = re.compile(r"frequen", re.IGNORECASE)
_ELSEWHERE = re.compile(r"true_?host|new_?domain|use the new", re.IGNORECASE)
_WRONG_HOST, _DENIED, _TWICE, _LONG_PAGE, _FAR_PAGE = -1, 10011, 10012, 10013, 10014
_SAID = 80


class Frequent(Blocked):
    """This one request comes too early; others may be asked."""


class Answer(NamedTuple):
    """What a call brought: its ``data``, and what stands beside it (``datalogger_sn``, ``pageNum`` ...)."""

    data: Json
    beside: Mapping[str, Json]


def question(name: str, **values: str) -> Question:
    """What to send; UsageError for a call that is not in the table, or for parameters that are missing or unknown."""
    call = CALLS.get(name)
    if call is None:
        raise UsageError(f"no call {name!r} in the OpenAPI V1", remedy=f"Use one of: {', '.join(CALLS)}.")
    needed = set(call.parameters).difference(call.optional, call.filled)
    if not needed <= set(values) <= set(call.parameters):
        raise UsageError(f"{name} needs {', '.join(call.parameters)}", remedy="Give these and no others.")
    given = {one: values.get(one, "") for one in call.parameters if one in values or one in call.filled}
    if call.method == "GET":
        return Question("GET", f"v1/{call.path}", given, None)
    return Question("POST", f"v1/{call.path}", {}, given)


def content(name: str, *, status: int, body: bytes, location: str | None, retry_after: str | None) -> Answer:
    """The content of the answer to a call.

    Raises Frequent and Blocked (too early), AuthenticationError (a token that is unknown or lacks the right),
    UsageError, NotSupported, OutOfBounds and Refused as the code says, Unreachable (device or datalogger offline),
    TransportError (a fault, maintenance, an empty body) and ProtocolError (no JSON, another shape).
    """
    try:
        check_status(status, body=body, location=location, retry_after=retry_after)
    except SessionDead:
        raise AuthenticationError("the server does not know the token", remedy=_NEW_TOKEN) from None
    answer = parse(body)
    if not isinstance(answer, dict):
        raise ProtocolError(f"the answer to {name} is no object")
    if "error_code" not in answer:
        return _bare(name, answer)
    code = integer(answer["error_code"])
    if code is None:
        raise ProtocolError(f"the answer to {name} has no error code")
    if code:
        raise failure(CALLS[name], code, text(answer.get("error_msg")) or "")
    beside = {key: value for key, value in answer.items() if key not in ("data", "error_code", "error_msg")}
    return Answer(answer.get("data"), beside)


_NEW_TOKEN = (
    "Make a token in the ShinePhone app (Me, your account, API token) and name the server of the account's region; "
    "tokens made on the web may see no plants."
)


def failure(call: Call, code: int, said: str) -> Error:
    """What a code of this call means; ``said`` are the server's words."""
    told = f"{said[:_SAID]}, {code}" if said else f"{code}"
    if _FREQUENT.search(said) or (code == _TWICE and _TWICE not in call.codes):
        return Frequent(f"{call.name} was asked too often ({told})", seconds=INTERVAL)
    if code == _WRONG_HOST or _ELSEWHERE.search(said):
        return UsageError(
            f"the account lives on another server ({told})",
            remedy="Name the server of its region: openapi.growatt.com, or openapi-us, openapi-au or openapi-cn.",
        )
    if code == _DENIED:
        return AuthenticationError(f"the token may not do that ({told})", remedy=_NEW_TOKEN)
    kind = call.codes.get(code)
    if kind is not None:
        error, what, remedy = _MEANINGS[kind]
        return error(f"{call.name}: {what} ({told})", remedy=remedy)
    if code in (_LONG_PAGE, _FAR_PAGE):
        return UsageError(
            f"{call.name}: there is no such page ({told})",
            remedy=f"Ask for at most {PAGE} lines a page, and {LAST_PAGE} pages.",
        )
    return Refused(f"{call.name}: the server refuses ({told})", remedy="Report this code with the call.")


def _bare(name: str, answer: Mapping[str, Json]) -> Answer:
    """An answer without the envelope, as that to ``device_type`` is."""
    if "result" not in answer:
        raise ProtocolError(f"the answer to {name} has no error code")
    if integer(answer["result"]) != 1:
        raise NotSupported(f"{name}: the server does not know it ({text(answer.get('msg')) or 'no reason given'})")
    return Answer(None, answer)
