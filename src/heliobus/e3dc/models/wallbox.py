"""Wallboxes: the byte arrays of the first ones, and the values that newer ones give one by one (SPEC 6.6)."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Self

from heliobus.e3dc.models.indexed import WALLBOX, Unit
from heliobus.e3dc.models.rows import Row, choice, flag, number, text, whole
from heliobus.e3dc.protocol import tags

if TYPE_CHECKING:
    from heliobus.e3dc.protocol import Item

_METERED = Struct("<hi")
_ALGORITHM = 6
"""Bytes of the status array that are understood."""
_SUN, _CANCELED, _CHARGING, _LOCKED, _PLUGGED = 0x80, 0x40, 0x20, 0x10, 0x08


@dataclass(frozen=True, slots=True)
class Metered:
    """``WB_EXTERN_DATA_SUN``, ``_NET``, ``_ALL``: power in W and the counter in Wh (captures: a real wallbox)."""

    power: int
    energy: int

    @classmethod
    def parse(cls, answer: Item) -> Self | None:
        data = _array(answer)
        return cls(*_METERED.unpack_from(data)) if len(data) >= _METERED.size else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """``WB_EXTERN_DATA_ALG``: ``soc`` of the car in %, ``max_current`` in A (captures: a real wallbox)."""

    soc: int
    phases: int
    sun_mode: bool
    canceled: bool
    charging: bool
    locked: bool
    plugged: bool
    max_current: int
    schuko: bool

    @classmethod
    def parse(cls, answer: Item) -> Self | None:
        data = _array(answer)
        if len(data) < _ALGORITHM:
            return None
        soc, phases, flags, current, _, schuko = data[:_ALGORITHM]
        return cls(
            soc=soc,
            phases=phases,
            sun_mode=bool(flags & _SUN),
            canceled=bool(flags & _CANCELED),
            charging=bool(flags & _CHARGING),
            locked=bool(flags & _LOCKED),
            plugged=bool(flags & _PLUGGED),
            max_current=current,
            schuko=bool(schuko),
        )


def _array(answer: Item) -> bytes:
    data = answer.get(tags.WB_EXTERN_DATA)
    return data.value if data is not None and isinstance(data.value, bytes) else b""


class BriefWallbox(Unit):
    """What a live poll asks of a wallbox."""

    kind = WALLBOX

    total = Row(tags.WB_REQ_EXTERN_DATA_ALL, Metered.parse, "W, Wh", "all that it charges")
    algorithm = Row(tags.WB_REQ_EXTERN_DATA_ALG, Algorithm.parse, "", "its state")


class Wallbox(BriefWallbox):
    """Everything that a home owner can ask of a wallbox; firmware before 2023 knows only the arrays."""

    sun = Row(tags.WB_REQ_EXTERN_DATA_SUN, Metered.parse, "W, Wh", "the part from the sun")
    net = Row(tags.WB_REQ_EXTERN_DATA_NET, Metered.parse, "W, Wh", "the part from the grid")
    app_software = whole(tags.WB_REQ_APP_SOFTWARE, "version of its software")
    key_state = flag(tags.WB_REQ_KEY_STATE, "whether its key switch is on")
    device_name = text(tags.WB_REQ_DEVICE_NAME, "what the owner calls it")
    firmware_version = text(tags.WB_REQ_FIRMWARE_VERSION, "version of the firmware")
    mac_address = text(tags.WB_REQ_MAC_ADDRESS, "its address in the network")
    sun_mode_active = flag(tags.WB_REQ_SUN_MODE_ACTIVE, "charges from the sun only")
    abort_charging = flag(tags.WB_REQ_ABORT_CHARGING, "charging is stopped")
    number_phases = whole(tags.WB_REQ_NUMBER_PHASES, "phases that it may use")
    auto_phase_switch = flag(tags.WB_REQ_AUTO_PHASE_SWITCH_ENABLED, "chooses 1 or 3 phases by itself")
    max_charge_current = whole(tags.WB_REQ_MAX_CHARGE_CURRENT, "most current per phase", "A")
    min_charge_current = whole(tags.WB_REQ_MIN_CHARGE_CURRENT, "least current per phase", "A")
    upper_current_limit = whole(tags.WB_REQ_UPPER_CURRENT_LIMIT, "highest value of max_charge_current", "A")
    lower_current_limit = whole(tags.WB_REQ_LOWER_CURRENT_LIMIT, "lowest value of min_charge_current", "A")
    cp_state = text(tags.WB_REQ_CP_STATE, "A no car, B connected, C charging, D with ventilation, E no power, F error")
    wallbox_type = choice(tags.WB_REQ_WALLBOX_TYPE, "wb_type", "model")
    pm_power_l1 = number(tags.WB_REQ_PM_POWER_L1, "W", "its meter on L1")
    pm_power_l2 = number(tags.WB_REQ_PM_POWER_L2, "W", "its meter on L2")
    pm_power_l3 = number(tags.WB_REQ_PM_POWER_L3, "W", "its meter on L3")
    pm_energy_l1 = number(tags.WB_REQ_PM_ENERGY_L1, "Wh", "its counter on L1")
    pm_energy_l2 = number(tags.WB_REQ_PM_ENERGY_L2, "Wh", "its counter on L2")
    pm_energy_l3 = number(tags.WB_REQ_PM_ENERGY_L3, "Wh", "its counter on L3")
    param_1 = Row(tags.WB_REQ_PARAM_1, lambda item: _array(item) or None, "", "its parameters; byte 2 the most A")
