"""The app's calls about SPF and other storage machines, and SPA (SPEC A.10, A.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.errors import UsageError
from heliobus.growatt import models
from heliobus.growatt.client.calls.shine.asking import Asking, spanned
from heliobus.growatt.models import Record
from heliobus.growatt.protocol import SPANS

if TYPE_CHECKING:
    from datetime import date

_LINES = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y", "total": "%Y"}


class StorageCalls(Asking):
    """Adds storage machines."""

    async def storage_info(self, serial: str) -> models.StorageInfo:
        """What a storage machine does now, in short."""
        return models.StorageInfo(await self.query("storage_info", storageId=serial))

    async def storage_params(self, serial: str) -> models.StorageParams:
        """All that a storage machine last sent."""
        return models.StorageParams(await self.query("storage_params", storageId=serial))

    async def storage_totals(self, serial: str, *, plant_id: str) -> models.StorageTotals:
        """Energies of today and the lifetime in kWh."""
        return models.StorageTotals(await self.query("storage_totals", storageSn=serial, plantId=plant_id))

    async def storage_info_old(self, serial: str) -> models.StorageInfo:
        """The same of the older SP2000 and SP3000."""
        return models.StorageInfo(await self.query("storage_info_old", storageId=serial))

    async def storage_params_old(self, serial: str) -> models.StorageParams:
        """The same of the older SP2000 and SP3000."""
        return models.StorageParams(await self.query("storage_params_old", storageId=serial))

    async def storage_totals_old(self, serial: str, *, plant_id: str) -> models.StorageTotals:
        """The same of the older SP2000 and SP3000."""
        return models.StorageTotals(await self.query("storage_totals_old", storageSn=serial, plantId=plant_id))

    async def storage_status(self, serial: str, *, plant_id: str) -> Record:
        """What it does now."""
        return Record(await self.query("storage_status", storageSn=serial, plantId=plant_id))

    async def storage_energy(self, serial: str, *, plant_id: str, day: date, span: str = "hour") -> Record:
        """Curves and sums of a span."""
        values = spanned(SPANS, span, day)
        return Record(await self.query("storage_energy", storageSn=serial, plantId=plant_id, **values))

    async def storage_energies(self, serial: str) -> Record:
        """Its energies."""
        return Record(await self.query("storage_energies", storageId=serial))

    async def storage_line(self, serial: str, *, day: date, kind: int, span: str = "day") -> Record:
        """One line of a ``day``, ``month``, ``year`` or in ``total``.

        ``kind`` is 3 or 9 (voltage of the strings), 7 (soc), 8 or 10 (their power), 11 (battery voltage), 12 (output
        power), 13 (output voltage), 14 (grid voltage), 15 (PV energy), 16 (AC energy), 17 or 18 (battery energies).
        """
        if span not in _LINES:
            raise UsageError(f"no span {span!r}", remedy=f"Use one of: {', '.join(_LINES)}.")
        written = day.strftime(_LINES[span])
        return Record(await self.query(f"storage_{span}", storageId=serial, date=written, type=str(kind)))

    async def storage_alarms(self, serial: str, *, day: date) -> Record:
        """A day's alarms."""
        return Record(await self.query("storage_alarms", storageId=serial, date=f"{day}"))

    async def spa_status(self, serial: str, *, plant_id: str) -> Record:
        """What an SPA does now; nobody has recorded it (erratum G9)."""
        return Record(await self.query("spa_status", spaId=serial, plantId=plant_id))

    async def spa_energy(self, serial: str, *, plant_id: str) -> Record:
        """Energies of an SPA; nobody has recorded them (erratum G9)."""
        return Record(await self.query("spa_energy", spaId=serial, plantId=plant_id))
