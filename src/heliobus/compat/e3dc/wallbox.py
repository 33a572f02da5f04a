"""Wallboxes, by the byte arrays that all of them know (SPEC 6.6).  W, Wh, A, %."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.e3dc.errors import InvalidValue
from heliobus.compat.e3dc.message import RscpMessage, plain, to_item, to_message
from heliobus.compat.e3dc.parts import by_key, opened
from heliobus.compat.e3dc.system import System
from heliobus.e3dc.models import Wallbox, container
from heliobus.e3dc.models.answers import RESPONSE
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum

_SUN, _PHASES, _CHARGING, _SCHUKO = 0, 3, 4, 5
_CURRENT = 2
"""In WB_REQ_SET_PARAM_1."""
_BYTES = 6
_SUN_ON, _SUN_OFF, _TOGGLE = 1, 2, 1
_ALGORITHM = {
    "sunModeOn": "sun_mode",
    "chargingCanceled": "canceled",
    "chargingActive": "charging",
    "plugLocked": "locked",
    "plugged": "plugged",
    "soc": "soc",
    "phases": "phases",
    "maxChargeCurrent": "max_current",
    "schukoOn": "schuko",
}
_ASKED = (
    tags.WB_REQ_EXTERN_DATA_ALG,
    tags.WB_REQ_EXTERN_DATA_SUN,
    tags.WB_REQ_EXTERN_DATA_NET,
    tags.WB_REQ_APP_SOFTWARE,
    tags.WB_REQ_KEY_STATE,
)


def wallbox(answers: Mapping[int, Item]) -> dict[str, Any]:
    """What a wallbox told; a key is there if the part is."""
    told: dict[str, Any] = by_key({"appSoftware": tags.WB_REQ_APP_SOFTWARE}, answers)
    box = Wallbox(answers, index=0)
    if box.algorithm is not None:
        told |= {key: getattr(box.algorithm, name) for key, name in _ALGORITHM.items()}
    if box.sun is not None:
        told |= {"consumptionSun": box.sun.power, "energySun": box.sun.energy}
    if box.net is not None:
        told |= {"consumptionNet": box.net.power, "energyNet": box.net.energy}
    if box.sun is not None and box.net is not None:
        told["energyAll"] = box.net.energy + box.sun.energy
    if (state := plain(answers.get(tags.WB_REQ_KEY_STATE))) is not None:
        told["keyState"] = state
    return told


class Wallboxes(System):
    def get_wallbox_data(self, wbIndex: int = 0, keepAlive: bool = False) -> dict[str, Any]:
        """All of one wallbox; energies in Wh, as its own display counts them."""
        request = Wallbox.kind.ask(wbIndex, *(Item(tag) for tag in _ASKED))
        with self.rscp.kept(keep=keepAlive):
            answer, to_car = self.rscp.ask(request, Item(tags.EMS_REQ_BATTERY_TO_CAR_MODE))
        told = wallbox(opened(Wallbox.kind, request, answer)[0]) | {"index": wbIndex}
        if (mode := plain(to_car)) is not None:
            told["batteryToCar"] = mode
        return dict(sorted(told.items()))

    def set_wallbox_sunmode(self, enable: bool, wbIndex: int = 0, keepAlive: bool = False) -> bool:
        """Charge from the sun only, or from all sources; gives whether the wallbox has taken it, as all setters."""
        return self.sendWallboxSetRequest(_SUN, _SUN_ON if enable else _SUN_OFF, wbIndex=wbIndex, keepAlive=keepAlive)

    def set_wallbox_schuko(self, on: bool, wbIndex: int = 0, keepAlive: bool = False) -> bool:
        """Switch the household socket."""
        return self.sendWallboxSetRequest(_SCHUKO, int(bool(on)), wbIndex=wbIndex, keepAlive=keepAlive)

    def set_wallbox_max_charge_current(
        self, max_charge_current: int, wbIndex: int = 0, keepAlive: bool = False
    ) -> bool:
        """Limit the current of each phase, in A."""
        return self.sendWallboxSetRequest(
            _CURRENT, max_charge_current, tags.WB_REQ_SET_PARAM_1, wbIndex=wbIndex, keepAlive=keepAlive
        )

    def toggle_wallbox_charging(self, wbIndex: int = 0, keepAlive: bool = False) -> bool:
        """Stop charging, or let it go on."""
        return self.sendWallboxSetRequest(_CHARGING, _TOGGLE, wbIndex=wbIndex, keepAlive=keepAlive)

    def toggle_wallbox_phases(self, wbIndex: int = 0, keepAlive: bool = False) -> bool:
        """Change between one phase and three."""
        return self.sendWallboxSetRequest(_PHASES, _TOGGLE, wbIndex=wbIndex, keepAlive=keepAlive)

    def sendWallboxRequest(
        self,
        dataIndex: int,
        value: int,
        request: str | int | Enum = tags.WB_REQ_SET_EXTERN,
        wbIndex: int = 0,
        keepAlive: bool = False,
    ) -> RscpMessage:
        """Send an array whose byte ``dataIndex`` is ``value`` and the others 0, which leaves them; once only."""
        return to_message(self._send(dataIndex, value, to_item((request, "None", None)).tag, wbIndex, keep=keepAlive))

    def sendWallboxSetRequest(
        self,
        dataIndex: int,
        value: int,
        request: str | int | Enum = tags.WB_REQ_SET_EXTERN,
        wbIndex: int = 0,
        keepAlive: bool = False,
    ) -> bool:
        """The same; gives whether the wallbox has taken it."""
        tag = to_item((request, "None", None)).tag
        answer = self._send(dataIndex, value, tag, wbIndex, keep=keepAlive)
        return any(child.tag == tag | RESPONSE and child.error is None for child in answer.children)

    def _send(self, place: int, value: int, tag: int, index: int, *, keep: bool) -> Item:
        if place not in range(_BYTES) or value not in range(256):
            raise InvalidValue(f"byte {place} of a wallbox cannot be set to {value}")
        data = bytearray(_BYTES)
        data[place] = value
        array = container(
            tag,
            Item(tags.WB_EXTERN_DATA, Type.BYTEARRAY, bytes(data)),
            Item(tags.WB_EXTERN_DATA_LEN, Type.UCHAR8, _BYTES),
        )
        with self.rscp.kept(keep=keep):
            return self.rscp.one(Wallbox.kind.ask(index, array), acts=True)
