"""The battery's commands: powers that lapse unless they are repeated, limits that stay, the reserve (SPEC 6.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from heliobus.e3dc.control.change import Change, flat
from heliobus.e3dc.mapping import battery_power
from heliobus.e3dc.models import container
from heliobus.e3dc.protocol import Item, Type, tags
from heliobus.model.command import Auto, SetReserve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heliobus.model.command import Command

REPEAT = 5.0
"""Seconds between two SET_POWER: documents say 30, devices fall back or waver after 10 (SPEC 6.4)."""
POWER_LAG = timedelta(seconds=10)
"""How long the battery may take to reach a power."""

NORMAL, IDLE, DISCHARGE, _CHARGE_FROM_SUN, CHARGE = range(5)
"""Modes of SET_POWER; CHARGE draws from the grid what the sun does not give."""

_REACHED = 100.0  # W, or
_REACHED_SHARE = 0.1


# -- SET_POWER


def set_power(mode: int, power: float = 0.0) -> Item:
    """The request that has to be repeated; ``power`` in W, never negative."""
    return container(
        tags.EMS_REQ_SET_POWER,
        Item(tags.EMS_REQ_SET_POWER_MODE, Type.UCHAR8, mode),
        Item(tags.EMS_REQ_SET_POWER_VALUE, Type.INT32, round(power)),
    )


def power_change(order: Item, *, charging: bool, taken: Callable[[], None]) -> Change:
    """Ask for the power of ``order``; it holds when the battery has about that power, charging or discharging."""
    mode, value = order.children
    power = float(value.number or 0)
    wanted = -power if charging else power

    def reached(words: Mapping[str, Any]) -> bool:
        now = battery_power(words.get(_POWER))
        return now is not None and abs(now - wanted) <= max(_REACHED, _REACHED_SHARE * power)

    return Change(
        state=_FLOW,
        words=flat,
        write=lambda _: [order],
        wanted={tags.label(mode.tag): mode.value, tags.label(value.tag): value.value},
        holds=reached,
        always=True,
        lag=POWER_LAG,
        undo=lambda _: Auto(),
        effect=_effect,
        taken=taken,
    )


def automatic_change(limits: Mapping[int, int | bool], *, taken: Callable[[], None]) -> Change:
    """End SET_POWER, and set the power settings back to ``limits``, by tag, if there are any.

    Which mode it is in, a device does not tell: its answer to the request has to do.
    """
    order = set_power(NORMAL)
    written = [order, *([_power_settings(limits)] if limits else [])]
    return Change(
        state=[*_FLOW, *(_SETTINGS if limits else ())],
        words=flat,
        write=lambda _: written,
        wanted={tags.label(order.children[0].tag): NORMAL, **{tags.label(tag): on for tag, on in limits.items()}},
        always=True,
        blind=True,
        effect=_effect,
        taken=taken,
    )


_FLOW = [Item(tags.EMS_REQ_MODE), Item(tags.EMS_REQ_POWER_BAT)]
_POWER = tags.label(tags.EMS_POWER_BAT)


def _effect(answers: Sequence[Item | None]) -> Mapping[str, float]:
    power = battery_power(flat(answers).get(_POWER))
    return {} if power is None else {"battery.power": power}


# -- limits

_SETTINGS = [Item(tags.EMS_REQ_GET_POWER_SETTINGS)]
_USED, _CHARGE_LIMIT, _DISCHARGE_LIMIT = (
    tags.EMS_POWER_LIMITS_USED,
    tags.EMS_MAX_CHARGE_POWER,
    tags.EMS_MAX_DISCHARGE_POWER,
)
TYPES = {
    tags.EMS_POWER_LIMITS_USED: Type.BOOL,
    tags.EMS_MAX_CHARGE_POWER: Type.UINT32,
    tags.EMS_MAX_DISCHARGE_POWER: Type.UINT32,
    tags.EMS_DISCHARGE_START_POWER: Type.UINT32,
    tags.EMS_POWERSAVE_ENABLED: Type.UCHAR8,
    tags.EMS_WEATHER_REGULATED_CHARGE_ENABLED: Type.UCHAR8,
}


def power_settings_change(wanted: Mapping[int, int | bool], *, undo: Command | None = None) -> Change:
    """Write power settings by tag; those that are not named stay."""
    written = _power_settings(wanted)
    return Change(
        state=_SETTINGS,
        words=flat,
        write=lambda _: [written],
        wanted={tags.label(tag): value for tag, value in wanted.items()},
        undo=lambda _: undo,
    )


def _power_settings(wanted: Mapping[int, int | bool]) -> Item:
    return container(tags.EMS_REQ_SET_POWER_SETTINGS, *(Item(tag, TYPES[tag], value) for tag, value in wanted.items()))


def power_settings_of(answers: Sequence[Item | None]) -> dict[int, int | bool]:
    """What ``power_settings_change`` can restore: the limits as they are."""
    words = flat(answers)
    return {
        tag: words[label] for tag in (_USED, _CHARGE_LIMIT, _DISCHARGE_LIMIT) if (label := tags.label(tag)) in words
    }


def limit_change(*, charge: float | None = None, discharge: float | None = None, most: Mapping[int, int]) -> Change:
    """Limit one direction.  Where limits did not count before, the other one is set to the device's ``most``.

    Otherwise a limit that somebody set and switched off long ago would count again.
    """
    asked = {_CHARGE_LIMIT: charge, _DISCHARGE_LIMIT: discharge}
    limits = {tag: round(value) for tag, value in asked.items() if value is not None}
    whole = power_settings_change({_USED: True, **limits}, undo=Auto())

    def write(answers: Sequence[Item | None]) -> Sequence[Item]:
        used = flat(answers).get(tags.label(_USED))
        others = {} if used else {tag: value for tag, value in most.items() if tag not in limits}
        return [_power_settings({_USED: True, **limits, **others})]

    return Change(state=whole.state, words=flat, write=write, wanted=whole.wanted, undo=whole.undo)


# -- reserve


def reserve_change(*, share: float | None = None, energy: float | None = None) -> Change:
    """Keep a ``share`` in % or an ``energy`` in Wh for a power cut."""
    tag, value = (tags.SE_PARAM_EP_RESERVE, share) if energy is None else (tags.SE_PARAM_EP_RESERVE_W, energy)
    written = container(
        tags.SE_REQ_SET_EP_RESERVE,
        Item(tags.SE_PARAM_INDEX, Type.UCHAR8, 0),
        Item(tag, Type.FLOAT32, value),
    )
    return Change(
        state=[Item(tags.SE_REQ_EP_RESERVE)],
        words=flat,
        write=lambda _: [written],
        wanted={tags.label(tag): value},
        undo=_reserve_before,
    )


def _reserve_before(before: Mapping[str, Any]) -> Command | None:
    share = before.get(tags.label(tags.SE_PARAM_EP_RESERVE))
    return None if share is None else SetReserve(soc=share)
