"""The asynchronous client of one account of mein-senec.de."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from heliobus.errors import NotSupported, Refused, UsageError
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device
from heliobus.model.spans import spans
from heliobus.senec.client.closing import Closing
from heliobus.senec.client.portal.guardian import PortalGuardian
from heliobus.senec.client.portal.link import PortalLink
from heliobus.senec.client.portal.writes import Writes
from heliobus.senec.control.portal import ABILITIES
from heliobus.senec.mapping import portal as mapping
from heliobus.senec.protocol import app, portal
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.http import HttpTransport
from heliobus.url import Secret

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from heliobus.model.snapshot import Snapshot
    from heliobus.model.spans import EnergySpan
    from heliobus.senec.mapping.portal import PortalReading
    from heliobus.senec.models.portal import Navigation
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)

_DETAILS = ("live", "full")
_SURE = 3600.0
"""Seconds for which a plant's index is believed."""


@dataclass(frozen=True)
class _Plant:
    index: int
    navigation: Navigation
    seen: float

    @property
    def serial(self) -> str:
        return self.navigation.serial or ""


class AsyncPortalClient(Writes, Closing):
    """One account of the portal, for what nothing else tells: reserve, peak shaving, SG-Ready, sockets, week files.

    Making a client does no I/O; the first call signs on, unless an earlier session still holds.  Arguments are those of
    ``AsyncAppClient``; ``system`` narrows the account to one plant, by its control unit's number.  ``state`` is the
    account's file of the sign-on; the session is kept beside it.

    Every method raises LockedOut while the portal, or the sign-on's guardian, wants it left alone; AuthenticationError;
    TransportError when nothing (complete) came back; and ProtocolError when it was no answer of the portal's.
    """

    def __init__(
        self,
        *,
        username: str,
        password: str | Secret | None,
        totp: str | Secret | None = None,
        server: str | None = None,
        scheme: str = "https",
        system: str | None = None,
        timeout: float = 30.0,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if not username:
            raise UsageError("a SENEC account has a user", remedy="Write senec+portal://user@mein-senec.de.")
        if scheme not in ("https", "http") or (scheme == "http" and server is None):
            raise UsageError(f"the portal does not speak {scheme}", remedy="Use https; http is for simulators.")
        self._transport = HttpTransport(timeout=timeout, cookies=False)
        origin = f"{scheme}://{server or portal.HOST}"
        guardian = PortalGuardian(
            portal=origin,
            username=username,
            password=Secret.of(password),
            totp_secret=Secret.of(totp),
            origin=f"{scheme}://{server or app.HOSTS['sso']}",
            transport=self._transport,
            state=state,
            clock=clock,
        )
        super().__init__(PortalLink(guardian=guardian, origin=origin, clock=clock), clock=clock)
        self._only = system
        self._plants: tuple[_Plant, ...] = ()

    @property
    def capabilities(self) -> Capabilities:
        """What the portal tells of a plant, and what can be set there."""
        return Capabilities(fields=mapping.CARRIED, commands=ABILITIES)

    async def identify(self) -> Device:
        """The account's only plant; UsageError names them when there are several."""
        return mapping.device((await self._plant(None)).navigation)

    async def devices(self) -> tuple[Device, ...]:
        """The account's plants; units that belong to another one are part of that."""
        await self._discover()
        return tuple([mapping.device(one.navigation) for one in self._plants])

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read one plant into the unified model, unpaced and never from a cache.

        ``live`` are powers and state of charge; ``full`` adds the battery's voltage and capacity and the reserve.  What
        did not come is None, and MISSING in ``quality``; what is older than a quarter of an hour is STALE.  Raises
        UsageError for another device or detail.
        """
        reading, moment = await self._poll(device, detail)
        return mapping.snapshot(reading, received_at=moment)

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Read the same in the portal's own words, by the name of the call."""
        reading, _ = await self._poll(device, detail)
        told = {"navigation": dict(reading.navigation.values), "overview": dict(reading.overview.values)}
        if reading.accu is not None:
            told["accu_state"] = dict(reading.accu.values)
        return told if reading.reserve is None else {**told, "reserve": reading.reserve}

    async def history(
        self, start: datetime, end: datetime, resolution: str = "5min", *, device: str | Device | None = None
    ) -> tuple[EnergySpan, ...]:
        """Read the energies of about five minutes each, as the week files have them; what they have not is left out.

        The rows stand at uneven moments, so the spans do too.  Raises UsageError for a time without a zone or another
        resolution, and NotSupported for a plant without a zone.
        """
        if start.tzinfo is None or end.tzinfo is None:
            raise UsageError("a history is asked for between times with a zone", remedy="Add tzinfo to both.")
        if resolution != "5min":
            raise UsageError(
                f"the portal's week files have no resolution {resolution!r}",
                remedy="Use 5min here; AppClient.history has longer ones.",
            )
        plant = await self._plant(device)
        zone, now = _zone(plant.navigation), self._clock.now()
        found: list[EnergySpan] = []
        for begin, _ in spans(start, min(end, now), "week", zone):
            year, week, _ = begin.astimezone(zone).isocalendar()
            try:
                file = await self.week(plant.index, year=year, week=week)
            except NotSupported as error:
                _log.debug("no file of %d-W%02d: %s", year, week, error.what())
                continue
            found += mapping.week_spans(file, zone, now=now)
        return tuple([one for one in found if one.end > start and one.start < end])

    # -- plants

    async def _discover(self) -> None:
        count = (await self.customer()).plants
        plants: list[_Plant] = []
        for index in range(min(count or portal.MOST_PLANTS, portal.MOST_PLANTS)):
            try:
                navigation = await self.navigation(index)
            except (NotSupported, Refused):
                if count is None:
                    break  # the last one was the last
                raise
            if not navigation.serial:
                break
            if navigation.is_master is not False and self._only in (None, navigation.serial):
                plants.append(_Plant(index, navigation, self._clock.monotonic()))
        if not plants:
            named = f" plant {self._only!r}" if self._only else " plants"
            raise UsageError(f"the account has no{named}", remedy="Look it up at mein-senec.de.")
        self._plants = tuple(plants)

    async def _plant(self, device: str | Device | None, *, sure: float = _SURE) -> _Plant:
        """The plant that is meant; an index that was not looked up for ``sure`` seconds is looked up again."""
        wanted = _wanted(device)
        old = any(self._clock.monotonic() - one.seen >= sure for one in self._plants)
        if old or not self._meant(wanted):
            await self._discover()
        meant = self._meant(wanted)
        if len(meant) == 1:
            return meant[0]
        problem = f"no plant {wanted!r} in this account" if not meant else "several plants are meant"
        raise UsageError(problem, remedy=f"Use one of: {', '.join(one.serial for one in meant or self._plants)}.")

    async def _meant_plant(self, device: str | Device | None, *, dry_run: bool) -> str:
        """The index of the plant that is meant; whose it is is made sure of before every write."""
        if not dry_run:
            return str((await self._plant(device, sure=0.0)).index)
        known = self._meant(_wanted(device))
        return str(known[0].index) if len(known) == 1 else "{plant}"

    def _meant(self, wanted: str | None) -> list[_Plant]:
        return [one for one in self._plants if wanted in (None, one.serial)]

    # -- polls

    async def _poll(self, device: str | Device | None, detail: str) -> tuple[PortalReading, datetime]:
        if detail not in _DETAILS:
            raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(_DETAILS)}.")
        plant = await self._plant(device)
        begin = self._clock.now()
        overview = await self.overview(plant.index)
        moment = begin + (self._clock.now() - begin) / 2
        reading = mapping.PortalReading(navigation=plant.navigation, overview=overview)
        if detail == "full":
            reading = await self._with_settings(reading, plant.index)
        return reading, moment

    async def _with_settings(self, reading: PortalReading, plant: int) -> PortalReading:
        """The battery's state and the reserve; a plant that has not one of them still tells the rest."""
        accu = reserve = None
        try:
            accu = await self.accu_state(plant)
        except (NotSupported, Refused) as error:
            _log.debug("no state of the battery: %s", error.what())
        try:
            reserve = await self.reserve(plant)
        except (NotSupported, Refused) as error:
            _log.debug("no reserve: %s", error.what())
        return replace(reading, accu=accu, reserve=reserve)


def _wanted(device: str | Device | None) -> str | None:
    return device.id if isinstance(device, Device) else device


def _zone(navigation: Navigation) -> ZoneInfo:
    try:
        return ZoneInfo(navigation.timezone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotSupported(f"the portal tells no time zone of this plant ({navigation.timezone!r})") from error
