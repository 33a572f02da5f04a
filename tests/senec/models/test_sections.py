"""The tables of rows: complete, and true to the table of variables beside the specification."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.senec.models import (
    Bms,
    Energy,
    GridConfig,
    Kind,
    Pv1,
    PwrUnit,
    Reading,
    Row,
    Seen,
    SenecIoOutput,
    Sockets,
    Steca,
    Wallbox,
    Wizard,
)
from heliobus.senec.protocol import Absent, Reason

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.senec.protocol import Value

ROWS = {(name, variable): row for name, section in Reading.sections.items() for variable, row in section.rows.items()}

UNITS_OF_OUR_OWN = {  # the table leaves the unit open
    "BMS.BMS_STATUS_TIMESTAMP": "s",
    "BMS_PARA.MAX_BATTERY_TEMP_LIMIT_DEG": "°C",
    "BAT1OBJ1.P": "W",
    "BAT1OBJ1.Q": "var",
    "BAT1OBJ1.S": "VA",
    "CASC.PVMASTER": "W",
    "CASC.TARGET": "W",
    "DEBUG.CHARGE_TARGET": "W",
    "DEBUG.DC_TARGET": "W",
    "DEBUG.EG_POT_BOOST_CAP": "Wh",
    "DEBUG.EG_POT_BOOST_POW": "W",
    "DEBUG.FEED_TARGET": "W",
    "ENERGY.OFFPEAK_TARGET": "%",
    "ENERGY.VPP_ENDTIME_HOUR": "h",
    "ENERGY.VPP_ENDTIME_MINUTE": "min",
    "ENERGY.VPP_LAST_CHANGE_UTC": "s",
    "ENERGY.VPP_STARTTIME_HOUR": "h",
    "ENERGY.VPP_STARTTIME_MINUTE": "min",
    "GRIDCONFIG.AU_VVAR_PERCENTAGE": "%",
    "GRIDCONFIG.CEI_FREQ_MAX": "mHz",
    "GRIDCONFIG.CEI_FREQ_MIN": "mHz",
    "GRIDCONFIG.CEI_STAB_VOL_TH": "%",
    "GRIDCONFIG.PWRCFG_COS_POINT_2B": "%",
    "GRIDCONFIG.VDECOSPHITIME": "s",
    "GRIDCONFIG.VDEOVERFREQDROOP": "%",
    "GRIDCONFIG.VDEUNDERFREQDROOP": "%",
    **{f"GRIDCONFIG.VDE_VOLT{edge}PROT{mean}": "%" for edge in ("DROP", "RISE") for mean in ("", "AVG")},
    "RTC.TIMESTAMP_MS": "ms",
    "RTC.WEB_TIME": "s",
    "SOCKETS.SWITCH_ON_HOUR": "h",
    "SOCKETS.SWITCH_ON_MINUTE": "min",
    "WALLBOX.UTMP": "",
    "WIZARD.INSULATION_RESISTANCE": "Ohm/V",
    "WIZARD.PS_HOUR": "h",
    "WIZARD.PS_MINUTE": "min",
    "WIZARD.SETUP_ABS_POWER": "W",
    "WIZARD.SETUP_RCR_STEPS": "%",
    "WIZARD.SG_READY_POWER_COMM": "W",
    "WIZARD.SG_READY_POWER_NORMAL": "W",
    "WIZARD.SG_READY_POWER_PROP": "W",
    "WIZARD.SG_READY_TIME": "s",
}
NO_FLAGS = {  # the table takes them for flags; recorded values, or their meaning, say that they are numbers
    "BAT1.SELFTEST_OFF",
    "BMS.BMS_STATUS",
    "BMS.BMS_STATUS_TIMESTAMP",
    "BMS.STATUS",
    "ENERGY.CAPTESTMODULE",
    "PV1.INTERNAL_PV_AVAIL",
    "PV1.MPP_AVAIL",
    "SOCKETS.POWER_ON_TIME",
    "STECA.PV_CONFIG_POSSIBLE",
    "WALLBOX.SMART_CHARGE_ACTIVE",
    "WIZARD.SETUP_HV_PHASE",
    "WIZARD.SG_READY_POWER_NORMAL",
}
FLAGS_OF_OUR_OWN = {  # the table has them as plain numbers of 0 and 1
    "BAT1.DRM0_ASSERT",
    "SOCKETS.USE_TIME",
    "WALLBOX.ALLOW_INTERCHARGE",
}
LENGTHS_WITHOUT_THE_END_OF_ARRAY = {"PV1.INV_MODEL", "PV1.INV_SERIAL", "PV1.INV_VERSIONS"}
SAME_TABLE_AS_PM1OBJ1 = {("PM1OBJ2", "ADR"), ("PM1OBJ2", "ENABLED")}
WRITES = {"SYS_UPDATE": 1, "ENERGY": 8, "LOG": 4, "SOCKETS": 9, "WALLBOX": 6}


@pytest.fixture(scope="module")
def known(shared: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The table of variables by section and name."""
    with (shared / "protocols/senec/variables.csv").open(encoding="utf-8", newline="") as file:
        return {(row["section"], row["variable"]): row for row in csv.DictReader(file)}


