"""Route A: an account through the calls of the ShinePhone app, by user and password."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt.client.account import USER_AGENT, Account
from heliobus.growatt.client.calls.shine import ShineCalls
from heliobus.growatt.control import bean, noah_settings
from heliobus.growatt.mapping import history
from heliobus.growatt.models import (
    Inverter,
    InverterReading,
    MaxReading,
    MixReading,
    NexaReading,
    NoahReading,
    PlantInfo,
    SpaReading,
    StorageReading,
    TlxReading,
)
from heliobus.growatt.protocol import plant_zone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import date, tzinfo

    from heliobus.growatt.client.route import Access, Bulk
    from heliobus.growatt.models import DaySample, Reading, SpanSample
    from heliobus.growatt.protocol import Json


class ShineRoute:
    """The app's calls behind ``Route``."""

    name = "shine"
    bulks: Mapping[str, Bulk] = MappingProxyType({})

    def __init__(self, account: Account, *, plant: str | None) -> None:
        self._account = account
        self._plant = plant
        self.calls = ShineCalls(account)
        self._alone: frozenset[str] = frozenset()
        """Plants with one inverter: what is told of the plant is that one's."""

    async def close(self) -> None:
        await self._account.close()

    async def query(self, name: str, /, **parameters: str) -> Any:
        return await self.calls.query(name, **parameters)

    async def discover(self) -> tuple[tuple[PlantInfo, ...], tuple[Inverter, ...]]:
        """Ask for the plants, their devices and their zones."""
        plants: list[PlantInfo] = []
        inverters: list[Inverter] = []
        for plant in (await self.calls.plants()).plants:
            if plant.id is None or self._plant not in (None, plant.id):
                continue
            zone = await self._zone(plant.id)
            plants.append(PlantInfo(id=plant.id, name=plant.name, zone=zone))
            inverters += [
                Inverter(serial=serial, family=family, name=name, plant_id=plant.id, zone=zone)
                for serial, family, name in await self._devices(plant.id)
            ]
        counted = Counter(one.plant_id for one in inverters)
        self._alone = frozenset(plant_id for plant_id, count in counted.items() if count == 1)
        return tuple(plants), tuple(inverters)

    async def _devices(self, plant_id: str) -> list[tuple[str, str, str | None]]:
        """Serial, family and name of each; a plant without any may be a NOAH's, which only another call tells."""
        listed = (await self.calls.plant_devices(plant_id)).devices
        found = [(one.serial, one.family, one.name) for one in listed if one.serial and one.family]
        if found:
            return found
        try:
            noah = await self.calls.plant_noah(plant_id)
        except NotSupported:
            return []
        if noah.serial is None:
            return []
        return [(noah.serial, "nexa" if noah.has_nexa else "noah", noah.plant_name)]

    async def _zone(self, plant_id: str) -> tzinfo | None:
        try:
            return plant_zone((await self.calls.plant_settings(plant_id)).timezone)
        except NotSupported:  # an account that may look and not set
            return None

    async def poll(self, inverter: Inverter, *, detail: str) -> Reading:  # noqa: ARG002, there is but one detail
        ask = _POLLS.get(inverter.family)
        if ask is None:
            raise NotSupported(
                f"inverters of the family {inverter.family!r} cannot be read into a snapshot yet",
                alternatives=tuple(_POLLS),
                remedy="Use query() with the server's own calls.",
            )
        return await ask(self.calls, inverter)

    async def settings(self, inverter: Inverter) -> Mapping[str, Json]:
        """NotSupported for an SPA, whose settings the app does not read by any call that is known."""
        ask = _SETTINGS.get(inverter.family)
        if ask is None:
            raise NotSupported(f"the app reads no settings of the family {inverter.family!r}")
        name, serial = ask
        told = await self.calls.query(name, **{serial: inverter.serial})
        if inverter.family in ("noah", "nexa"):
            return noah_settings(told.get(inverter.family) if isinstance(told, dict) else None)
        return bean(told)

    async def write(self, inverter: Inverter, setting: str, parameters: Sequence[str]) -> None:
        await self.calls.write_setting(inverter.serial, family=inverter.family, setting=setting, parameters=parameters)

    # -- history

    async def day(self, inverter: Inverter, day: date) -> tuple[DaySample, ...]:
        """A curve of the inverter's own where it is known what it says, else the plant's production by half hours."""
        if inverter.zone is None:
            raise NotSupported("the plant does not tell its time zone")
        serial, plant_id, zone = inverter.serial, inverter.plant_id, inverter.zone
        if inverter.family == "mix":
            energy = await self.calls.mix_energy(serial, plant_id=plant_id, day=day)
            return history.mix_day(energy, day=day, zone=zone)
        if inverter.family in ("inverter", "max"):
            ask = self.calls.inverter_day if inverter.family == "inverter" else self.calls.max_day
            return history.inverter_day(await ask(serial, day=day), zone=zone)
        self._require_alone(inverter)
        return history.plant_day(await self.calls.plant_history(plant_id, day=day), day=day, zone=zone)

    async def spans(self, inverter: Inverter, resolution: str, day: date) -> tuple[SpanSample, ...]:
        """The plant's production; what the app tells else of a month or a year nobody has recorded."""
        self._require_alone(inverter)
        told = await self.calls.plant_history(inverter.plant_id, day=day, span=_SPANS[resolution])
        return history.plant_spans(told, resolution=resolution, of=day)

    def _require_alone(self, inverter: Inverter) -> None:
        if inverter.plant_id not in self._alone:
            raise NotSupported(
                "the app tells this history of the whole plant, which has several inverters",
                remedy="Use a token: the OpenAPI tells the days of each inverter by 5min.",
            )


