"""The vendor's words for codes other than the system state (SPEC 4; the appliance's own tables, in our English)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SYSTEM_TYPES = {
    0: "SENEC.Home 8.0 / lead",
    1: "SENEC.Business 30.0 / lead",
    2: "Solarinvert Storage 10.0 / lead",
    3: "SENEC.Home 4.0 / lead",
    4: "SENEC.Home 5.0/7.5/10.0 / lithium",
    5: "SENEC.Home 15.0 / lithium",
    6: "SENEC.Business 25.0 / lithium",
    7: "SENEC.Home 6.0 / lead",
    8: "SENEC.Home 10.0 / lead",
    9: "SENEC.Home V2 5.0/7.5/10.0",
    10: "SENEC.Business V2 30.0 / lead",
    11: "SENEC.Home V2 10.0 / lead",
    12: "OEM LG",
    13: "SENEC.Business V2 2ph / lithium",
    14: "SENEC.Business V2 3ph / lithium",
    15: "SENEC.Home V2.1 1ph / lithium",
    16: "ADS Tec",
    17: "SENEC.Home V3 hybrid",
    18: "SENEC.Home V3 hybrid duo",
    19: "SENEC.Home V3 hybrid",
    20: "SENEC.Home V3 hybrid LFP",
    21: "SENEC.Home V3 hybrid duo LFP",
}
"""``FACTORY.SYS_TYPE``"""

INVERTER_TYPES = {
    0: "Studer Xtender",
    1: "SenecBatt",
    2: "SENEC.Inverter V2",
    3: "SENEC.Inverter V2.1",
    4: "SENEC.Inverter V3 LV",
}
"""``BAT1.TYPE`` and ``FACTORY.BAT_TYPE``: the battery inverter"""

BATTERY_MAKERS = {2: "BMZ", 4: "Ampace"}
"""``BMS.MANUFACTURER``"""

COUNTRIES = {0: "DE", 1: "IT", 2: "AU", 3: "AT"}
"""``FACTORY.COUNTRY``"""

WALLBOX_STATES = {
    0x00: "invalid",
    0xA1: "not connected",
    0xA2: "not connected, locked",
    0xB1: "connected",
    0xB2: "ready",
    0xC1: "wants to charge, locked",
    0xC2: "charging",
    0xC3: "charging, reduced by temperature",
    0xC4: "charging, reduced by load imbalance",
    0xE0: "disabled by the release contact",
    0xE1: "production test",
    0xE2: "controller being programmed",
    0xE3: "waiting for the storage system",
    0xF1: "contact welded",
    0xF2: "internal error",
    0xF3: "DC residual current",
    0xF4: "communication error",
    0xF5: "lock failed",
    0xF6: "cable error",
    0xF7: "vehicle too hot",
    0xF8: "vehicle communication error",
    0xF9: "supply error or overcurrent",
    0xFA: "too hot",
    0xFB: "contact opened",
}
"""``WALLBOX.STATE``: A no vehicle, B vehicle, C charging, E out of service, F fault (IEC 61851's letters)"""

INVERTER_STATES = {
    0: "stabilise controller supply",
    16: "start high side",
    32: "start auxiliary supply",
    48: "start monitoring",
    64: "thermal management",
    80: "start protection",
    88: "check islanding",
    96: "degauss residual current sensor",
    112: "measure AC offset",
    128: "switch on relay supply",
    136: "check strings",
    140: "establish link",
    141: "black start",
    144: "test AC relays",
    160: "test DC relays",
    176: "switch on DC relays",
    184: "check DC polarity",
    192: "measure DC offset",
    208: "test residual current sensor",
    224: "insulation test",
    228: "switch on grid protection",
    232: "re-establish link",
    236: "check islanding again",
    237: "establish islanding link",
    238: "confirm islanding",
    240: "wait for grid protection",
    256: "establish AC voltage",
    264: "islanding",
    272: "on grid",
    280: "check short fault",
    288: "safe state",
    304: "sleep",
    312: "sleep after islanding",
    320: "shutdown for sleep",
    336: "system reset",
    352: "wait for reset",
}
"""``PV1.STATE_INT`` and ``STECA.STARTUP`` of the V3 inverters"""

UPDATE_STATES = {
    0: "reporting the start to the server",
    1: "waiting for the next request",
    2: "reporting the state to the server",
    3: "loading the control software",
    4: "loading its checksum",
    5: "comparing checksums",
    6: "loading the web pages",
    7: "loading their checksum",
    8: "unpacking the web pages",
    9: "restarting",
}
"""``SYS_UPDATE.FSM_STATE``"""

CELL_TYPES = {0: "unknown", 1: "NCA", 2: "NMC", 3: "NCA-B"}
"""``FACTORY.CELL_TYPE`` as far as the appliance names them; 5 was seen on a V3 with BMZ modules"""

METER_TYPES = {0: "undefined", 1: "grid", 2: "consumption", 3: "generation"}
"""What a power meter measures"""

POWER_UNIT_TYPES = {0: "none", 1: "Solarinvert SHKW", 2: "SENEC.Heat"}
"""``PWR_UNIT.TYPE``"""

POWER_UNIT_FAULTS = {
    0: "overcurrent",
    1: "too hot",
    2: "first temperature sensor",
    3: "second temperature sensor",
    9: "power meter",
    10: "connection",
    11: "load not recognised",
    12: "water too hot",
    13: "hardware",
    14: "temperature of the hardware",
    15: "water too cold",
    16: "number of sensors",
    17: "main switch off",
}
"""Bits of ``PWR_UNIT.STATUS``"""

CASCADE_STATES = {0: "PIDmax", 1: "full", 2: "empty", 3: "charge", 4: "boost", 5: "passive", 6: "standby"}
"""``CASC.STATE``"""

SELFTEST_STATES = {0: "unknown", 1: "running", 2: "passed", 3: "failed", 4: "never run", 5: "not started"}
"""``BAT1.SELFTEST_STATE`` and ``SELFTEST_OVERALL_STATE``, the self-test of the Italian grid code"""

BATTERY_WIZARD_STATES = {
    0: "idle",
    1: "restarting modules",
    2: "communicating",
    3: "connect the modules and confirm",
    4: "charging",
    5: "finished",
    6: "waiting for the inverter",
    7: "cannot be switched on",
    8: "different cell types",
}
"""``BMS.WIZARD_STATE``"""

BMS_STATUS_BITS = {
    4: "capacity alarm",
    5: "fully charged",
    6: "battery installed",
    7: "communication failure",
    8: "ends discharging",
    9: "ends charging",
    10: "overdischarge alarm",
    11: "overcharge alarm",
    12: "temperature protection, charging",
    13: "temperature protection, discharging",
    14: "overcurrent, charging",
    15: "overcurrent, discharging",
}
"""Bits of ``BMS.BMS_STATUS``"""

MODULE_STATUS_BITS = {
    1: "warning: cell voltage too high",
    2: "alarm: cell voltage too high",
    3: "fault: cell voltage too high",
    4: "warning: cell voltage too low",
    5: "alarm: cell voltage too low",
    6: "fault: cell voltage too low",
    7: "alarm: module voltage too high",
    8: "alarm: module voltage too low",
    9: "fault: cell too hot",
    10: "fault: cell too cold",
    11: "warning: cell too hot, charging",
    12: "alarm: cell too hot, charging",
    13: "warning: cell too cold, charging",
    14: "alarm: cell too cold, charging",
    15: "warning: cell too hot, discharging",
    16: "alarm: cell too hot, discharging",
    17: "warning: cell too cold, discharging",
    18: "alarm: cell too cold, discharging",
    19: "warning: charging current",
    20: "alarm: charging current",
    21: "warning: discharging current",
    22: "alarm: discharging current",
    23: "warning: cells out of balance",
    24: "alarm: cells out of balance",
    25: "warning: board too hot",
    26: "alarm: board too hot",
    27: "warning: temperatures differ",
    28: "alarm: temperatures differ",
    29: "warning: currents differ",
    30: "alarm: currents differ",
    31: "self-test of the short-circuit protection failed",
}
"""Bits of ``BMS.STATUS``, by module of BMZ"""


def set_bits(number: int, names: Mapping[int, str]) -> tuple[str, ...]:
    """The names of the bits that are set; one without a name is ``bit 5``."""
    return tuple(names.get(bit, f"bit {bit}") for bit in range(number.bit_length()) if number >> bit & 1)
