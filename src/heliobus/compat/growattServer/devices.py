"""What inverters of each family tell; results stand on the level on which growattServer gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.growattServer.asking import Asking, Timespan, part
from heliobus.growatt.protocol import ENDPOINTS, question
from heliobus.growatt.protocol.web import CALLS, web_question

if TYPE_CHECKING:
    from datetime import date as Date


class Devices(Asking):
    """Ids are serial numbers.  Where an answer has its content under ``obj``, {} says that it has none."""

    def _obj(self, name: str, **values: Any) -> dict[str, Any]:
        found: dict[str, Any] = part(self._ask(name, **values), "obj", {})
        return found

    # -- plain inverters

    def inverter_data(self, inverter_id: str, date: Date | None = None) -> Any:
        """A day's power in W."""
        return self._ask("inverter_day", id=inverter_id, date=self._date(date))

    def inverter_detail(self, inverter_id: str) -> Any:
        """All that it last sent; powers in W."""
        return self._ask("inverter_detail", inverterId=inverter_id)

    def inverter_detail_two(self, inverter_id: str) -> Any:
        """The same, by the newer call."""
        return self._ask("inverter_detail_two", inverterId=inverter_id)

    def classic_inverter_info(self, device_sn: str) -> Any:
        """What it is set to, out of a page of the web portal."""
        return self._send(CALLS["inverter_settings"], web_question("inverter_settings", invSn=device_sn))

    # -- TLX, MIN

    def tlx_system_status(self, plant_id: str, tlx_id: str) -> dict[str, Any]:
        """What it does now; powers in kW."""
        return self._obj("tlx_status", plantId=plant_id, id=tlx_id)

    def tlx_energy_overview(self, plant_id: str, tlx_id: str) -> dict[str, Any]:
        """Energies of today and in total in kWh."""
        return self._obj("tlx_totals", plantId=plant_id, id=tlx_id)

    def tlx_energy_prod_cons(
        self, plant_id: str, tlx_id: str, timespan: Timespan = Timespan.hour, date: Date | None = None
    ) -> dict[str, Any]:
        """Curves in kW, sums in kWh."""
        day = self._date(date, timespan=timespan, plant_id=plant_id)
        return self._obj("tlx_energy", plantId=plant_id, id=tlx_id, type=timespan.value, date=day)

    def tlx_data(self, tlx_id: str, date: Date | None = None) -> Any:
        """A day's power in W."""
        return self._ask("tlx_day", id=tlx_id, date=self._date(date))

    def tlx_detail(self, tlx_id: str) -> Any:
        """All that it last sent, under ``data``; powers in W."""
        return self._ask("tlx_detail", id=tlx_id)

    def tlx_params(self, tlx_id: str) -> Any:
        """Its parameters."""
        return self._ask("tlx_params", id=tlx_id)

    def tlx_all_settings(self, tlx_id: str) -> dict[str, Any] | None:
        """What it is set to, None where the server does not tell."""
        found: dict[str, Any] | None = part(self._obj("tlx_settings", serialNum=tlx_id), "tlxSetBean", None)
        return found

    def tlx_enabled_settings(self, tlx_id: str) -> dict[str, Any]:
        """Which settings the app offers."""
        return self._obj("tlx_enabled", deviceSn=tlx_id, stringTime=self._date(None))

    def tlx_battery_info(self, serial_num: str) -> dict[str, Any]:
        """Of a battery, by its own serial number."""
        return self._obj("tlx_battery", serialNum=serial_num)

    def tlx_battery_info_detailed(self, plant_id: str, serial_num: str) -> Any:
        """The same with all that there is."""
        return self._ask("tlx_battery_detail", plantId=plant_id, id=serial_num)

    # -- MIX, SPH

    def mix_info(self, mix_id: str, plant_id: str | None = None) -> dict[str, Any]:
        """What it last sent; powers in W, energies in kWh."""
        asked = question("mix_info", mixId=str(mix_id))
        if plant_id:
            asked = asked._replace(query={**asked.query, "plantId": str(plant_id)})
        found: dict[str, Any] = part(self._send(ENDPOINTS["mix_info"], asked), "obj", {})
        return found

    def mix_totals(self, mix_id: str, plant_id: str) -> dict[str, Any]:
        """Energies of today and in total in kWh."""
        return self._obj("mix_totals", mixId=mix_id, plantId=plant_id)

    def mix_system_status(self, mix_id: str, plant_id: str) -> dict[str, Any]:
        """What it does now; powers in kW, those of the strings in W."""
        return self._obj("mix_status", mixId=mix_id, plantId=plant_id)

    def mix_detail(
        self, mix_id: str, plant_id: str, timespan: Timespan = Timespan.hour, date: Date | None = None
    ) -> dict[str, Any]:
        """Curves in kW under ``chartData``, sums in kWh; ``eCharge`` is self-consumption and export, not PV (G1)."""
        day = self._date(date, timespan=timespan, plant_id=plant_id)
        return self._obj("mix_energy", mixId=mix_id, plantId=plant_id, type=timespan.value, date=day)

    def get_mix_inverter_settings(self, serial_number: str) -> Any:
        """What it is set to, under ``obj.mixBean``."""
        return self._ask("mix_settings", serialNum=serial_number)

    # -- storage, SPF

    def storage_detail(self, storage_id: str) -> Any:
        """What it does now; powers in W."""
        return self._ask("storage_info", storageId=storage_id)

    def storage_params(self, storage_id: str) -> Any:
        """All that it last sent, under ``storageDetailBean``, and what it is set to, under ``storageBean``."""
        return self._ask("storage_params", storageId=storage_id)

    def storage_energy_overview(self, plant_id: str, storage_id: str) -> dict[str, Any]:
        """Energies of today and in total in kWh."""
        return self._obj("storage_totals", plantId=plant_id, storageSn=storage_id)

    # -- NOAH

    def noah_system_status(self, serial_number: str) -> Any:
        """What it does now, under ``obj``; powers in W."""
        return self._ask("noah_status", deviceSn=serial_number)

    def noah_info(self, serial_number: str) -> Any:
        """What it is set to, under ``obj.noah``."""
        return self._ask("noah_info", deviceSn=serial_number)
