"""Route B: the web portal by user and password, for what only it can do (SPEC B)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import NotSupported, ProtocolError
from heliobus.growatt import protocol
from heliobus.growatt.client.account import USER_AGENT, Account, Door
from heliobus.growatt.control import FAMILIES, changed
from heliobus.growatt.models import MixStatus, Record
from heliobus.growatt.models import web as models
from heliobus.growatt.protocol.refusals import check_written
from heliobus.growatt.protocol.web import (
    CALLS,
    HEADERS,
    LOGIN,
    PANELS,
    READS,
    admitted,
    login_question,
    set_question,
    web_question,
)
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.url import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    import aiohttp

    from heliobus.transport.clock import Clock

PORTAL = Door("web", LOGIN, lambda user, password, _: login_question(user, password), admitted, HEADERS)


class WebClient:
    """The portal's calls, for one account.

    Its session is its own, but its logins, locks and budgets are those of the account: whoever else uses it through
    heliobus shares them.  ``day`` is a date of the plant; a record's ``extra`` is what has no name here.  Every call
    raises LockedOut, AuthenticationError, TransportError, ProtocolError and NotSupported (a device of another family).
    Making one does no I/O.
    """

    def __init__(
        self,
        *,
        username: str,
        password: str | Secret | None,
        server: str | None = None,
        scheme: str = "https",
        timeout: float = 30.0,
        session: aiohttp.ClientSession | None = None,
        user_agent: str = USER_AGENT,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._account = Account(
            username=username,
            password=Secret(password) if isinstance(password, str) else password,
            server=server,
            scheme=scheme,
            user_agent=user_agent,
            timeout=timeout,
            session=session,
            state=state,
            clock=clock,
            door=PORTAL,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection; the login stays valid for the next client, and a later call opens it again."""
        await self._account.close()

    async def query(self, name: str, /, **parameters: str) -> Any:
        """The bare content of the answer to a call of ``protocol.web.CALLS``."""
        return await self._account.send(CALLS.get(name, LOGIN), web_question(name, **parameters))

    # -- plants

    async def plants(self) -> tuple[models.WebPlantTitle, ...]:
        """The account's plants."""
        found = await self.query("plants")
        if not isinstance(found, list):
            raise ProtocolError("the portal's list of plants is no list")
        return tuple([models.WebPlantTitle(one) for one in found])

    async def plant(self, plant_id: str) -> models.WebPlant:
        """Where a plant is, what it costs and has made."""
        return models.WebPlant(await self.query("plant", plantId=plant_id))

    async def devices(self, plant_id: str) -> dict[str, tuple[str, ...]]:
        """The serial numbers of a plant's devices, by family in the portal's words."""
        found = await self.query("devices", plantId=plant_id)
        pairs = found.items() if isinstance(found, dict) else ()
        return {
            family: tuple([str(row[0]) for row in rows if isinstance(row, list) and row])
            for family, rows in pairs
            if isinstance(rows, list)
        }

    async def device_page(self, plant_id: str, *, page: int = 1) -> models.WebDevicePage:
        """Four devices of a plant, with what they make; powers in W, energies in kWh."""
        return models.WebDevicePage(await self.query("device_page", plantId=plant_id, currPage=str(page)))

    async def noah_page(self, plant_id: str, *, page: int = 1) -> models.WebNoahPage:
        """The NOAHs of a plant; powers in W, energies in kWh."""
        return models.WebNoahPage(await self.query("noah_page", plantId=plant_id, currPage=str(page)))

    async def datalogger(self, serial: str, *, plant_id: str) -> models.WebDatalogger:
        """A datalogger: its model, firmware, interval in minutes and signal."""
        found = await self.query("datalogger", plantId=plant_id, deviceTypeName="datalog", sn=serial)
        return models.WebDatalogger(found)

    async def panel_device(self, plant_id: str) -> models.WebPanelDevice:
        """The device that the plant's panel shows."""
        return models.WebPanelDevice(await self.query("panel_device", plantId=plant_id))

    async def has_neo(self, plant_id: str) -> bool | None:
        """Whether the plant has a NEO."""
        return protocol.flag(Record(await self.query("has_neo", plantId=plant_id)).values.get("getHaveNeo"))

    async def may_add_devices(self, plant_id: str) -> bool | None:
        """Whether the account may add smart devices."""
        return protocol.flag(Record(await self.query("may_add_devices", plantId=plant_id)).values.get("isEicUser"))

    async def plant_topic(self, plant_id: str) -> int | None:
        """The kind of the plant's page; its codes are not known."""
        return protocol.integer(Record(await self.query("plant_topic", plantId=plant_id)).values.get("topicType"))

    async def layout_type(self, plant_id: str) -> int | None:
        """The kind of the plant's layout; its codes are not known."""
        return protocol.integer(await self.query("layout_type", plantId=plant_id))

    # -- inverters

    async def status(self, serial: str, *, family: str, plant_id: str) -> Record:
        """What an inverter does now; a MIX's powers are kW, of its strings W, a TLX's all W."""
        found = await self._panel("status", serial, family=family, plant_id=plant_id)
        return MixStatus(found) if family in ("mix", "spa") else Record(found)

    async def totals(self, serial: str, *, family: str, plant_id: str) -> models.WebTotals:
        """Energies of today and the lifetime in kWh."""
        return models.WebTotals(await self._panel("totals", serial, family=family, plant_id=plant_id))

    async def day(self, serial: str, *, family: str, plant_id: str, day: date) -> models.WebChart:
        """A day's curves: 288 values in kW each, None where nothing was measured."""
        found = await self._panel("day", serial, family=family, plant_id=plant_id, date=day.isoformat())
        return models.WebChart(found)

    async def month(self, serial: str, *, family: str, plant_id: str, day: date) -> models.WebChart:
        """The days of a month in kWh."""
        found = await self._panel("month", serial, family=family, plant_id=plant_id, date=f"{day:%Y-%m}")
        return models.WebChart(found)

    async def year(self, serial: str, *, family: str, plant_id: str, day: date) -> models.WebChart:
        """The months of a year in kWh."""
        found = await self._panel("year", serial, family=family, plant_id=plant_id, year=f"{day:%Y}")
        return models.WebChart(found)

    async def years(self, serial: str, *, family: str, plant_id: str, day: date) -> models.WebChart:
        """The years up to that of ``day`` in kWh."""
        found = await self._panel("total", serial, family=family, plant_id=plant_id, year=f"{day:%Y}")
        return models.WebChart(found)

    async def battery(self, serial: str, *, family: str, plant_id: str, day: date) -> models.WebBatteryChart:
        """The state of charge of a day in %, and what seven days charged and discharged in kWh."""
        found = await self._panel("battery", serial, family=family, plant_id=plant_id, date=day.isoformat())
        return models.WebBatteryChart(found)

    # -- settings

    async def inverter_settings(self, serial: str) -> models.WebInverterSettings:
        """What a plain inverter is set to; only the portal tells it."""
        return models.WebInverterSettings(await self.query("inverter_settings", invSn=serial))

    async def read_setting(self, serial: str, *, family: str, setting: str) -> Any:
        """Ask the inverter itself for one setting, through its datalogger: a text or an object in its words."""
        if family not in READS:
            raise NotSupported(f"the portal reads no settings of the family {family!r}", alternatives=tuple(READS))
        return await self._ask_inverter(READS[family], serial, setting)

    async def read_all(self, serial: str) -> models.WebMinParameters:
        """Ask a MIN itself for all its settings."""
        return models.WebMinParameters(await self._ask_inverter("readAllMinParam", serial, "-1"))

    async def write_setting(
        self, serial: str, *, family: str, setting: str, values: Sequence[Any], dangerous: bool = False
    ) -> None:
        """Write one setting, checked against the family's table; a success says that the datalogger has taken it.

        Settings can put a plant outside its normal operating range.  Besides the usual errors: NotSupported, UsageError
        and OutOfBounds before anything is sent, Refused (offline, no right, ``dangerous`` not given).
        """
        change = changed(FAMILIES.get(family, {}), family, setting, values, dangerous=dangerous)
        asked = set_question(family, serial, setting, change.texts)
        check_written(await self._account.send(CALLS["tcp_set"], asked), setting=setting, family=family)

    # -- asking

    async def _panel(self, what: str, serial: str, *, family: str, plant_id: str, **more: str) -> Any:
        panel = PANELS.get(family)
        if panel is None:
            raise NotSupported(f"the portal has no panel for the family {family!r}", alternatives=tuple(PANELS))
        return await self.query(f"{family}_{what}", plantId=plant_id, **{panel.serial: serial}, **more)

    async def _ask_inverter(self, action: str, serial: str, setting: str) -> Any:
        answer = await self.query("tcp_read", action=action, paramId=setting, serialNum=serial)
        check_written(answer, setting=setting)
        return answer.get("msg")
