"""The ShinePhone app's calls as methods: one per endpoint, with typed records as results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.growatt import models
from heliobus.growatt.protocol import DETAIL_SPANS, SPANS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from heliobus.growatt.client.account import Account

_FORMS = {"month": "%Y-%m", "year": "%Y", "total": ""}


class ShineCalls:
    """What can be asked of an account.  ``day`` is a date of the plant; a record's ``extra`` is what has no name here.

    Every call raises LockedOut, AuthenticationError, TransportError, ProtocolError and NotSupported (for a serial
    number that the server does not have in this family).
    """

    def __init__(self, account: Account) -> None:
        self._account = account

    async def query(self, name: str, /, **parameters: str) -> Any:
        """The bare content of the answer to a call of ``protocol.ENDPOINTS`` with the server's own parameters."""
        return await self._account.ask(name, **parameters)

    # -- plants

    async def plants(self) -> models.PlantList:
        """The account's plants with their sums."""
        return models.PlantList(await self.query("plants", userId=await self._account.user_id()))

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
        values = _spanned(DETAIL_SPANS, span, day)
        return models.PlantHistory(await self.query("plant_history", plantId=plant_id, **values))

    # -- MIX, SPH

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
        values = _spanned(SPANS, span, day)
        return models.MixEnergy(await self.query("mix_energy", mixId=serial, plantId=plant_id, **values))

    # -- TLX, MIN, MOD, MID

    async def tlx_detail(self, serial: str) -> models.TlxDetail:
        """All that the inverter last sent; powers in W."""
        return models.TlxDetail(await self.query("tlx_detail", id=serial))

    async def tlx_status(self, serial: str, *, plant_id: str) -> models.TlxStatus:
        """What it does now; powers in kW."""
        return models.TlxStatus(await self.query("tlx_status", id=serial, plantId=plant_id))

    async def tlx_totals(self, serial: str, *, plant_id: str) -> models.TlxTotals:
        """Energies of today and the lifetime in kWh."""
        return models.TlxTotals(await self.query("tlx_totals", id=serial, plantId=plant_id))

    # -- storage, SPF

    async def storage_params(self, serial: str) -> models.StorageParams:
        """All that a storage machine last sent."""
        return models.StorageParams(await self.query("storage_params", storageId=serial))

    async def storage_totals(self, serial: str, *, plant_id: str) -> models.StorageTotals:
        """Energies of today and the lifetime in kWh."""
        return models.StorageTotals(await self.query("storage_totals", storageSn=serial, plantId=plant_id))


def _spanned(spans: Mapping[str, str], span: str, day: date) -> dict[str, str]:
    if span not in spans:
        raise UsageError(f"no span {span!r}", remedy=f"Use one of: {', '.join(spans)}.")
    return {"type": spans[span], "date": day.strftime(_FORMS.get(span, "%Y-%m-%d"))}