def test_every_variable_has_a_row_and_every_row_is_a_variable(known: dict[tuple[str, str], dict[str, str]]) -> None:
    assert ROWS.keys() == known.keys()
    assert len(ROWS) == 778


def test_every_row_says_what_it_is() -> None:
    for name, section in Reading.sections.items():
        assert section.__doc__, name
        assert section.rows, name
        attributes = {attribute for attribute, row in vars(section).items() if isinstance(row, Row)}
        assert len(attributes) == len(section.rows)
        for variable, row in section.rows.items():
            assert row.variable == variable
            assert row.meaning


def test_units_and_scales_are_those_of_the_table(known: dict[tuple[str, str], dict[str, str]]) -> None:
    units = {}
    for key, row in ROWS.items():
        unit, scale = known[key]["unit"], known[key]["scale"]
        if row.unit != (unit if scale == "1" else f"{scale} {unit}"):
            units[".".join(key)] = row.unit
    assert units == UNITS_OF_OUR_OWN


def test_lengths_are_those_of_the_table(known: dict[tuple[str, str], dict[str, str]]) -> None:
    lengths = set()
    for key, row in ROWS.items():
        length = known[key]["list_length(0=scalar)"]
        if row.length != int(length.rstrip("?") or 0):
            lengths.add(".".join(key))
    assert lengths == LENGTHS_WITHOUT_THE_END_OF_ARRAY


def test_kinds_take_what_the_table_says_is_sent(known: dict[tuple[str, str], dict[str, str]]) -> None:
    for key, row in ROWS.items():
        prefix = known[key]["type_prefix"][:2]
        if not prefix:
            assert row.seen is not Seen.RECORDED, key
        elif prefix == "st":
            assert row.kind is Kind.TEXT, key
        elif prefix == "fl":
            assert row.kind in {Kind.NUMBER, Kind.TEMPERATURE}, key
        else:
            assert row.kind not in {Kind.TEXT, Kind.ANY}, key
    flags = {".".join(key) for key, row in ROWS.items() if row.kind is Kind.FLAG}
    theirs = {".".join(key) for key, row in known.items() if row["kind_hint"] == "booltype"}
    assert (theirs - flags, flags - theirs) == (NO_FLAGS, FLAGS_OF_OUR_OWN)
    assert {known[key]["kind_hint"] for key, row in ROWS.items() if row.kind is Kind.ADDRESS} == {"iptype"}


def test_what_nobody_has_shown_is_taken_as_it_comes() -> None:
    """A row that could lose a value must have been seen, or be a flag or text by its name."""
    anything = [row for row in ROWS.values() if row.kind is Kind.ANY]
    assert len(anything) > 100
    assert {row.seen for row in anything} <= {Seen.LISTED, Seen.LFP, Seen.OLD_V2}


def test_what_can_be_written_is_what_the_table_says(known: dict[tuple[str, str], dict[str, str]]) -> None:
    written = {key for key, row in ROWS.items() if row.writable}
    assert written == {key for key, row in known.items() if row["access"] == "RW"}
    assert {name: sum(section == name for section, _ in written) for name in WRITES} == WRITES


def test_where_a_variable_was_seen(known: dict[tuple[str, str], dict[str, str]]) -> None:
    for key, row in ROWS.items():
        told = known[key]["seen_on"]
        if key in SAME_TABLE_AS_PM1OBJ1:
            continue
        if "gone since" in told:
            assert row.seen is Seen.UNTIL_0825, key
        elif known[key]["type_confidence"] == "observed":
            assert row.seen is Seen.RECORDED, key
        elif "V3 0826" in told:
            assert row.seen is Seen.SHOWN, key
        else:
            assert row.seen in {Seen.LISTED, Seen.LFP, Seen.OLD_V2}, key


