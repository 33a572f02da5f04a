"""The state of one wallbox; ``wb`` has its tags."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Wallbox:
    """A wallbox with a car that waits for the sun; A, and Wh of its counters, which stand still."""

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

    @property
    def energy(self) -> int:
        return self.energy_sun + self.energy_net
