"""The app's calls about TLX, MIN, MOD and MID (SPEC A.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt import models
from heliobus.growatt.client.calls.shine.asking import Asking, spanned
from heliobus.growatt.models import Record
from heliobus.growatt.protocol import SPANS

if TYPE_CHECKING:
    from datetime import date


class TlxCalls(Asking):
    """Adds TLX, MIN, MOD and MID."""

    async def tlx_detail(self, serial: str) -> models.TlxDetail:
        """All that the inverter last sent; powers in W."""
        return models.TlxDetail(await self.query("tlx_detail", id=serial))

    async def tlx_status(self, serial: str, *, plant_id: str) -> models.TlxStatus:
        """What it does now; powers in kW."""
        return models.TlxStatus(await self.query("tlx_status", id=serial, plantId=plant_id))

    async def tlx_totals(self, serial: str, *, plant_id: str) -> models.TlxTotals:
        """Energies of today and the lifetime in kWh."""
        return models.TlxTotals(await self.query("tlx_totals", id=serial, plantId=plant_id))

    async def tlx_day(self, serial: str, *, day: date) -> models.TlxDay:
        """A day's output in W."""
        return models.TlxDay(await self.query("tlx_day", id=serial, date=f"{day}"))

    async def tlx_energy(self, serial: str, *, plant_id: str, day: date, span: str = "hour") -> Record:
        """Curves and sums of a span, whose keys nobody has recorded (erratum G9)."""
        values = spanned(SPANS, span, day)
        return Record(await self.query("tlx_energy", id=serial, plantId=plant_id, **values))

    async def tlx_params(self, serial: str) -> models.TlxParams:
        """The inverter's model and parameters."""
        return models.TlxParams(await self.query("tlx_params", id=serial))

    async def tlx_settings(self, serial: str) -> models.TlxSettings:
        """What the inverter is set to."""
        return models.TlxSettings(await self.query("tlx_settings", serialNum=serial))

    async def tlx_enabled(self, serial: str, *, day: date) -> Record:
        """The menu of settings, and the password of the day that the app asks for."""
        return Record(await self.query("tlx_enabled", deviceSn=serial, stringTime=f"{day}"))

    async def tlx_battery(self, serial: str) -> Record:
        """The battery, in short."""
        return Record(await self.query("tlx_battery", serialNum=serial))

    async def tlx_battery_detail(self, serial: str, *, plant_id: str) -> Record:
        """The battery, at length."""
        return Record(await self.query("tlx_battery_detail", id=serial, plantId=plant_id))
