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
        (names.CELL_TYPES, "BmzCellType"),
        (names.METER_TYPES, "enfluri_name"),
        (names.POWER_UNIT_TYPES, "pwr_unit_type_name"),
        (names.POWER_UNIT_FAULTS, "pwr_unit_status_enum"),
        (names.CASCADE_STATES, "casc_enum"),
        (names.SELFTEST_STATES, "CEI_selftestResults"),
        (names.BATTERY_WIZARD_STATES, "BMZ_WizardState"),
        (names.BMS_STATUS_BITS, "bms_status_enum"),
        (names.MODULE_STATUS_BITS, "bmz_status_enum"),
    ):
        assert {int(code) for code in enums[theirs]} <= ours.keys(), theirs
    assert {int(code): name for code, name in enums["Country_enum"].items()} == names.COUNTRIES


def test_bits_have_names_or_numbers() -> None:
    assert names.set_bits(0b1000_0000_1001, names.POWER_UNIT_FAULTS) == (
        "overcurrent",
        "second temperature sensor",
        "load not recognised",
    )
    assert names.set_bits(1 << 30, names.POWER_UNIT_FAULTS) == ("bit 30",)
    assert names.set_bits(0, names.POWER_UNIT_FAULTS) == ()
