"""The App API's calls as methods: one per endpoint, with typed records as results."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from heliobus.errors import ProtocolError, Refused
from heliobus.senec.models import app as models
from heliobus.senec.protocol.app import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heliobus.senec.client.app.link import AppLink


class Calls:
    """What can be asked of the cloud; ``system`` is the id of one of the account's systems.

    Every call raises what ``AppLink.ask`` raises; a record's ``extra`` is what has no name here.
    """

    _link: AppLink

    async def query(self, name: str, /, **parameters: str) -> Any:
        """The bare content of the answer to a reading call of ``protocol.app.ENDPOINTS``."""
        if name in ENDPOINTS and ENDPOINTS[name].writes:
            raise Refused(f"query only reads, and {name} writes", remedy="Use execute, or the wallboxes' own calls.")
        return await self._link.ask(name, **parameters)

    async def systems(self) -> tuple[models.AppSystem, ...]:
        """All systems of the account, replaced ones too."""
        return tuple([models.AppSystem(one) for one in _list("systems", await self._link.ask("systems"))])

    async def details(self, system: str) -> models.SystemDetails:
        """Serial numbers, versions, battery modules, warranty and installer."""
        return models.SystemDetails(_object("details", await self._link.ask("details", system=system)))

    async def status(self, system: str) -> models.SystemStatus:
        """The state and the versions."""
        return models.SystemStatus(_object("status", await self._link.ask("status", system=system)))

    async def online_state(self, system: str) -> models.OnlineState:
        """Whether it is online; NotSupported for many systems."""
        return models.OnlineState(_object("online_state", await self._link.ask("online_state", system=system)))

    async def forecast_charging(self, system: str) -> models.ForecastCharging:
        """The forecast-based charging; NotSupported for many systems."""
        return models.ForecastCharging(
            _object("forecast_charging", await self._link.ask("forecast_charging", system=system))
        )

    async def abilities(self, system: str) -> models.Abilities:
        """The packages that were bought."""
        return models.Abilities(_object("abilities", await self._link.ask("abilities", system=system)))

    async def dashboard(self, system: str) -> models.Dashboard:
        """Powers in W and the energies of today in Wh.  Raises ProtocolError for an answer about another system."""
        found = models.Dashboard(_object("dashboard", await self._link.ask("dashboard", system=system)))
        if found.system_id not in (None, system):
            raise ProtocolError("the cloud answered for another system", remedy="Try again; report it if it stays so.")
        return found

    async def timespan(self, system: str) -> models.Timespan:
        """From when until when there are measurements."""
        found = await self._link.ask("timespan", system=system, timezone="UTC")
        return models.Timespan(_object("timespan", found))

    async def measurements(
        self, system: str, *, resolution: str, start: datetime, end: datetime
    ) -> models.Measurements:
        """The buckets from ``start`` until before ``end``; ``resolution`` in the cloud's words (FIVE_MINUTES, ...)."""
        span = {"resolution": resolution, "from": _iso(start), "to": _iso(end - timedelta(milliseconds=1))}
        return models.Measurements(_object("measurements", await self._link.ask("measurements", system=system, **span)))

    async def wallbox_measurements(
        self, system: str, *, wallboxes: Sequence[str], resolution: str, start: datetime, end: datetime
    ) -> models.Measurements:
        """The same of these wallboxes."""
        span = {"resolution": resolution, "from": _iso(start), "to": _iso(end - timedelta(milliseconds=1))}
        found = await self._link.ask("wallbox_measurements", system=system, **span, wallboxIds=",".join(wallboxes))
        return models.Measurements(_object("wallbox_measurements", found))

    async def wallboxes(self, system: str) -> tuple[models.AppWallbox, ...]:
        """The wallboxes of one system."""
        found = await self._link.ask("wallboxes", body={"systemIds": [system]})
        return tuple([models.AppWallbox(one) for one in _list("wallboxes", found)])

    async def wallbox(self, system: str, wallbox: str) -> models.AppWallbox:
        """One wallbox."""
        return models.AppWallbox(_object("wallbox", await self._link.ask("wallbox", system=system, wallbox=wallbox)))


def _iso(moment: datetime) -> str:
    """UTC with milliseconds, as the app sends it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _object(name: str, found: Any) -> Any:
    if not isinstance(found, dict):
        raise ProtocolError(f"the answer to {name} is no object", remedy="Try again; report it if it stays so.")
    return found


def _list(name: str, found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise ProtocolError(f"the answer to {name} is no list", remedy="Try again; report it if it stays so.")
    return [one for one in found if isinstance(one, dict)]
