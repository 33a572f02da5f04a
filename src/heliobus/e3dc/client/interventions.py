"""What interrupts the house's supply or the system; nothing else in heliobus sends these requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc import control
from heliobus.e3dc.client.commands import Commands

if TYPE_CHECKING:
    from heliobus.model.command import Outcome


class Interventions(Commands):
    """Each call does at once what its name says, and is never repeated; the device's answer is all that is known."""

    async def switch_to_island(self) -> Outcome:
        """Part from the grid: the house runs from roof and battery alone."""
        return await self._intervene("switch_to_island")

    async def switch_to_grid(self) -> Outcome:
        """Join the grid again."""
        return await self._intervene("switch_to_grid")

    async def retry_emergency_power(self) -> Outcome:
        """Try again to supply the house without the grid; restarts the inverter."""
        return await self._intervene("retry_emergency_power")

    async def test_emergency_power(self) -> Outcome:
        """Part from the grid for a moment, as a test."""
        return await self._intervene("test_emergency_power")

    async def restart_application(self) -> Outcome:
        """Restart the system's software; it is away for minutes."""
        return await self._intervene("restart_application")

    async def reboot(self) -> Outcome:
        """Restart the system's computer; it is away for minutes."""
        return await self._intervene("reboot")

    async def _intervene(self, name: str) -> Outcome:
        return await self._write(name, None, control.intervention(name))
