"""FARM: several systems under one controller, which answers on a port of its own (SPEC 6.8).

The controller shows the whole house.  Its first member, the master, does all the work; the second one is at rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import Value, tags
from heliobus.e3dc.simulator.answering import item, items, reads

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment


def _members(moment: Moment) -> Value:
    return [
        item(tags.FARM_PARAM_DEVICE, items("FARM_PARAM", {"SERIALNO": serial, "CNAME": name}))
        for serial, name in ((moment.device.serial, "Haus"), (moment.device.second_serial, "Scheune"))
    ]


TABLE: Table[Moment] = reads("FARM", {"CONNECTED_DEVICES": _members, "LIST_AVAILABLE_DEVICES": _members})
