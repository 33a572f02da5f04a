"""The OpenAPI V1's calls as data (SPEC C, endpoints.csv): how each is asked, and what its codes mean."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import UsageError
from heliobus.growatt.protocol.endpoints import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_RANGE = 7
"""Days between the first and the last of one history question."""
PAGE = 100
"""Lines of a page, the most that the server gives."""
LAST_PAGE = 250


def _codes(kinds: str) -> Mapping[int, str]:
    """The kinds of failure by their codes from 10001 on; a dash where there is none."""
    return MappingProxyType({code: kind for code, kind in enumerate(kinds.split(), 10001) if kind != "-"})


_SYSTEM = _codes("system")
_DATA = _codes("system device serial")
_DATED = _codes("system serial date range device")
_ALARMS = _codes("system serial date - device")
_PARAMETER = _codes("unread device offline serial collector unreadable unreadable server setting")
_SET = _codes("system server offline serial collector setting empty value time - - device order")
_VPP = _codes("unread - - serial collector - empty value setting - - device")
_PLANT = _codes("system plant empty")
_PLANT_LISTS = _codes("system empty plant")
_PLANT_EDIT = _codes("system empty empty empty user taken plant")
_LOGGER = _codes("system serial logger")
_SENSOR = _codes("system serial empty logger")
_SENSOR_DATED = _codes("system serial date range empty logger")

_PAGES = ("page", "perpage")
_RANGE = ("start_date", "end_date")
_HISTORY = (*_RANGE, "timezone_id", *_PAGES)
_HISTORY_OPTIONAL = ("timezone_id", *_PAGES)
_REGISTERS = ("device_sn", "paramId", "startAddr", "endAddr")
COMMANDS: tuple[str, ...] = ("command_1", "command_2")
"""The values of a plain inverter's write."""
_SEARCH = (*_PAGES, "search_type", "search_keyword")
_SETTLER = ("agent_code", "user_tel", "time")
_PLACE = ("c_user_id", "name", "peak_power")
_PLACE_MORE = (*("latitude_f", "latitude_d", "currency", "longitude", "latitude", "timezone_id", "plant_type"),)
_PLANT_MORE = (*_PLACE_MORE, "createDate", "formulaMoney", "city", "plantAddress")


class Call(NamedTuple):
    """One call.  ``optional`` parameters may be left out; ``filled`` ones are then sent empty."""

    name: str
    method: str
    path: str
    parameters: tuple[str, ...] = ()
    codes: Mapping[int, str] = _SYSTEM
    optional: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    writes: bool = False


class Family(NamedTuple):
    """A kind of device with calls of its own."""

    name: str
    number: int
    """What ``type`` of the list of devices says; a MAX may be there as 1, too (SPEC C.3)."""
    serial: str
    """The parameter that names the device."""
    read: str = ""
    write: str = ""
    values: int = 0
    """How many ``param1`` ... a write has."""
    codes: Mapping[int, str] = _DATED
    """Of its history."""
    bulk: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple([f"param{place}" for place in range(1, self.values + 1)])


_FAMILIES = (
    Family("tlx", 7, "tlx_sn", "readMinParam", "tlxSet", 19, bulk="tlxs"),
    Family("mix", 5, "mix_sn", "readMixParam", "mixSet", 18, bulk="mixs"),
    Family("spa", 6, "spa_sn", "readSpaParam", "spaSet", 18, bulk="spas"),
    Family("max", 4, "max_sn", "readMaxParam", "maxSet", 19, bulk="maxs"),
    Family("storage", 2, "storage_sn", "readStorageParam", "storageSet", 4),
    Family("inverter", 1, "device_sn", "readInverterParam", "inverterSet", bulk="inverters"),
    Family("pcs", 8, "pcs_sn", codes=_DATA),
    Family("hps", 9, "hps_sn", codes=_DATA),
    Family("pbd", 10, "pbd_sn", codes=_DATA),
    Family("boost", 11, "boost_sn", codes=_DATA, bulk="boosts"),
)
FAMILIES: Mapping[str, Family] = MappingProxyType({family.name: family for family in _FAMILIES})
NUMBERS: Mapping[int, str] = MappingProxyType({family.number: family.name for family in _FAMILIES})
"""Families by the ``type`` of the list of devices; 3 is a meter or a sensor."""


