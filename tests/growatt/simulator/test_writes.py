"""The simulated cloud's answers to writes, and what the battery makes of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.growatt.control import PLANT
from heliobus.growatt.simulator.cloud import Cloud
from heliobus.growatt.simulator.writes import write, written
from tests.growatt.conftest import PLANT as HOUSE
from tests.growatt.control.conftest import SkippingClock

if TYPE_CHECKING:
    from collections.abc import Mapping


def cloud(family: str = "tlx", *faults: str) -> Cloud:
    return Cloud(plant=HOUSE, clock=SkippingClock(), profile=family, faults=faults)


def asked(one: Cloud, **more: str) -> Mapping[str, str]:
    return {"serialNum": one.serial, "type": "charge_power", "param1": "40", **more}


def test_a_write_is_taken() -> None:
    one = cloud()
    assert written(one, "tlx_set", asked(one)) == {"success": True, "msg": ""}
    assert one.settings.device["chargePowerCommand"] == 40


@pytest.mark.parametrize(
    ("family", "call", "more", "code"),
    [
        ("tlx", "tlx_set", {"serialNum": ""}, "503"),
        ("inverter", "inverter_set", {"serialNum": ""}, "504"),
        ("tlx", "tlx_set", {"serialNum": "FOREIGN"}, "701"),
        ("tlx", "mix_set", {}, "506"),
        ("storage", "storage_set", {"type": "storage_spf5000_buzzer"}, "506"),
        ("tlx", "tlx_set", {"param1": "400"}, "508"),
    ],
)
def test_a_write_is_refused(family: str, call: str, more: dict[str, str], code: str) -> None:
    one = cloud(family)
    before = dict(one.settings.device)
    assert written(one, call, asked(one, **more)) == {"success": False, "msg": code}
    assert one.settings.device == before


def test_a_noah_answers_in_an_envelope() -> None:
    one = cloud("noah")
    good = asked(one, type="default_power", param1="300")
    assert written(one, "noah_set", good) == {"result": 1, "msg": "", "obj": {}}
    one.fail(("offline",))
    assert written(one, "noah_set", good) == {"result": 0, "msg": "505", "obj": None}


def test_a_plant_takes_all_fields_or_none() -> None:
    one = cloud()
    form = {parameter.name: "1" for parameter in PLANT.parameters} | {"plantID": one.account.plant_id}
    assert written(one, "plant_update", form)["success"]
    assert one.account.plant_name == "1"
    assert written(one, "plant_update", {**form, "plantID": "7"})["msg"] == "701"
    del form["plantCoal"]
    assert written(one, "plant_update", form)["msg"] == "507"


def test_a_segment_of_today_moves_the_battery_and_ends() -> None:
    one = cloud()  # at 12:30 of the house
    assert write(one, "time_segment1", ["2", "14", "0", "14", "59", "1"]) is None
    for minutes, discharges in ((80, False), (100, True), (140, True), (160, False)):
        battery = one.plant.at(one.clock.now() + timedelta(minutes=minutes)).battery
        assert (battery > 500) is discharges, minutes
    assert write(one, "time_segment1", ["2", "14", "0", "14", "59", "0"]) is None
    assert one.plant.at(one.clock.now() + timedelta(minutes=100)).battery < 500


def test_a_battery_is_charged_from_the_mains_only_where_that_is_on() -> None:
    later = timedelta(hours=12)
    for mains in ("0", "1"):
        one = cloud("mix")
        day = ["0", "0", "23", "59", "1"]
        assert write(one, "mix_ac_charge_time_period", ["50", "100", mains, *day, *["0"] * 10]) is None
        night = one.plant.at(one.clock.now() + later)
        assert (night.battery < 0 or night.soc > 99) is (mains == "1")
