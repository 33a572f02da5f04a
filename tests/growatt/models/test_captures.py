"""Recorded answers as typed records, without a loss: what has no row is listed here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.growatt import models
from heliobus.growatt.protocol import ENDPOINTS, Money, content, text
from heliobus.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Every recorded answer of the app's calls: the call that brings it, and its record.
RECORDED: dict[str, tuple[str, type[Record]]] = {
    "plant_detail_day_empty_828578": ("plant_history", models.PlantHistory),
    "plant_detail_month_10795086": ("plant_history", models.PlantHistory),
    "plant_info_partial_2016929": ("plant_devices", models.PlantDevices),
    "plant_list_2016929": ("plants", models.PlantList),
    "plant_list_325704": ("plants", models.PlantList),
    "plant_list_828578": ("plants", models.PlantList),
    "storage_detail_spf_partial": ("storage_params", models.StorageParams),
    "storage_total_spf6000": ("storage_totals", models.StorageTotals),
    "user_center_energy_two": ("plant_energies", models.UserEnergies),
    # The web portal's, in the words of the app's call.
    "web_mix_status": ("mix_status", models.MixStatus),
    "web_mix_totals_a": ("mix_totals", models.MixTotals),
}
# What these say beyond the rows: lists that were empty, and a portal's sums that the app's call does not have.
EXTRA = {
    "user_center_energy_two": {"eventMessBeanList", "deviceDetail"},
    "web_mix_totals_a": {"eselfToday", "eselfTotal", "gridPowerToday", "gridPowerTotal", "eexToday", "eexTotal"},
}
# The answers of the web portal, which its own client reads (tests/growatt/client/calls/test_web.py).
OTHER_ROUTE = {
    "web_components_getHaveNeo",
    "web_devices_by_plant_mix",
    "web_homeEnergy_getIsEicUser",
    "web_index_getChuanghuoDeviceList",
    "web_index_getPlantListTitle",
    "web_index_getPlantTopic",
    "web_layout_getIsLayoutType",
    "web_mix_get_mix_ids",
    "web_mix_get_mix_status",
    "web_mix_get_mix_total",
    "web_mix_get_plants",
    "web_panel_getDeviceInfo",
    "web_panel_getDevicesByPlant",
    "web_panel_getDevicesByPlantList",
    "web_panel_getEicDevicesByPlant",
    "web_panel_getPlantData",
    "web_panel_spa_getSPABatChart",
    "web_panel_spa_getSPAEnergyDayChart",
    "web_panel_spa_getSPAEnergyDayChart_2",
    "web_panel_spa_getSPATotalData",
    "web_plant_data_sek_partial",
    "web_read_all_min_param_msg_partial",
    "web_tcpSet.do",
    "web_tcpSet_spaSet_ok",
}


# Answers of which only the names and types of the fields are at hand: the call, the record, and what has no row.
SHAPES: dict[str, tuple[str, type[Record], set[str]]] = {
    # Sums that do not mean what they say (erratum G2), and their shares.
    "dashboard_data": (
        "plant_dashboard",
        models.PlantDashboard,
        {"eAcCharge", "eCharge", "eChargeToday1", "eChargeToday2", "eChargeToday2Echarge1"}
        | {f"ratio{place}" for place in range(1, 7)},
    ),
    "plant_info_storage": ("plant_devices_old", models.PlantDevices, set()),
    "plant_list_storage": ("plants", models.PlantList, set()),
    "storage_detail": ("storage_info", models.StorageInfo, set()),
    "storage_energy_overview": ("storage_totals", models.StorageTotals, set()),
}
# Of a plant's settings: pictures, maps, weather, empty lists and what other calls tell better.
NOT_SET = {
    *("EYearMoneyText", "alarmValue", "alias", "children", "companyName", "createDateTextA", "currentPac"),
    *("currentPacStr", "currentPacTxt", "dataLogList", "defaultPlant", "designCompany", "deviceCount", "eToday"),
    *("eTotal", "emonthCo2Text", "emonthCoalText", "emonthMoneyText", "emonthSo2Text", "energyMonth", "energyYear"),
    *("envTemp", "etodayCo2Text", "etodayCoalText", "etodayMoney", "etodayMoneyText", "etodaySo2Text"),
    *("etotalCo2Text", "etotalCoalText", "etotalFormulaTreeText", "etotalMoney", "etotalMoneyText", "etotalSo2Text"),
    *("eventMessBeanList", "formulaMoney", "formulaTree", "hasDeviceOnLine", "hasStorage", "imgPath", "irradiance"),
    *("isShare", "latitudeText", "latitude_d", "latitude_f", "latitude_m", "level", "locationImgName", "logoImgName"),
    *("longitudeText", "longitude_d", "longitude_f", "longitude_m", "mapCity", "mapLat", "mapLng", "map_areaId"),
    *("map_cityId", "map_countryId", "map_provinceId", "moneyUnitText", "nominalPowerStr", "onLineEnvCount"),
    *("pairViewUserAccount", "panelTemp", "paramBean", "parentID", "phoneNum", "plantFromBean", "plantImgName"),
    *("prMonth", "prToday", "remark", "status", "storage_BattoryPercentage", "storage_TodayToGrid"),
    *("storage_TodayToUser", "storage_TotalToGrid", "storage_TotalToUser", "storage_eChargeToday"),
    *("storage_eDisChargeToday", "timezoneText", "treeID", "treeName", "unitMap", "userBean", "windAngle"),
    "windSpeed",
}
SHAPES["get_plant"] = ("plant_settings", models.PlantSettings, NOT_SET)


def folder(shared: Path) -> Path:
    return shared / "captures/growatt/legacy"


def load(shared: Path, name: str) -> Record:
    call, kind = RECORDED[name]
    payload = json.loads((folder(shared) / f"{name}.json").read_text("utf-8"))["payload"]
    body = json.dumps(payload).encode()
    return kind(content(ENDPOINTS[call], status=200, body=body, location=None, retry_after=None))


def fields(record: Record) -> Iterator[tuple[str, Any, Any]]:
    """Every recorded field with its typed value, those of inner records too."""
    for key, row in record.rows.items():
        if key in record.values:
            typed = row.read(record.values[key])
            yield key, record.values[key], typed
            for inner in typed if isinstance(typed, tuple) else (typed,):
                if isinstance(inner, Record):
                    yield from fields(inner)


def test_every_recording_is_accounted_for(shared: Path) -> None:
    assert {path.stem for path in folder(shared).glob("*.json")} == RECORDED.keys() | OTHER_ROUTE


@pytest.mark.parametrize("name", RECORDED)
def test_nothing_is_lost(shared: Path, name: str) -> None:
    record = load(shared, name)
    assert set(record.extra) == EXTRA.get(name, set())
    seen = list(fields(record))
    assert seen
    for key, raw, typed in seen:
        empty = text(raw) is None and not isinstance(raw, (bool, dict, list))
        assert (typed is None) == empty, f"{key}: {raw!r} became {typed!r}"


@pytest.mark.parametrize("name", SHAPES)
def test_no_field_of_a_type_map_is_lost(shared: Path, name: str) -> None:
    call, kind, without = SHAPES[name]
    payload = json.loads((shared / f"captures/growatt/shapes/{name}.json").read_text("utf-8"))["payload"]
    envelope = ENDPOINTS[call].envelope
    record = kind(payload[envelope] if envelope else payload)
    assert set(record.extra) == without
    inner = [one for row in kind.rows.values() for one in _inner(row.read(record.values.get(row.key)))]
    assert {key for one in inner for key in one.extra} == set()


def _inner(typed: Any) -> list[Record]:
    return [one for one in (typed if isinstance(typed, tuple) else (typed,)) if isinstance(one, Record)]


def test_every_type_map_is_accounted_for(shared: Path) -> None:
    names = {path.stem for path in (shared / "captures/growatt/shapes").glob("*.json")}
    assert names == SHAPES.keys() | {"login_back"}  # of which the client takes the user's id


def test_a_plant_list(shared: Path) -> None:
    listed = load(shared, "plant_list_325704")
    assert isinstance(listed, models.PlantList)
    (plant,) = listed.plants
    assert (plant.id, plant.income, plant.has_storage) == ("325704", Money(209.7, "€"), False)
    assert (plant.today_energy, plant.total_energy, plant.current_power) == (14.0, 911.9, 424.1)
    assert listed.totals is not None
    assert listed.totals.co2 == 0


def test_units_of_any_size(shared: Path) -> None:
    listed = load(shared, "plant_list_2016929")
    assert isinstance(listed, models.PlantList)
    assert listed.plants[0].total_energy == 2560.0
    assert listed.totals is not None
    assert listed.totals.co2 == 1020.0


def test_a_history(shared: Path) -> None:
    month = load(shared, "plant_detail_month_10795086")
    assert isinstance(month, models.PlantHistory)
    assert month.values_by_label == {"01": 35.4, "02": 19.4, "03": 39.7, "04": 36.0, "28": 54.6}
    assert month.plant is not None
    assert month.plant.energy == 1210.0
    empty = load(shared, "plant_detail_day_empty_828578")
    assert isinstance(empty, models.PlantHistory)
    assert empty.values_by_label == {}


def test_a_hybrid_mixes_numbers_and_texts_watts_and_kilowatts(shared: Path) -> None:
    status = load(shared, "web_mix_status")
    assert isinstance(status, models.MixStatus)
    assert (status.ppv, status.ppv1, status.ppv2) == (1.18, 568.4, 615.6)
    assert (status.export_power, status.load_power, status.soc, status.work_mode) == (0.34, 0.84, 95.0, 5)


def test_a_type_map_of_a_login_does_not_show_itself(shared: Path) -> None:
    shape = json.loads((shared / "captures/growatt/shapes/login_back.json").read_text("utf-8"))["payload"]["back"]
    assert "password" in shape["user"]
    assert "password" not in repr(Record(shape["user"]))
