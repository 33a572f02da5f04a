from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.senec.models import (
    BASIC_REQUEST,
    FULL_REQUEST,
    IDENTITY_REQUEST,
    LIVE_REQUEST,
    WHOLE_REQUESTS,
    Energy,
    Pv1,
    Reading,
)
from heliobus.senec.protocol import CEILING, Absent, Reason, build_request, decode_answer, parse_body, written

if TYPE_CHECKING:
    from pathlib import Path


def read(body: str) -> Reading:
    return Reading(decode_answer(parse_body(body).sections))


# -- requests


def test_basic_request_is_the_one_of_the_origin(shared: Path) -> None:
    (origin,) = (shared / "origin").glob("000_*.txt")
    code = origin.read_text("utf-8").split("BASIC_REQUEST = ")[1].split("If this is interesting")[0]
    sections = re.findall(r"'(\w+)': \{(.*?)\}", code, re.DOTALL)
    wanted = {name: dict.fromkeys(re.findall(r"'(\w+)': ''", inside), "") for name, inside in sections}
    assert sum(map(len, wanted.values())) == 27
    assert wanted == BASIC_REQUEST


@pytest.mark.parametrize("request_", [LIVE_REQUEST, BASIC_REQUEST, IDENTITY_REQUEST, FULL_REQUEST])
def test_every_value_of_a_request_is_declared_and_only_read(request_: dict[str, dict[str, str]]) -> None:
    for name, section in request_.items():
        assert section.keys() <= Reading.sections[name].rows.keys()
    assert written(request_) == ()
    assert len(build_request(request_)) < CEILING / 2


def test_the_full_request_has_all_of_the_live_one() -> None:
    for name, section in LIVE_REQUEST.items():
        assert section.keys() <= FULL_REQUEST[name].keys()


def test_the_whole_requests_have_each_section_once() -> None:
    names = [name for request in WHOLE_REQUESTS for name in request]
    assert sorted(names) == sorted(Reading.sections)
    assert len(WHOLE_REQUESTS) > 1


def test_the_identity_request_begins_with_the_greeting() -> None:
    assert list(IDENTITY_REQUEST) == ["FACTORY", "WIZARD", "SYS_UPDATE", "BAT1", "BMS", "PV1"]
    assert list(IDENTITY_REQUEST["FACTORY"])[:3] == ["SYS_TYPE", "COUNTRY", "DEVICE_ID"]


# -- values


def test_the_live_set_before_firmware_0825(made: dict[str, str]) -> None:
    reading = read(made["0811"])
    energy, statistic, wallbox = reading.energy, reading.statistic, reading.wallbox
    assert (energy.stat_state, energy.stat_hours_of_operation) == (14, 12345)
    assert (energy.gui_inverter_power, energy.gui_grid_pow, energy.gui_house_pow) == (4210.0, -1100.5, 609.5)
    assert (energy.gui_bat_data_power, energy.gui_bat_data_current, energy.gui_bat_data_voltage) == (2500, 46.25, 54)
    assert energy.gui_bat_data_fuel_charge == 64
    assert reading.pv1.mpp_power == (2105.0, 0.0, 2105.0)
    assert reading.pv1.power_ratio == 70  # u3 here, fl on 0826
    assert reading.pm1obj1.u_ac == (230.0, 231.0, 229.5)
    assert reading.rtc.utc == datetime(2026, 6, 19, 10, tzinfo=UTC)
    assert reading.tempmeasure.case_temp == 31.5
    assert reading.tempmeasure.mcu_temp is None, "-156 means that there is no sensor"
    assert wallbox.state == (0xA1, 0, 0, 0)
    assert wallbox.ev_connected == (False,) * 4
    assert statistic.live_pv_gen == 12000.5
    assert statistic.live_wb_energy == (816601, 0, 0, 0)
    assert statistic.measure_time == 1_781_863_200
    assert reading.absent == {}
    assert reading.extra == {}


def test_the_live_set_since_firmware_0825(made: dict[str, str]) -> None:
    reading = read(made["0826"])
    assert reading.energy.gui_house_pow == 609.5
    assert reading.pv1.power_ratio == 70
    assert reading.statistic.live_pv_gen is None
    assert reading.statistic.live_wb_energy == ()
    assert len(reading.absent) == 7
    assert reading.absent["STATISTIC.LIVE_PV_GEN"] == Absent(Reason.NOT_FOUND, "VARIABLE_NOT_FOUND")


