from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import UsageError
from heliobus.growatt.protocol import ENDPOINTS, question

if TYPE_CHECKING:
    from pathlib import Path


def test_a_question_in_the_query_has_no_form() -> None:
    asked = question("mix_status", mixId="M", plantId="1")
    assert (asked.method, asked.page, asked.form) == ("POST", "newMixApi.do", None)
    assert asked.query == {"op": "getSystemStatus_KW", "mixId": "M", "plantId": "1"}


def test_a_question_in_a_form_keeps_its_operation_in_the_query() -> None:
    asked = question("tlx_status", id="T", plantId="1")
    assert asked.query == {"op": "getSystemStatus_KW"}
    assert asked.form == {"id": "T", "plantId": "1"}


@pytest.mark.parametrize(
    ("name", "values"), [("nothing", {}), ("mix_status", {"mixId": "M"}), ("plants", {"userId": "1", "more": "2"})]
)
def test_a_question_that_does_not_fit_is_refused(name: str, values: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        question(name, **values)


# What the table writes short: "getMonthPac/YearPac", "(_two)", and the calls of a MAX only in words.
SHORT = {
    **{f"get{kind}{span}Pac": f"{span}Pac" for kind in ("Mix", "Max") for span in ("Year", "Total")},
    **{f"get{span}LineStorage": f"{span}Line" for span in ("Month", "Year", "Total")},
    **{f"{name}_sacolar": f"{name}(_sacolar)" for name in ("getSystemStatusData", "getEnergyProdAndConsData")},
    "getInverterDetailData_max_two": "getInverterDetailData_max(_two)",
    "getInverterParams_max": "getInverterParams",
    "getInverterAlarm_max": "getInverterAlarm",
    "getUserCenterEnertyDataTwo": "getUserCenterEnertyData(Two)",
}


def test_every_call_is_one_of_the_app(shared: Path) -> None:
    """Method, page and operation of each stand in the table of all calls."""
    with (shared / "protocols/growatt/endpoints.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["api"] == "legacy"]
    known = {(row["http"], row["path"].replace("{noah|nexa}", kind)) for row in rows for kind in ("noah", "nexa")}
    known |= {(http, path.replace("noah/", "nexa/").replace("Noah", "Nexa")) for http, path in known}
    for endpoint in ENDPOINTS.values():
        chosen = next(iter(endpoint.selector.values()), "")
        assert any(
            endpoint.method in http.split("/") and path.startswith(endpoint.page) and SHORT.get(chosen, chosen) in path
            for http, path in known
        ), endpoint.name


def test_every_read_of_the_app_is_in_the_table(shared: Path) -> None:
    with (shared / "protocols/growatt/endpoints.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if (row["api"], row["read_or_write"]) == ("legacy", "read")]
    elsewhere = "commonDeviceSetC/setInverter"  # a page of the portal
    ours = {endpoint.page for endpoint in ENDPOINTS.values()}
    chosen = {value for endpoint in ENDPOINTS.values() for value in endpoint.selector.values()}
    for row in rows:
        page, _, operation = row["path"].replace("{noah|nexa}", "noah").partition("?")
        if page in (elsewhere, "newTwoPlantAPI.do") and not operation:
            continue
        if page == "noahDeviceApi/noah/nexaDeviceList":
            page = "noahDeviceApi/nexa/nexaDeviceList"
        assert page.split(" ")[0] in ours, row["path"]
        first = operation.partition("=")[2].split(" ")[0].split("/")[0].split("(")[0]
        assert not first or first in chosen or f"{first}_sacolar" in chosen, row["path"]
