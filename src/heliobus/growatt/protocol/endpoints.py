"""The ShinePhone app's calls as data (SPEC A.4 to A.11): how each is asked, and where its answer stands."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from heliobus.errors import UsageError

if TYPE_CHECKING:
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


class Question(NamedTuple):
    """An HTTP request without a server."""

    method: str
    page: str
    query: Mapping[str, str]
    form: Mapping[str, str] | None


def _op(name: str, **more: str) -> Mapping[str, str]:
    return MappingProxyType({"op": name, **more})


_MIX, _TLX, _STORAGE, _INVERTER = "newMixApi.do", "newTlxApi.do", "newStorageAPI.do", "newInverterAPI.do"
_PLANT, _PLANT_TWO = "newPlantAPI.do", "newTwoPlantAPI.do"
_DAY = MappingProxyType({"type": "1"})

_TABLE = (
    Endpoint("login", "POST", "newTwoLoginAPI.do", ("userName", "password"), "back", form=True),
    Endpoint("server_of", "GET", "newLoginAPI.do", ("userName",), selector=_op("getServerUrlByName")),
    # plants
    Endpoint("plants", "GET", "PlantListAPI.do", ("userId",), "back"),
    Endpoint("plant_history", "GET", "PlantDetailAPI.do", ("plantId", "type", "date"), "back"),
    Endpoint(
        "plant_devices", "GET", _PLANT_TWO, ("plantId",), selector=_op("getAllDeviceListTwo"),
        fixed=MappingProxyType({"pageNum": "1", "pageSize": "1"}),
    ),
    Endpoint(
        "plant_devices_old", "GET", _PLANT_TWO, ("plantId",), selector=_op("getAllDeviceList"),
        fixed=MappingProxyType({"language": "1"}),
    ),
    Endpoint("plant_settings", "GET", _PLANT, ("plantId",), selector=_op("getPlant")),
    Endpoint(
        "plant_energies", "POST", _PLANT_TWO, ("plantId",), selector=_op("getUserCenterEnertyDataByPlantid"),
        fixed=MappingProxyType({"language": "1"}), form=True,
    ),
    Endpoint(
        "dashboard", "POST", _PLANT, ("plantId", "type", "date"),
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
    # TLX, MIN, MOD, MID
    Endpoint("tlx_detail", "GET", _TLX, ("id",), "data", _op("getTlxDetailData")),
    Endpoint("tlx_day", "GET", _TLX, ("id", "date"), selector=_op("getTlxData"), fixed=_DAY),
    Endpoint("tlx_status", "POST", _TLX, ("plantId", "id"), "obj", _op("getSystemStatus_KW"), form=True),
    Endpoint("tlx_totals", "POST", _TLX, ("plantId", "id"), "obj", _op("getEnergyOverview"), form=True),
    Endpoint("tlx_settings", "POST", _TLX, ("serialNum",), "obj", _op("getTlxSetData"), form=True),
    # storage, SPF
    Endpoint("storage_info", "GET", _STORAGE, ("storageId",), selector=_op("getStorageInfo_sacolar")),
    Endpoint("storage_params", "GET", _STORAGE, ("storageId",), selector=_op("getStorageParams_sacolar")),
    Endpoint("storage_totals", "POST", _STORAGE, ("plantId", "storageSn"), "obj", _op("getEnergyOverviewData_sacolar")),
    # plain inverters
    Endpoint("inverter_detail", "GET", _INVERTER, ("inverterId",), selector=_op("getInverterDetailData")),
    Endpoint("inverter_day", "GET", _INVERTER, ("id", "date"), selector=_op("getInverterData"), fixed=_DAY),
)  # fmt: skip
ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType({endpoint.name: endpoint for endpoint in _TABLE})


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
