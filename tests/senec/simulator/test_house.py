"""What the appliance says about a house is what the house does, in the wire's signs, types and resolution."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.senec.models import SystemState, system_state
from heliobus.senec.models.states import StateKind
from heliobus.senec.protocol import decode_answer, utc_time
from heliobus.senec.simulator.answering import answer
from heliobus.senec.simulator.appliance import Appliance
from heliobus.senec.simulator.profiles import PROFILES
from heliobus.simulation.plant import House, Instant, Override, Plant, String

START = datetime(2026, 3, 1, tzinfo=UTC)
FLOAT = 1e-6  # of the value: 24 bits
TINY = 1e-9

seeds = st.integers(0, 2**32)
seconds = st.integers(0, 30 * 86_400)


def asked(plant: Plant, moment: datetime, *, profile: str = "0826", **sections: str) -> dict[str, dict[str, Any]]:
    request: dict[str, Any] = {name: dict.fromkeys(names.split(), "") for name, names in sections.items()}
    appliance = Appliance(plant, PROFILES[profile])
    return dict(decode_answer(answer(appliance.at(moment), request)))


def near(value: float) -> object:
    return pytest.approx(value, rel=FLOAT, abs=TINY)


def plant_of(seed: int) -> Plant:
    return Plant(seed, house=replace(House.draw(seed), commissioned=START))


@settings(max_examples=60)
@given(seed=seeds, second=seconds)
def test_powers_and_their_details(seed: int, second: int) -> None:
    plant, moment = plant_of(seed), START + timedelta(seconds=second)
    now = plant.at(moment)
    got = asked(
        plant,
        moment,
        ENERGY="GUI_INVERTER_POWER GUI_GRID_POW GUI_HOUSE_POW GUI_BAT_DATA_POWER GUI_BAT_DATA_CURRENT "
        "GUI_BAT_DATA_VOLTAGE GUI_BAT_DATA_FUEL_CHARGE GUI_CHARGING_INFO GUI_BOOSTING_INFO",
        PV1="MPP_POWER MPP_VOL MPP_CUR P_TOTAL",
        PM1OBJ1="P_TOTAL P_AC U_AC I_AC FREQ",
        BMS="CURRENT VOLTAGE SOC SYSTEM_SOC MODULE_COUNT",
        TEMPMEASURE="BATTERY_TEMP CASE_TEMP",
    )
    energy, pv, grid, bms = got["ENERGY"], got["PV1"], got["PM1OBJ1"], got["BMS"]
    assert energy["GUI_INVERTER_POWER"] == near(now.pv)
    assert energy["GUI_GRID_POW"] == near(now.grid) == grid["P_TOTAL"]
    assert energy["GUI_BAT_DATA_POWER"] == near(-now.battery)
    assert energy["GUI_BAT_DATA_CURRENT"] == near(-now.battery_current)
    assert energy["GUI_BAT_DATA_VOLTAGE"] == near(now.battery_voltage)
    assert energy["GUI_BAT_DATA_FUEL_CHARGE"] == near(now.soc)
    assert energy["GUI_HOUSE_POW"] == pytest.approx(now.load, rel=FLOAT, abs=1e-6)
    assert (energy["GUI_CHARGING_INFO"], energy["GUI_BOOSTING_INFO"]) == (now.battery < 0, now.battery > 0)
    strings = len(plant.house.strings)
    assert pv["MPP_POWER"] == [*(near(string.power) for string in now.strings), *[0.0] * (3 - strings)]
    assert pv["MPP_VOL"][:strings] == [near(string.voltage) for string in now.strings]
    assert pv["MPP_CUR"][:strings] == [near(string.current) for string in now.strings]
    assert pv["P_TOTAL"] == near(-now.pv)
    assert grid["P_AC"] == [near(phase.power) for phase in now.grid_phases]
    assert grid["U_AC"] == [near(phase.voltage) for phase in now.grid_phases]
    assert grid["I_AC"] == [near(phase.current) for phase in now.grid_phases]
    assert grid["FREQ"] == near(now.grid_frequency)
    assert sum(bms["CURRENT"]) == near(-now.battery_current)
    count = bms["MODULE_COUNT"]
    assert bms["VOLTAGE"] == [near(now.battery_voltage)] * count + [0.0] * (4 - count)
    assert bms["SYSTEM_SOC"] == round(10 * now.soc)
    assert bms["SOC"] == [round(now.soc)] * count + [0] * (4 - count)
    assert got["TEMPMEASURE"] == {
        "BATTERY_TEMP": near(now.battery_temperature),
        "CASE_TEMP": near(now.case_temperature),
    }


@settings(max_examples=20)
@given(seed=seeds, second=seconds)
def test_energies(seed: int, second: int) -> None:
    plant, moment = plant_of(seed), START + timedelta(seconds=second)
    total = plant.counters(moment)
    names = "LIVE_PV_GEN LIVE_HOUSE_CONS LIVE_GRID_IMPORT LIVE_GRID_EXPORT LIVE_BAT_CHARGE LIVE_BAT_DISCHARGE"
    got = asked(
        plant,
        moment,
        profile="0811",
        STATISTIC=names + " MEASURE_TIME",
        BMS="CHARGED_ENERGY DISCHARGED_ENERGY CYCLES MODULE_COUNT",
    )
    statistic, bms = got["STATISTIC"], got["BMS"]
    truth = (total.pv, total.load, total.grid_import, total.grid_export, total.charge, total.discharge)
    for name, energy in zip(names.split(), truth, strict=True):
        assert 1000 * statistic[name] == near(energy)
    assert statistic["MEASURE_TIME"] == moment.timestamp()
    assert sum(bms["CHARGED_ENERGY"]) == round(1000 * total.charge)
    assert sum(bms["DISCHARGED_ENERGY"]) == round(1000 * total.discharge)
    assert sum(energy > 0 for energy in bms["CHARGED_ENERGY"]) in {0, bms["MODULE_COUNT"]}
    assert max(bms["CYCLES"]) == int(total.discharge / plant.house.battery_capacity)


def test_module_counters_roll_over_at_32_bits() -> None:
    class Old(Plant):
        def counters(self, moment: datetime) -> Any:
            return replace(super().counters(moment), charge=4 * (2**32 + 5) / 1000)

    house = House(battery_capacity=10_000, commissioned=START)
    assert asked(Old(1, house=house), START, BMS="CHARGED_ENERGY") == {"BMS": {"CHARGED_ENERGY": [5] * 4}}


@pytest.mark.parametrize(
    ("capacity", "modules"), [(1_000, 1), (2_500, 1), (5_000, 2), (7_500, 3), (10_000, 4), (15_000, 4)]
)
def test_a_battery_is_made_of_modules_and_empty_places(capacity: float, modules: int) -> None:
    plant = Plant(1, house=House(battery_capacity=capacity, commissioned=START))
    moment = START + timedelta(hours=12)
    cells = [f"CELL_VOLTAGES_MODULE_{letter}" for letter in "ABCD"]
    bms = asked(
        plant, moment, BMS=" ".join(["MODULE_COUNT SN STATUS MAX_CELL_VOLTAGE MIN_CELL_VOLTAGE TEMP_MAX", *cells])
    )["BMS"]
    assert bms["MODULE_COUNT"] == modules
    for name in ("SN", "STATUS", "MAX_CELL_VOLTAGE", "TEMP_MAX"):
        assert [bool(value) for value in bms[name]] == [True] * modules + [False] * (4 - modules)
    voltage = plant.at(moment).battery_voltage
    for place, name in enumerate(cells):
        assert len(bms[name]) == 14
        assert (max(bms[name]), min(bms[name])) == (bms["MAX_CELL_VOLTAGE"][place], bms["MIN_CELL_VOLTAGE"][place])
        if place < modules:
            assert sum(bms[name]) / 1000 == pytest.approx(voltage, abs=0.05)
        else:
            assert bms[name] == [0] * 14


@settings(max_examples=60)
@given(
    zone=st.sampled_from(["Europe/Berlin", "Australia/Perth", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
    second=st.integers(0, 365 * 86_400),
)
def test_the_clock_is_local(zone: str, second: int) -> None:
    plant = Plant(1, house=House(timezone=zone, commissioned=START))
    moment = START + timedelta(seconds=second)
    clock = asked(plant, moment, RTC="WEB_TIME UTC_OFFSET")["RTC"]
    assert utc_time(clock["WEB_TIME"], clock["UTC_OFFSET"]) == moment


@settings(max_examples=80)
@given(seed=seeds, second=seconds, power=st.sampled_from([None, -9e9, 0.0, 9e9]))
def test_the_state_fits_the_battery(seed: int, second: int, power: float | None) -> None:
    moment = START + timedelta(seconds=second)
    plant = plant_of(seed).with_override(Override(start=START, power=power))
    now = plant.at(moment)
    energy = asked(plant, moment, ENERGY="STAT_STATE SAFE_CHARGE_RUNNING")["ENERGY"]
    state = system_state(energy["STAT_STATE"])
    assert energy["SAFE_CHARGE_RUNNING"] == (power == -9e9)
    if power == -9e9:
        assert state.code == 8
    else:
        _check(state, now, plant.house)


def _check(state: SystemState, now: Instant, house: House) -> None:
    if now.battery < 0:
        assert state.code == 14
    elif now.battery > 0:
        assert state.kind is StateKind.DISCHARGING
        assert (state.code == 17) == (now.pv > 1)
        assert (state.code == 18) == (now.pv <= 1 < now.grid)
    elif state.code == 13:
        assert now.soc == pytest.approx(100)
    elif state.code == 15:
        assert now.soc == pytest.approx(house.reserve_soc, abs=0.01)
    else:
        assert state.code == 19


def test_every_state_of_a_house_is_reached() -> None:
    plant = plant_of(7)
    moments = [START + timedelta(minutes=10 * step) for step in range(30 * 144)]
    seen = {asked(plant, moment, ENERGY="STAT_STATE")["ENERGY"]["STAT_STATE"] for moment in moments}
    assert {13, 14, 15, 16, 17} <= seen


def test_pv_at_night_is_the_appliances_negative_zero() -> None:
    raw = answer(Appliance(plant_of(1), PROFILES["0826"]).at(START), {"ENERGY": {"GUI_INVERTER_POWER": ""}})
    assert raw == {"ENERGY": {"GUI_INVERTER_POWER": "fl_80000000"}}


def test_the_installation_is_the_houses() -> None:
    house = House(strings=(String(peak=6000), String(peak=4000)), feed_in_limit=6000, commissioned=START)
    got = asked(
        Plant(5, house=house),
        START + timedelta(hours=49, minutes=59),
        FACTORY="DESIGN_CAPACITY MAX_CHARGE_POWER_DC MAX_DISCHARGE_POWER_DC DEVICE_ID",
        WIZARD="PWRCFG_PEAK_PV_POWER SETUP_POWER_RULE",
        PV1="POWER_RATIO",
        ENERGY="STAT_HOURS_OF_OPERATION",
        BAT1="SPARE_CAPACITY",
    )
    assert list(got["FACTORY"].values()) == [10_000, 3_000, 3_000, "2600000000000000000000005"]
    assert got["WIZARD"] == {"PWRCFG_PEAK_PV_POWER": 10_000, "SETUP_POWER_RULE": 60}
    assert got["PV1"] == {"POWER_RATIO": 60}
    assert got["ENERGY"] == {"STAT_HOURS_OF_OPERATION": 49}
    assert got["BAT1"] == {"SPARE_CAPACITY": 5}


@given(seeds)
def test_no_two_parts_have_the_same_serial_number(seed: int) -> None:
    """A site counts each physical device once, by its serial number."""
    names = {"FACTORY": "DEVICE_ID", "BAT1": "SERIAL", "BMS": "SN", "PV1": "INTERNAL_MD_SERIAL"}
    here, there = (asked(plant_of(one), START, **names) for one in (seed, seed + 1))
    serials = [
        serial
        for answer_ in (here, there)
        for section in answer_.values()
        for leaf in section.values()
        for serial in (leaf if isinstance(leaf, list) else [leaf])
        if serial
    ]
    assert len(serials) == len(set(serials)) > 8
