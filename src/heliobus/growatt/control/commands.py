"""The unified model's commands as settings of the families that can.

Growatt has no commands that lapse: a forced charge is a time segment or period over the whole day, the last one of each
family, so that the owner's others stay.  It stays, restarts and all, until ``Auto`` takes it back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from heliobus.errors import NotSupported, OutOfBounds
from heliobus.growatt.control.change import LAG
from heliobus.growatt.control.segments import NO_PERIOD, ChargePeriods, DischargePeriods, Period, TimeSegment, Typed
from heliobus.growatt.control.setting import Change, changed
from heliobus.growatt.control.tables import FAMILIES
from heliobus.model.capabilities import Ability, Bounds
from heliobus.model.command import (
    Auto,
    Charge,
    Command,
    Discharge,
    Durability,
    LimitCharge,
    LimitDischarge,
    SetReserve,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.growatt.protocol import Json

P = TypeVar("P", ChargePeriods, DischargePeriods)

OURS = 9
"""The time segment of a MIN that commands use."""
_START, _END = time(0, 0), time(23, 59)
_WHOLE_DAY = Period(_START, _END)
_ALL = 100

WARNING = (
    "Growatt keeps settings for good, also when heliobus stops, until Auto; "
    "a wrong one can put a plant outside its normal operating range."
)
_KINDS = MappingProxyType(
    {
        "tlx": ("Charge", "Discharge", "LimitCharge", "LimitDischarge", "SetReserve", "Auto"),
        "mix": ("Charge", "Discharge", "Auto"),
        "spa": ("Charge", "Discharge", "Auto"),
        "noah": ("SetReserve",),
        "nexa": ("SetReserve",),
    }
)


def abilities(*families: str, rating: float | None = None) -> Mapping[str, Ability]:
    """What one of these families obeys, or any family if none is named, by the command's kind.

    ``rating`` is the battery's power in W of which the settings are percents.  Without it a charge or discharge is with
    all power, and a limit can only be 0.
    """
    power = Bounds(fixed=True) if rating is None else Bounds(low=1.0, high=rating)
    limit = Bounds(high=0.0 if rating is None else rating)
    arguments = {
        "Charge": {"power": power},
        "Discharge": {"power": power},
        "LimitCharge": {"power": limit},
        "LimitDischarge": {"power": limit},
        "SetReserve": {"soc": Bounds(high=100.0)},
    }
    return {
        kind: Ability(durability=Durability.PERSISTENT, lag=LAG, arguments=arguments.get(kind, {}), warning=WARNING)
        for family in families or _KINDS
        for kind in _KINDS.get(family, ())
    }


def changes_of(
    command: Command, *, family: str, settings: Mapping[str, Json], rating: float | None = None
) -> tuple[Change, ...]:
    """The settings behind a command, given those that are in force; raises NotSupported where these do not tell enough.

    ``Auto`` here is what ends our own segment or period, if it is in force; what was before, only the client knows.
    """
    if family == "tlx":
        return _tlx(command, settings, rating)
    if family in ("mix", "spa"):
        return _hybrid(command, family, settings, rating)
    if isinstance(command, SetReserve):
        return (_noah_reserve(command, family, settings),)
    raise NotSupported(f"the family {family} does not know the command {command.kind}")


def undo_of(command: Command, *, family: str, settings: Mapping[str, Json]) -> Command | None:
    """The command that takes it back: ``Auto``, or the reserve that was."""
    if isinstance(command, Auto):
        return None
    if not isinstance(command, SetReserve):
        return Auto()
    table = FAMILIES[family]
    told = table[_RESERVE].told(settings)[0] if family == "tlx" else table[_LIMITS].told(settings)[1]
    return SetReserve(soc=told) if isinstance(told, float) else None


# -- MIN

_RESERVE, _LIMITS = "on_grid_discharge_stop_soc", "charging_soc"


def _tlx(command: Command, settings: Mapping[str, Json], rating: float | None) -> tuple[Change, ...]:
    match command:
        case Charge(power=power):
            first = (_set("tlx", "charge_power", _percent(power, rating)), _set("tlx", "charge_stop_soc", _ALL))
            return (*first, _set("tlx", "ac_charge", 1), _segment("battery"))
        case Discharge(power=power):
            return (_set("tlx", "discharge_power", _percent(power, rating)), _segment("grid"))
        case LimitCharge(power=power):
            return (_set("tlx", "charge_power", _percent(power, rating)),)
        case LimitDischarge(power=power):
            return (_set("tlx", "discharge_power", _percent(power, rating)),)
        case SetReserve(soc=soc):
            return (_set("tlx", _RESERVE, round(soc)),)
        case _:
            return _segment_ends(TimeSegment.read(settings, OURS))


def _segment(mode: str) -> Change:
    return _typed("tlx", TimeSegment(number=OURS, mode=mode, start=_START, end=_END))


def _segment_ends(held: TimeSegment | None) -> tuple[Change, ...]:
    """Nothing, unless it is one that a command has made."""
    if held is None or not held.enabled or held.mode == "load" or (held.start, held.end) != (_START, _END):
        return ()
    return (_typed("tlx", replace(held, enabled=False)),)


# -- SPH, SPA


def _hybrid(command: Command, family: str, settings: Mapping[str, Json], rating: float | None) -> tuple[Change, ...]:
    charging = _known(ChargePeriods.read(settings, family), family)
    discharging = _known(DischargePeriods.read(settings, family), family)
    charge_ends = [_typed(family, _without_ours(charging))] if _is_ours(charging) else []
    discharge_ends = [_typed(family, _without_ours(discharging))] if _is_ours(discharging) else []
    match command:
        case Charge(power=power):
            mains = True if family == "mix" else None
            wanted = replace(
                charging, power=_percent(power, rating), stop_soc=_ALL, mains=mains, periods=_with_ours(charging)
            )
            return (*discharge_ends, _typed(family, wanted))
        case Discharge(power=power):
            share = _percent(power, rating)
            return (*charge_ends, _typed(family, replace(discharging, power=share, periods=_with_ours(discharging))))
    return (*charge_ends, *discharge_ends)


def _known(periods: P | None, family: str) -> P:
    if periods is None:
        raise NotSupported(
            f"the periods of this {family} cannot be read here, and writing one writes all; nothing was sent",
            remedy="Write all three with client.set(device, ChargePeriods(...)).",
        )
    return periods


def _is_ours(held: P) -> bool:
    return held.periods[-1] == _WHOLE_DAY


def _with_ours(held: P) -> tuple[Period, ...]:
    return (*held.periods[:-1], _WHOLE_DAY)


def _without_ours(held: P) -> P:
    return replace(held, periods=(*held.periods[:-1], NO_PERIOD))


# -- NOAH


def _noah_reserve(command: SetReserve, family: str, settings: Mapping[str, Json]) -> Change:
    high, _ = FAMILIES[family][_LIMITS].told(settings)
    if not isinstance(high, float):
        raise NotSupported("the upper limit is not told, and both are written at once; nothing was sent")
    if command.soc > high:
        raise OutOfBounds(f"the reserve {command.soc:g} % is above the upper limit {high:g} %; nothing was sent")
    return _set(family, _LIMITS, high, round(command.soc))


# -- changes


def _set(family: str, name: str, *values: float) -> Change:
    return changed(FAMILIES[family], family, name, values)


def _typed(family: str, typed: Typed) -> Change:
    name, values = typed.setting(family)
    return changed(FAMILIES[family], family, name, values)


def _percent(power: float | None, rating: float | None) -> int:
    """W as the percent of the rating, the next lower one that is not 0 unless 0 was asked for."""
    if power is None:
        return _ALL
    if rating is None:
        return 0 if power == 0 else _ALL
    share = int(_ALL * power / rating)
    return max(min(share, _ALL), 1) if power > 0 else 0


def remembered(restoring: Sequence[Change], known: Mapping[str, Change]) -> dict[str, Change]:
    """What ``Auto`` will restore: for each setting the earliest that is known."""
    return {**{change.setting.name: change for change in restoring}, **known}