_SPANS = {"day": "month", "month": "year", "year": "total"}
"""What holds all spans of a resolution that one question brings."""


def connect(access: Access) -> ShineRoute:
    """The route of an account with user and password."""
    if not access.username:
        raise UsageError("a Growatt account has a user name", remedy="Give username=, or write growatt://user@server.")
    account = Account(
        username=access.username,
        password=access.password,
        server=access.server,
        scheme=access.scheme,
        user_agent=access.user_agent or USER_AGENT,
        as_app=access.as_app,
        timeout=access.timeout,
        session=access.session,
        state=access.state,
        clock=access.clock,
    )
    return ShineRoute(account, plant=access.plant)


# -- one poll per family


async def _mix(calls: ShineCalls, inverter: Inverter) -> Reading:
    status = await calls.mix_status(inverter.serial, plant_id=inverter.plant_id)
    return MixReading(status=status, totals=await calls.mix_totals(inverter.serial, plant_id=inverter.plant_id))


async def _tlx(calls: ShineCalls, inverter: Inverter) -> Reading:
    return TlxReading(detail=await calls.tlx_detail(inverter.serial))


async def _storage(calls: ShineCalls, inverter: Inverter) -> Reading:
    params = await calls.storage_params(inverter.serial)
    return StorageReading(params=params, totals=await calls.storage_totals(inverter.serial, plant_id=inverter.plant_id))


async def _spa(calls: ShineCalls, inverter: Inverter) -> Reading:
    serial, plant_id = inverter.serial, inverter.plant_id
    listed = (await calls.plant_devices(plant_id)).devices
    device = next((one for one in listed if one.serial == serial), None)
    if device is None:
        raise NotSupported(f"the plant {plant_id} has no device {serial} any more")
    status = await calls.spa_status(serial, plant_id=plant_id)
    return SpaReading(device=device, status=status, energy=await calls.spa_energy(serial, plant_id=plant_id))


async def _inverter(calls: ShineCalls, inverter: Inverter) -> Reading:
    return InverterReading(detail=await calls.inverter_detail(inverter.serial))


async def _max(calls: ShineCalls, inverter: Inverter) -> Reading:
    return MaxReading(detail=await calls.max_detail(inverter.serial))


async def _noah(calls: ShineCalls, inverter: Inverter) -> Reading:
    return NoahReading(status=await calls.noah_status(inverter.serial))


async def _nexa(calls: ShineCalls, inverter: Inverter) -> Reading:
    return NexaReading(status=await calls.nexa_status(inverter.serial))


_SETTINGS: Mapping[str, tuple[str, str]] = {
    "mix": ("mix_settings", "serialNum"),
    "tlx": ("tlx_settings", "serialNum"),
    "storage": ("storage_params", "storageId"),
    "inverter": ("inverter_params", "inverterId"),
    "max": ("max_params", "inverterId"),
    "noah": ("noah_info", "deviceSn"),
    "nexa": ("nexa_info", "deviceSn"),
}
"""The call that tells a family's settings, and its parameter; of plain inverters and MAX what it tells is not known."""

_POLLS: Mapping[str, Callable[[ShineCalls, Inverter], Awaitable[Reading]]] = {
    "mix": _mix,
    "tlx": _tlx,
    "storage": _storage,
    "spa": _spa,
    "inverter": _inverter,
    "max": _max,
    "noah": _noah,
    "nexa": _nexa,
}