def _calls_of(family: Family) -> tuple[Call, ...]:
    """The calls of every family but the plain inverter's, which go by other names and methods."""
    name, folder, serial = family.name, f"device/{family.name}", family.serial
    calls = [
        Call(f"{name}_detail", "GET", f"{folder}/{name}_data_info", ("device_sn",), _DATA),
        Call(f"{name}_last", "POST", f"{folder}/{name}_last_data", (serial,), _DATA),
        Call(
            f"{name}_history", "POST", f"{folder}/{name}_data", (serial, *_HISTORY), family.codes, _HISTORY_OPTIONAL
        ),
    ]  # fmt: skip
    if name != "boost":
        pages = () if name == "storage" else _PAGES
        calls.append(Call(f"{name}_alarms", "POST", f"{folder}/alarm_data", (serial, "date", *pages), _ALARMS, pages))
    if family.bulk:
        codes = _DATA if name in ("tlx", "boost") else _DATED
        calls.append(Call(f"{name}_bulk", "POST", f"{folder}/{family.bulk}_data", (family.bulk, "pageNum"), codes))
    if family.read:
        asked = (serial, "type", *family.parameters)
        calls += [
            Call(f"{name}_read", "POST", family.read, _REGISTERS, _PARAMETER),
            Call(f"{name}_set", "POST", family.write, asked, _SET, filled=family.parameters, writes=True),
        ]
    return tuple(calls)


_INVERTER, _AMMETER, _ENV, _DATALOGGER = "device/inverter", "device/ammeter", "device/env", "device/datalogger"

