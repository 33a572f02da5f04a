"""The table of the OpenAPI V1 against the list of endpoints that other clients use."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import UsageError
from heliobus.growatt.protocol import v1

if TYPE_CHECKING:
    from pathlib import Path

_COUNTED = re.compile(r"\*\*\{f'param\{i\}'.*range\(1, (\d+)\)\}")
_CODE = re.compile(r"\b(\d{5})=")
_GENERIC = {10011}


def parameters(written: str) -> set[str]:
    numbered = _COUNTED.search(written)
    names = {f"param{place}" for place in range(1, int(numbered[1]))} if numbered else set()
    return names | set(re.findall(r"'(\w+)':", _COUNTED.sub("", written)))


def test_every_listed_endpoint_has_its_call(shared: Path) -> None:
    with (shared / "protocols/growatt/endpoints.csv").open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["api"] == "openapi-v1"]
    calls = {(call.method, f"v1/{call.path}"): call for call in v1.CALLS.values()}
    assert len(listed) == len(calls) == len(v1.CALLS) == 91
    for row in listed:
        call = calls[row["http"], row["path"]]
        assert set(call.parameters) == parameters(row["params"]), call.name
        assert {int(code) for code in _CODE.findall(row["notes"])} - _GENERIC <= set(call.codes), call.name
        # Listed as a read; it is a look-up that changes nothing.
        assert call.writes == (row["read_or_write"] == "write"), call.name


def test_families_by_the_number_of_the_device_list() -> None:
    assert v1.NUMBERS[5] == "mix"
    assert v1.NUMBERS[7] == "tlx"
    assert 3 not in v1.NUMBERS


def test_a_read_goes_in_the_query_and_a_post_in_the_form() -> None:
    asked = v1.question("plant_data", plant_id="7")
    assert (asked.method, asked.page, asked.query, asked.form) == ("GET", "v1/plant/data", {"plant_id": "7"}, None)
    asked = v1.question("mix_last", mix_sn="SN")
    assert (asked.method, asked.page, asked.query) == ("POST", "v1/device/mix/mix_last_data", {})
    assert asked.form == {"mix_sn": "SN"}


def test_what_is_optional_is_left_out_and_what_a_write_lacks_is_empty() -> None:
    assert v1.question("plant_list").query == {}
    form = v1.question("tlx_set", tlx_sn="SN", type="ac_charge", param1="1").form
    assert form is not None
    assert (form["param1"], form["param2"], form["param19"], len(form)) == ("1", "", "", 21)


@pytest.mark.parametrize(("name", "values"), [("nothing", {}), ("plant_data", {}), ("plant_data", {"plantId": "7"})])
def test_wrong_questions_are_told_before_they_are_asked(name: str, values: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        v1.question(name, **values)
