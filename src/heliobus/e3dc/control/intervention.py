"""Requests that interrupt the house's supply or the system itself: each has a call of its own (SPEC 6.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.control.change import Change
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERVENTIONS: Mapping[str, Item] = {
    "switch_to_island": Item(tags.EP_REQ_SWITCH_TO_ISLAND),
    "switch_to_grid": Item(tags.EP_REQ_SWITCH_TO_GRID),
    "retry_emergency_power": Item(tags.EMS_REQ_EMERGENCY_POWER_RETRY),
    "test_emergency_power": Item(tags.EMS_REQ_START_EMERGENCYPOWER_TEST, Type.BOOL, value=True),
    "restart_application": Item(tags.SYS_REQ_RESTART_APPLICATION),
    "reboot": Item(tags.SYS_REQ_SYSTEM_REBOOT),
}
"""By the name of the client's method."""


def intervention(name: str) -> Change:
    """What the device says to it has to do: no state tells that it was done."""
    request = INTERVENTIONS[name]
    return Change(
        state=(),
        words=lambda _: {},
        write=lambda _: [request],
        wanted={tags.label(request.tag): request.value},
        always=True,
        blind=True,
        repeatable=False,
    )
