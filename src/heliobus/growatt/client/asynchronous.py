"""The asynchronous client of one account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt import mapping
from heliobus.growatt.client.account import USER_AGENT, Account
from heliobus.growatt.client.calls import Calls
from heliobus.growatt.models import Inverter, MixReading, TlxReading
from heliobus.growatt.protocol import plant_zone
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.url import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo
    from pathlib import Path

    import aiohttp

    from heliobus.growatt.models import Plant, Record
    from heliobus.model.command import Command, Outcome
    from heliobus.model.snapshot import Snapshot
    from heliobus.transport.clock import Clock

_DETAILS = ("live", "full")


class AsyncClient(Calls):
    """One Growatt account, through the calls of the ShinePhone app.

    Making a client does no I/O; the first call logs in, unless an earlier login still holds.  ``server`` is the host of
    the account's region, looked up when None; ``plant`` narrows the account to one plant, by its id.  ``session`` is
    the application's own aiohttp session, made with ``DummyCookieJar``, and left open.  ``user_agent`` may have to be
    changed where the server refuses the usual one.  ``state`` is the file that keeps the session (default: in the state
    folder); clients of the same account have to share it.

    A cloud shows what the datalogger sent up to five minutes ago.  With a password ask every 11 minutes, not faster.

    Every method raises LockedOut while the server, or the account's own budget, wants it left alone;
    AuthenticationError; TransportError when nothing (complete) came back; and ProtocolError when it was no answer of
    Growatt's.
    """

    def __init__(
        self,
        *,
        username: str,
        password: str | Secret | None,
        server: str | None = None,
        plant: str | None = None,
        scheme: str = "https",
        timeout: float = 30.0,
        session: aiohttp.ClientSession | None = None,
        user_agent: str = USER_AGENT,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if not username:
            raise UsageError(
                "a Growatt account has a user name", remedy="Give username=, or write growatt://user@server."
            )
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
        )
        self._clock = clock
        self._plant = plant
        self._plants: tuple[Plant, ...] = ()
        self._inverters: tuple[Inverter, ...] = ()
        self._last: Snapshot | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection; the login stays valid for the next client, and a later call opens it again."""
        await self._account.close()

    @property
    def capabilities(self) -> Capabilities:
        """What the inverter that was read last reports; before, what any can.  No commands yet."""
        return Capabilities(fields=mapping.carriable() if self._last is None else mapping.carried(self._last))

    async def identify(self) -> Device:
        """The account's only inverter; UsageError names them when there are several."""
        return mapping.device(await self._inverter(None))

    async def devices(self) -> tuple[Device, ...]:
        """The account's plants and their inverters."""
        await self._discover()
        return (*map(mapping.plant_device, self._plants), *map(mapping.device, self._inverters))

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read one inverter into the unified model, unpaced and never from a cache; both details are the same.

        ``device`` may be a plant with one inverter; without it the account's only inverter is read.  What did not come
        is None, and MISSING in ``quality``; what the server last heard from an inverter that it has lost is STALE.
        Raises UsageError for another device or detail, and NotSupported for a family that has no mapping yet.
        """
        inverter, reading, moment = await self._poll(device, detail)
        self._last = mapping.snapshot(
            reading, received_at=moment, inverter=inverter, device=self._asked_for(device, inverter)
        )
        return self._last

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Read the same in the server's own words, by the name of the call."""
        _, reading, _ = await self._poll(device, detail)
        return {name: dict(record.values) for name, record in _records(reading).items()}

    async def execute(self, command: Command, *, dry_run: bool = False) -> Outcome:  # noqa: ARG002, the contract
        """Raise NotSupported: this route has no commands yet."""
        self.capabilities.require(command)
        raise NotSupported("Growatt accounts take no commands yet")

    # -- devices

    async def _discover(self) -> None:
        """Ask for the plants, their devices and, for the times that TLX answers carry, their zones."""
        plants = [plant for plant in (await self.plants()).plants if plant.id and self._plant in (None, plant.id)]
        if not plants:
            named = f" plant {self._plant!r}" if self._plant else " plants"
            raise UsageError(f"the account has no{named}", remedy="Look it up in the ShinePhone app.")
        found: list[Inverter] = []
        for plant in plants:
            plant_id = plant.id or ""
            devices = (await self.plant_devices(plant_id)).devices
            zone = await self._zone(plant_id) if any(device.family == "tlx" for device in devices) else None
            found += [
                Inverter(serial=device.serial, family=device.family, name=device.name, plant_id=plant_id, zone=zone)
                for device in devices
                if device.serial and device.family
            ]
        self._plants, self._inverters = tuple(plants), tuple(found)

    async def _zone(self, plant_id: str) -> tzinfo | None:
        settings = await self.plant_settings(plant_id)
        return plant_zone(settings.timezone)

    async def _inverter(self, device: str | Device | None) -> Inverter:
        """The inverter that is meant; the account is asked for its devices once, and again for one it does not know."""
        wanted = device.id if isinstance(device, Device) else device
        if not self._inverters or not self._meant(wanted):
            await self._discover()
        meant = self._meant(wanted)
        if len(meant) == 1:
            return meant[0]
        choices = [inverter.serial for inverter in meant or self._inverters]
        if not choices:
            raise NotSupported(
                "the account's plants have no inverters", alternatives=[p.id or "" for p in self._plants]
            )
        names = ", ".join(dict.fromkeys((*(plant.id or "" for plant in self._plants), *choices)))
        problem = f"no device {wanted!r} in this account" if not meant else "several inverters are meant"
        raise UsageError(problem, remedy=f"Use one of: {names}.")

    def _meant(self, wanted: str | None) -> list[Inverter]:
        return [one for one in self._inverters if wanted in (None, one.serial, one.plant_id)]

    def _asked_for(self, device: str | Device | None, inverter: Inverter) -> Device:
        wanted = device.id if isinstance(device, Device) else device
        plant = next((plant for plant in self._plants if plant.id == wanted), None)
        return mapping.device(inverter) if plant is None else mapping.plant_device(plant)

    # -- polls

    async def _poll(self, device: str | Device | None, detail: str) -> tuple[Inverter, mapping.Reading, datetime]:
        if detail not in _DETAILS:
            raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(_DETAILS)}.")
        inverter = await self._inverter(device)
        begin = self._clock.now()
        reading = await self._ask(inverter)
        return inverter, reading, begin + (self._clock.now() - begin) / 2

    async def _ask(self, inverter: Inverter) -> mapping.Reading:
        serial, plant_id = inverter.serial, inverter.plant_id
        if inverter.family == "mix":
            status = await self.mix_status(serial, plant_id=plant_id)
            return MixReading(status=status, totals=await self.mix_totals(serial, plant_id=plant_id))
        if inverter.family == "tlx":
            return TlxReading(detail=await self.tlx_detail(serial))
        raise NotSupported(
            f"inverters of the family {inverter.family!r} cannot be read into a snapshot yet",
            alternatives=tuple(mapping.MODELS),
            remedy="Use the client's own calls for this family, or query().",
        )


def _records(reading: mapping.Reading) -> Mapping[str, Record]:
    if isinstance(reading, MixReading):
        return {"mix_status": reading.status, "mix_totals": reading.totals}
    return {"tlx_detail": reading.detail}
