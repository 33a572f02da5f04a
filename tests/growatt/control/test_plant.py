"""A plant's form: 18 fields, preset from what is told."""

from __future__ import annotations

from typing import Any

import pytest

from heliobus.errors import Error, OutOfBounds, UsageError
from heliobus.growatt.control import PLANT_FIELDS, plant_change, plant_form

TOLD: dict[str, Any] = {
    "id": 7,
    "plantName": "Hof",
    "userAccount": "me",
    "country": "Germany",
    "plantType": 0,
    "nominalPower": 4000,
    "formulaCoal": 0.4,
    "formulaSo2": None,
    "formulaCo2": 0.4,
    "formulaMoneyStr": "0.3",
    "formulaMoneyUnitId": "eur",
    "plantAddress": "",
    "timezone": 1,
    "plant_lat": "",
    "plant_lng": "9.5",
    "city": "null",
    "createDateText": "2020-05-01",
}


def test_all_fields_are_sent_as_they_came_but_for_one() -> None:
    form = plant_form(plant_change(TOLD, timezone="5.5").texts)
    assert form == {
        "plantCoal": "0.4",
        "plantSo2": "",
        "accountName": "me",
        "plantID": "7",
        "plantFirm": "0",
        "plantCountry": "Germany",
        "plantType": "0",
        "plantIncome": "0.3",
        "plantAddress": "",
        "plantTimezone": "5.5",
        "plantLng": "9.5",
        "plantCity": "",
        "plantCo2": "0.4",
        "plantMoney": "eur",
        "plantPower": "4000",
        "plantLat": "",
        "plantDate": "2020-05-01",
        "plantName": "Hof",
    }


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, UsageError),
        ({"id": "8"}, UsageError),
        ({"plantID": "8"}, UsageError),
        ({"latitude": 91}, OutOfBounds),
        ({"timezone": 15}, OutOfBounds),
        ({"currency": "€"}, UsageError),
        ({"installed": "1.5.2020"}, UsageError),
        ({"name": "  "}, UsageError),
        ({"name": "a\nb"}, UsageError),
    ],
)
def test_what_does_not_fit(changes: dict[str, Any], error: type[Error]) -> None:
    with pytest.raises(error) as caught:
        plant_change(TOLD, **changes)
    assert type(caught.value) is error


def test_what_is_no_plant_is_not_written_over() -> None:
    with pytest.raises(UsageError, match="not known"):
        plant_change({}, name="x")


def test_our_names_are_the_forms() -> None:
    form = plant_form(plant_change(TOLD, name="x").texts)
    assert set(PLANT_FIELDS.values()) == form.keys() - {"accountName", "plantID", "plantFirm"}
    assert len(form) == 18
