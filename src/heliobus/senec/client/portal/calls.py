"""The portal's calls as methods: one per call, with typed records as results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import ProtocolError, Refused
from heliobus.senec.models import portal as models
from heliobus.senec.protocol.portal import CALLS, week_file

if TYPE_CHECKING:
    from heliobus.senec.client.portal.link import PortalLink
    from heliobus.senec.protocol.portal import WeekFile

_WORSE = "Try again; report it if it stays so."


class Calls:
    """What can be asked of the portal; ``plant`` is the index of one of the account's plants.

    Every call raises what ``PortalLink.ask`` raises; a record's ``extra`` is what has no name here.
    """

    _link: PortalLink

    async def query(self, name: str, /, **parameters: str) -> Any:
        """The bare content of the answer to a reading call of ``protocol.portal.CALLS``."""
        if name in CALLS and CALLS[name].method != "GET":
            raise Refused(f"query only reads, and {name} writes", remedy="Use execute, or the settings' own calls.")
        return await self._link.ask(name, **parameters)

    async def customer(self) -> models.Customer:
        """Whose account it is, and how many plants it has."""
        return models.Customer(_object("customer", await self._link.ask("customer")))

    async def plant_list(self) -> tuple[models.PlantEntry, ...]:
        """The plants and their indexes."""
        return tuple([models.PlantEntry(one) for one in _list("plants", await self._link.ask("plants"))])

    async def navigation(self, plant: int) -> models.Navigation:
        """Who a plant is, and what the portal has of it."""
        return models.Navigation(await self._of("navigation", plant))

    async def overview(self, plant: int) -> models.Overview:
        """Powers now and energies of today."""
        return models.Overview(await self._of("overview", plant))

    async def measurements(
        self, plant: int, *, kind: str, period: str, timestamp: int | None = None, days: int | None = None
    ) -> models.Series:
        """One series: ``kind`` as powergenerated, ``period`` today, yesterday, 7days, month, range or all."""
        more = {"timestamp": timestamp, "days": days}
        told = {name: str(value) for name, value in more.items() if value is not None}
        found = await self._link.ask("measurements", anlageNummer=str(plant), type=kind, period=period, **told)
        return models.Series(_object("measurements", found))

    async def autarky(self, plant: int) -> models.Autarky:
        """The shares of the load that did not come from the grid."""
        return models.Autarky(await self._of("autarky", plant))

    async def accu_state(self, plant: int) -> models.AccuState:
        """Voltage, current and capacity of the battery."""
        return models.AccuState(await self._of("accu_state", plant))

    async def reserve(self, plant: int) -> int:
        """The spare capacity for a power cut, in %."""
        found = await self._link.ask("reserve", anlageNummer=str(plant))
        told = int(found) if isinstance(found, str) and found.isdecimal() else found
        if not isinstance(told, int) or isinstance(told, bool):
            raise ProtocolError("the portal's spare capacity is no whole number", remedy=_WORSE)
        return told

    async def peak_shaving(self, plant: int) -> models.PeakShaving:
        """The settings of peak shaving."""
        return models.PeakShaving(await self._of("peak_shaving", plant))

    async def sg_ready_state(self, plant: int) -> int | None:
        """1 locked, 2 regular, 3 start suggested, 4 start requested; None for another."""
        return models.sg_ready_state(await self._link.ask("sg_ready_state", anlageNummer=str(plant)))

    async def sg_ready(self, plant: int) -> models.SgReady:
        """The settings of SG-Ready."""
        return models.SgReady(await self._of("sg_ready", plant))

    async def sockets(self, plant: int) -> tuple[models.PortalSocket, ...]:
        """The switched sockets and their settings."""
        found = await self._link.ask("sockets", anlageNummer=str(plant))
        return tuple([models.PortalSocket(one) for one in _list("sockets", found)])

    async def weeks(self, plant: int) -> tuple[models.Week, ...]:
        """The weeks whose files can be had."""
        found = await self._link.ask("weeks", anlageNummer=str(plant))
        return tuple([models.Week(one) for one in _list("weeks", found)])

    async def week(self, plant: int, *, year: int, week: int) -> WeekFile:
        """One week's file: powers in kW every five minutes, by the portal's titles and in local time."""
        return week_file(await self._link.fetch("week", anlageNummer=str(plant), woche=str(week), jahr=str(year)))

    async def documents(self) -> tuple[models.Document, ...]:
        """The papers that the portal has for everybody."""
        return tuple([models.Document(one) for one in _list("documents", await self._link.ask("documents"))])

    async def document(self, id_: str) -> bytes:
        """One of them."""
        return await self._link.fetch("document", docId=id_)

    async def _of(self, name: str, plant: int) -> Any:
        return _object(name, await self._link.ask(name, anlageNummer=str(plant)))


def _object(name: str, found: Any) -> Any:
    if not isinstance(found, dict):
        raise ProtocolError(f"the answer to {name} is no object", remedy=_WORSE)
    return found


def _list(name: str, found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise ProtocolError(f"the answer to {name} is no list", remedy=_WORSE)
    return [one for one in found if isinstance(one, dict)]
