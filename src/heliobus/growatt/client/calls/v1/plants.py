"""Plants, dataloggers and users, by the OpenAPI V1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from heliobus.errors import UsageError
from heliobus.growatt.client.calls.v1.base import Calls, given, lines_of, paged, ranged, whole_pages
from heliobus.growatt.models import v1 as models
from heliobus.growatt.models.slots import rows_of
from heliobus.growatt.protocol.v1 import LONGEST_RANGE, PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from heliobus.growatt.models.slots import Slot
    from heliobus.url import Secret

LONGEST = {"day": LONGEST_RANGE, "month": 2 * 366, "year": 20 * 366}
"""How many days a question for energies by these spans may go over: a week, two years, twenty (SPEC C.2)."""


class PlantCalls(Calls):
    """Calls about plants and what belongs to them."""

    async def plants(self) -> models.PlantList:
        """All plants of the account, however many pages they fill."""
        first = await self.plant_page()
        lines = lines_of(first, "plants")
        for page in whole_pages(first.count, PAGE):
            lines += lines_of(await self.plant_page(page), "plants")
        return models.PlantList({**first.values, "plants": lines})

    async def plant_page(
        self, page: int = 1, *, lines: int = PAGE, search: str | None = None, by: str | None = None
    ) -> models.PlantList:
        """A page of the plants; ``by`` is what the server calls ``search_type``."""
        parameters = {**paged(page, lines), **given(search_keyword=search, search_type=by)}
        return await self._record(models.PlantList, "plant_list", parameters)

    async def user_plants(self, user_name: str, *, page: int = 1, lines: int = PAGE) -> models.PlantList:
        """The plants of an end user of an installer's token."""
        return await self._record(models.PlantList, "user_plant_list", {"user_name": user_name, **paged(page, lines)})

    async def plant_details(self, plant_id: str) -> models.PlantDetails:
        """What a plant is, and its zone."""
        return await self._record(models.PlantDetails, "plant_details", {"plant_id": plant_id})

    async def plant_data(self, plant_id: str) -> models.PlantData:
        """A plant's energies in kWh; its power in kW, which may stay 0 while the plant works."""
        return await self._record(models.PlantData, "plant_data", {"plant_id": plant_id})

    async def plant_power(self, plant_id: str, *, day: date) -> models.PowerCurve:
        """A plant's day in W, every five minutes."""
        return await self._record(models.PowerCurve, "plant_power", {"plant_id": plant_id, "date": day.isoformat()})

    async def plant_energy(
        self, plant_id: str, *, first: date, last: date, unit: str = "day", page: int = 1, lines: int = PAGE
    ) -> models.PlantEnergy:
        """A plant's production in kWh by ``day`` (of at most seven), ``month`` (of two years) or ``year``."""
        if unit not in LONGEST:
            raise UsageError(f"no energies by {unit!r}", remedy=f"Use one of: {', '.join(LONGEST)}.")
        days = ranged(first, last, longest=LONGEST[unit])
        parameters = {"plant_id": plant_id, "time_unit": unit, **days, **paged(page, lines)}
        return await self._record(models.PlantEnergy, "plant_energy", parameters)

    async def plant_of(self, serial: str) -> models.OwnedPlant:
        """The plant that a device belongs to."""
        found = await self.query("plant_of", device_sn=serial)
        return models.OwnedPlant(found.get("plant") if isinstance(found, dict) else None)

    async def add_plant(self, /, *, user_id: str, name: str, peak_power: float, **more: str) -> str:
        """Make a plant of ``peak_power`` kW; gives its id.  ``more`` are the server's parameters."""
        made = await self.query("plant_add", c_user_id=user_id, name=name, peak_power=f"{peak_power:g}", **more)
        return str(made.get("plant_id")) if isinstance(made, dict) else ""

    async def modify_plant(self, plant_id: str, /, *, user_id: str, name: str, peak_power: float, **more: str) -> None:
        """Change a plant; ``more`` are the server's parameters."""
        await self.query(
            "plant_modify", plant_id=plant_id, c_user_id=user_id, name=name, peak_power=f"{peak_power:g}", **more
        )

    async def delete_plant(self, plant_id: str) -> None:
        """Delete a plant with its history."""
        await self.query("plant_delete", plant_id=plant_id)

    # -- devices and dataloggers

    async def devices(self, plant_id: str) -> models.DeviceList:
        """A plant's devices, however many pages they fill."""
        first = await self.device_page(plant_id)
        lines = lines_of(first, "devices")
        for page in whole_pages(first.count, PAGE):
            lines += lines_of(await self.device_page(plant_id, page), "devices")
        return models.DeviceList({**first.values, "devices": lines})

    async def device_page(self, plant_id: str, page: int = 1, *, lines: int = PAGE) -> models.DeviceList:
        """A page of a plant's devices."""
        return await self._record(models.DeviceList, "device_list", {"plant_id": plant_id, **paged(page, lines)})

    async def device_type(self, serial: str) -> models.DeviceType:
        """What kind of device a serial number is of."""
        return await self._record(models.DeviceType, "device_type", {"dataloggerSn": serial})

    async def device_dates(self, serials: Sequence[str], *, page: int = 1) -> dict[str, models.DeviceDates]:
        """When devices came into being, by their serial numbers."""
        found = await self.query("device_dates", devices=",".join(serials), pageNum=str(page))
        return {serial: models.DeviceDates(one) for serial, one in found.items()} if isinstance(found, dict) else {}

    async def add_device(self, plant_id: str, serial: str, *, user_id: str) -> None:
        """Put a device into a plant."""
        await self.query("device_add", plant_id=plant_id, sn=serial, c_user_id=user_id)

    async def datalogger_of(self, serial: str) -> str | None:
        """The serial number of the datalogger that a device reports to."""
        found = await self.query("datalogger_of", device_sn=serial)
        return str(found["datalogSN"]) if isinstance(found, dict) and found.get("datalogSN") else None

    async def dataloggers(self, plant_id: str, *, page: int = 1, lines: int = PAGE) -> models.DataloggerList:
        """A page of a plant's dataloggers."""
        parameters = {"plant_id": plant_id, **paged(page, lines)}
        return await self._record(models.DataloggerList, "datalogger_list", parameters)

    async def add_datalogger(self, plant_id: str, serial: str, *, user_id: str) -> None:
        """Put a datalogger into a plant."""
        await self.query("datalogger_add", plant_id=plant_id, sn=serial, c_user_id=user_id)

    async def delete_datalogger(self, plant_id: str, serial: str) -> None:
        """Take a datalogger out of a plant."""
        await self.query("datalogger_delete", plant_id=plant_id, sn=serial)

    async def validate_datalogger(self, serial: str, code: str) -> None:
        """Raise Refused unless the code printed on the datalogger is its own and nobody has added it."""
        await self.query("datalogger_validate", datalogSn=serial, valiCode=code)

    # -- users of an installer's token

    async def users(self, *, page: int = 1, lines: int = PAGE) -> models.UserList:
        """A page of the end users."""
        return await self._record(models.UserList, "user_list", paged(page, lines))

    async def check_user(self, name: str) -> None:
        """Raise Refused for a user name that is taken."""
        await self.query("user_check", user_name=name)

    async def register_user(
        self, name: str, /, *, password: Secret, email: str, kind: str, country: str, **more: str
    ) -> str:
        """Make an end user; gives the id."""
        made = await self.query(
            "user_register", user_name=name, user_password=password.reveal(), user_email=email, user_type=kind,
            user_country=country, **more,
        )  # fmt: skip
        return str(made.get("c_user_id")) if isinstance(made, dict) else ""

    async def modify_user(self, user_id: str, *, mobile: str, agent_code: str | None = None) -> None:
        """Change an end user's telephone number and installer."""
        await self.query("user_modify", c_user_id=user_id, mobile=mobile, **given(agent_code=agent_code))

    # -- virtual power plants

    async def vpp_soc(self, serial: str) -> models.VppSoc:
        """A battery's state of charge."""
        return await self._record(models.VppSoc, "vpp_soc", {"vppSn": serial})

    async def vpp_now(self, serial: str, *, minutes: int, percentage: int) -> None:
        """Let the battery charge (+) or discharge (-) with a share of its power for so long."""
        await self.query("vpp_now", vppSn=serial, time=str(minutes), percentage=str(percentage))

    async def vpp_schedule(self, serial: str, slots: Sequence[Slot]) -> None:
        """Let the battery charge or discharge at times of the day, in minutes as V4 has them."""
        await self.query("vpp_schedule", vppSn=serial, timePeriods=json.dumps(rows_of(slots, clocks=False)))
