"""The simulated inverter's settings: at once in the device, late in the cloud, in order; and the refusals' codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.growatt.control import FAMILIES, ChargePeriods, TimeSegment
from heliobus.growatt.simulator.settings import LONGEST_LAG, SHORTEST_LAG, SettingsStore
from tests.growatt.control.conftest import SkippingClock


def store(family: str = "tlx", seed: int = 0) -> SettingsStore:
    return SettingsStore(family, SkippingClock(), seed=seed)


@given(st.integers(0, 10_000))
def test_the_cloud_follows_within_the_lag(seed: int) -> None:
    clock = SkippingClock()
    one = SettingsStore("tlx", clock, seed=seed)
    assert one.write("charge_power", ["40"]) is None
    assert one.device["chargePowerCommand"] == 40
    clock.gone = SHORTEST_LAG - 0.1
    assert one.shown()["chargePowerCommand"] == 100
    clock.gone = LONGEST_LAG
    assert one.shown()["chargePowerCommand"] == 40


@given(st.lists(st.integers(0, 100), min_size=2, max_size=6), st.integers(0, 1000))
def test_what_is_shown_comes_in_order(values: list[int], seed: int) -> None:
    clock = SkippingClock()
    one = SettingsStore("tlx", clock, seed=seed)
    for value in values:
        one.write("charge_power", [str(value)])
        clock.gone += 1
    clock.gone += LONGEST_LAG
    assert one.shown() == one.device
    assert one.device["chargePowerCommand"] == values[-1]


@pytest.mark.parametrize(
    ("setting", "parameters", "code"),
    [
        ("charge_power", ["40"], None),
        ("charge_power", ["40", "", ""], None),
        ("charge_power", ["101"], "508"),
        ("charge_power", [""], "507"),
        ("charge_power", [], "507"),
        ("unheard_of", ["1"], "506"),
        ("time_segment1", ["1", "06", "00", "07", "05", "1"], None),
        ("time_segment1", ["1", "22", "0", "6", "0", "1"], "509"),
        ("time_segment1", ["1", "22", "0", "24", "0", "1"], "509"),
        ("pf_sys_year", ["2026-06-01 12:00"], "509"),
    ],
)
def test_codes(setting: str, parameters: list[str], code: str | None) -> None:
    assert store().write(setting, parameters) == code


def test_times_are_told_without_leading_zeros() -> None:
    one = store()
    one.write("time_segment1", ["1", "06", "00", "07", "05", "1"])
    assert one.device["forcedTimeStart1"] == "6:0"
    assert one.device["forcedTimeStop1"] == "7:5"
    assert TimeSegment.read(one.device, 1) == TimeSegment(number=1, mode="battery", start="6:00", end="7:05")


def test_parameters_that_are_missing_clear_periods() -> None:
    one = store("mix")
    one.write("mix_ac_charge_time_period", ["80", "90", "1", *["1", "0", "2", "0", "1"] * 3])
    one.write("mix_ac_charge_time_period", ["80", "90", "1", "1", "0", "2", "0", "1"])
    held = ChargePeriods.read(one.device, "mix")
    assert held is not None
    assert [period.enabled for period in held.periods] == [True, False, False]


def test_seventeen_parameters_do_for_a_discharge() -> None:  # erratum G14
    one = store("mix")
    assert one.write("mix_ac_discharge_time_period", ["80", "10", *["1", "0", "2", "0", "1"] * 3]) is None
    assert one.write("mix_ac_discharge_time_period", ["80", "10", *["1", "0", "2", "0", "1"] * 3, ""]) is None


def test_a_lossy_inverter_has_nothing() -> None:
    one = store()
    one.lossy = True
    assert one.write("charge_power", ["40"]) is None
    assert one.device["chargePowerCommand"] == 100


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_tells_something_that_it_takes(family: str) -> None:
    one = store(family)
    told = [setting for setting in FAMILIES[family].values() if setting.restoring(one.device) is not None]
    assert told
    for setting in told:
        before = dict(one.device)
        assert one.write(setting.name, setting.restoring(before) or ()) is None
        assert one.device == before, setting.name
