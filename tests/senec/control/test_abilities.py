"""Which commands an appliance lists, from what it told."""

from __future__ import annotations

from typing import Any

import pytest

from heliobus.senec.control import ABILITIES, abilities
from heliobus.senec.protocol import decode_answer

NO_BOX: dict[str, Any] = {"STATE": ["u8_00"] * 4, "EV_CONNECTED": ["u8_00"] * 4}


@pytest.mark.parametrize(
    ("answer", "without"),
    [
        ({}, set()),
        ({"SOCKETS": {"NUMBER_OF_SOCKETS": "u8_02", "POWER_ON": ["u8_00"] * 2}}, set()),
        ({"SOCKETS": {"NUMBER_OF_SOCKETS": "u8_00", "POWER_ON": ["u8_00"] * 2}}, {"SetSwitch"}),
        ({"SOCKETS": {"NUMBER_OF_SOCKETS": "VARIABLE_NOT_FOUND", "POWER_ON": "VARIABLE_NOT_FOUND"}}, {"SetSwitch"}),
        ({"SOCKETS": {"NUMBER_OF_SOCKETS": "FORBIDDEN", "POWER_ON": "er_1"}}, set()),
        ({"SOCKETS": {"OBJECT_NOT_FOUND": ""}, "WALLBOX": {"OBJECT_NOT_FOUND": ""}}, {"SetSwitch", "WallboxLimit"}),
        ({"WALLBOX": NO_BOX}, {"WallboxLimit"}),
        ({"WALLBOX": {**NO_BOX, "STATE": ["u8_A1", *["u8_00"] * 3]}}, set()),
        ({"WALLBOX": {**NO_BOX, "EV_CONNECTED": "er_1"}}, set()),
    ],
)
def test_what_is_not_there_is_not_listed(answer: dict[str, Any], without: set[str]) -> None:
    assert abilities([{}, decode_answer(answer)]).keys() == ABILITIES.keys() - without


def test_lasting_writes_are_told_from_passing_ones() -> None:
    assert {kind for kind, one in ABILITIES.items() if one.durability == "persistent"} == {"SetSwitch", "WallboxLimit"}
    assert all(one.lag.total_seconds() > 0 for one in ABILITIES.values())
