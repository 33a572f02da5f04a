"""Physical quantities as annotated floats: the unit and the kind travel with the type.

A field of the model is declared once (``power: Watts | None``); recorder, MQTT, Prometheus, labels and docs read
unit, kind and resolution from the annotation through ``heliobus.model.fields``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated


class Kind(StrEnum):
    """How the values of a quantity behave over time."""

    POWER = "power"
    """A signed or unsigned flow; its integral over time is an energy."""
    GAUGE = "gauge"
    """Anything that is averaged: voltage, temperature, state of charge."""
    COUNTER = "counter"
    """A lifetime energy; only its differences mean something, and a fall is a new segment."""
    DAY_COUNTER = "day_counter"
    """Restarts every day of the device's own calendar; shown, never an energy source."""
    STATE = "state"
    """A code or a switch position; compared, never averaged."""
    SETTING = "setting"
    """What somebody configured; changes by command only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Unit, kind and storage resolution of a field.

    ``exp10`` is the resolution in the store: a value is kept as a whole number of ``10**exp10`` units
    (design: scaled integers, never floats on disk).
    """

    unit: str
    kind: Kind
    exp10: int = 0


Watts = Annotated[float, Quantity(unit="W", kind=Kind.POWER, exp10=0)]
"""A flow in W, counted into energies by integration."""
WattsLimit = Annotated[float, Quantity(unit="W", kind=Kind.SETTING, exp10=0)]
"""A limit in W: never integrated."""
WattHours = Annotated[float, Quantity(unit="Wh", kind=Kind.COUNTER, exp10=0)]
"""A lifetime counter in Wh."""
SessionWattHours = Annotated[float, Quantity(unit="Wh", kind=Kind.DAY_COUNTER, exp10=0)]
"""An energy in Wh since a start that the device chooses."""
StoredWattHours = Annotated[float, Quantity(unit="Wh", kind=Kind.GAUGE, exp10=0)]
"""An amount of energy that is there now, in Wh."""
Percent = Annotated[float, Quantity(unit="%", kind=Kind.GAUGE, exp10=-1)]
PercentLimit = Annotated[float, Quantity(unit="%", kind=Kind.SETTING, exp10=-1)]
Volts = Annotated[float, Quantity(unit="V", kind=Kind.GAUGE, exp10=-1)]
CellVolts = Annotated[float, Quantity(unit="V", kind=Kind.GAUGE, exp10=-3)]
Amperes = Annotated[float, Quantity(unit="A", kind=Kind.GAUGE, exp10=-2)]
AmperesLimit = Annotated[float, Quantity(unit="A", kind=Kind.SETTING, exp10=-2)]
Hertz = Annotated[float, Quantity(unit="Hz", kind=Kind.GAUGE, exp10=-2)]
Celsius = Annotated[float, Quantity(unit="°C", kind=Kind.GAUGE, exp10=-1)]
Hours = Annotated[float, Quantity(unit="h", kind=Kind.GAUGE, exp10=0)]
Cycles = Annotated[float, Quantity(unit="", kind=Kind.GAUGE, exp10=-1)]
Code = Annotated[int, Quantity(unit="", kind=Kind.STATE, exp10=0)]
"""The device's own number for a state; unknown codes survive as numbers."""
