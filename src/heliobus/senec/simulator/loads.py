"""What sockets and wallboxes do with their settings (SPEC 4, 5.4, 5.6).

A house without a wallbox may still have one on record (profile v2.1): a car waits there and never charges.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from heliobus.simulation.state import Charging

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heliobus.senec.simulator.house import Moment
    from heliobus.simulation.house import Wallbox
    from heliobus.simulation.state import WallboxState

    Held = Callable[[str], Sequence[Any]]  # the values of a list of the same section

_SOCKETS, _BOXES = 2, 4
_FREE, _FREE_LOCKED, _WAITING, _LOCKED, _CHARGING = 0xA1, 0xA2, 0xB2, 0xC1, 0xC2
_SOLAR = {3, 4}


def shown(section: str, name: str, held: Held, moment: Moment) -> list[float] | None:
    """The values of a list that follow from settings and from the house; None for those that are as they are held."""
    if section == "SOCKETS" and name == "POWER_ON":
        return [int(_is_on(held, place, moment)) for place in range(_SOCKETS)]
    if section != "WALLBOX":
        return None
    box = moment.now.wallbox
    if box is None:
        if name != "STATE":
            return None
        locked = held("PROHIBIT_USAGE")
        return [_LOCKED if state == _WAITING and locked[place] else state for place, state in enumerate(held(name))]
    value = _box(name, bool(held("PROHIBIT_USAGE")[0]), box, moment)
    return None if value is None else [value, *[0] * (_BOXES - 1)]


def defaults(box: Wallbox) -> Mapping[str, float]:
    """The settings of a house's wallbox before anybody changes them."""
    return {
        "SET_ICMAX": box.max_current,
        "MIN_CHARGING_CURRENT": box.min_current,
        "MAX_CHARGING_CURRENT_RATED": box.max_current,
        "MAX_CHARGING_CURRENT_ICMAX": box.max_current,
        "SMART_CHARGE_ACTIVE": 3 if box.solar else 0,
    }


def charging(held: Held) -> Charging:
    """What the settings tell the house's wallbox."""
    locked = bool(held("PROHIBIT_USAGE")[0])
    return Charging(current=0.0 if locked else held("SET_ICMAX")[0], solar=held("SMART_CHARGE_ACTIVE")[0] in _SOLAR)


def _is_on(held: Held, place: int, moment: Moment) -> bool:
    """Without a memory: neither a surplus that has to last nor a lower limit."""
    if held("FORCE_ON")[place] or not held("ENABLE")[place]:
        return bool(held("FORCE_ON")[place])
    upper = held("UPPER_LIMIT")[place]
    return (bool(upper) and -moment.now.grid >= upper) or _is_time(held, place, moment)


def _is_time(held: Held, place: int, moment: Moment) -> bool:
    if not held("USE_TIME")[place]:
        return False
    local = moment.clock.astimezone(ZoneInfo(moment.plant.house.timezone))
    hour, minute = held("SWITCH_ON_HOUR")[place], held("SWITCH_ON_MINUTE")[place]
    since = local - local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return since % timedelta(days=1) < timedelta(minutes=held("TIME_LIMIT")[place])


def _box(name: str, locked: bool, box: WallboxState, moment: Moment) -> float | None:  # noqa: FBT001, a state
    if name == "STATE":
        if not box.plugged:
            return _FREE_LOCKED if locked else _FREE
        return _LOCKED if locked else _CHARGING if box.power else _WAITING
    if name in {"L1_CHARGING_CURRENT", "L2_CHARGING_CURRENT", "L3_CHARGING_CURRENT"}:
        phase = int(name[1])
        voltage = moment.now.grid_phases[phase - 1].voltage
        return box.power / box.phases / voltage if phase <= box.phases else 0.0
    return {
        "EV_CONNECTED": int(box.plugged),
        "APPARENT_CHARGING_POWER": box.power,
        "PHASES_USED": box.phases,
        "L1_USED": 1,
        "L2_USED": int(box.phases > 1),
        "L3_USED": int(box.phases > 1),
    }.get(name)
