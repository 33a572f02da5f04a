"""The app's calls about MIX and SPH (SPEC A.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt import models
from heliobus.growatt.client.calls.shine.asking import Asking, spanned
from heliobus.growatt.models import Record
from heliobus.growatt.protocol import SPANS

if TYPE_CHECKING:
    from datetime import date


class MixCalls(Asking):
    """Adds MIX and SPH."""

    async def mix_status(self, serial: str, *, plant_id: str) -> models.MixStatus:
        """What a hybrid does now; powers in kW, of its strings in W."""
        return models.MixStatus(await self.query("mix_status", mixId=serial, plantId=plant_id))

    async def mix_totals(self, serial: str, *, plant_id: str) -> models.MixTotals:
        """Energies of today and the lifetime in kWh."""
        return models.MixTotals(await self.query("mix_totals", mixId=serial, plantId=plant_id))

    async def mix_info(self, serial: str) -> models.MixInfo:
        """The battery's side, powers in W."""
        return models.MixInfo(await self.query("mix_info", mixId=serial))

    async def mix_energy(self, serial: str, *, plant_id: str, day: date, span: str = "hour") -> models.MixEnergy:
        """Curves in kW by five minutes (``hour``), or kWh by day of the month (``day``) or month (``month``)."""
        values = spanned(SPANS, span, day)
        return models.MixEnergy(await self.query("mix_energy", mixId=serial, plantId=plant_id, **values))

    async def mix_settings(self, serial: str) -> models.MixSettings:
        """What the hybrid is set to."""
        return models.MixSettings(await self.query("mix_settings", serialNum=serial))

    async def mix_params(self, serial: str) -> Record:
        """The hybrid's parameters."""
        return Record(await self.query("mix_params", mixId=serial))

    async def mix_line(self, serial: str, *, day: date) -> Record:
        """A day's lines."""
        return Record(await self.query("mix_line", mixId=serial, date=f"{day}"))

    async def mix_energies(self, serial: str, *, day: date) -> Record:
        """A day's energies."""
        return Record(await self.query("mix_energies", mixId=serial, date=f"{day}"))

    async def mix_month(self, serial: str, *, day: date) -> Record:
        """By day of the month that ``day`` is in."""
        return Record(await self.query("mix_month", mixId=serial, date=f"{day:%Y-%m}"))

    async def mix_year(self, serial: str, *, day: date) -> Record:
        """By month of the year."""
        return Record(await self.query("mix_year", mixId=serial, date=f"{day:%Y}"))

    async def mix_total(self, serial: str, *, day: date) -> Record:
        """By year."""
        return Record(await self.query("mix_total", mixId=serial, date=f"{day:%Y}"))

    async def mix_alarms(self, serial: str, *, day: date) -> Record:
        """A day's alarms."""
        return Record(await self.query("mix_alarms", mixId=serial, date=f"{day}"))