_CALLS = (
    # plants
    Call("plant_list", "GET", "plant/list", _SEARCH, optional=_SEARCH),
    Call("plant_details", "GET", "plant/details", ("plant_id",), _codes("system plant empty user")),
    Call("plant_data", "GET", "plant/data", ("plant_id",), _PLANT),
    Call("plant_power", "GET", "plant/power", ("plant_id", "date"), _PLANT),
    Call(
        "plant_energy", "GET", "plant/energy", ("plant_id", *_RANGE, "time_unit", *_PAGES),
        _codes("system plant empty date"), _PAGES,
    ),
    Call("user_plant_list", "POST", "plant/user_plant_list", ("user_name", *_PAGES), optional=_PAGES),
    Call("plant_of", "POST", "plant/sn_plant", ("device_sn",), _codes("system user serial empty device")),
    Call("plant_add", "POST", "plant/add", (*_PLACE, *_PLANT_MORE), _PLANT_EDIT, _PLANT_MORE, writes=True),
    Call(
        "plant_modify", "POST", "plant/modify", ("plant_id", *_PLACE, *_PLACE_MORE), _PLANT_EDIT, _PLACE_MORE,
        writes=True,
    ),
    Call("plant_delete", "POST", "plant/delete", ("plant_id",), _codes("system empty - plant"), writes=True),
    # devices and dataloggers
    Call("device_list", "GET", "device/list", ("plant_id", *_PAGES), _PLANT_LISTS, _PAGES),
    Call("device_add", "POST", "device/sn/add", ("plant_id", "sn", "c_user_id"), writes=True),
    Call("device_type", "GET", "device/check/sn", ("dataloggerSn",)),
    Call("device_dates", "POST", "device/all/create_date", ("pageNum", "devices")),
    Call("datalogger_of", "POST", "device/sn_datalog", ("device_sn",), _codes("- - serial - device")),
    Call("datalogger_list", "GET", f"{_DATALOGGER}/list", ("plant_id", *_PAGES), _PLANT_LISTS, _PAGES),
    Call(
        "datalogger_add", "POST", f"{_DATALOGGER}/add", ("plant_id", "sn", "c_user_id"),
        _codes("system empty taken plant user empty"), writes=True,
    ),
    Call(
        "datalogger_delete", "POST", f"{_DATALOGGER}/delete", ("plant_id", "sn"), _codes("system empty plant logger"),
        writes=True,
    ),
    Call(
        "datalogger_validate", "POST", f"{_DATALOGGER}/validate", ("datalogSn", "valiCode"),
        _codes("serial mismatch taken"),
    ),
    *(call for family in _FAMILIES if family.name != "inverter" for call in _calls_of(family)),
    Call("tlx_settings", "GET", "device/tlx/tlx_set_info", ("device_sn",), _DATA),
    # plain inverters
    Call("inverter_detail", "GET", f"{_INVERTER}/inv_data_info", ("device_sn",), _DATA),
    Call("inverter_last", "GET", f"{_INVERTER}/last_new_data", ("device_sn",), _DATA),
    Call(
        "inverter_history", "GET", f"{_INVERTER}/data", ("device_sn", *_HISTORY), _codes("system serial date range"),
        _HISTORY_OPTIONAL,
    ),
    Call("inverter_alarms", "GET", f"{_INVERTER}/alarm", ("device_sn", "date", *_PAGES), _ALARMS, _PAGES),
    Call("inverter_bulk", "POST", f"{_INVERTER}/invs_data", ("inverters", "pageNum")),
    Call("inverter_day_energy", "GET", f"{_INVERTER}/day_energy", ("device_sn", "date"), _ALARMS),
    Call("inverter_read", "POST", "readInverterParam", _REGISTERS, _PARAMETER),
    Call(
        "inverter_set", "POST", "inverterSet", ("device_sn", "paramId", *COMMANDS), _SET, filled=COMMANDS,
        writes=True,
    ),
    # meters and sensors of a datalogger
    Call("meter_list", "GET", f"{_AMMETER}/meter_list", ("datalog_sn", *_PAGES), _LOGGER, _PAGES),
    Call("meter_last", "GET", f"{_AMMETER}/meter_last_data", ("datalog_sn", "address"), _SENSOR),
    Call(
        "meter_history", "GET", f"{_AMMETER}/meter_data", ("datalog_sn", "address", *_RANGE, *_PAGES), _SENSOR_DATED,
        _PAGES,
    ),
    Call("env_list", "GET", f"{_ENV}/env_list", ("datalog_sn", *_PAGES), _LOGGER, _PAGES),
    Call("env_last", "GET", f"{_ENV}/env_last_data", ("datalog_sn", "address"), _SENSOR),
    Call(
        "env_history", "GET", f"{_ENV}/env_data", ("datalog_sn", "address", *_RANGE, *_PAGES), _SENSOR_DATED, _PAGES
    ),
    # users of an installer's token
    Call(
        "user_register", "POST", "user/user_register",
        ("user_name", "user_password", "user_email", "user_type", "user_country", *_SETTLER),
        _codes("system empty taken empty - empty - empty - - - - - mismatch"), _SETTLER, writes=True,
    ),
    Call(
        "user_modify", "POST", "user/modify", ("c_user_id", "mobile", "agent_code"), _codes("system empty user user"),
        ("agent_code",), writes=True,
    ),
    Call("user_check", "POST", "user/check_user", ("user_name",), _codes("system empty taken")),
    Call("user_list", "GET", "user/c_user_list", _PAGES, optional=_PAGES),
    # virtual power plants
    Call("vpp_soc", "POST", "device/vpp/getSocData", ("vppSn",), _codes("unread device serial")),
    Call("vpp_now", "POST", "vppRemoteSetNew", ("vppSn", "time", "percentage"), _VPP, writes=True),
    Call("vpp_schedule", "POST", "vppSetNew", ("vppSn", "timePeriods"), _VPP, writes=True),
)  # fmt: skip
CALLS: Mapping[str, Call] = MappingProxyType({call.name: call for call in _CALLS})


def question(name: str, /, **values: str) -> Question:
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
