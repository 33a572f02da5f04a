"""Powers now, and the switches of the home automation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.e3dc.errors import InvalidValue
from heliobus.compat.e3dc.message import plain
from heliobus.compat.e3dc.pages import PAUSE, Pages, powers_of
from heliobus.compat.e3dc.system import System
from heliobus.e3dc.models import SWITCH_REQUESTS, container
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Mapping

POLLED = (
    tags.INFO_REQ_UTC_TIME,
    tags.EMS_REQ_BAT_SOC,
    tags.EMS_REQ_POWER_PV,
    tags.EMS_REQ_POWER_ADD,
    tags.EMS_REQ_POWER_BAT,
    tags.EMS_REQ_POWER_HOME,
    tags.EMS_REQ_POWER_GRID,
    tags.EMS_REQ_POWER_WB_ALL,
    tags.EMS_REQ_SELF_CONSUMPTION,
    tags.EMS_REQ_AUTARKY,
    tags.EMS_REQ_SYS_STATUS,
)
"""What a poll asks for, in one frame."""
_PAUSE = 1.0
"""Seconds between two polls: the device makes its values anew once a second (SPEC 5.11)."""
_COMMANDS = {True: "on", False: "off", "on": "on", "off": "off"}


def powers(answers: Mapping[int, Item]) -> dict[str, Any]:
    """The result of ``poll``: W and %; battery + charges, grid + is drawn, ``add`` + is produced by others."""
    value = {tag: plain(answers.get(tag)) for tag in POLLED}
    clock = answers.get(tags.INFO_REQ_UTC_TIME)
    moment = None if clock is None else clock.time
    add, status = value[tags.EMS_REQ_POWER_ADD], value[tags.EMS_REQ_SYS_STATUS]
    return {
        "autarky": value[tags.EMS_REQ_AUTARKY],
        "consumption": {
            "battery": value[tags.EMS_REQ_POWER_BAT],
            "house": value[tags.EMS_REQ_POWER_HOME],
            "wallbox": value[tags.EMS_REQ_POWER_WB_ALL],
        },
        "production": {
            "solar": value[tags.EMS_REQ_POWER_PV],
            "add": None if add is None else -add,
            "grid": value[tags.EMS_REQ_POWER_GRID],
        },
        "selfConsumption": value[tags.EMS_REQ_SELF_CONSUMPTION],
        "stateOfCharge": value[tags.EMS_REQ_BAT_SOC],
        "sysStatus": None if status is None else str(status),
        "time": None if moment is None else moment.utc(),
    }


def switches(listed: Item, states: Item) -> list[dict[str, Any]]:
    """The result of ``poll_switches``; joined by the index, which is no position."""
    status = {
        plain(one.get(tags.HA_DATAPOINT_INDEX)): plain(one.get(tags.HA_DATAPOINT_STATE)) for one in states.children
    }
    return [
        {
            "id": (index := plain(one.get(tags.HA_DATAPOINT_INDEX))),
            "type": plain(one.get(tags.HA_DATAPOINT_TYPE)),
            "name": plain(one.get(tags.HA_DATAPOINT_NAME)),
            "status": status.get(index),
        }
        for one in listed.children
    ]


class Live(System):
    lastRequest: dict[str, Any] | None = None
    lastRequestTime = -1.0
    pages: Pages | None = None
    """The portal's pages; only in web mode."""
    _polled = 0.0

    def poll(self, keepAlive: bool = False) -> dict[str, Any]:
        """Powers now in W, consumption + where it leaves the system, production + where it enters; %, UTC.

        Locally in one round trip and at most once a second, else the last result again; over the web from the
        portal's pages at most every 10 s, or over its websocket where the pages are gone.  What the device did not
        tell is None.
        """
        pause = _PAUSE if self.pages is None or self.pages.gone else PAUSE
        if self.lastRequest is None or self._clock.monotonic() - self._polled >= pause:
            self.lastRequest = self._poll_pages() or powers(self._values(*POLLED, keep=keepAlive))
            self.lastRequestTime, self._polled = self._clock.now().timestamp(), self._clock.monotonic()
        return self.lastRequest

    def _poll_pages(self) -> dict[str, Any] | None:
        if self.pages is None or self.pages.gone:
            return None
        unit = self.pages.poll()
        return None if unit is None else powers_of(unit, external=self.pmIndexExt or 0)

    def poll_switches(self, keepAlive: bool = False) -> list[dict[str, Any]]:
        """The switches: ``[{"id", "type", "name", "status"}]``."""
        with self.rscp.kept(keep=keepAlive):
            return switches(*self.rscp.need(*SWITCH_REQUESTS))

    def set_switch_onoff(self, switchID: int, value: bool | str, keepAlive: bool = False) -> bool:
        """Switch the actuator with that ``id`` on (True, "on") or off; gives whether the device has done it."""
        command = _COMMANDS.get(value)
        if command is None:
            raise InvalidValue(f"a switch cannot be set to {value!r}", remedy='Use True, False, "on" or "off".')
        request = container(
            tags.HA_REQ_COMMAND_ACTUATOR,
            Item(tags.HA_DATAPOINT_INDEX, Type.UINT16, switchID),
            Item(tags.HA_REQ_COMMAND, Type.CSTRING, command),
        )
        with self.rscp.kept(keep=keepAlive):
            return bool(self.rscp.one(request, acts=True).flag)
