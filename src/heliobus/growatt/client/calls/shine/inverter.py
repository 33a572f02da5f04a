"""The app's calls about plain inverters, and the large ones, MAX, which have calls of their own (SPEC A.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt import models
from heliobus.growatt.client.calls.shine.asking import Asking
from heliobus.growatt.models import Record

if TYPE_CHECKING:
    from datetime import date


class InverterCalls(Asking):
    """Adds plain inverters and MAX: a MAX asked as a plain inverter is an error of the server's."""

    async def inverter_detail(self, serial: str) -> models.InverterDetail:
        """All that the inverter last sent; powers in W."""
        return models.InverterDetail(await self.query("inverter_detail", inverterId=serial))

    async def inverter_detail_two(self, serial: str) -> models.InverterDetail:
        """The same, by the newer call."""
        return models.InverterDetail(await self.query("inverter_detail_two", inverterId=serial))

    async def inverter_day(self, serial: str, *, day: date) -> models.InverterDay:
        """A day's power in W."""
        return models.InverterDay(await self.query("inverter_day", id=serial, date=f"{day}"))

    async def inverter_params(self, serial: str) -> Record:
        """The inverter's parameters."""
        return Record(await self.query("inverter_params", inverterId=serial))

    async def inverter_month(self, serial: str, *, day: date) -> Record:
        """By day of the month that ``day`` is in."""
        return Record(await self.query("inverter_month", id=serial, date=f"{day:%Y-%m}"))

    async def inverter_year(self, serial: str, *, day: date) -> Record:
        """By month of the year."""
        return Record(await self.query("inverter_year", id=serial, date=f"{day:%Y}"))

    async def inverter_total(self, serial: str, *, day: date) -> Record:
        """By year."""
        return Record(await self.query("inverter_total", id=serial, date=f"{day:%Y}"))

    async def inverter_alarms(self, serial: str, *, day: date) -> Record:
        """A day's alarms."""
        return Record(await self.query("inverter_alarms", id=serial, date=f"{day}"))

    async def max_detail(self, serial: str) -> models.InverterDetail:
        """All that a MAX last sent; powers in W."""
        return models.InverterDetail(await self.query("max_detail", inverterId=serial))

    async def max_detail_two(self, serial: str) -> models.InverterDetail:
        """The same, by the newer call."""
        return models.InverterDetail(await self.query("max_detail_two", inverterId=serial))

    async def max_day(self, serial: str, *, day: date) -> models.InverterDay:
        """A day's power in W."""
        return models.InverterDay(await self.query("max_day", id=serial, date=f"{day}"))

    async def max_params(self, serial: str) -> Record:
        """The parameters of a MAX."""
        return Record(await self.query("max_params", inverterId=serial))

    async def max_month(self, serial: str, *, day: date) -> Record:
        """By day of the month that ``day`` is in."""
        return Record(await self.query("max_month", id=serial, date=f"{day:%Y-%m}"))

    async def max_year(self, serial: str, *, day: date) -> Record:
        """By month of the year."""
        return Record(await self.query("max_year", id=serial, date=f"{day:%Y}"))

    async def max_total(self, serial: str, *, day: date) -> Record:
        """By year."""
        return Record(await self.query("max_total", id=serial, date=f"{day:%Y}"))

    async def max_alarms(self, serial: str, *, day: date) -> Record:
        """A day's alarms."""
        return Record(await self.query("max_alarms", id=serial, date=f"{day}"))
