from __future__ import annotations

import json
from typing import TYPE_CHECKING

from heliobus.senec.models import names

if TYPE_CHECKING:
    from pathlib import Path


def test_the_tables_have_the_codes_of_the_appliance(shared: Path) -> None:
    enums = json.loads((shared / "protocols/senec/enums-de.json").read_text("utf-8"))["enums"]
    for ours, theirs in (
        (names.SYSTEM_TYPES, "system_type_name"),
        (names.INVERTER_TYPES, "batt_type_name"),
        (names.WALLBOX_STATES, "wallbox_state_name"),
        (names.COUNTRIES, "Country_enum"),
        (names.UPDATE_STATES, "SysUpdateState"),
    ):
        assert {int(code) for code in enums[theirs]} <= ours.keys(), theirs
    assert {int(code): name for code, name in enums["Country_enum"].items()} == names.COUNTRIES
