"""What can be known of a simulated house: a moment, an energy, a command in force.

Signs are the unified model's: into the house bus is positive, so grid + is import, battery + is discharge, and
``pv + grid + battery == load + wallbox``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime


_FULL = 100.0  # %


@dataclass(frozen=True, slots=True, kw_only=True)
class StringState:
    """One string; V, A and W with ``power == voltage * current``, all 0 in the dark."""

    voltage: float
    current: float
    power: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseState:
    """One phase at the grid connection: V, W (+ import) and the effective A, which is never negative."""

    voltage: float
    current: float
    power: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WallboxState:
    """The wallbox at one moment: W, Wh, A per phase; ``car_soc`` in % is None while no car is plugged in.

    ``session_energy`` is what the car got since it came, or the last one did.
    """

    power: float
    plugged: bool
    car_soc: float | None
    session_energy: float
    current_limit: float
    phases: int
    solar: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """The house at one moment (UTC): W, V, A, Hz, degC and ``soc`` in % of the usable capacity.

    To float rounding ``pv + grid + battery == load + wallbox.power``, the strings add up to ``pv`` and the phases to
    ``grid``, and ``battery_voltage * battery_current == battery`` (+ discharge).
    """

    time: datetime
    pv: float
    grid: float
    battery: float
    load: float
    soc: float
    strings: tuple[StringState, ...]
    grid_phases: tuple[PhaseState, PhaseState, PhaseState]
    grid_frequency: float
    battery_voltage: float
    battery_current: float
    battery_temperature: float
    case_temperature: float
    wallbox: WallboxState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """Energies of a time span, Wh, all >= 0; the load is without the wallbox.

    ``pv + grid_import + discharge == load + wallbox + grid_export + charge``.
    """

    pv: float = 0.0
    load: float = 0.0
    grid_import: float = 0.0
    grid_export: float = 0.0
    charge: float = 0.0
    discharge: float = 0.0
    wallbox: float = 0.0

    def __add__(self, other: Energy) -> Energy:
        return Energy(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Charging:
    """How the car shall be charged: A per phase at most (below the wallbox's least it pauses), by the sun, phases."""

    current: float | None = None
    solar: bool | None = None
    phases: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A command in force from ``start`` until before ``end`` (None: for good).

    The battery is asked for ``power`` W (+ discharge); the limits of power, charge, reserve and feed-in still hold.
    ``max_charge`` and ``max_discharge`` in W limit what it does by itself or is asked for, ``reserve_soc`` is another
    reserve in %, and ``charging`` speaks to the wallbox.  None is not spoken of; what speaks of nothing gives the
    battery back to automatic operation.  Of several at one moment the last that speaks of a thing counts for it.

    No limit keeps a full battery, or one at its reserve, from taking what it loses by itself.

    Raises UsageError on times without a zone, an end that is not after the start, and numbers that cannot be.
    """

    start: datetime
    end: datetime | None = None
    power: float | None = None
    max_charge: float | None = None
    max_discharge: float | None = None
    reserve_soc: float | None = None
    charging: Charging | None = None

    def __post_init__(self) -> None:
        if self.power is not None and not math.isfinite(self.power):
            raise UsageError(f"a battery cannot be asked for {self.power} W")
        for limit in (self.max_charge, self.max_discharge):
            if limit is not None and not limit >= 0.0:
                raise UsageError(f"a battery cannot be limited to {limit} W")
        if self.reserve_soc is not None and not 0.0 <= self.reserve_soc <= _FULL:
            raise UsageError(f"a battery cannot keep {self.reserve_soc} %")
        if self.charging is not None and self.charging.phases not in {None, 1, 3}:
            raise UsageError(f"a wallbox cannot charge on {self.charging.phases} phases")
        require_aware(self.start)
        if self.end is not None and require_aware(self.end) <= self.start:
            raise UsageError(f"a command cannot end ({self.end}) before it starts ({self.start})")

    @property
    def of_power(self) -> bool:
        """Whether it speaks of the battery's power."""
        silent = (self.max_charge, self.max_discharge, self.reserve_soc, self.charging) == (None,) * 4
        return self.power is not None or silent

    def holds(self, moment: datetime) -> bool:
        """Whether it is in force at a moment."""
        return self.start <= moment and (self.end is None or moment < self.end)


def require_aware(moment: datetime) -> datetime:
    """Give the moment back if it says which zone it means, else raise UsageError."""
    if moment.utcoffset() is None:
        raise UsageError(
            f"the time {moment} has no time zone",
            remedy="Give the time with its zone, for example 2026-06-21T12:00:00+00:00.",
        )
    return moment
