"""The class that programs make for an account with a token."""

from __future__ import annotations

import warnings
from enum import Enum
from typing import TYPE_CHECKING, Any

from heliobus.compat.growattServer.open_api_v1.devices import Min, Sph
from heliobus.compat.growattServer.open_api_v1.twins import MinMethods, SphMethods
from heliobus.growatt.protocol import v1

if TYPE_CHECKING:
    from datetime import date as Date

    from heliobus.compat.growattServer.open_api_v1.devices import AbstractDevice

_LONGEST = {"day": v1.LONGEST_RANGE, "month": 731, "year": 20 * 366}


class DeviceType(Enum):
    """What ``type`` is in ``device_list``."""

    INVERTER = 1
    STORAGE = 2
    OTHER = 3
    MAX = 4
    SPH = Sph.DEVICE_TYPE_ID
    SPA = 6
    MIN = Min.DEVICE_TYPE_ID
    PCS = 8
    HPS = 9
    PBD = 10


class OpenApiV1(MinMethods, SphMethods):
    """The account of a token.  Every call gives the answer's ``data``.

    The server answers a question once in five minutes; one that comes earlier is not sent, but raises GrowattV1ApiError
    with 10012 and ``until``, also after a restart; lists of plants and devices are told once more instead.
    """

    # -- plants

    def plant_energy_overview(self, plant_id: int) -> Any:
        """Power now in kW, energies in kWh, as texts or numbers."""
        return self.ask("getting plant energy overview", "plant_data", {"plant_id": plant_id})

    def plant_power_overview(self, plant_id: int, day: str | Date | None = None) -> Any:
        """A day's power in W, under ``powers``; None where nothing was measured."""
        when = self._today(plant_id) if day is None else day
        return self.ask("getting plant power overview", "plant_power", {"plant_id": plant_id, "date": when})

    def plant_energy_history(  # noqa: PLR0917, the old arguments
        self,
        plant_id: int,
        start_date: Date | None = None,
        end_date: Date | None = None,
        time_unit: str = "day",
        page: int | None = None,
        perpage: int | None = None,
    ) -> Any:
        """Energies in kWh by day, month or year, under ``energys``; the server takes 7 days, 2 or 20 years at once."""
        start, end = self.days(start_date, end_date, plant_id)
        if (end - start).days > _LONGEST.get(time_unit, _LONGEST["year"]):
            warnings.warn(f"more by {time_unit} than the server gives at once", RuntimeWarning, stacklevel=2)
        return self.ask(
            "getting plant energy history",
            "plant_energy",
            {
                "plant_id": plant_id,
                "start_date": f"{start:%Y-%m-%d}",
                "end_date": f"{end:%Y-%m-%d}",
                "time_unit": time_unit,
                "page": page,
                "perpage": perpage,
            },
        )

    def device_list(self, plant_id: int) -> Any:  # type: ignore[override]  # as in growattServer
        """A plant's devices, under ``devices``; their ``type`` is a number of DeviceType."""
        return self.ask("getting device list", "device_list", {"plant_id": plant_id}, repeats=True)

    def get_device(self, device_sn: str, device_type: int | DeviceType) -> AbstractDevice | None:
        """The device as an object; None, with a warning, for a type that has no class."""
        number = device_type.value if isinstance(device_type, DeviceType) else device_type
        for kind in (Sph, Min):
            if number == kind.DEVICE_TYPE_ID:
                return kind(self, device_sn)
        warnings.warn(f"there is no class for devices of the type {device_type}", stacklevel=2)
        return None
