"""Plants: their lists, energies and devices."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from heliobus.compat.growattServer.asking import Asking, Timespan, part

if TYPE_CHECKING:
    from datetime import date as Date


class Plants(Asking):
    """Ids are those of ``login`` and ``plant_list``; days without a date are the plant's."""

    def plant_list(self, user_id: str) -> Any:
        """The plants under ``data``, with their sums; [] when there is no such user."""
        return part(self._ask("plants", userId=user_id), "back", [])

    def plant_list_two(self) -> list[dict[str, Any]]:
        """The first fifteen plants with more of each."""
        found: list[dict[str, Any]] = part(self._ask("plants_paged", toPageNum=1), "PlantList", [])
        return found

    def plant_detail(self, plant_id: str, timespan: Timespan, date: Date | None = None) -> dict[str, Any]:
        """The production of a day in W, or by days and months in kWh."""
        day = self._date(date, timespan=timespan, plant_id=plant_id)
        answer = self._ask("plant_history", plantId=plant_id, type=timespan.value, date=day)
        found: dict[str, Any] = part(answer, "back", {})
        return found

    def plant_info(self, plant_id: str) -> Any:
        """A plant's sums and, under ``deviceList``, its devices."""
        return self._ask("plant_devices", plantId=plant_id)

    def device_list(self, plant_id: str) -> list[dict[str, Any]]:
        """A plant's devices; where the newer call lists none, as for some TLX plants, by the older one."""
        found: list[dict[str, Any]] = part(self.plant_info(plant_id), "deviceList", [])
        return found or part(self._ask("plant_devices_old", plantId=plant_id), "deviceList", [])

    def inverter_list(self, plant_id: str) -> list[dict[str, Any]]:
        """The same, under the name that it once had."""
        warnings.warn("inverter_list is device_list: there are not only inverters", DeprecationWarning, stacklevel=2)
        return self.device_list(plant_id)

    def plant_energy_data(self, plant_id: str) -> Any:
        """Power and energies of today, the month and in total, with their units."""
        return self._ask("plant_energies", plantId=plant_id)

    def dashboard_data(self, plant_id: str, timespan: Timespan = Timespan.hour, date: Date | None = None) -> Any:
        """The app's first page of a plant with storage.

        Of a MIX some names mislead: ``pacToUser`` is power from the battery, ``userLoad`` export, ``eCharge`` the load,
        and ``ratio5`` and ``ratio6`` are swapped against those of ``mix_detail`` (erratum G2).
        """
        day = self._date(date, timespan=timespan, plant_id=plant_id)
        return self._ask("plant_dashboard", plantId=plant_id, type=timespan.value, date=day)

    def is_plant_noah_system(self, plant_id: str) -> Any:
        """Whether a plant has a NOAH, and its serial number, under ``obj``."""
        return self._ask("plant_noah", plantId=plant_id)

    def plant_settings(self, plant_id: str) -> Any:
        """What a plant is set to."""
        return self._ask("plant_settings", plantId=plant_id)

    get_plant_settings = plant_settings
