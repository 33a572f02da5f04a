"""INFO: what the device is called, and what time it is (SPEC 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import Item, Timestamp, Value, tags
from heliobus.e3dc.simulator.answering import item, items, reads

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment

_PRODUCED = "2025-01-06"
_MAC = "00:00:5E:00:53:44"  # from the range for documentation (RFC 7042)


def _overview(moment: Moment) -> list[Item]:
    return items("INFO", {"SERIAL_NUMBER": moment.device.serial, "PRODUCTION_DATE": _PRODUCED, "MAC_ADDRESS": _MAC})


def _versions(moment: Moment) -> list[Item]:
    versions = {"EMS": moment.equipment.release, "BMS": "B2.14", "PVI": "P3.08"}
    return [
        item(tags.INFO_MODULE_SW_VERSION, items("INFO", {"MODULE": module, "VERSION": version}))
        for module, version in versions.items()
    ]


def _local_time(moment: Moment) -> Value:
    """The wall clock, written as if it were UTC."""
    return Timestamp.of(moment.shown + moment.offset)


TABLE: Table[Moment] = reads(
    "INFO",
    {
        "SERIAL_NUMBER": lambda m: m.device.serial,
        "PRODUCTION_DATE": _PRODUCED,
        "MODULES_SW_VERSIONS": _versions,
        "A35_SERIAL_NUMBER": "0123456",
        "IP_ADDRESS": "192.0.2.44",
        "SUBNET_MASK": "255.255.255.0",
        "MAC_ADDRESS": _MAC,
        "GATEWAY": "192.0.2.1",
        "DNS": "192.0.2.1",
        "DHCP_STATUS": True,
        "TIME": _local_time,
        "UTC_TIME": lambda m: Timestamp.of(m.shown),
        "TIME_ZONE": lambda m: m.plant.house.timezone,
        "INFO": _overview,
        "SW_RELEASE": lambda m: m.equipment.release,
        "GUI_TARGET": 1,
        "UPNP_STATUS": True,
        "IS_OVP_POSSIBLE": False,
    },
)
