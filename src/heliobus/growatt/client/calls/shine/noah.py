"""The app's calls about NOAH and NEXA (SPEC A.12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.growatt import models
from heliobus.growatt.client.calls.shine.asking import Asking
from heliobus.growatt.models import Record

if TYPE_CHECKING:
    from datetime import date

_DAY = timedelta(days=1)
"""A chart is asked for by the day after it."""


class NoahCalls(Asking):
    """Adds NOAH and NEXA."""

    async def noah_status(self, serial: str) -> models.NoahStatus:
        """What a NOAH does now; powers in W."""
        return models.NoahStatus(await self.query("noah_status", deviceSn=serial))

    async def noah_info(self, serial: str) -> models.NoahInfo:
        """What a NOAH is set to."""
        return models.NoahInfo(await self.query("noah_info", deviceSn=serial))

    async def noah_batteries(self, serial: str) -> models.NoahBatteries:
        """Its batteries, one by one."""
        return models.NoahBatteries(await self.query("noah_batteries", deviceSn=serial))

    async def noah_chart(self, serial: str, *, day: date) -> models.NoahChart:
        """A day's curves in W."""
        return models.NoahChart(await self.query("noah_chart", deviceSn=serial, date=f"{day + _DAY}"))

    async def noah_energies(self, serial: str, *, when: str, kind: str) -> models.NoahEnergies:
        """Energies in kWh, by the server's own words for time and kind."""
        return models.NoahEnergies(await self.query("noah_energies", deviceSn=serial, dateTime=when, dateType=kind))

    async def noah_upgrade(self, serial: str) -> Record:
        """Whether there is newer firmware."""
        return Record(await self.query("noah_upgrade", deviceSn=serial))

    async def nexa_devices(self, plant_id: str) -> Record:
        """The NEXAs of a plant."""
        return Record(await self.query("nexa_devices", plantId=plant_id))

    async def nexa_status(self, serial: str) -> models.NexaStatus:
        """What a NEXA does now; powers in W."""
        return models.NexaStatus(await self.query("nexa_status", deviceSn=serial))

    async def nexa_info(self, serial: str) -> Record:
        """What a NEXA is set to."""
        return Record(await self.query("nexa_info", deviceSn=serial))

    async def nexa_batteries(self, serial: str) -> models.NoahBatteries:
        """Its batteries, one by one."""
        return models.NoahBatteries(await self.query("nexa_batteries", deviceSn=serial))

    async def nexa_chart(self, serial: str, *, day: date) -> models.NoahChart:
        """A day's curves in W."""
        return models.NoahChart(await self.query("nexa_chart", deviceSn=serial, date=f"{day + _DAY}"))

    async def nexa_energies(self, serial: str, *, when: str, kind: str) -> models.NoahEnergies:
        """Energies in kWh, by the server's own words for time and kind."""
        return models.NoahEnergies(await self.query("nexa_energies", deviceSn=serial, dateTime=when, dateType=kind))
