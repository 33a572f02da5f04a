"""What can be known of a simulated house: a moment, an energy, a command in force.

Signs are the unified model's: into the house bus is positive, so grid + is import, battery + is discharge, and
``pv + grid + battery == load``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime


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
class Instant:
    """The house at one moment (UTC): W, V, A, Hz, degC and ``soc`` in % of the usable capacity.

    To float rounding ``pv + grid + battery == load``, the strings add up to ``pv`` and the phases to ``grid``, and
    ``battery_voltage * battery_current == battery`` (+ discharge).
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """Energies of a time span, Wh, all >= 0; ``pv + grid_import + discharge == load + grid_export + charge``."""

    pv: float = 0.0
    load: float = 0.0
    grid_import: float = 0.0
    grid_export: float = 0.0
    charge: float = 0.0
    discharge: float = 0.0

    def __add__(self, other: Energy) -> Energy:
        return Energy(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A command in force from ``start`` until before ``end`` (None: for good).

    The battery is asked for ``power`` W (+ discharge), None for automatic operation; the limits of power, charge,
    reserve and feed-in still hold.  Of several at one moment the last given counts.  Raises UsageError on times without
    a zone, an end that is not after the start, or a power that is no number.
    """

    start: datetime
    end: datetime | None = None
    power: float | None = None

    def __post_init__(self) -> None:
        if self.power is not None and not math.isfinite(self.power):
            raise UsageError(f"a battery cannot be asked for {self.power} W")
        require_aware(self.start)
        if self.end is not None and require_aware(self.end) <= self.start:
            raise UsageError(f"a command cannot end ({self.end}) before it starts ({self.start})")


def require_aware(moment: datetime) -> datetime:
    """Give the moment back if it says which zone it means, else raise UsageError."""
    if moment.utcoffset() is None:
        raise UsageError(
            f"the time {moment} has no time zone",
            remedy="Give the time with its zone, for example 2026-06-21T12:00:00+00:00.",
        )
    return moment
