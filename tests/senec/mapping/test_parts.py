"""Wallboxes, inverters, meters, sockets, batteries, and who the appliance is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.model.quality import Quality
from heliobus.senec import mapping
from heliobus.senec.protocol import decode_answer
from tests.senec.mapping.saying import (
    NOT_FOUND,
    fl,
    fls,
    mapped,
    said,
)

if TYPE_CHECKING:
    from heliobus.senec.protocol import Json


def box(**values: Json) -> dict[str, Json]:
    empty: dict[str, Json] = {
        "STATE": ["u8_00"] * 4,
        "EV_CONNECTED": ["u8_00"] * 4,
        "APPARENT_CHARGING_POWER": ["fl_00000000"] * 4,
        **{f"L{phase}_CHARGING_CURRENT": ["fl_00000000"] * 4 for phase in (1, 2, 3)},
    }
    return {**empty, **{name: [*([value] if name else []), *empty[name][1:]] for name, value in values.items()}}  # type: ignore[misc, index]


VOLTAGES: dict[str, Json] = {"U_AC": fls(230.0, 231.0, 229.0)}


def test_a_place_without_a_box_is_no_wallbox() -> None:
    one = said(WALLBOX=box(), PM1OBJ1=VOLTAGES)
    assert one.wallboxes == ()
    assert not [path for path in one.quality if "current" in path and "wallboxes" in path and "limit" not in path]


def test_the_power_of_a_wallbox_follows_from_its_currents() -> None:
    charging = box(
        STATE="u8_C2", EV_CONNECTED="u8_01", APPARENT_CHARGING_POWER=fl(3700.0), L1_CHARGING_CURRENT=fl(16.0)
    )
    (found,) = said(WALLBOX=charging, PM1OBJ1=VOLTAGES).wallboxes
    assert (found.id, found.state_code, found.state, found.car_connected) == ("1", 0xC2, "charging", True)
    assert found.power == 16.0 * 230.0
    assert [(phase.id, phase.current) for phase in found.phases] == [("L1", 16.0), ("L2", 0.0), ("L3", 0.0)]


def test_volt_amperes_are_no_watts_but_none_of_them_are_none() -> None:
    charging = box(STATE="u8_C2", APPARENT_CHARGING_POWER=fl(3700.0))
    without_voltage = said(WALLBOX=charging)
    assert without_voltage.wallboxes[0].power is None
    assert without_voltage.quality["wallboxes.1.power"] is Quality.MISSING
    assert without_voltage.residual is None
    idle = said(WALLBOX=box(STATE="u8_A1"))
    assert idle.wallboxes[0].power == 0.0
    assert idle.quality["wallboxes.1.power"] is Quality.DERIVED


def test_modes_of_a_wallbox() -> None:
    place: dict[str, Json] = {"STATE": ["u8_B2"] * 4}
    modes: dict[str, Json] = {
        "PROHIBIT_USAGE": ["u8_01", "u8_00", "u8_00", "u8_00"],
        "SMART_CHARGE_ACTIVE": ["u8_00", "u8_00", "u8_03", "u8_09"],
    }
    assert [one.mode for one in said(WALLBOX={**place, **modes}).wallboxes] == ["locked", "fast", "solar", None]


def test_inverters_inside_the_appliance() -> None:
    states: dict[str, Json] = {"STATE_INT": ["u3_00000110", "u3_00000130"]}
    both = said(PV1=states).inverters
    assert [(one.id, one.state_code, one.state) for one in both] == [("1", 272, "on grid"), ("2", 304, "sleep")]
    alone = said(PV1={**states, "INTERNAL_MD_AVAIL": ["u8_01", "u8_00"]}).inverters
    assert [one.id for one in alone] == ["1"]
    strange = said(PV1={"STATE_INT": ["u3_00000001", "FORBIDDEN"]})
    assert [(one.state_code, one.state) for one in strange.inverters] == [(1, None), (None, None)]
    assert strange.quality["inverters.2.state_code"] is Quality.MISSING


def test_the_meter_of_the_house_takes_out_of_the_bus() -> None:
    one = said(
        PM1OBJ2={"ENABLED": "u8_01", "P_TOTAL": fl(600.0), "P_AC": fls(100.0, 200.0, 300.0), "U_AC": fls(230, 231, 229)}
    )
    (meter,) = one.meters
    assert (meter.id, meter.role, meter.power) == ("2", "load", -600.0)
    assert [(phase.id, phase.power, phase.voltage) for phase in meter.phases] == [
        ("L1", -100.0, 230.0),
        ("L2", -200.0, 231.0),
        ("L3", -300.0, 229.0),
    ]
    assert one.quality["meters.2.phases.L2.current"] is Quality.MISSING


@pytest.mark.parametrize("enabled", [{}, {"ENABLED": "u8_00"}, {"ENABLED": NOT_FOUND}])
def test_a_meter_that_is_not_there_is_neither_zero_nor_missing(enabled: dict[str, Json]) -> None:
    """PM1OBJ2 is all zero when there is none (captures 01 and 12)."""
    section: dict[str, Json] = {"P_TOTAL": fl(0.0), "U_AC": fls(0, 0, 0), "I_AC": fls(0, 0, 0), "P_AC": fls(0, 0, 0)}
    answer = decode_answer({"PM1OBJ2": {**section, **enabled}})
    one = mapped(answer)
    assert one.meters == ()
    assert not [path for path in one.quality if path.startswith("meters")]
    assert "meters.*.power" not in mapping.carried(answer, "full")


def test_sockets_are_switches() -> None:
    one = said(SOCKETS={"NUMBER_OF_SOCKETS": "u8_02", "POWER_ON": ["u8_01", "u8_00"]})
    assert [(switch.id, switch.type, switch.on) for switch in one.switches] == [
        ("1", "socket", True),
        ("2", "socket", False),
    ]
    assert said(SOCKETS={"NUMBER_OF_SOCKETS": "u8_00", "POWER_ON": ["u8_00", "u8_00"]}).switches == ()
    assert len(said(SOCKETS={"POWER_ON": ["u8_00", "u8_00"]}).switches) == 2


def test_an_lfp_battery_of_two_modules() -> None:
    """Lists of 2 places, 16 cells (marq24 #135); an absent sensor is no 0 °C."""
    (battery,) = said(
        BMS={
            "MODULE_COUNT": "u8_02",
            "SOC": ["u1_0035", "u1_0036"],
            "VOLTAGE": fls(52.5, 52.25),
            "CYCLES": ["u1_0010", "u1_0011"],
            "CELL_VOLTAGES_MODULE_A": ["u1_0CD4"] * 16,
            "CELL_VOLTAGES_MODULE_B": ["u1_0CD2"] * 16,
            "CELL_TEMPERATURES_MODULE_A": ["i8_16", "er_1"],
        }
    ).batteries
    assert [(one.id, one.soc, one.voltage, one.cycles) for one in battery.modules] == [
        ("1", 53.0, 52.5, 16.0),
        ("2", 54.0, 52.25, 17.0),
    ]
    assert [(len(one.cell_voltages), one.cell_voltages[0]) for one in battery.modules] == [(16, 3.284), (16, 3.282)]
    assert [one.cell_temperatures for one in battery.modules] == [(22.0, None), ()]


def test_a_lead_battery_has_no_modules() -> None:
    one = said(BMS={"MODULE_COUNT": "u8_00", "SOC": NOT_FOUND, "CELL_VOLTAGES_MODULE_A": NOT_FOUND})
    assert one.battery.modules == ()
    assert not [path for path in one.quality if "modules.1.soc" in path]


def test_the_device_says_who_it_is() -> None:
    known = mapping.device(
        decode_answer(
            {
                "FACTORY": {"SYS_TYPE": "u8_12", "DEVICE_ID": "st_2600"},
                "WIZARD": {"APPLICATION_VERSION": "st_0826", "INTERFACE_VERSION": "st_0966"},
                "SYS_UPDATE": {"NPU_IMAGE_VERSION": "u1_0905", "NPU_VER": "u1_000A"},
            }
        )
    )
    assert (known.id, known.serial, known.model) == ("2600", "2600", "SENEC.Home V3 hybrid duo")
    assert known.firmware == "MCU 0826, NPU 2309, REGS 10, GUI 0966"


def test_a_device_that_does_not_say_who_it_is_has_an_id_all_the_same() -> None:
    unknown = mapping.device(decode_answer({"FACTORY": {"DEVICE_ID": "st_", "SYS_TYPE": "u8_63"}}))
    assert (unknown.id, unknown.serial, unknown.firmware) == ("appliance", None, None)
    assert unknown.model == "SENEC type 99"
