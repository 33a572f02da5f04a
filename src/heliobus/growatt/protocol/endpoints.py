"""The ShinePhone app's calls as data (SPEC A.4 to A.11): how each is asked, and where its answer stands."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from heliobus.errors import UsageError

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

_NOTHING: Mapping[str, str] = MappingProxyType({})
Span = Literal["hour", "day", "month"]
SPANS: Mapping[str, str] = MappingProxyType({"hour": "0", "day": "1", "month": "2"})
"""What ``type`` is on the wire of the energy calls: the day's curve, the month's days, the year's months."""
DETAIL_SPANS: Mapping[str, str] = MappingProxyType({"day": "1", "month": "2", "year": "3", "total": "4"})
"""The same for ``PlantDetailAPI.do``."""


class Endpoint(NamedTuple):
    """One call.  ``envelope`` is the key of the answer's content, "" where the whole answer is the content."""

    name: str
    method: str
    page: str
    parameters: tuple[str, ...] = ()
    envelope: str = ""
    selector: Mapping[str, str] = _NOTHING
    """What chooses the operation; always in the query."""
    fixed: Mapping[str, str] = _NOTHING
    form: bool = False
    """Whether the parameters go as a form; else in the query, with an empty body."""
    writes: bool = False
    """Whether it changes something: then the answer says yes or no, and a no is no other family's device."""
    embedded: re.Pattern[bytes] | None = None
    """Where the answer is a web page: its first group is the JSON."""


class Question(NamedTuple):
    """An HTTP request without a server."""

    method: str
    page: str
    query: Mapping[str, str]
    form: Mapping[str, str] | None
    body: bytes | None = None
    """What it carries where that is no form."""
    content_type: str = "application/json"
    """Of the body."""


def _op(name: str, **more: str) -> Mapping[str, str]:
    return MappingProxyType({"op": name, **more})


_MIX, _TLX, _STORAGE, _INVERTER = "newMixApi.do", "newTlxApi.do", "newStorageAPI.do", "newInverterAPI.do"
_PLANT, _PLANT_TWO, _LOGIN, _SPA = "newPlantAPI.do", "newTwoPlantAPI.do", "newLoginAPI.do", "newSpaApi.do"
_NOAH, _NEXA = "noahDeviceApi/noah/", "noahDeviceApi/nexa/"
_DAY = MappingProxyType({"type": "1"})
_LANGUAGE = MappingProxyType({"language": "1"})
_LAN = MappingProxyType({"lan": "1"})
APP_FIELDS = (
    *("newLogin", "phoneType", "shinephoneVersion", "phoneSn", "ipvcpc", "language", "systemVersion", "phoneModel"),
    *("loginTime", "appType", "timestamp"),
)
"""What the app's own login has besides the user and the password (``password.app_fields``)."""

