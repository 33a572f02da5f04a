"""The device behind the wire: its house, what it is called, and what it has been told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.simulator.house import Moment

if TYPE_CHECKING:
    from heliobus.simulation.plant import Plant
    from heliobus.transport.clock import Clock

_SERIALS = 10**8


class Device:
    """One storage system at a house."""

    release = "S10_2026_02"

    def __init__(self, plant: Plant, clock: Clock) -> None:
        self.plant = plant
        """The house with the commands that the device has obeyed."""
        self._clock = clock

    @property
    def serial(self) -> str:
        """A made-up serial number, one for each seed."""
        return f"S10-44{self.plant.seed % _SERIALS:08d}"

    def moment(self) -> Moment:
        """The system now."""
        return Moment(self, self._clock.now())
