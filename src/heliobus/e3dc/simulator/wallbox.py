"""The state of one wallbox; ``wb`` has its tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from heliobus.simulation.plant import Charging

if TYPE_CHECKING:
    from heliobus.simulation import plant

_SUN = 0.7
"""Share of the counted energy that is told as the sun's; no trace shows how a box counts it."""


@dataclass(slots=True)
class Wallbox:
    """A wallbox with a car that waits for the sun; A, and Wh of its counters, which stand still.

    One that the house has follows it, and its settings are commands to the house.
    """

    sun_mode: bool = True
    aborted: bool = False
    charging: bool = False
    phases: int = 3
    max_current: int = 16
    min_current: int = 6
    schuko: bool = False
    auto_phases: bool = False
    plugged: bool = True
    locked: bool = True
    car_soc: int = 64
    energy_sun: int = 33_992
    energy_net: int = 154_391

    session_energy: float = 5_250.0

    @classmethod
    def of(cls, box: plant.Wallbox) -> Self:
        """Give the box as the house has it."""
        return cls(
            sun_mode=box.solar, phases=box.phases, max_current=int(box.max_current), min_current=int(box.min_current)
        )

    @property
    def energy(self) -> int:
        return self.energy_sun + self.energy_net

    @property
    def settings(self) -> Charging:
        """What it asks of the house."""
        current = 0.0 if self.aborted else float(self.max_current)
        return Charging(current=current, solar=self.sun_mode, phases=self.phases)

    def follow(self, now: plant.WallboxState, *, energy: float) -> None:
        """Show what the house's does; ``energy`` is its counter in Wh."""
        self.charging, self.plugged, self.locked = now.power > 0.0, now.plugged, now.plugged
        self.car_soc = 0 if now.car_soc is None else round(now.car_soc)
        self.energy_sun = int(_SUN * energy)
        self.energy_net = int(energy) - self.energy_sun
        self.session_energy = now.session_energy