_TABLE = (
    Endpoint("login", "POST", "newTwoLoginAPI.do", ("userName", "password"), "back", form=True),
    Endpoint("login_old", "POST", _LOGIN, ("userName", "password"), "back", form=True),
    Endpoint("login_app", "POST", "newTwoLoginAPIV2.do", ("userName", "password", *APP_FIELDS), "back", form=True),
    Endpoint("logout", "GET", "logout.do"),
    Endpoint("server_of", "GET", _LOGIN, ("userName",), selector=_op("getServerUrlByName")),
    Endpoint("server_of_user", "POST", _LOGIN, ("userName",), selector=_op("getUserServerUrl")),
    # plants
    Endpoint("plants", "GET", "PlantListAPI.do", ("userId",), "back"),
    Endpoint(
        "plants_paged", "POST", _PLANT_TWO, ("toPageNum",), selector=_op("getAllPlantListTwo"), form=True,
        fixed=MappingProxyType({
            "language": "1", "nominalPower": "", "order": "1", "pageSize": "15", "plantName": "", "plantStatus": "",
        }),
    ),
    Endpoint("plant_history", "GET", "PlantDetailAPI.do", ("plantId", "type", "date"), "back"),
    Endpoint("plant_curve", "GET", "newPlantDetailAPI.do", ("plantId", "type", "date"), "back"),
    Endpoint(
        "plant_devices", "GET", _PLANT_TWO, ("plantId",), selector=_op("getAllDeviceListTwo"),
        fixed=MappingProxyType({"pageNum": "1", "pageSize": "1"}),
    ),
    Endpoint(
        "plant_devices_old", "GET", _PLANT_TWO, ("plantId",), selector=_op("getAllDeviceList"), fixed=_LANGUAGE
    ),
    Endpoint("plant_settings", "GET", _PLANT, ("plantId",), selector=_op("getPlant")),
    Endpoint(
        "plant_energies", "POST", _PLANT_TWO, ("plantId",), selector=_op("getUserCenterEnertyDataByPlantid"),
        fixed=_LANGUAGE, form=True,
    ),
    Endpoint(
        "plants_energies", "POST", _PLANT, ("userId",), fixed=_LANGUAGE, form=True,
        selector=MappingProxyType({"action": "getUserCenterEnertyData"}),
    ),
    Endpoint(
        "plants_energies_two", "POST", _PLANT, ("userId",), fixed=_LANGUAGE, form=True,
        selector=MappingProxyType({"action": "getUserCenterEnertyDataTwo"}),
    ),
    Endpoint(
        "plant_dashboard", "POST", _PLANT, ("plantId", "type", "date"),
        selector=MappingProxyType({"action": "getEnergyStorageData"}),
    ),
    # MIX, SPH
    Endpoint("mix_status", "POST", _MIX, ("mixId", "plantId"), "obj", _op("getSystemStatus_KW")),
    Endpoint("mix_totals", "POST", _MIX, ("mixId", "plantId"), "obj", _op("getEnergyOverview")),
    Endpoint("mix_info", "GET", _MIX, ("mixId",), "obj", _op("getMixInfo")),
    Endpoint("mix_energy", "POST", _MIX, ("mixId", "plantId", "type", "date"), "obj", _op("getEnergyProdAndCons_KW")),
    Endpoint(
        "mix_settings", "GET", _MIX, ("serialNum",), "obj", _op("getMixSetParams"),
        fixed=MappingProxyType({"kind": "0"}),
    ),
    Endpoint("mix_params", "GET", _MIX, ("mixId",), selector=_op("getMixParams")),
    Endpoint("mix_line", "GET", _MIX, ("mixId", "date"), selector=_op("getDayLineMix")),
    Endpoint("mix_energies", "GET", _MIX, ("mixId", "date"), selector=_op("getMixEnergy")),
    Endpoint("mix_month", "GET", _MIX, ("mixId", "date"), selector=_op("getMixMonthPac")),
    Endpoint("mix_year", "GET", _MIX, ("mixId", "date"), selector=_op("getMixYearPac")),
    Endpoint("mix_total", "GET", _MIX, ("mixId", "date"), selector=_op("getMixTotalPac")),
    Endpoint("mix_alarms", "GET", _MIX, ("mixId", "date"), selector=_op("getMixAlarm")),
    # TLX, MIN, MOD, MID
    Endpoint("tlx_detail", "GET", _TLX, ("id",), "data", _op("getTlxDetailData")),
    Endpoint("tlx_day", "GET", _TLX, ("id", "date"), selector=_op("getTlxData"), fixed=_DAY),
    Endpoint("tlx_params", "GET", _TLX, ("id",), selector=_op("getTlxParams")),
    Endpoint("tlx_status", "POST", _TLX, ("plantId", "id"), "obj", _op("getSystemStatus_KW"), form=True),
    Endpoint("tlx_totals", "POST", _TLX, ("plantId", "id"), "obj", _op("getEnergyOverview"), form=True),
    Endpoint(
        "tlx_energy", "POST", _TLX, ("plantId", "id", "type", "date"), "obj", _op("getEnergyProdAndCons_KW"),
        fixed=_LANGUAGE, form=True,
    ),
    Endpoint("tlx_settings", "POST", _TLX, ("serialNum",), "obj", _op("getTlxSetData"), form=True),
    Endpoint(
        "tlx_enabled", "POST", _LOGIN, ("deviceSn", "stringTime"), "obj", _op("getSetPass"),
        fixed=MappingProxyType({"type": "5"}), form=True,
    ),
    Endpoint("tlx_battery", "POST", _TLX, ("serialNum",), "obj", _op("getBatInfo"), fixed=_LAN, form=True),
    Endpoint(
        "tlx_battery_detail", "POST", _TLX, ("plantId", "id"), selector=_op("getBatDetailData"), fixed=_LAN, form=True
    ),
    # SPA
    Endpoint("spa_status", "POST", _SPA, ("plantId", "spaId"), "obj", _op("getSystemStatus")),
    Endpoint("spa_energy", "POST", _SPA, ("plantId", "spaId"), "obj", _op("getSpaEnergy")),
    # storage, SPF
    Endpoint("storage_info", "GET", _STORAGE, ("storageId",), selector=_op("getStorageInfo_sacolar")),
    Endpoint("storage_params", "GET", _STORAGE, ("storageId",), selector=_op("getStorageParams_sacolar")),
    Endpoint("storage_totals", "POST", _STORAGE, ("plantId", "storageSn"), "obj", _op("getEnergyOverviewData_sacolar")),
    Endpoint("storage_info_old", "GET", _STORAGE, ("storageId",), selector=_op("getStorageInfo")),
    Endpoint("storage_params_old", "GET", _STORAGE, ("storageId",), selector=_op("getStorageParams")),
    Endpoint("storage_totals_old", "POST", _STORAGE, ("plantId", "storageSn"), "obj", _op("getEnergyOverviewData")),
    Endpoint("storage_status", "POST", _STORAGE, ("plantId", "storageSn"), selector=_op("getSystemStatusData_sacolar")),
    Endpoint(
        "storage_energy", "POST", _STORAGE, ("plantId", "storageSn", "date", "type"),
        selector=_op("getEnergyProdAndConsData_sacolar"),
    ),
    Endpoint("storage_energies", "GET", _STORAGE, ("storageId",), selector=_op("getStorageEnergyData")),
    Endpoint("storage_day", "GET", _STORAGE, ("storageId", "date", "type"), selector=_op("getDayLineStorage")),
    Endpoint("storage_month", "GET", _STORAGE, ("storageId", "date", "type"), selector=_op("getMonthLineStorage")),
    Endpoint("storage_year", "GET", _STORAGE, ("storageId", "date", "type"), selector=_op("getYearLineStorage")),
    Endpoint("storage_total", "GET", _STORAGE, ("storageId", "date", "type"), selector=_op("getTotalLineStorage")),
    Endpoint("storage_alarms", "GET", _STORAGE, ("storageId", "date"), selector=_op("getStorageAlarm")),
    # plain inverters, and the large ones (MAX) with calls of their own
    Endpoint("inverter_detail", "GET", _INVERTER, ("inverterId",), selector=_op("getInverterDetailData")),
    Endpoint("inverter_detail_two", "GET", _INVERTER, ("inverterId",), selector=_op("getInverterDetailData_two")),
    Endpoint("inverter_day", "GET", _INVERTER, ("id", "date"), selector=_op("getInverterData"), fixed=_DAY),
    Endpoint("inverter_params", "GET", _INVERTER, ("inverterId",), selector=_op("getInverterParams")),
    Endpoint("inverter_month", "GET", _INVERTER, ("id", "date"), selector=_op("getMonthPac")),
    Endpoint("inverter_year", "GET", _INVERTER, ("id", "date"), selector=_op("getYearPac")),
    Endpoint("inverter_total", "GET", _INVERTER, ("id", "date"), selector=_op("getTotalPac")),
    Endpoint("inverter_alarms", "GET", _INVERTER, ("id", "date"), selector=_op("getInverterAlarm")),
    Endpoint("max_detail", "GET", _INVERTER, ("inverterId",), selector=_op("getInverterDetailData_max")),
    Endpoint("max_detail_two", "GET", _INVERTER, ("inverterId",), selector=_op("getInverterDetailData_max_two")),
    Endpoint("max_day", "GET", _INVERTER, ("id", "date"), selector=_op("getInverterData_max"), fixed=_DAY),
    Endpoint("max_params", "GET", _INVERTER, ("inverterId",), selector=_op("getInverterParams_max")),
    Endpoint("max_month", "GET", _INVERTER, ("id", "date"), selector=_op("getMaxMonthPac")),
    Endpoint("max_year", "GET", _INVERTER, ("id", "date"), selector=_op("getMaxYearPac")),
    Endpoint("max_total", "GET", _INVERTER, ("id", "date"), selector=_op("getMaxTotalPac")),
    Endpoint("max_alarms", "GET", _INVERTER, ("id", "date"), selector=_op("getInverterAlarm_max")),
    # NOAH, NEXA
    Endpoint("plant_noah", "POST", _NOAH + "isPlantNoahSystem", ("plantId",), "obj", form=True),
    Endpoint("noah_status", "POST", _NOAH + "getSystemStatus", ("deviceSn",), "obj", form=True),
    Endpoint("noah_info", "POST", _NOAH + "getNoahInfoBySn", ("deviceSn",), "obj", form=True),
    Endpoint("noah_batteries", "POST", _NOAH + "getBatteryData", ("deviceSn",), "obj", form=True),
    Endpoint("noah_chart", "POST", _NOAH + "getNoahChartData", ("deviceSn", "date"), "obj", form=True),
    Endpoint("noah_energies", "POST", _NOAH + "getDataChart", ("deviceSn", "dateTime", "dateType"), "obj", form=True),
    Endpoint("noah_upgrade", "POST", _NOAH + "checkUpgradeNoah", ("deviceSn",), "obj", form=True),
    Endpoint("nexa_devices", "POST", _NEXA + "nexaDeviceList", ("plantId",), "obj", form=True),
    Endpoint("nexa_status", "POST", _NEXA + "getSystemStatus", ("deviceSn",), "obj", form=True),
    Endpoint("nexa_info", "POST", _NEXA + "getNexaInfoBySn", ("deviceSn",), "obj", form=True),
    Endpoint("nexa_batteries", "POST", _NEXA + "getBatteryData", ("deviceSn",), "obj", form=True),
    Endpoint("nexa_chart", "POST", _NEXA + "getNexaChartData", ("deviceSn", "date"), "obj", form=True),
    Endpoint("nexa_energies", "POST", _NEXA + "getDataChart", ("deviceSn", "dateTime", "dateType"), "obj", form=True),
)  # fmt: skip
ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType({endpoint.name: endpoint for endpoint in _TABLE})


SESSIONS = frozenset({"login", "login_old", "login_app", "logout"})
"""The calls that begin and end a session; the server must not get one twice by accident."""


def question(name: str, **values: str) -> Question:
    """What to send for a call; UsageError for one that is not in the table or lacks a parameter."""
    endpoint = ENDPOINTS.get(name)
    if endpoint is None:
        raise UsageError(f"no Growatt call {name!r}", remedy=f"Use one of: {', '.join(ENDPOINTS)}.")
    if set(values) != set(endpoint.parameters):
        raise UsageError(f"{name} needs {', '.join(endpoint.parameters)}", remedy="Give these and no others.")
    parameters = {**endpoint.fixed, **values}
    if endpoint.form:
        return Question(endpoint.method, endpoint.page, endpoint.selector, parameters)
    return Question(endpoint.method, endpoint.page, {**endpoint.selector, **parameters}, None)
