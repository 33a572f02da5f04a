"""The device behind the wire: its house, what it is made of, and what it has been told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from heliobus.e3dc.simulator.house import Moment
from heliobus.e3dc.simulator.settings import Settings
from heliobus.e3dc.simulator.wallbox import Wallbox
from heliobus.simulation.plant import Override

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.equipment import Equipment
    from heliobus.e3dc.simulator.faults import Fault
    from heliobus.simulation.plant import Plant
    from heliobus.transport.clock import Clock

LAPSE = timedelta(seconds=10)
"""How long SET_POWER holds unless it is repeated: documents say 30 s, users see less (SPEC 6.4)."""

_SERIALS = 10**8


@dataclass(slots=True)
class Switch:
    """One actuator of the home automation."""

    index: int
    type: int
    name: str
    on: bool = False


class Command(NamedTuple):
    """A power that the battery was asked for, and the house as it would be without it."""

    before: Plant
    start: datetime
    until: datetime
    power: float


class Device:
    """One storage system at a house."""

    def __init__(self, plant: Plant, clock: Clock, equipment: Equipment) -> None:
        self.plant = plant
        """The house with the commands that the device has obeyed."""
        self.clock = clock
        self.built = equipment
        """What it is made of, before any fault."""
        self._faults: tuple[Fault, ...] = ()
        self.master = "0.0.0.0"  # noqa: S104 - says that there is none
        """The address of the master of the farm that the device belongs to."""
        self.settings = Settings.of(plant.house)
        self.wallboxes = {index: Wallbox() for index in range(2)}
        """By index; the first that the equipment has is the house's, if that has one."""
        if plant.house.wallbox is not None and equipment.wallboxes:
            self.wallboxes[equipment.wallboxes[0]] = Wallbox.of(plant.house.wallbox)
        self.switches = [
            Switch(1, 3, "Pool"),
            Switch(4, 3, "Wärmepumpe", on=True),  # indices are no positions, names no ASCII
            Switch(7, 5, "Garten"),
        ]
        self.acts: list[str] = []
        """The names of the dangerous requests that it has obeyed."""
        self._command: Command | None = None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What goes wrong from now on; a reset of the counters happens when it is set."""
        return self._faults

    @faults.setter
    def faults(self, faults: tuple[Fault, ...]) -> None:
        if any(fault.resets for fault in faults if fault not in self._faults):
            self._alter(self.plant.with_reset(self.clock.now()))
        self._faults = faults

    @property
    def skew(self) -> timedelta:
        """How far the device's clock is ahead."""
        return sum((fault.skew for fault in self._faults), timedelta(0))

    @property
    def equipment(self) -> Equipment:
        equipment = self.built
        for fault in self.faults:
            equipment = fault.equipment(equipment)
        return equipment

    @property
    def serial(self) -> str:
        """A made-up serial number, one for each seed."""
        return f"{self.built.serial}{self.plant.seed % _SERIALS:08d}"

    @property
    def second_serial(self) -> str:
        """That of the other member of the farm."""
        return f"{self.built.serial}{(self.plant.seed + 1) % _SERIALS:08d}"

    def moment(self) -> Moment:
        """The system now."""
        return Moment(self, self.clock.now())

    # -- commands

    def _alter(self, plant: Plant) -> None:
        """Have another house from now on; a command to the battery that is repeated later is a new one."""
        self.plant, self._command = plant, None

    def set_limits(self, *, now: datetime) -> None:
        """Let the house's battery obey the limits and the reserve of the settings."""
        settings, house = self.settings, self.plant.house
        charge, discharge = house.max_charge, house.max_discharge
        if settings.limits_used:
            charge, discharge = min(charge, settings.max_charge), min(discharge, settings.max_discharge)
        limits = Override(start=now, max_charge=charge, max_discharge=discharge, reserve_soc=settings.reserve)
        self._alter(self.plant.with_override(limits))

    def set_wallbox(self, box: Wallbox, *, now: datetime) -> None:
        """Let the house's wallbox obey the settings of ``box``."""
        self._alter(self.plant.with_override(Override(start=now, charging=box.settings)))

    def command(self, power: float | None, *, now: datetime, hold: timedelta = LAPSE) -> None:
        """Ask the battery for ``power`` W (+ discharge) from ``now`` on; without one, give it back to the automatic.

        Asking again before the command lapses makes it longer without another entry in the house's list of commands.
        """
        begin, before = now, self.plant
        last, self._command = self._command, None
        if last is not None and last.start <= now < last.until:
            begin, before = last.start, last.before
            if last.power != power:
                if begin < now:
                    before = before.with_override(Override(start=begin, end=now, power=last.power))
                begin = now
        self.plant = before
        if power is not None:
            self.plant = before.with_override(Override(start=begin, end=now + hold, power=power))
            self._command = Command(before, begin, now + hold, power)
