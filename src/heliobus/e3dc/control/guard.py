"""Which requests only read.

The lists do not say so, and some requests act without SET in their name: EMS_REQ_EMERGENCY_POWER_RETRY restarts the
inverter (SPEC 6.4).  So a request passes when its name is known, in a namespace of the house, and free of words that
act; everything else has to be sent by a call that says what it does.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import tags
from heliobus.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heliobus.e3dc.protocol import Item

_NAMESPACES = frozenset(
    ("BAT", "DB", "DCDC", "EH", "EMS", "EP", "FARM", "HA", "INFO", "MBS", "PM", "PVI", "SE", "SGR", "WB")
)
_ACTING = frozenset(
    (
        *("ABORT", "ADD", "ADJUST", "APPEND", "APPLY", "BROADCAST", "CANCEL", "CHANGE", "CLEAN", "CLEAR", "CLOSE"),
        *("COMMAND", "CONFIGURE", "CONFIRM", "CONNECT", "COPY", "CREATE", "DEACTIVATE", "DELETE", "DERATE", "DETECT"),
        *("DISABLE", "DISCONNECT", "ENABLE", "EXEC", "EXECUTE", "FLASH", "FREE", "HANDLE", "INJECT", "INSTALL"),
        *("LEAVE", "LOAD", "LOCK", "MARK", "OPEN", "OVERRIDE", "POWEROFF", "PUSH", "REBOOT", "REFRESH", "REGISTER"),
        *("REMOVE", "RENAME", "RESET", "RESTART", "RETRY", "SEND", "SET", "SHUTDOWN", "SILENCE", "SOFT", "START"),
        *("STOP", "STORE", "SWITCH", "SYNC", "TEST", "TRIGGER", "UNICAST", "UNREGISTER", "UPDATE", "VACUUM", "VERIFY"),
    )
)
_ACTING_NAMES = frozenset(("EMS_REQ_REMOTE_CONTROL", "INFO_REQ_CALIBRATION_CHECK"))
_READING_NAMES = frozenset(
    (
        *("BAT_REQ_IS_BREAKER_OPEN", "BAT_REQ_READY_FOR_SHUTDOWN", "BAT_REQ_UPDATE_STATUS"),
        *("DB_REQ_HISTORY_TIME_START", "DB_REQ_HISTORY_UTC_TIME_START"),
        *("DCDC_REQ_FLASH_STATUS", "DCDC_REQ_GET_ISO_TEST_REQUESTED", "DCDC_REQ_GET_ISO_TEST_SUCCESSFULLY_DONE"),
        *("EMS_REQ_ADJUST_BATTERY_VOLTAGE_STATUS", "EMS_REQ_DERATE_AT_CONNECTED_POWER"),
        *("EMS_REQ_DERATE_AT_PERCENT_VALUE", "EMS_REQ_DERATE_AT_POWER_VALUE"),
        *("EMS_REQ_EMERGENCYPOWER_TEST_STATUS", "EMS_REQ_GET_IDLE_PERIODS_ENABLE"),
        *("EMS_REQ_GET_OVERRIDE_DERATE_FEEDIN", "EMS_REQ_IDLE_PERIOD_CHANGE_MARKER", "EMS_REQ_POWER_ADD"),
        *("EMS_REQ_POWER_ADD_SINKS", "EMS_REQ_SETTINGS_CHANGE_MARKER", "EP_REQ_IS_READY_FOR_SWITCH"),
        *("HA_REQ_CONFIGURATION_CHANGE_COUNTER", "PM_REQ_GET_EXTERN_LOAD", "PVI_REQ_GET_GAPP_SYNC_TIME"),
        *("RSCP_REQ_SUPPORTED_PROTOCOL_VERSIONS", "RSCP_REQ_USER_LEVEL"),
        *("SE_REQ_GET_MIN_ENERGY_RESTART_EP", "SE_REQ_IS_CHARGE_FREE_PV_POWER_ENABLED"),
        *("WB_REQ_ABORT_CHARGING", "WB_REQ_AUTO_PHASE_SWITCH_ENABLED", "WB_REQ_CHARGE_STOP_HYSTERESIS"),
        *("WB_REQ_FLASH_VERSION", "WB_REQ_GET_KEY_LOCK_MODE"),
    )
)
"""A word in them acts elsewhere."""


@cache
def only_reads(tag: int) -> bool:
    """Whether asking for ``tag`` changes nothing, as far as is known."""
    name = tags.name(tag)
    if name is None or name in _ACTING_NAMES:
        return False
    if name in _READING_NAMES:
        return True
    namespace, *words = name.upper().split("_")
    return namespace in _NAMESPACES and _ACTING.isdisjoint(words)


def require_reading(items: Iterable[Item]) -> None:
    """Let only requests pass that change nothing; raises Refused before anything is sent."""
    acting = [tags.label(item.tag) for item in _all(items) if not only_reads(item.tag)]
    if acting:
        raise Refused(
            f"{', '.join(acting)} may change something, and query only reads",
            remedy="Use the client's method for it, or act(), which sends whatever it is given.",
        )


def _all(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _all(item.children)
