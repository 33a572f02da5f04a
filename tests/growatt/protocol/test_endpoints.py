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


def test_every_call_is_one_of_the_app(shared: Path) -> None:
    """Method, page and operation of each stand in the table of all calls."""
    with (shared / "protocols/growatt/endpoints.csv").open(encoding="utf-8") as file:
        known = [(row["http"], row["path"]) for row in csv.DictReader(file) if row["api"] == "legacy"]
    for endpoint in ENDPOINTS.values():
        chosen = next(iter(endpoint.selector.values()), "")
        assert any(
            endpoint.method in http.split("/") and path.startswith(endpoint.page) and chosen in path
            for http, path in known
        ), endpoint.name
