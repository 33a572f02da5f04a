"""What a system obeys of the common commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.control.battery import POWER_LAG
from heliobus.e3dc.control.change import LAG
from heliobus.model.capabilities import Ability, Bounds
from heliobus.model.command import Durability

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

MAX_CHARGE, MAX_DISCHARGE = "maxBatChargePower", "maxBatDischargPower"  # sic
"""The specifications that bound the commands to the battery, W."""
_MOST_AMPERES = 32.0
_FLASH = "The device keeps it in its flash, which wears: not for control loops."
_REPEATED = "Held by repeating it; it lapses within seconds when heliobus stops. It ignores the feed-in limit."


def abilities(specifications: Mapping[str, int | str | None]) -> Mapping[str, Ability]:
    """By the command's kind; without the specification of a power, that power has no upper bound."""
    charge, discharge = (Bounds(high=_watts(specifications.get(name))) for name in (MAX_CHARGE, MAX_DISCHARGE))
    return {
        "Auto": _ability(Durability.VOLATILE),
        "Charge": _ability(Durability.VOLATILE, lag=POWER_LAG, warning=_REPEATED, power=charge),
        "Discharge": _ability(Durability.VOLATILE, lag=POWER_LAG, warning=_REPEATED, power=discharge),
        "LimitCharge": _ability(Durability.PERSISTENT, warning=_FLASH, power=charge),
        "LimitDischarge": _ability(Durability.PERSISTENT, warning=_FLASH, power=discharge),
        "SetReserve": _ability(Durability.PERSISTENT, warning=_FLASH, soc=Bounds(high=100.0)),
        "SetSwitch": _ability(Durability.VOLATILE),
        "WallboxLimit": _ability(Durability.PERSISTENT, current=Bounds(high=_MOST_AMPERES)),
    }


def _ability(
    durability: Durability, *, lag: timedelta = LAG, warning: str | None = None, **arguments: Bounds
) -> Ability:
    return Ability(durability=durability, lag=lag, arguments=arguments, warning=warning)


def _watts(value: int | str | None) -> float | None:
    return float(value) if isinstance(value, int) and value > 0 else None
