"""EP, SYS, UM, SRV, EH: emergency power, the system itself, updates, the server, faults; and what is dangerous.

Some requests act although nothing in their names says so (SPEC 6.4).  The device obeys, and notes it in
``Device.acts``, so that a test sees which client sent one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import Item, Value, tags
from heliobus.e3dc.simulator.answering import RESPONSE, Row, reads

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment

DENIED = frozenset(
    tags.code(name)
    for name in (
        # for installers (the public list's user levels)
        "DCDC_REQ_FLASH",
        "DCDC_REQ_FLASH_FILE_LIST",
        "DCDC_REQ_IS_FLASHING",
        "EMS_REQ_ADJUST_BATTERY_VOLTAGE_STATUS",
        "EMS_REQ_CANCEL_ADJUST_BATTERY_VOLTAGE",
        "EMS_REQ_SET_BALANCED_PHASES",
        "EMS_REQ_SET_DERATE_PERCENT",
        "EMS_REQ_SET_INSTALLED_PEAK_POWER",
        "EMS_REQ_START_ADJUST_BATTERY_VOLTAGE",
        "PM_REQ_SET_PHASE_ELIMINATION",
        "PVI_REQ_SET_COS_PHI",
        "PVI_REQ_SET_FREQUENCY_UNDER_OVER",
        "PVI_REQ_SET_VOLTAGE_MONITORING",
        "SRV_REQ_ADD_USER",
        "SRV_REQ_CREATE_USER",
        "SRV_REQ_CREATE_USER_STATUS",
        # refused to users (SPEC 6.1, 5)
        "INFO_REQ_HW_TIME",
        "INFO_REQ_IS_CALIBRATED",
        "INFO_REQ_PLATFORM_TYPE",
        "RSCP_REQ_SET_ENCRYPTION_PASSPHRASE",
        # for the service
        "EP_REQ_SWITCH_TO_GRID",
        "EP_REQ_SWITCH_TO_ISLAND",
        "SYS_REQ_EXECUTE_SCRIPT",
        "SYS_REQ_SCRIPT_FILE_LIST",
        "SYS_REQ_SYSTEM_SHUTDOWN",
    )
)
"""Requests that user level 10 does not allow."""
SERVICE = frozenset({tags.DIAG_ERR_CODE >> 24, *range(0xF0, 0x100)})
"""Namespaces of the service, closed to users."""


def _acts(name: str, result: Value) -> tuple[int, Row[Moment]]:
    request = tags.code(name)

    def content(moment: Moment, _: Item) -> Value:
        moment.device.acts.append(name)
        return result

    return request, Row(request | RESPONSE, content)


TABLE: Table[Moment] = {
    **reads(
        "EP",
        {
            "IS_READY_FOR_SWITCH": True,
            "IS_GRID_CONNECTED": True,
            "IS_ISLAND_GRID": False,
            "IS_INVALID_STATE": False,
            "IS_POSSIBLE": True,
        },
    ),
    **reads("SYS", {"IS_SYSTEM_REBOOTING": False}),
    **reads("UM", {"UPDATE_STATUS": 0, "CHECK_FOR_UPDATES": 0}),
    **reads("SRV", {"IS_ONLINE": True}),
    **reads("EH", {"UNREPORTED_ERRORS": [], "GET_SAVED_ERRORS": []}),
    **reads("RSCP", {"SUPPORTED_PROTOCOL_VERSIONS": 1}),
    tags.RSCP_REQ_SET_PROTOCOL_VERSION: Row(tags.RSCP_SET_PROTOCOL_VERSION, lambda _, __: 1),
    **dict(
        _acts(name, result)
        for name, result in (
            ("EMS_REQ_CONFIRM_ERRORS", True),
            ("EMS_REQ_EMERGENCY_POWER_RETRY", True),
            ("EMS_REQ_SET_EMERGENCY_POWER", True),
            ("EMS_REQ_START_EMERGENCYPOWER_TEST", 1),
            ("SYS_REQ_RESTART_APPLICATION", True),
            ("SYS_REQ_SYSTEM_REBOOT", 0),
        )
    ),
}
