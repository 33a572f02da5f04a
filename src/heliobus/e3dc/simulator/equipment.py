"""What a simulated system is made of: the profiles of models and firmwares (SPEC 6, enums ``model_by_serial``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Types of power meters.
ROOT, PRODUCTION, CONSUMPTION, WALLBOX = 1, 3, 4, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """One model with one firmware."""

    name: str
    serial: str = "S10-44"
    """How the serial number begins."""
    release: str = "S10_2026_02"
    modern: bool = True
    """Whether the firmware knows histories by UTC, idle periods of the second kind and the wallbox's new setters."""
    batteries: int = 1
    inverters: int = 1
    meters: Mapping[int, int] = field(default_factory=lambda: {0: ROOT})
    """Types of the power meters by index."""
    wallboxes: tuple[int, ...] = (0,)
    """Their indices."""
    external: float = 0.0
    """The share of the production that comes from a foreign inverter."""
    farm: bool = False
    """Whether the system is the master of a farm."""
    idle_unit: int = 1
    """Seconds in which idle periods of the second kind count: 1, or 60 as the official list says."""


PROFILES: Mapping[str, Equipment] = MappingProxyType(
    {
        equipment.name: equipment
        for equipment in (
            Equipment(name="s10e"),
            Equipment(name="s10e-2019", release="S10_2019_03", modern=False),
            Equipment(name="s10-mini", serial="S10-50", meters={6: ROOT}, wallboxes=()),
            Equipment(name="quattroporte", serial="Q10-60", meters={6: ROOT}, wallboxes=(0,)),
            Equipment(
                name="s10e-pro",
                serial="P10-70",
                batteries=3,
                inverters=2,
                meters={0: ROOT, 1: PRODUCTION},
                wallboxes=(0, 1),
                external=0.25,
            ),
            Equipment(name="farm", serial="H20-80", batteries=2, farm=True),
        )
    }
)
"""By name, the default first."""


def equipment_of(name: str | None) -> Equipment:
    """The profile of that name, without one the default; UsageError names those that there are."""
    if name is None:
        return next(iter(PROFILES.values()))
    try:
        return PROFILES[name]
    except KeyError:
        raise UsageError(f"no E3/DC profile {name!r}", remedy=f"Use one of: {', '.join(PROFILES)}.") from None
