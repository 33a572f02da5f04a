"""Power meters; the one of type ROOT sits at the grid connection (SPEC 6.3)."""

from __future__ import annotations

from heliobus.e3dc.models.indexed import METER, Unit
from heliobus.e3dc.models.rows import choice, flag, number, whole
from heliobus.e3dc.protocol import tags

ROOT = 1
"""``type_code`` of the meter at the grid."""


class PowerMeter(Unit):
    """Powers + draw from the grid, or are what the metered device consumes; energies are net counters."""

    kind = METER

    type_code = whole(tags.PM_REQ_TYPE, "what it measures")
    type = choice(tags.PM_REQ_TYPE, "pm_type", "the same by name")
    power_l1 = number(tags.PM_REQ_POWER_L1, "W", "on L1")
    power_l2 = number(tags.PM_REQ_POWER_L2, "W", "on L2")
    power_l3 = number(tags.PM_REQ_POWER_L3, "W", "on L3")
    voltage_l1 = number(tags.PM_REQ_VOLTAGE_L1, "V", "of L1")
    voltage_l2 = number(tags.PM_REQ_VOLTAGE_L2, "V", "of L2")
    voltage_l3 = number(tags.PM_REQ_VOLTAGE_L3, "V", "of L3")
    # The official list says kWh; users of all clients see Wh (SPEC 6.3).
    energy_l1 = number(tags.PM_REQ_ENERGY_L1, "Wh", "on L1")
    energy_l2 = number(tags.PM_REQ_ENERGY_L2, "Wh", "on L2")
    energy_l3 = number(tags.PM_REQ_ENERGY_L3, "Wh", "on L3")
    active_phases = whole(tags.PM_REQ_ACTIVE_PHASES, "bits: 1 is L1, 2 is L2, 4 is L3")
    max_phase_power = number(tags.PM_REQ_MAX_PHASE_POWER, "W", "range of a phase")
    mode = choice(tags.PM_REQ_MODE, "pm_mode", "how it works")
    error_code = whole(tags.PM_REQ_ERROR_CODE, "code, 0 is none")
    device_id = whole(tags.PM_REQ_DEVICE_ID, "its number on the bus")
    firmware_version = whole(tags.PM_REQ_FIRMWARE_VERSION, "version of the firmware")
    device_connected = flag(tags.PM_REQ_DEVICE_STATE, "is there", child=tags.PM_DEVICE_CONNECTED)
    device_working = flag(tags.PM_REQ_DEVICE_STATE, "works", child=tags.PM_DEVICE_WORKING)
    device_in_service = flag(tags.PM_REQ_DEVICE_STATE, "is being serviced", child=tags.PM_DEVICE_IN_SERVICE)
