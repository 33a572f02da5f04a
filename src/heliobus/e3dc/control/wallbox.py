"""The wallboxes' settings: new setters where the box knows them, else its old byte arrays (SPEC 6.6).

An old array has six bytes, of which 0 leaves a setting alone; byte 3 and 4 toggle, so the state is read first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.e3dc.control.change import Change
from heliobus.e3dc.mapping import id_of
from heliobus.e3dc.models import WALLBOX, Wallbox, container
from heliobus.e3dc.protocol import Item, Type, tags
from heliobus.errors import NotSupported
from heliobus.model.command import WallboxLimit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.e3dc.models import Row
    from heliobus.model.command import Command

_NEW: Mapping[str, tuple[Row[Any], int, int]] = {
    "sun_mode": (Wallbox.sun_mode_active, tags.WB_REQ_SET_SUN_MODE_ACTIVE, Type.BOOL),
    "stopped": (Wallbox.abort_charging, tags.WB_REQ_SET_ABORT_CHARGING, Type.BOOL),
    "canceled": (Wallbox.abort_charging, tags.WB_REQ_SET_ABORT_CHARGING, Type.BOOL),
    "phases": (Wallbox.number_phases, tags.WB_REQ_SET_NUMBER_PHASES, Type.UCHAR8),
    "auto_phase_switch": (Wallbox.auto_phase_switch, tags.WB_REQ_SET_AUTO_PHASE_SWITCH_ENABLED, Type.BOOL),
    "max_current": (Wallbox.max_charge_current, tags.WB_REQ_SET_MAX_CHARGE_CURRENT, Type.INT32),
    "min_current": (Wallbox.min_charge_current, tags.WB_REQ_SET_MIN_CHARGE_CURRENT, Type.INT32),
}
"""By setting: the value that tells it, the request that sets it, and its type if the box does not tell it."""
_LENGTH = 6
_PLACES = {"sun_mode": (0, 1, 2), "phases": (3, 1, 1), "stopped": (4, 1, 1), "canceled": (4, 1, 1), "schuko": (5, 1, 0)}
"""In the old array of settings: the byte, and its values for yes and no."""
_CURRENT = 2
"""In the old array of parameters."""


def wallbox_change(index: int, wanted: Mapping[str, int]) -> Change:
    """Set what is named: sun_mode, stopped, phases, auto_phase_switch, schuko, max_current and min_current in A.

    A box is ``stopped`` when it does not charge, and ``canceled`` when it was told to stop: newer ones tell only that.
    """
    question = Wallbox.ask(index)

    def read(answers: Sequence[Item | None]) -> Wallbox:
        (answer,) = answers
        return Wallbox.read(question, answer) or Wallbox({}, index=index)

    def write(answers: Sequence[Item | None]) -> Sequence[Item]:
        box = read(answers)
        now = _state(box)
        asked = {name: value for name, value in wanted.items() if now.get(name) != value}
        return [WALLBOX.ask(index, _setter(box, name, value=value)) for name, value in asked.items()]

    return Change(
        state=[question],
        words=lambda answers: _state(read(answers)),
        write=write,
        wanted=wanted,
        repeatable=False,  # the old arrays toggle
        undo=lambda before: _undo(index, before, wanted),
    )


def limit_wallbox(index: int, current: float) -> Change:
    """Charge with at most ``current`` A per phase, cut to whole ones; 0 stops it."""
    if current < 1:
        return wallbox_change(index, {"stopped": True})
    return wallbox_change(index, {"max_current": int(current), "canceled": False})


def _undo(index: int, before: Mapping[str, Any], wanted: Mapping[str, Any]) -> Command | None:
    current = before.get("max_current")
    limited = not wanted.keys().isdisjoint(("max_current", "stopped"))
    return WallboxLimit(id=id_of(index), current=float(current)) if limited and current is not None else None


def _state(box: Wallbox) -> dict[str, Any]:
    """What is set now, from the new values or else from the old array, which toggles between charging and not."""
    told = box.algorithm
    old: dict[str, Any] = {}
    if told is not None:
        old = {
            "sun_mode": told.sun_mode,
            "stopped": not told.charging,
            "canceled": told.canceled,
            "phases": told.phases,
            "max_current": told.max_current,
            "schuko": told.schuko,
        }
    new = {name: getattr(box, row.name) for name, (row, _, _) in _NEW.items()}
    return old | {name: value for name, value in new.items() if value is not None}


def _setter(box: Wallbox, name: str, *, value: int) -> Item:
    """The request that sets it, in the type in which the box tells it; of a box that is not known the new one."""
    if name in _NEW:
        row, request, kind = _NEW[name]
        told = box.answers.get(row.tag)
        known = told is not None and told.number is not None
        if known or not box.answers:
            return Item(request, told.type if told is not None and known else kind, int(value))
    if name == "max_current":
        return _array(tags.WB_REQ_SET_PARAM_1, _CURRENT, int(value))
    if name not in _PLACES:
        raise NotSupported(f"wallbox {id_of(box.index)} does not know the setting {name}")
    place, on, off = _PLACES[name]
    return _array(tags.WB_REQ_SET_EXTERN, place, on if value else off)


def _array(tag: int, place: int, value: int) -> Item:
    data = bytearray(_LENGTH)
    data[place] = value
    length = Item(tags.WB_EXTERN_DATA_LEN, Type.UCHAR8, _LENGTH)
    return container(tag, Item(tags.WB_EXTERN_DATA, Type.BYTEARRAY, bytes(data)), length)
