"""The parts of a snapshot.  Signs: into the house bus is positive; loads are positive when they consume."""

from __future__ import annotations

from dataclasses import dataclass, field

# The annotations are looked up at run time by model.fields, so these names must exist there.
from heliobus.model.quantity import (
    Amperes,
    AmperesLimit,
    CellVolts,
    Celsius,
    Code,
    Cycles,
    Hertz,
    Hours,
    Percent,
    PercentLimit,
    SessionWattHours,
    StoredWattHours,
    Volts,
    WattHours,
    Watts,
    WattsLimit,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase of a connection; ``id`` is L1, L2 or L3, ``power`` has the sign of the part that it belongs to."""

    id: str
    voltage: Volts | None = None
    current: Amperes | None = None
    power: Watts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The grid connection: ``power`` + is import; both energies are lifetime counters and >= 0."""

    power: Watts | None = None
    import_energy: WattHours | None = None
    export_energy: WattHours | None = None
    frequency: Hertz | None = None
    feed_in_limit: WattsLimit | None = None
    phases: tuple[Phase, ...] = ()

    @property
    def import_power(self) -> float | None:
        """Drawn from the grid, >= 0 W."""
        return None if self.power is None else max(self.power, 0.0)

    @property
    def export_power(self) -> float | None:
        """Fed into the grid, >= 0 W."""
        return None if self.power is None else max(-self.power, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PVString:
    """One string or MPP tracker; ``id`` is its number as the device counts."""

    id: str
    power: Watts | None = None
    voltage: Volts | None = None
    current: Amperes | None = None
    energy: WattHours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PV:
    """All production that the system knows of; ``external_power`` is the part from a foreign inverter."""

    power: Watts | None = None
    energy: WattHours | None = None
    external_power: Watts | None = None
    strings: tuple[PVString, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryLimits:
    """What the battery may do now, each >= 0."""

    max_charge: WattsLimit | None = None
    max_discharge: WattsLimit | None = None
    reserve_soc: PercentLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryModule:
    """One module (SENEC) or DCB (E3/DC); ``id`` is its slot."""

    id: str
    serial: str | None = None
    soc: Percent | None = None
    soh: Percent | None = None
    voltage: Volts | None = None
    current: Amperes | None = None
    cycles: Cycles | None = None
    charge_energy: WattHours | None = None
    discharge_energy: WattHours | None = None
    temperature_min: Celsius | None = None
    temperature_max: Celsius | None = None
    cell_voltages: tuple[CellVolts | None, ...] = ()
    cell_temperatures: tuple[Celsius | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """``power`` and ``current`` + are discharge; energies are lifetime counters at the bus, >= 0."""

    id: str = "1"
    serial: str | None = None
    power: Watts | None = None
    soc: Percent | None = None
    soh: Percent | None = None
    capacity: StoredWattHours | None = None
    remaining_energy: StoredWattHours | None = None
    charge_energy: WattHours | None = None
    discharge_energy: WattHours | None = None
    voltage: Volts | None = None
    current: Amperes | None = None
    temperature: Celsius | None = None
    cycles: Cycles | None = None
    mode: str | None = None
    limits: BatteryLimits = field(default_factory=BatteryLimits)
    modules: tuple[BatteryModule, ...] = ()

    @property
    def charge_power(self) -> float | None:
        """Into the battery, >= 0 W."""
        return None if self.power is None else max(-self.power, 0.0)

    @property
    def discharge_power(self) -> float | None:
        """Out of the battery, >= 0 W."""
        return None if self.power is None else max(self.power, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The house without wallboxes: ``power`` and lifetime ``energy``, both >= 0."""

    power: Watts | None = None
    energy: WattHours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The appliance as a whole; ``state_code`` is kept whatever it is, ``state`` is its name in English if known."""

    state_code: Code | None = None
    state: str | None = None
    operating_hours: Hours | None = None
    case_temperature: Celsius | None = None
    controller_temperature: Celsius | None = None
    feed_in_limit_share: PercentLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallbox:
    """A charging point: ``power`` >= 0 is consumption and not part of ``load``."""

    id: str
    power: Watts | None = None
    energy: WattHours | None = None
    session_energy: SessionWattHours | None = None
    current_limit: AmperesLimit | None = None
    car_connected: bool | None = None
    car_soc: Percent | None = None
    state_code: Code | None = None
    state: str | None = None
    mode: str | None = None
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverter:
    """One inverter; ``power`` + is production at its AC side."""

    id: str
    power: Watts | None = None
    temperature: Celsius | None = None
    state_code: Code | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A further meter; ``role`` says what it measures, ``power`` + flows into the house bus."""

    id: str
    role: str
    power: Watts | None = None
    energy: WattHours | None = None
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A switched output; ``type`` is the vendor's word."""

    id: str
    name: str | None = None
    type: str | None = None
    on: bool | None = None
