from __future__ import annotations

import json
from typing import TYPE_CHECKING, get_args

import pytest
from pydantic import ValidationError

from heliobus.model.parts import Battery, BatteryModule, Inverter, Meter, Phase, PVString, Switch, Wallbox
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot
from heliobus.service.health import State
from heliobus.web import schemas
from tests.service.scripted import NOON

if TYPE_CHECKING:
    from typing import Any


def test_every_part_of_the_model_is_described() -> None:
    phases = (Phase(id="L1", voltage=230.0),)
    full = Snapshot(
        source="x",
        received_at=NOON,
        batteries=(Battery(modules=(BatteryModule(id="1", cell_voltages=(3.3, None)),)),),
        wallboxes=(Wallbox(id="1", phases=phases, state_code=2, car_connected=True),),
        inverters=(Inverter(id="1"),),
        meters=(Meter(id="1", role="grid", phases=phases),),
        switches=(Switch(id="1", on=False),),
        quality={"pv.power": Quality.MISSING},
    )
    document: dict[str, Any] = full.to_dict()
    document["pv"]["strings"] = [dict.fromkeys(PVString.__dataclass_fields__) | {"id": "1"}]
    schemas.Snapshot.model_validate_json(json.dumps(document), strict=True)
    with pytest.raises(ValidationError):
        schemas.Snapshot.model_validate_json(json.dumps(document | {"colour": 1}), strict=True)


def test_units_stand_in_the_description() -> None:
    definitions = schemas.Now.model_json_schema()["$defs"]
    assert definitions["PV"]["properties"]["power"]["anyOf"][0]["unit"] == "W"
    assert definitions["SiteBattery"]["properties"]["soc"]["unit"] == "%"


def test_the_words_are_those_of_the_model() -> None:
    assert get_args(schemas.QualityName) == tuple(quality.name.lower() for quality in Quality)
    assert get_args(schemas.Status) == get_args(State)
