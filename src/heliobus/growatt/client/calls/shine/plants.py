"""The app's calls about plants (SPEC A.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt import models
from heliobus.growatt.client.calls.shine.asking import Asking, spanned
from heliobus.growatt.protocol import DETAIL_SPANS, SPANS

if TYPE_CHECKING:
    from datetime import date


class PlantCalls(Asking):
    """Adds the plants."""

    async def plants(self) -> models.PlantList:
        """The account's plants with their sums."""
        return models.PlantList(await self.query("plants", userId=await self._account.user_id()))

    async def plants_paged(self, page: int = 1) -> models.PlantPage:
        """Fifteen of the account's plants."""
        return models.PlantPage(await self.query("plants_paged", toPageNum=str(page)))

    async def plants_energies(self) -> models.UserEnergies:
        """Power and energies of today, the month, the year and in total over all plants."""
        return models.UserEnergies(await self.query("plants_energies_two", userId=await self._account.user_id()))

    async def plant_devices(self, plant_id: str) -> models.PlantDevices:
        """A plant's devices; where the newer call lists none, as for some TLX plants, the older one is asked too."""
        found = models.PlantDevices(await self.query("plant_devices", plantId=plant_id))
        return found if found.devices else models.PlantDevices(await self.query("plant_devices_old", plantId=plant_id))

    async def plant_settings(self, plant_id: str) -> models.PlantSettings:
        """What a plant is set to: its zone, place and prices."""
        return models.PlantSettings(await self.query("plant_settings", plantId=plant_id))

    async def plant_energies(self, plant_id: str) -> models.UserEnergies:
        """A plant's power and energies of today, the month, the year and in total."""
        return models.UserEnergies(await self.query("plant_energies", plantId=plant_id))

    async def plant_history(self, plant_id: str, *, day: date, span: str = "day") -> models.PlantHistory:
        """The production of a ``day`` (W), or by day of a ``month``, month of a ``year``, year in ``total`` (kWh)."""
        values = spanned(DETAIL_SPANS, span, day)
        return models.PlantHistory(await self.query("plant_history", plantId=plant_id, **values))

    async def plant_curve(self, plant_id: str, *, day: date, span: str = "day") -> models.PlantHistory:
        """The same, of a day by five minutes."""
        values = spanned(DETAIL_SPANS, span, day)
        return models.PlantHistory(await self.query("plant_curve", plantId=plant_id, **values))

    async def plant_dashboard(self, plant_id: str, *, day: date, span: str = "hour") -> models.PlantDashboard:
        """The app's first page of a plant with storage; nothing for a TLX."""
        values = spanned(SPANS, span, day)
        return models.PlantDashboard(await self.query("plant_dashboard", plantId=plant_id, **values))

    async def plant_noah(self, plant_id: str) -> models.PlantNoah:
        """Whether a plant has a NOAH or NEXA, and which."""
        return models.PlantNoah(await self.query("plant_noah", plantId=plant_id))
