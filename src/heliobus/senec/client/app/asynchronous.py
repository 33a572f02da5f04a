"""The asynchronous client of one account."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from heliobus.errors import NotSupported, Refused, UsageError
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device
from heliobus.senec.client.app import history
from heliobus.senec.client.app.link import AppLink
from heliobus.senec.client.app.writes import Writes
from heliobus.senec.client.closing import Closing
from heliobus.senec.client.guardian import Guardian
from heliobus.senec.control.app import ABILITIES
from heliobus.senec.mapping import app as mapping
from heliobus.senec.protocol.app import HOSTS
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.http import HttpTransport
from heliobus.url import Secret

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import aiohttp

    from heliobus.model.snapshot import Snapshot
    from heliobus.model.spans import EnergySpan
    from heliobus.senec.mapping.app import AppReading
    from heliobus.senec.models.app import AppSystem, AppWallbox
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)

_DETAILS = ("live", "full")


class AsyncAppClient(Writes, Closing):
    """One SENEC account, through the calls of the SENEC app.

    Making a client does no I/O; the first call signs on, unless an earlier sign-on still holds.  ``totp`` is the
    ``otpauth://`` secret of the account's authenticator app, if it has one.  ``server`` is a simulator's host that
    stands in for all of SENEC's, ``system`` narrows the account to one system.  ``session`` is the application's own
    aiohttp session, whose cookie jar is used, and left open.  ``state`` is the file that keeps the sign-on (default: in
    the state folder); clients of the same account have to share it.

    The cloud's data are five minutes old; ask every five or six minutes, not faster.

    Every method raises LockedOut while the cloud, or the sign-on's guardian, wants it left alone; AuthenticationError;
    TransportError when nothing (complete) came back; and ProtocolError when it was no answer of SENEC's.
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
        session: aiohttp.ClientSession | None = None,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if not username:
            raise UsageError("a SENEC account has a user name", remedy="Give username=, or write senec+app://user@sso.")
        if scheme not in ("https", "http") or (scheme == "http" and server is None):
            raise UsageError(f"SENEC's cloud does not speak {scheme}", remedy="Use https; http is for simulators.")
        origins = {service: f"{scheme}://{server or host}" for service, host in HOSTS.items()}
        self._transport = HttpTransport(session=session, timeout=timeout)
        guardian = Guardian(
            username=username,
            password=Secret.of(password),
            totp_secret=Secret.of(totp),
            origin=origins["sso"],
            transport=self._transport,
            state=state,
            clock=clock,
        )
        link = AppLink(guardian=guardian, transport=self._transport, origins=origins, clock=clock)
        super().__init__(link, clock=clock)
        self._only = system
        self._systems: tuple[AppSystem, ...] = ()

    @property
    def capabilities(self) -> Capabilities:
        """What the cloud tells of a system, and what its wallboxes obey if it has any, as far as is known by now."""
        boxes = not self._systems or any(one.wallbox_ids for one in self._systems)
        return Capabilities(
            fields=mapping.carried("full", wallboxes=bool(self._boxes)), commands=ABILITIES if boxes else {}
        )

    async def identify(self) -> Device:
        """The account's only system; UsageError names them when there are several."""
        return mapping.device(await self._system(None))

    async def devices(self) -> tuple[Device, ...]:
        """The account's systems; one that was replaced may be among them."""
        await self._discover()
        return tuple(map(mapping.device, self._systems))

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read one system into the unified model, unpaced and never from a cache.

        ``live`` are powers, state of charge and wallboxes; ``full`` adds state, temperature, capacity, modules and
        versions.  ``device`` may be left out if the account has one system.  What did not come is None, and MISSING in
        ``quality``; what is older than a quarter of an hour is STALE.  Raises UsageError for another device or detail.
        """
        reading, moment = await self._poll(device, detail)
        return mapping.snapshot(reading, received_at=moment)

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Read the same in the cloud's own words, by the name of the call."""
        reading, _ = await self._poll(device, detail)
        told = {
            "system": dict(reading.system.values),
            "dashboard": dict(reading.dashboard.values),
            "wallboxes": [dict(box.values) for box in reading.wallboxes],
        }
        return told if reading.details is None else {**told, "details": dict(reading.details.values)}

    async def history(
        self, start: datetime, end: datetime, resolution: str = "day", *, device: str | Device | None = None
    ) -> tuple[EnergySpan, ...]:
        """Read the energies of all spans that have a part in the time from ``start`` until before ``end``.

        ``resolution`` is 5min, 15min, hour, day, week, month or year; days and longer spans are local to the system, 23
        or 25 hours long at the changes of its clock.  What the cloud has no data for is None, never 0.  Raises
        UsageError for a time without a zone or an unknown resolution, and NotSupported for a system without a zone.
        """
        history.check(start, end, resolution)
        system = await self._system(device)
        zone = _zone(system)
        return await history.history(self, system.id or "", start, end, resolution, zone=zone, now=self._clock.now())

    # -- systems

    async def _discover(self) -> None:
        systems = [one for one in await self.systems() if one.id and self._only in (None, one.id)]
        if not systems:
            named = f" system {self._only!r}" if self._only else " systems"
            raise UsageError(f"the account has no{named}", remedy="Look it up in the SENEC app.")
        self._systems = tuple(systems)

    async def _system(self, device: str | Device | None) -> AppSystem:
        """The system that is meant; the account is asked for its systems once, and again for one it does not know."""
        wanted = device.id if isinstance(device, Device) else device
        if not self._meant(wanted):
            await self._discover()
        meant = self._meant(wanted)
        if len(meant) == 1:
            return meant[0]
        problem = f"no system {wanted!r} in this account" if not meant else "several systems are meant"
        names = ", ".join(one.id or "" for one in meant or self._systems)
        raise UsageError(problem, remedy=f"Use one of: {names}.")

    def _meant(self, wanted: str | None) -> list[AppSystem]:
        return [one for one in self._systems if wanted in (None, one.id)]

    async def _meant_system(self, device: str | Device | None, *, dry_run: bool) -> str:
        """The id of the system that is meant; a dry run asks nobody."""
        if not dry_run:
            return (await self._system(device)).id or ""
        wanted = device.id if isinstance(device, Device) else device or self._only
        meant = self._meant(wanted)
        return wanted or (meant[0].id or "" if len(meant) == 1 else "SYSTEM")

    # -- polls

    async def _poll(self, device: str | Device | None, detail: str) -> tuple[AppReading, datetime]:
        if detail not in _DETAILS:
            raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(_DETAILS)}.")
        system = await self._system(device)
        name = system.id or ""
        begin = self._clock.now()
        dashboard = await self.dashboard(name)
        moment = begin + (self._clock.now() - begin) / 2
        boxes: tuple[AppWallbox, ...] = ()
        if system.wallbox_ids or dashboard.wallboxes:
            boxes = await self._wallboxes(name)
        details = await self.details(name) if detail == "full" else None
        reading = mapping.AppReading(system=system, dashboard=dashboard, wallboxes=boxes, details=details)
        return reading, moment

    async def _wallboxes(self, system: str) -> tuple[AppWallbox, ...]:
        """The wallboxes; a cloud that does not tell them still tells the rest."""
        try:
            boxes = await self.wallboxes(system)
        except (NotSupported, Refused) as error:
            _log.debug("no wallboxes: %s", error.what())
            return ()
        self._boxes |= {(system, box.id): box for box in boxes if box.id}
        return boxes

    async def _box(self, system: str, wallbox: str) -> AppWallbox:
        boxes = await self.wallboxes(system)
        self._boxes |= {(system, box.id): box for box in boxes if box.id}
        found = self._boxes.get((system, wallbox)) if any(box.id == wallbox for box in boxes) else None
        if found is None:
            names = ", ".join(box.id for box in boxes if box.id) or "none: it has no wallbox"
            raise UsageError(f"this system has no wallbox {wallbox!r}", remedy=f"Use one of: {names}.")
        return found


def _zone(system: AppSystem) -> ZoneInfo:
    try:
        return ZoneInfo(system.timezone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotSupported(f"the cloud tells no time zone of this system ({system.timezone!r})") from error
