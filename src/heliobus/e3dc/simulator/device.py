"""The device behind the wire: its house, what it is made of, and what it has been told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Command:
    """A power that the battery was asked for, and the house as it was without it."""

    before: Plant
    override: Override
    mode: int


class Device:
    """One storage system at a house."""

    def __init__(self, plant: Plant, clock: Clock, equipment: Equipment) -> None:
        self.plant = plant
        """The house with the commands that the device has obeyed."""
        self.clock = clock
        self.built = equipment
        """What it is made of, before any fault."""
        self.faults: tuple[Fault, ...] = ()
        """What goes wrong now."""
        self.master = "0.0.0.0"  # noqa: S104 - says that there is none
        """The address of the master of the farm that the device belongs to."""
        self.settings = Settings.of(plant.house)
        self.wallboxes = {index: Wallbox() for index in range(2)}
        self.switches = [
            Switch(1, 3, "Pool"),
            Switch(4, 3, "Wärmepumpe", on=True),  # indices are no positions, names no ASCII
            Switch(7, 5, "Garten"),
        ]
        self.acts: list[str] = []
        """The names of the dangerous requests that it has obeyed."""
        self._command: Command | None = None

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

    # -- commands to the battery

    def command(self, power: float | None, *, mode: int, now: datetime, hold: timedelta | None = LAPSE) -> None:
        """Ask the battery for ``power`` W (+ discharge) from ``now`` on; without one, give it back to the automatic.

        Asking again before the command lapses makes it longer without another entry in the house's list of commands.
        """
        last = self._command if self.commanded(now) is not None else None
        if power is None:
            if last is not None:
                begun = last.override.start
                self.plant = last.before
                if begun < now:
                    self.plant = last.before.with_override(replace(last.override, end=now))
            self._command = None
            return
        override = Override(start=now, end=None if hold is None else now + hold, power=power)
        before = self.plant
        if last is not None and last.override.power == power:
            before, override = last.before, replace(override, start=last.override.start)
        self.plant = before.with_override(override)
        self._command = Command(before, override, mode)

    def commanded(self, now: datetime) -> int | None:
        """The mode of the command that holds now."""
        last = self._command
        return last.mode if last is not None and (last.override.end is None or now < last.override.end) else None