def test_a_row_is_reached_from_the_class_for_its_unit() -> None:
    assert (Energy.gui_grid_pow.unit, Energy.gui_grid_pow.variable) == ("W", "GUI_GRID_POW")
    assert Pv1.mpp_power.length == 3
    assert (SenecIoOutput.killswitch.variable, SenecIoOutput.killswitch_2.variable) == ("KILLSWITCH", "Killswitch")


# -- kinds


def test_an_address_is_dotted_from_the_high_byte() -> None:
    assert Wizard({"SETUP_PV_INV_IP0": 0xC0A80128}).setup_pv_inv_ip0 == "192.168.1.40"
    assert Wizard({"NET_GATEWAY_IP": "192.168.1.1"}).net_gateway_ip == "192.168.1.1"
    assert Wizard({"SETUP_PV_INV_IP0": -1}).setup_pv_inv_ip0 is None


def test_unset_marks_are_no_values() -> None:
    assert Wizard({"SG_READY_POWER_PROP": 0xFFFF}).sg_ready_power_prop is None
    assert Wizard({"SG_READY_POWER_PROP": 0}).sg_ready_power_prop == 0
    assert Steca({"STARTUP_ADD": 0xFFFFFFFF, "STARTUP": 272}).startup_add is None


def test_what_was_never_shown_comes_as_it_is() -> None:
    forbidden = Absent(Reason.FORBIDDEN, "FORBIDDEN")
    answers = ((7, 7), (1.5, 1.5), ("x", "x"), ([1, forbidden], (1, None)), (forbidden, None))
    for value, read in answers:
        assert GridConfig({"VDEURMSMAX10": value}).vdeurmsmax10 == read  # type: ignore[dict-item]


scalars = (
    st.integers(-(2**63), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.builds(Absent, st.sampled_from(Reason), st.text(max_size=5))
)


@given(st.sampled_from(sorted(ROWS)), scalars | st.lists(scalars, max_size=4))
def test_no_value_breaks_a_row_and_none_becomes_another(key: tuple[str, str], value: Value) -> None:
    section, variable = key
    reading = Reading({section: {variable: value}})
    read = ROWS[key].read(value)
    if isinstance(value, list):
        assert read is None or (isinstance(read, tuple) and len(read) in (0, len(value)))
    elif isinstance(value, Absent):
        assert read in (None, ())
    kept = read if isinstance(read, tuple) and len(read) == len(value if isinstance(value, list) else ()) else [read]
    numbers = [one for one in kept if isinstance(one, float | int)]
    assert all(one in (value if isinstance(value, list) else [value]) for one in numbers), "nothing is made up"
    assert reading.extra == {}
    assert set(reading.unread) <= {f"{section}.{variable}"}


# -- the members of lists, together


def test_modules_of_a_battery() -> None:
    bms = Bms(
        {
            "SOC": [64, 0],
            "VOLTAGE": [52.0],
            "CELL_VOLTAGES_MODULE_A": [3926, 3925],
            "CELL_TEMPERATURES_MODULE_A": [22],
        }
    )
    first, second = bms.modules
    assert (first.place, first.soc, first.voltage, first.cycles) == (1, 64, 52.0, None)
    assert (first.cell_voltages, first.cell_temperatures) == ((3926, 3925), (22,))
    assert (second.place, second.soc, second.voltage, second.cell_voltages) == (2, 0, None, None)
    assert Bms({}).modules == ()


def test_members_of_other_lists() -> None:
    pv = Pv1({"MPP_POWER": [5.0, 6.0], "MPP_VOL": [1.0, 2.0], "STATE_INT": [272, 304], "INTERNAL_MD_MODEL": ["LV"]})
    assert [(one.place, one.power, one.voltage, one.current) for one in pv.trackers] == [
        (1, 5.0, 1.0, None),
        (2, 6.0, 2.0, None),
    ]
    assert [(one.model, one.state) for one in pv.inverters] == [("LV", 272), (None, 304)]
    (box,) = Wallbox({"STATE": [0xC2], "L1_CHARGING_CURRENT": [16.0], "SMART_CHARGE_ACTIVE": [3]}).boxes
    assert (box.state, box.l1_current, box.smart_charge_active, box.set_icmax) == (0xC2, 16.0, 3, None)
    assert [one.power_on for one in Sockets({"POWER_ON": [1, 0]}).sockets] == [True, False]
    assert [one.type for one in PwrUnit({"TYPE": [0] * 6}).units] == [0] * 6
    assert [one.power for one in Reading({"PM1OBJ1": {"P_AC": [1.0, 2.0, 3.0]}}).pm1obj1.phases] == [1.0, 2.0, 3.0]
