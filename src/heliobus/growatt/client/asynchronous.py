"""The asynchronous client of one account, by whichever route."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt import mapping
from heliobus.growatt.client.calls.oauth import OAuthCalls
from heliobus.growatt.client.calls.shine import ShineCalls
from heliobus.growatt.client.calls.v1 import V1Calls
from heliobus.growatt.client.calls.v4 import V4Calls
from heliobus.growatt.client.history import Histories
from heliobus.growatt.client.route import Access, connect
from heliobus.growatt.client.settings import Settings
from heliobus.growatt.client.several import Round, timed
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.url import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    import aiohttp

    from heliobus.growatt.models import Inverter, PlantInfo, Reading
    from heliobus.model.snapshot import Snapshot
    from heliobus.transport.clock import Clock

T = TypeVar("T")

_DETAILS = ("live", "full")


class AsyncClient(Settings, Histories):
    """One Growatt account.

    With ``username`` and ``password`` it speaks as the ShinePhone app does, with a ``token`` the OpenAPI; ``route``
    chooses another way (``heliobus.growatt.client.route.ROUTES``).

    Making a client does no I/O; the first call logs in, unless an earlier login still holds.  ``server`` is the host of
    the account's region, looked up when None; ``plant`` narrows the account to one plant, by its id.  ``session`` is
    the application's own aiohttp session, made with ``DummyCookieJar``, and left open.  ``user_agent`` may have to be
    changed where the server refuses the usual one.  ``state`` is the file that keeps the session (default: in the state
    folder); clients of the same account have to share it.  ``battery_power`` is the rated power of the battery in W, of
    which settings are percents: with it commands can name a power.  ``timezone`` is that of the plants, such as
    Europe/Berlin: they tell no more than their hours from UTC, wrong for half the year where clocks change.
    ``as_app`` logs in as the newest app does, which some accounts of a NOAH or NEXA need.

    A cloud shows what the datalogger sent up to five minutes ago.  With a password ask every 11 minutes, not faster.

    Every method raises LockedOut while the server, or the account's own budget, wants it left alone;
    AuthenticationError; TransportError when nothing (complete) came back; and ProtocolError when it was no answer of
    Growatt's.
    """

    def __init__(
        self,
        *,
        username: str | None = None,
        password: str | Secret | None = None,
        token: str | Secret | None = None,
        client_id: str | None = None,
        client_secret: str | Secret | None = None,
        route: str | None = None,
        server: str | None = None,
        plant: str | None = None,
        scheme: str = "https",
        timeout: float = 30.0,
        session: aiohttp.ClientSession | None = None,
        user_agent: str | None = None,
        state: Path | None = None,
        battery_power: float | None = None,
        timezone: str | None = None,
        as_app: bool = False,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        access = Access(
            username=username,
            password=Secret.of(password),
            token=Secret.of(token),
            client_id=client_id,
            client_secret=Secret.of(client_secret),
            server=server,
            plant=plant,
            scheme=scheme,
            timeout=timeout,
            session=session,
            user_agent=user_agent,
            state=state,
            as_app=as_app,
            clock=clock,
        )
        made = connect(route or ("shine" if token is None else "v1"), access)
        super().__init__(made, clock=clock, state=state, battery_power=battery_power)
        self._plant = plant
        self._zone = None if timezone is None else _zone(timezone)
        self._plants: tuple[PlantInfo, ...] = ()
        self._inverters: tuple[Inverter, ...] = ()
        self._meant_last: Inverter | None = None
        self._last: Snapshot | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection; the login stays valid for the next client, and a later call opens it again."""
        await self._route.close()

    # -- the routes' own calls

    @property
    def shine(self) -> ShineCalls:
        """The app's calls; UsageError where this client speaks another route."""
        return self._spoken(ShineCalls)

    @property
    def v1(self) -> V1Calls:
        """The calls of the OpenAPI V1; UsageError where this client speaks another route."""
        return self._spoken(V1Calls)

    @property
    def v4(self) -> V4Calls:
        """The calls of the OpenAPI V4; UsageError where this client speaks another route."""
        return self._spoken(V4Calls)

    @property
    def oauth(self) -> OAuthCalls:
        """The calls of the OAuth2 OpenAPI; UsageError where this client speaks another route."""
        return self._spoken(OAuthCalls)

    async def query(self, name: str, /, **parameters: str) -> Any:
        """The bare content of the answer to one call of the route, with the server's own parameters."""
        return await self._route.query(name, **parameters)

    def _spoken(self, kind: type[T]) -> T:
        calls = self._route.calls
        if not isinstance(calls, kind):
            raise UsageError(
                f"this client speaks the route {self._route.name}", remedy="Make another client for these calls."
            )
        return calls

    # -- the unified model

    @property
    def capabilities(self) -> Capabilities:
        """What the inverter that was asked last reports and obeys.

        Before, what any can report, and what one of the account's inverters obeys, or any as long as none is known.
        """
        fields = mapping.carriable() if self._last is None else mapping.carried(self._last)
        meant = self._inverters if self._meant_last is None else (self._meant_last,)
        return Capabilities(fields=fields, commands=self._abilities(*(one.family for one in meant)))

    async def identify(self) -> Device:
        """The account's only inverter; UsageError names them when there are several."""
        return mapping.device(await self._inverter(None))

    async def devices(self) -> tuple[Device, ...]:
        """The account's plants and their inverters."""
        await self._discover()
        return (*map(mapping.plant_device, self._plants), *map(mapping.device, self._inverters))

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read one inverter into the unified model, unpaced and never from a cache.

        ``device`` may be a plant with one inverter; without it the account's only inverter is read.  What did not come
        is None, and MISSING in ``quality``; what the server last heard from an inverter that it has lost is STALE.
        Raises UsageError for another device or detail, and NotSupported for a family that has no mapping yet.
        """
        inverter, reading, moment = await self._poll(device, detail)
        self._last = self._snapshot(inverter, reading, moment, self._asked_for(device, inverter))
        return self._last

    async def read_all(self, *, detail: str = "live") -> Mapping[str, Snapshot]:
        """Read every inverter of the account, by its serial number, as ``read`` does.

        Those of a family are asked about by one question where the route has one (V1, V4), else one after the other.
        The account is asked for its devices once; ``devices`` looks again.  An inverter that cannot be read is left
        out and costs no other: the log says why, and the error is raised where none could be read.
        """
        _check(detail)
        if not self._inverters:
            await self._discover()
        asked = Round(self._route, self._clock, detail)
        await asked.ask(self._inverters)
        if not asked.readings:
            raise asked.failures[0] if asked.failures else self._nothing()
        read = [one for one in self._inverters if one.serial in asked.readings]
        return {one.serial: self._snapshot(one, *asked.readings[one.serial], mapping.device(one)) for one in read}

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Read the same in the server's own words, by the family and the kind of record."""
        _, reading, _ = await self._poll(device, detail)
        return {name: dict(record.values) for name, record in reading.records().items()}

    def _snapshot(self, inverter: Inverter, reading: Reading, moment: datetime, device: Device) -> Snapshot:
        return mapping.snapshot(reading, received_at=moment, inverter=inverter, device=device, route=self._route.name)

    # -- devices

    async def _discover(self) -> None:
        plants, inverters = await self._route.discover()
        if self._zone is not None:
            plants = tuple([replace(one, zone=self._zone) for one in plants])
            inverters = tuple([replace(one, zone=self._zone) for one in inverters])
        self._plants, self._inverters = plants, inverters
        if not self._plants and not self._inverters:  # the token routes know devices and no plants
            named = f" plant {self._plant!r}" if self._plant else " plants"
            raise UsageError(f"the account has no{named}", remedy="Look it up in the ShinePhone app.")

    async def _inverter(self, device: str | Device | None) -> Inverter:
        """The inverter that is meant; the account is asked for its devices once, and again for one it does not know."""
        wanted = device.id if isinstance(device, Device) else device
        if not self._inverters or not self._meant(wanted):
            await self._discover()
        meant = self._meant(wanted)
        if len(meant) == 1:
            self._meant_last = meant[0]
            return meant[0]
        choices = [inverter.serial for inverter in meant or self._inverters]
        if not choices:
            raise self._nothing()
        names = ", ".join(dict.fromkeys((*(plant.id for plant in self._plants), *choices)))
        problem = f"no device {wanted!r} in this account" if not meant else "several inverters are meant"
        raise UsageError(problem, remedy=f"Use one of: {names}.")

    def _nothing(self) -> NotSupported:
        return NotSupported("the account's plants have no inverters", alternatives=[one.id for one in self._plants])

    def _meant(self, wanted: str | None) -> list[Inverter]:
        # A token's lists name no plants: what has no name is not meant by none.
        return [one for one in self._inverters if wanted is None or (wanted and wanted in (one.serial, one.plant_id))]

    def _asked_for(self, device: str | Device | None, inverter: Inverter) -> Device:
        wanted = device.id if isinstance(device, Device) else device
        plant = next((plant for plant in self._plants if plant.id == wanted), None)
        return mapping.device(inverter) if plant is None else mapping.plant_device(plant)

    async def _poll(self, device: str | Device | None, detail: str) -> tuple[Inverter, Reading, datetime]:
        _check(detail)
        inverter = await self._inverter(device)
        return inverter, *await timed(self._route.poll(inverter, detail=detail), self._clock)


def _check(detail: str) -> None:
    if detail not in _DETAILS:
        raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(_DETAILS)}.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"no time zone {name!r}", remedy="Name it as Europe/Berlin.") from error
