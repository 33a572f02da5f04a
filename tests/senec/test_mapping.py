"""What the appliance said, in the unified model: signs, scales, qualities, and nothing invented."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.model import fields
from heliobus.model.quality import Quality
from heliobus.senec import mapping
from heliobus.senec.models import FULL_REQUEST, LIVE_REQUEST, Reading
from heliobus.senec.protocol import decode_answer, encode_value, parse_body

if TYPE_CHECKING:
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.protocol import Answer, Json

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)
NOT_FOUND = "VARIABLE_NOT_FOUND"
CORE = ("pv.power", "grid.power", "load.power", "batteries.1.power", "batteries.1.soc")


def answer_of(body: str | bytes) -> Answer:
    return decode_answer(parse_body(body).sections)


def mapped(answer: Answer, detail: str = "full") -> Snapshot:
    return mapping.snapshot(answer, received_at=NOON, detail=detail)


def said(**sections: dict[str, Json]) -> Snapshot:
    return mapped(decode_answer(dict(sections)))


def fl(value: float) -> str:
    return encode_value("fl", value)


def fls(*values: float) -> list[Json]:
    return [fl(value) for value in values]


def check_field(path: str) -> None:
    if not path.endswith((".car_connected", ".on")):  # a yes or no: a field, but no quantity
        fields.quantity(path)


def check_qualities(snapshot: Snapshot) -> None:
    """Every key names a field; MISSING has no value, everything else has one."""
    for path, quality in snapshot.quality.items():
        check_field(path)
        assert (fields.get(snapshot, path) is None) == (quality is Quality.MISSING), path


# -- the table


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


# -- signs and scales


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


# -- recordings


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


# -- what is not there


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


# -- wallboxes


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


# -- inverters, the meter of the house, sockets


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


# -- batteries of other makes


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


# -- identity


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


# -- whatever comes

WORDS = [
    NOT_FOUND,
    "FORBIDDEN",
    "MALFORMED_VALUE",
    "er_1",
    "",
    "st_",
    "st_x",
    "u8_",
    "fl_7FC00000",
    "fl_FF800000",
    "zz_1",
]
NUMBERS = [
    "fl_43E26188",
    "fl_80000000",
    "fl_C31E6315",
    "u8_0E",
    "u8_01",
    "u1_0001",
    "u3_1F9B3133",
    "i8_E2",
    "i3_00000078",
]
scalars: st.SearchStrategy[Json] = st.one_of(
    st.sampled_from([*NUMBERS, *WORDS]), st.none(), st.integers(-5, 300), st.floats(allow_nan=False), st.booleans()
)
leaves: st.SearchStrategy[Json] = scalars | st.lists(scalars, max_size=5)
variables = st.sampled_from([(section, name) for section, names in FULL_REQUEST.items() for name in names])
mapped_variables = st.sampled_from([(field.section, field.variable) for field in mapping.FIELDS])
odd_sections: st.SearchStrategy[Json] = st.one_of(
    st.just({}), st.just({"OBJECT_NOT_FOUND": ""}), st.none(), st.text(max_size=3), st.lists(scalars, max_size=2)
)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Json]:
    tree: dict[str, Any] = {}
    for (section, name), leaf in draw(st.dictionaries(mapped_variables | variables, leaves, max_size=40)).items():
        tree.setdefault(section, {})[name] = leaf
    tree |= draw(st.dictionaries(st.sampled_from(list(LIVE_REQUEST)), odd_sections, max_size=2))
    return tree


@given(answers(), st.sampled_from(["live", "full"]))
def test_no_answer_breaks_the_mapping_and_every_quality_names_a_field(tree: dict[str, Json], detail: str) -> None:
    answer = decode_answer(tree)
    one = mapped(answer, detail)
    check_qualities(one)
    json.dumps(one.to_dict(), allow_nan=False)
    carried = mapping.carried(answer, detail)
    assert carried <= mapping.carriable(detail)
    for value in fields.walk(one):
        assert fields.declared_path(value.path) in carried


@given(
    st.lists(
        st.sampled_from([field for field in mapping.FIELDS if not field.is_list]),
        min_size=1,
        unique_by=lambda field: field.path,
    )
)
def test_each_value_depends_on_its_own_variable_only(present: list[mapping.Field]) -> None:
    tree: dict[str, Any] = {section: {} for section in Reading.sections}
    for field in mapping.FIELDS:
        tree[field.section][field.variable] = NOT_FOUND
    for field in present:
        tree[field.section][field.variable] = "u8_05"
    one = mapped(decode_answer(tree))
    found = {value.path for value in fields.walk(one) if not value.path.startswith("battery.")}
    assert found == {field.path for field in present}
    assert not one.quality