def test_an_odd_answer_gives_what_can_be_known(made: dict[str, str]) -> None:
    reading = read(made["2411"])
    assert reading.bms.soc == (53, 54)
    assert reading.bms.voltage == (52.25, None)
    assert len(reading.bms.cell_voltages[0]) == 16
    assert reading.bms.cell_voltages[1:] == ((), (), ())
    assert reading.bms.cell_temperatures[0] == (22, 22, 23, 23, 22, 22)
    assert reading.bms.temp_min == (-3, 21)
    assert reading.bms.max_temp == 235
    assert reading.pv1.inv_model == ("V3 LV",)
    assert (reading.bat1obj1.sw_version, reading.bat1obj1.sw_version2) == ("3.16.20", "4.3.10")
    assert reading.fan_speed.inv_lv is None
    assert reading.fan_speed.inv_hv == 1
    assert reading.tempmeasure.case_temp is None
    assert {path: value.reason for path, value in reading.absent.items()} == {
        "BAT1OBJ2.OBJECT_NOT_FOUND": Reason.NOT_FOUND,
        "BMS.VOLTAGE.1": Reason.NOT_FOUND,
        "LOG.PASSWORD": Reason.FORBIDDEN,
        "FILE.NAME": Reason.NOT_READABLE,
        "FAN_SPEED.INV_LV": Reason.ERROR,
        "TEMPMEASURE.CASE_TEMP": Reason.NOT_FINITE,
        "TEMPMEASURE.BATTERY_TEMP": Reason.MALFORMED,
        "TEMPMEASURE.MCU_TEMP": Reason.MALFORMED,
        "NEWS.NUMBER": Reason.UNKNOWN_TYPE,
    }
    assert reading.extra == {"NEWS.AMOUNT": 7}
    assert reading.log.user_level == 0


@pytest.mark.parametrize("value", [None, "text", 1.5, [1.0], Absent(Reason.FORBIDDEN, "FORBIDDEN")])
def test_what_does_not_fit_a_row_is_none_and_never_zero(value: Any) -> None:
    values = {} if value is None else dict.fromkeys(Energy.rows, value)
    energy = Energy(values)
    assert energy.stat_state is None
    assert energy.gui_charging_info is None
    assert energy.gui_grid_pow == (1.5 if value == 1.5 else None)
    assert Pv1(dict.fromkeys(Pv1.rows, value)).mpp_power == ((1.0,) if value == [1.0] else ())


def test_numbers_that_somebody_decoded_before_are_read_too(lala: dict[str, dict[str, Any]]) -> None:
    reading = read(lala["50"]["response_body"])
    assert reading.energy.gui_house_pow == pytest.approx(614.97, abs=0.01)
    assert reading.energy.gui_bat_data_max_cell_voltage == 3284
    assert reading.tempmeasure.mcu_temp is None
    assert Energy({"STAT_STATE": 14.0}).stat_state == 14


def test_a_recorded_battery_in_milliwatt_hours(lala: dict[str, dict[str, Any]]) -> None:
    """530 kWh in a module of 2.5 kWh; as Wh it would be 530 MWh."""
    bms = read(lala["37"]["response_body"]).bms
    assert bms.charged_energy[0] == 530_264_371
    assert bms.cycles == (58, 58, 58, 0)


def test_every_recorded_value_has_a_row_that_reads_it(lala: dict[str, dict[str, Any]]) -> None:
    seen = set()
    for number, record in lala.items():
        reading = read(record["response_body"])
        assert (reading.extra, reading.unread) == ({}, {}), number
        seen |= {f"{name}.{variable}" for name, section in reading.answer.items() for variable in section}
    assert len(seen) > 330


def test_a_value_that_its_row_does_not_take_is_told(made: dict[str, str]) -> None:
    reading = Reading({"ENERGY": {"STAT_STATE": "full", "GUI_CHARGING_INFO": 7, "GUI_GRID_POW": 1.0}, "X": {"Y": 1}})
    assert reading.unread == {"ENERGY.STAT_STATE": "full", "ENERGY.GUI_CHARGING_INFO": 7}
    assert reading.extra == {"X.Y": 1}
    odd = Reading({"PV1": {"MPP_POWER": [1.0, "two"]}, "BMS": {"SOC": 5}, "TEMPMEASURE": {"MCU_TEMP": -158.0}})
    assert odd.unread == {"PV1.MPP_POWER": [1.0, "two"], "BMS.SOC": 5}
    assert read(made["0811"]).unread == {}


def test_a_reading_cannot_be_changed(made: dict[str, str]) -> None:
    reading = read(made["0811"])
    with pytest.raises(AttributeError):
        reading.answer = {}  # type: ignore[misc]
    with pytest.raises(AttributeError):
        reading.energy.values = {}  # type: ignore[misc]
    with pytest.raises(AttributeError):
        reading.energy.gui_grid_pow = 1.0  # type: ignore[misc]
    assert reading.energy == read(made["0811"]).energy
    assert "GUI_GRID_POW" in repr(reading.energy)
