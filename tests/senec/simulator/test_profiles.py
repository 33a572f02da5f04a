"""What the profiles answer has the shape of what appliances answered."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.senec.models import FULL_REQUEST
from heliobus.senec.plugin import VENDOR
from heliobus.senec.protocol import encode_leaf
from heliobus.senec.simulator import PROFILES
from heliobus.senec.simulator.answering import NOT_FOUND as NOT_THERE
from heliobus.senec.simulator.answering import answer
from heliobus.senec.simulator.appliance import Appliance
from heliobus.senec.simulator.variables import CONSTANTS_LFP, CONSTANTS_V21, NOT_FOUND
from heliobus.simulation.plant import House, Plant

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Start

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
RECORDED = {
    "01": "0811",
    "02": "0826",
    "03": "0826",
    "05": "0826",
    "07": "0826",
    "09": "0826",
    "10": "0811",
    "11": "0811",
    "12": "0811",
    "13": "0811",
    "14": "0811",
    "41": "0826",
    "51": "0826",
    "37": "v2.1",
    "40": "v2.1",
    "50": "lfp",
}
"""Which profile stands for which recording: a V2.1 (01, 41) has the same variables there as a V3."""
FRAGMENTS = ("37", "40")
"""Those that are not whole."""
DECODED = ("50",)
"""Those that somebody decoded, so that they have no types."""


LFP_LENGTHS = {4: 2, 14: 16}
"""In a small house: two modules."""


def shape(leaf: object) -> object:
    """The type of a leaf, or of each item of a list; a word stays."""
    if isinstance(leaf, list):
        return [shape(item) for item in leaf]
    assert isinstance(leaf, str)
    return leaf[:3] if re.match("[a-z][a-z0-9]_", leaf) else leaf


def request_of(record: dict[str, Any]) -> dict[str, Any]:
    """What was asked; two records do not tell, so what was answered."""
    asked = record.get("request", {}).get("body")
    if asked:
        return dict(json.loads(asked))
    answered = json.loads(record["response_body"])
    return {
        name: {} if "OBJECT_NOT_FOUND" in section else dict.fromkeys(section, "") for name, section in answered.items()
    }


@pytest.mark.parametrize("number", [number for number in RECORDED if number not in {*FRAGMENTS, *DECODED}])
async def test_answers_have_the_shape_of_recorded_ones(
    start: Start, lala: dict[str, dict[str, Any]], number: str
) -> None:
    bench = await start(profile=RECORDED[number])
    record = lala[number]
    got = await bench.raw(request_of(record))
    recorded = json.loads(record["response_body"])
    assert [(name, list(section)) for name, section in got.items()] == [
        (name, list(section)) for name, section in recorded.items()
    ]
    for name, section in recorded.items():
        assert {variable: shape(leaf) for variable, leaf in got[name].items()} == {
            variable: shape(leaf) for variable, leaf in section.items()
        }


@pytest.mark.parametrize("number", FRAGMENTS)
def test_what_is_recorded_in_part_has_the_same_shape(lala: dict[str, dict[str, Any]], number: str) -> None:
    told = everything(RECORDED[number])
    recorded = json.loads(lala[number]["response_body"])
    assert len(recorded) >= 5
    for name, section in recorded.items():
        assert {variable: shape(told[name].get(variable, NOT_THERE)) for variable in section} == {
            variable: shape(leaf) for variable, leaf in section.items()
        }, name


@pytest.mark.parametrize("number", DECODED)
def test_what_was_decoded_has_the_same_words_and_lengths(lala: dict[str, dict[str, Any]], number: str) -> None:
    told = everything(RECORDED[number])
    for name, section in json.loads(lala[number]["response_body"]).items():
        for variable, leaf in section.items():
            ours = told[name].get(variable, NOT_THERE)
            assert (leaf == NOT_THERE) == (ours == NOT_THERE), (name, variable)
            assert isinstance(leaf, list) == isinstance(ours, list), (name, variable)
            assert not isinstance(leaf, list) or len(leaf) == len(ours), (name, variable)


def test_an_lfp_battery_lists_the_modules_that_it_has() -> None:
    told = everything("lfp")["BMS"]
    assert [len(told[name]) for name in ("SOC", "SERIAL", "CELL_VOLTAGES_MODULE_A")] == [2, 2, 16]
    assert (told["MODULE_COUNT"], told["MANUFACTURER"]) == ("u8_02", "u8_04")
    assert told["CELL_VOLTAGES_MODULE_C"] == ["u1_0000"] * 16


def house(profile: str) -> Plant:
    capacity = 5_000 if profile == "lfp" else 10_000
    return Plant(1, house=House(commissioned=datetime(2026, 6, 1, tzinfo=UTC), battery_capacity=capacity))


def everything(profile: str) -> dict[str, Any]:
    appliance = Appliance(house(profile), PROFILES[profile])
    return answer(appliance.at(NOON), {name: {} for name in PROFILES[profile].cells})


@pytest.mark.parametrize("profile", PROFILES)
def test_types_and_lengths_are_those_of_the_table(shared: Path, profile: str) -> None:
    told = everything(profile)
    ratio = "u3" if profile == "0811" else "fl"
    checked = 0
    with (shared / "protocols/senec/variables.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            leaf = told.get(row["section"], {}).get(row["variable"])
            if row["type_confidence"] != "observed" or leaf is None:
                continue
            length = int(row["list_length(0=scalar)"])
            if profile == "lfp" and row["section"] == "BMS" and length:
                length = LFP_LENGTHS.get(length, length)
            expected = f"{ratio if '|' in row['type_prefix'] else row['type_prefix']}_"
            assert shape(leaf) == ([expected] * length if length else expected), row
            checked += 1
    assert checked > 250


@pytest.mark.parametrize("profile", PROFILES)
def test_every_variable_of_the_table_that_a_v3_showed_is_there(shared: Path, profile: str) -> None:
    """Not there: what only other devices or firmware had, and the LFP battery's own section."""
    told = everything(profile)
    newer = {"ENERGY", "WIZARD"} if profile == "0811" else set()  # captures 11 and 14 have them whole
    with (shared / "protocols/senec/variables.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "V3 0826" in row["seen_on"]]
    missing = {
        f"{row['section']}.{row['variable']}"
        for row in rows
        if row["section"] not in newer and row["variable"] not in told.get(row["section"], {})
    }
    assert len(rows) > 400
    gone = {"lfp": CONSTANTS_LFP, "v2.1": CONSTANTS_V21}.get(profile, {})
    assert missing == {
        f"{section}.{name}"
        for section, table in gone.items()
        for _, content, names in table
        for name in names.split()
        if content is NOT_FOUND
    }


def test_the_vendor_names_the_profiles_with_the_default_first() -> None:
    assert tuple(PROFILES) == VENDOR.profiles


def test_firmware_differs_as_documented() -> None:
    old, new = everything("0811"), everything("0826")
    assert new["STATISTIC"] == {}
    assert len(old["STATISTIC"]) == 14
    assert (old["PV1"]["POWER_RATIO"], new["PV1"]["POWER_RATIO"]) == ("u3_00000064", "fl_42C80000")
    assert old["STATISTIC"]["CURRENT_STATE"][3:] == "00" + old["ENERGY"]["STAT_STATE"][3:]
    assert old["ENERGY"]["STAT_STATE_DECODE"] == old["ENERGY"]["STAT_STATE"]
    assert "STAT_STATE_DECODE" not in new["ENERGY"]
    versions = [told["WIZARD"]["APPLICATION_VERSION"] for told in (old, new)]
    assert versions == ["st_0811", "st_0826"]


@pytest.mark.parametrize("profile", PROFILES)
def test_most_of_what_the_client_asks_for_is_there(profile: str) -> None:
    """The rest: what only others tell."""
    appliance = Appliance(house(profile), PROFILES[profile])
    request = {
        name: {variable: encode_leaf(leaf) for variable, leaf in section.items()}
        for name, section in FULL_REQUEST.items()
    }
    leaves = {
        f"{name}.{variable}": leaf
        for name, section in answer(appliance.at(NOON), request).items()
        if isinstance(section, dict)
        for variable, leaf in section.items()
    }
    absent = {path for path, leaf in leaves.items() if leaf == "VARIABLE_NOT_FOUND"}
    others = {path for path in absent if not path.startswith("STATISTIC.")}
    assert len(leaves) > 70
    of_a_v3 = {f"PV1.{name}" for name in ("MPP_POWER", "MPP_VOL", "MPP_CUR", "STATE_INT", "INTERNAL_MD_AVAIL")}
    assert others == {"BMS.SYSTEM_SOH"} | (of_a_v3 if profile == "v2.1" else set())
    assert (profile != "0811") == ("STATISTIC.LIVE_PV_GEN" in absent)
