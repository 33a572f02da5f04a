"""What a wallbox can be told through the cloud, as data: settings, their bounds and messages (SPEC 7, erratum S9)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.errors import NotSupported, OutOfBounds, UsageError
from heliobus.model.capabilities import Ability, Bounds
from heliobus.model.command import Command, Durability, SetSwitch, WallboxLimit
from heliobus.senec.control.cloud import LAG, Message
from heliobus.senec.mapping.app import switch_id
from heliobus.senec.protocol.app import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.models.app import AppWallbox

_LEAST, _MOST = 6.0, 32.0
"""A, of any wallbox; each tells its own."""
_PRICES = (-99.0, 1000.0)
"""ct/kWh; other programs send -99 to a wallbox without dynamic tariffs."""
_PHASE = 0.23  # kV

ABILITIES: Mapping[str, Ability] = MappingProxyType(
    {
        "SetSwitch": Ability(
            durability=Durability.PERSISTENT, lag=LAG, warning="Locks or unlocks a wallbox (wallbox-1, ...)."
        ),
        "WallboxLimit": Ability(
            durability=Durability.PERSISTENT,
            lag=LAG,
            arguments={"current": Bounds(low=0.0, high=0.0)},
            warning="The cloud knows no limit of the current: 0 locks the wallbox, SetSwitch unlocks it.",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WallboxSetting(Command):
    """Settings of wallbox ``id`` in the cloud's words; ``name`` is lock, mode, fast_charge or solar_charge."""

    id: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


LOCKED, MODE, INTERCHARGE = "prohibitUsage", "type", "allowIntercharge"
CURRENT, TARIFFS, PRICE = "minChargingCurrentInA", "useDynamicTariffs", "priceLimitInCtPerKwh"


def steady(wallbox: str) -> str:
    """The word for charging without interruptions: a V1 to V3's wallboxes, 1 to 4, have another one than a V4's."""
    return "compatibilityMode" if wallbox in _OLD else "preventInterruptions"


_OLD = frozenset({"1", "2", "3", "4"})


def setting_of(command: Command) -> WallboxSetting:
    """A command as the setting that carries it out.  Raises NotSupported."""
    match command:
        case WallboxSetting():
            return command
        case SetSwitch(id=name, on=on) if name.startswith(switch_id("")):
            return WallboxSetting(id=name.removeprefix(switch_id("")), name="lock", values={LOCKED: not on})
        case WallboxLimit(id=wallbox, current=0.0):
            return WallboxSetting(id=wallbox, name="lock", values={LOCKED: True})
    raise NotSupported(f"the cloud cannot carry out {command}", alternatives=tuple(ABILITIES))


# -- checks before anything is sent


def require_sane(setting: WallboxSetting) -> None:
    """Raise OutOfBounds and UsageError for what no wallbox takes."""
    known = {"lock": {LOCKED}, "mode": {MODE}, "fast_charge": {INTERCHARGE}}
    known["solar_charge"] = {CURRENT, TARIFFS, PRICE, steady(setting.id)}
    if setting.name not in known:
        raise UsageError(f"no wallbox setting {setting.name!r}", remedy=f"Use one of: {', '.join(known)}.")
    if not setting.values or not setting.values.keys() <= known[setting.name]:
        raise UsageError(
            f"{setting.name} sets {', '.join(sorted(known[setting.name]))}", remedy="Name at least one, and no others."
        )
    if setting.values.get(MODE, MODES[0]) not in MODES:
        raise UsageError(f"no charging mode {setting.values[MODE]!r}", remedy=f"Use one of: {', '.join(MODES)}.")
    _require(setting.values.get(CURRENT), "the current", "A", _LEAST, _MOST)
    _require(setting.values.get(PRICE), "the price", "ct/kWh", *_PRICES)


def require_fitting(setting: WallboxSetting, box: AppWallbox) -> None:
    """Raise OutOfBounds and NotSupported for what this wallbox does not take."""
    if setting.values.get(INTERCHARGE) and box.can_intercharge is False:
        raise NotSupported(f"wallbox {setting.id} cannot charge from the battery")
    if setting.values.get(MODE) == "SOLAR" and box.can_solar is False:
        raise NotSupported(f"wallbox {setting.id} has no solar charging")
    least = box.currents.least
    ranges = enumerate((box.powers.one_phase, box.powers.two_phases, box.powers.three_phases), 1)
    tops = [one.most / phases / _PHASE for phases, one in ranges if one.most]
    _require(
        setting.values.get(CURRENT),
        "the current",
        "A",
        _LEAST if least is None else least,
        round(max(tops, default=_MOST)),
    )


def _require(value: float | None, what: str, unit: str, low: float, high: float) -> None:
    if value is not None and not (math.isfinite(value) and low <= value <= high):
        raise OutOfBounds(f"{what}, {value:g} {unit}, is not within {low:g} to {high:g} {unit}")


# -- messages


def message(setting: WallboxSetting, box: AppWallbox | None) -> Message:
    """What is to be sent; of a wallbox that was not read yet with what other programs send for the rest."""
    values = dict(setting.values)
    match setting.name:
        case "lock":
            return Message("lock", {"locked": "true" if values[LOCKED] else "false"}, None)
        case "mode":
            return Message("mode", {"mode": values[MODE]}, None)
        case "fast_charge":
            return Message("fast_charge", {}, values)
    rest: dict[str, Any] = {CURRENT: _LEAST, steady(setting.id): False, TARIFFS: False, PRICE: _PRICES[0]}
    told = {} if box is None else {key: one for key, one in box.mode.solar.values.items() if one is not None}
    return Message("solar_charge", {}, {**rest, **told, **values})


def words(setting: WallboxSetting, box: AppWallbox) -> dict[str, Any]:
    """What the wallbox now has for the words of the setting."""
    holds: Mapping[str, Mapping[str, Any]] = {
        "lock": box.values,
        "mode": box.mode.values,
        "fast_charge": box.mode.fast.values,
        "solar_charge": box.mode.solar.values,
    }
    return {word: holds[setting.name].get(word) for word in setting.values}
