"""The table of the appliance's values: signs, scales, recordings, and nothing invented."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.model.quality import Quality
from heliobus.senec import mapping
from heliobus.senec.models import FULL_REQUEST
from heliobus.senec.protocol import decode_answer
from tests.senec.mapping.saying import (
    CORE,
    NOT_FOUND,
    answer_of,
    check_field,
    check_qualities,
    fl,
    fls,
    mapped,
    said,
)

if TYPE_CHECKING:
    from heliobus.senec.protocol import Json


@pytest.mark.parametrize("field", mapping.FIELDS, ids=lambda field: field.path)
def test_each_row_leads_from_a_variable_to_a_place_in_the_model(field: mapping.Field) -> None:
    assert field.variable in FULL_REQUEST[field.section]
    for path in field.lost:
        check_field(path)


def test_no_place_is_filled_twice() -> None:
    paths = [field.path for field in mapping.FIELDS]
    assert len(paths) == len(set(paths))


def test_what_can_be_carried_is_declared_and_full_has_all_of_live() -> None:
    for path in mapping.carriable("full"):
        check_field(path)
    assert mapping.carriable("live") < mapping.carriable("full")
    assert {"battery.power", "pv.strings.*.power", "wallboxes.*.phases.*.current"} <= mapping.carriable("live")
    assert "batteries.*.modules.*.soh" not in mapping.carriable("live")


def test_signs_are_those_of_the_house_bus() -> None:
    one = said(
        ENERGY={
            "GUI_INVERTER_POWER": fl(1000.0),
            "GUI_GRID_POW": fl(-200.0),
            "GUI_BAT_DATA_POWER": fl(500.0),
            "GUI_BAT_DATA_CURRENT": fl(10.0),
            "GUI_HOUSE_POW": fl(300.0),
        },
        PM1OBJ1={"P_AC": fls(-300.0, 50.0, 50.0)},
    )
    assert (one.pv.power, one.grid.power, one.battery.power, one.load.power) == (1000.0, -200.0, -500.0, 300.0)
    assert (one.grid.export_power, one.battery.charge_power, one.battery.current) == (200.0, 500.0, -10.0)
    assert [(phase.id, phase.power) for phase in one.grid.phases] == [("L1", -300.0), ("L2", 50.0), ("L3", 50.0)]
    assert one.residual == 0.0


def test_scales_are_those_of_the_model() -> None:
    one = said(
        STATISTIC={"LIVE_PV_GEN": fl(1.5), "LIVE_GRID_IMPORT": fl(2.0), "LIVE_BAT_DISCHARGE": fl(0.25)},
        BMS={
            "MODULE_COUNT": "u8_01",
            "SYSTEM_SOH": "u1_03D9",
            "CHARGED_ENERGY": ["u3_1F9B3133", "u3_00000000"],
            "DISCHARGED_ENERGY": ["u3_000003E8", "u3_00000000"],
            "CURRENT": fls(5.0, 0.0),
            "CELL_VOLTAGES_MODULE_A": ["u1_0DB1", "u1_0DA4"],
            "CELL_TEMPERATURES_MODULE_A": ["i1_0018", "i1_FFFF"],
        },
    )
    assert (one.pv.energy, one.grid.import_energy, one.battery.discharge_energy) == (1500.0, 2000.0, 250.0)
    (module,) = one.battery.modules
    assert one.battery.soh == 98.5
    assert (module.charge_energy, module.discharge_energy) == (530264.371, 1.0)  # from mWh
    assert module.current == -5.0
    assert module.cell_voltages == (3.505, 3.492)
    assert module.cell_temperatures == (24.0, -1.0)


def test_night_is_zero_and_not_minus_zero() -> None:
    one = said(
        ENERGY={"GUI_INVERTER_POWER": "fl_80000000", "GUI_BAT_DATA_POWER": "fl_00000000"},
        PV1={"MPP_POWER": ["fl_80000000"] * 3},
    )
    powers = [one.pv.power, one.battery.power, *(string.power for string in one.pv.strings)]
    assert [str(power) for power in powers] == ["0.0"] * 5


def test_the_balance_of_a_real_house_confirms_the_signs(perth: list[dict[str, Any]]) -> None:
    residuals = []
    for line in perth[::7]:
        one = mapped(decode_answer({name: line[name] for name in line if not name.endswith("Milliseconds")}), "live")
        assert one.residual is not None
        assert "load.power" not in one.quality  # a moving grid value is no fault of the house's
        residuals.append(abs(one.residual))
    assert sorted(residuals)[len(residuals) // 2] < 1e-3
    assert sum(residual > 1 for residual in residuals) < 0.02 * len(residuals)


def test_capture_02(lala: dict[str, dict[str, Any]]) -> None:
    one = mapped(answer_of(lala["02"]["response_body"]), "live")
    assert one.pv.power == pytest.approx(7659.1846)
    assert one.grid.power == pytest.approx(-6400.2598)
    assert one.battery.power == pytest.approx(-529.5019)
    assert one.load.power == pytest.approx(729.4229)
    assert one.battery.soc == pytest.approx(65.65656)
    assert one.battery.voltage == pytest.approx(53.92)
    assert one.battery.current == pytest.approx(-9.82)
    assert [string.id for string in one.pv.strings] == ["1", "2", "3"]
    assert [string.power for string in one.pv.strings] == pytest.approx([3830.4053, 0.0, 3828.7793])
    assert (one.system.state_code, one.system.state) == (56, "PEAK-SHAVING: WAIT")
    assert (one.system.operating_hours, one.system.feed_in_limit_share) == (32829.0, 100.0)
    assert one.device_time == datetime(2024, 8, 23, 10, 11, 19, tzinfo=UTC)
    assert one.wallboxes == ()
    assert one.quality_of("pv.strings.1.power") is Quality.GOOD
    assert one.quality["pv.strings.1.voltage"] is Quality.MISSING  # not asked for then


def test_every_recording_maps_and_its_qualities_name_fields(lala: dict[str, dict[str, Any]]) -> None:
    for record in lala.values():
        for detail in mapping.REQUESTS:
            one = mapped(answer_of(record["response_body"]), detail)
            check_qualities(one)
            json.dumps(one.to_dict(), allow_nan=False)


def test_counters_of_old_firmware(lala: dict[str, dict[str, Any]]) -> None:
    one = mapped(answer_of(lala["10"]["response_body"]), "live")
    assert one.pv.energy == pytest.approx(314_571.3)
    assert one.load.energy == pytest.approx(1_799_617.1)
    assert one.battery.charge_energy == pytest.approx(94_031.4)


def test_counters_that_newer_firmware_does_not_know_are_not_missing(lala: dict[str, dict[str, Any]]) -> None:
    for number in ("37", "40", "41"):  # {} for the whole section, VARIABLE_NOT_FOUND by name
        answer = answer_of(lala[number]["response_body"])
        one = mapped(answer, "live")
        assert one.pv.energy is None
        assert not {path for path in one.quality if "energy" in path and "wallboxes" not in path}
        assert "pv.energy" not in mapping.carried(answer, "live")


def test_modules_of_a_real_battery(lala: dict[str, dict[str, Any]]) -> None:
    modules = mapped(answer_of(lala["39"]["response_body"])).battery.modules
    assert [(module.id, module.soc, module.soh) for module in modules] == [
        ("1", 28.0, 99.0),
        ("2", 27.0, 99.0),
        ("3", 27.0, 99.0),
    ]
    assert {module.serial for module in modules} == {None}


def test_what_was_asked_for_and_did_not_come_is_missing() -> None:
    one = said(ENERGY={"GUI_GRID_POW": fl(1.0)})
    assert one.grid.power == 1.0
    assert one.pv.power is None
    for path in (*CORE[2:], "pv.power", "pv.energy", "grid.phases.L3.power", "pv.strings.1.power"):
        assert one.quality_of(path) is Quality.MISSING
        assert one.quality[path] is Quality.MISSING


@pytest.mark.parametrize(
    "leaf", ["fl_7FC00000", "fl_7F800000", "FORBIDDEN", "er_12", "fl_12", "st_hello", 1e305, None, [], {}]
)
def test_a_value_that_is_none_is_missing_and_spoils_no_other(leaf: Json) -> None:
    one = said(ENERGY={"GUI_INVERTER_POWER": leaf, "GUI_GRID_POW": fl(7.0)})
    assert one.pv.power is None
    assert one.quality["pv.power"] is Quality.MISSING
    assert one.grid.power == 7.0
    assert "grid.power" not in one.quality


def test_one_bad_place_of_a_list_spoils_no_other() -> None:
    one = said(PV1={"MPP_POWER": [fl(1.0), "fl_7FC00000", fl(3.0)], "MPP_VOL": [fl(1.0), fl(2.0)]})
    assert [string.power for string in one.pv.strings] == [1.0, None, 3.0]
    assert [string.voltage for string in one.pv.strings] == [1.0, 2.0, None]
    assert one.quality["pv.strings.2.power"] is Quality.MISSING
    assert one.quality["pv.strings.3.voltage"] is Quality.MISSING
    assert one.quality_of("pv.strings.1.power") is Quality.GOOD


@pytest.mark.parametrize(
    "section",
    [
        {"MPP_POWER": NOT_FOUND, "MPP_VOL": NOT_FOUND, "MPP_CUR": NOT_FOUND, "POWER_RATIO": NOT_FOUND},
        {"OBJECT_NOT_FOUND": ""},
        {},
        "OBJECT_NOT_FOUND",
    ],
)
def test_what_the_appliance_does_not_know_is_not_missing(section: Json) -> None:
    answer = decode_answer({"ENERGY": {"GUI_GRID_POW": fl(1.0)}, "PV1": section})
    one = mapped(answer)
    assert one.pv.strings == ()
    assert not [path for path in one.quality if path.startswith(("pv.strings", "system.feed_in"))]
    assert not {"pv.strings.*.power", "system.feed_in_limit_share"} & mapping.carried(answer, "full")
    assert {"grid.power", "pv.power"} <= mapping.carried(answer, "full")  # came, missing


def test_a_temperature_without_a_sensor_is_not_carried() -> None:
    temperatures: dict[str, Json] = {"MCU_TEMP": "fl_C31E6315", "CASE_TEMP": fl(-5.5), "BATTERY_TEMP": fl(20.0)}
    one = said(TEMPMEASURE=temperatures)
    assert (one.system.controller_temperature, one.system.case_temperature) == (None, -5.5)
    assert "system.controller_temperature" not in one.quality
    carried = mapping.carried(decode_answer({"TEMPMEASURE": temperatures}), "live")
    assert "system.controller_temperature" not in carried
    assert {"system.case_temperature", "battery.temperature", "batteries.*.temperature"} <= carried


def test_an_unknown_state_keeps_its_number() -> None:
    one = said(ENERGY={"STAT_STATE": "u8_FE"})
    assert (one.system.state_code, one.system.state) == (254, None)


def test_modules_are_counted_by_the_appliance_or_by_their_values() -> None:
    lists: dict[str, Json] = {"SOC": ["u1_0040", "u1_0000", "u1_0000"], "SN": ["u3_00000007", "u3_00000000"]}
    assert [one.id for one in said(BMS=lists).battery.modules] == ["1"]
    two = said(BMS={**lists, "MODULE_COUNT": "u8_02"}).battery.modules
    assert [(one.id, one.soc, one.serial) for one in two] == [("1", 64.0, "7"), ("2", 0.0, None)]
    assert said(BMS={**lists, "MODULE_COUNT": "u8_00"}).battery.modules == ()
