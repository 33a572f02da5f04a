"""Route C: an account through the OpenAPI V1, by a token."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.errors import AuthenticationError, LockedOut, NotSupported, TransportError, UsageError
from heliobus.growatt import mapping
from heliobus.growatt.client.calls.v1 import V1Calls
from heliobus.growatt.client.calls.v1.devices import weeks
from heliobus.growatt.client.tokens import TokenAccount
from heliobus.growatt.control import bean
from heliobus.growatt.models import Inverter, PlantInfo
from heliobus.growatt.models import v1 as models
from heliobus.growatt.protocol import plant_zone
from heliobus.growatt.protocol.v1 import FAMILIES, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import tzinfo

    from heliobus.growatt.client.route import Access, Bulk
    from heliobus.growatt.models import DaySample, Reading, SpanSample
    from heliobus.growatt.protocol import Json
    from heliobus.transport.clock import Clock

_METER = 3
_YEARS = 20

READINGS: Mapping[str, Callable[[Any], Reading]] = {
    "tlx": lambda last: models.MinReading(last=last),
    "mix": lambda last: models.SphReading(last=last),
    "spa": lambda last: models.SpaReading(last=last),
    "max": lambda last: models.MaxReading(last=last),
    "storage": lambda last: models.StorageReading(last=last),
    "inverter": lambda last: models.InverterReading(last=last),
}
"""The families that have a snapshot, each with its reading."""


class V1Route:
    """The OpenAPI V1 behind ``Route``."""

    name = "v1"

    def __init__(self, account: TokenAccount, *, plant: str | None, clock: Clock) -> None:
        self._account = account
        self._plant = plant
        self._clock = clock
        self.calls = V1Calls(account)
        # A program that is started twice within five minutes finds its devices, too.
        self._lists = V1Calls(account, repeats=True)
        self.bulks: Mapping[str, Bulk] = MappingProxyType(
            {family: partial(self._bulk, family) for family in READINGS if FAMILIES[family].bulk}
        )

    async def close(self) -> None:
        await self._account.close()

    async def query(self, name: str, /, **parameters: str) -> Any:
        return await self.calls.query(name, **parameters)

    async def discover(self) -> tuple[tuple[PlantInfo, ...], tuple[Inverter, ...]]:
        """Ask for the plants, their zones and their devices; meters are none of these."""
        plants: list[PlantInfo] = []
        inverters: list[Inverter] = []
        for plant in (await self._lists.plants()).plants:
            if plant.id is None or self._plant not in (None, plant.id):
                continue
            zone = plant_zone((await self._lists.plant_details(plant.id)).timezone)
            plants.append(PlantInfo(id=plant.id, name=plant.name, zone=zone))
            inverters += await self._inverters(plant.id, zone)
        return tuple(plants), tuple(inverters)

    async def _inverters(self, plant_id: str, zone: tzinfo | None) -> list[Inverter]:
        listed = await self._lists.devices(plant_id)
        if listed.count and not listed.devices:
            raise TransportError(
                f"the server counts {listed.count} devices of the plant {plant_id} and lists none",
                remedy="Wait; if it stays so, make a new token in the ShinePhone app (web-made ones see too little).",
            )
        return [
            Inverter(
                serial=device.serial,
                family=NUMBERS.get(device.kind or 0, f"type {device.kind}"),
                name=None,  # the list tells but a code of the model
                plant_id=plant_id,
                zone=zone,
            )
            for device in listed.devices
            if device.serial and device.kind != _METER
        ]

    async def poll(self, inverter: Inverter, *, detail: str) -> Reading:  # noqa: ARG002, there is but one detail
        make = READINGS.get(inverter.family)
        if make is None:
            raise NotSupported(
                f"devices of the family {inverter.family!r} have no snapshot by the OpenAPI V1",
                alternatives=tuple(READINGS),
                remedy="Use the calls of client.v1 for this family.",
            )
        return make(await self.calls.last(inverter.family, inverter.serial))

    async def _bulk(self, family: str, serials: Sequence[str]) -> Mapping[str, Reading]:
        found = await self.calls.bulk(family, serials)
        return {serial: READINGS[family](last) for serial, last in found.items()}

    async def settings(self, inverter: Inverter) -> Mapping[str, Json]:
        """All settings; a MIN's stand in two answers, so that they can be read twice within five minutes."""
        try:
            return await self.calls.settings(inverter.family, inverter.serial)
        except LockedOut:
            if inverter.family != "tlx":
                raise
        return bean(await self.calls.query("tlx_detail", device_sn=inverter.serial))

    async def write(self, inverter: Inverter, setting: str, parameters: Sequence[str]) -> None:
        await self.calls.write_parameter(inverter.family, inverter.serial, setting, parameters)

    # -- history

    async def day(self, inverter: Inverter, day: date) -> tuple[DaySample, ...]:
        """A plant day out of the device's five-minute records; NotSupported where its zone is not known."""
        make = READINGS.get(inverter.family)
        if make is None or inverter.zone is None:
            unknown = "family" if make is None else "zone"
            raise NotSupported(f"there is no curve of {inverter.serial}, whose {unknown} is not known")
        now = self._clock.now()
        snapshots = [
            mapping.snapshot(make(record), received_at=now, inverter=inverter, route=self.name)
            for record in await self.calls.history(inverter.family, inverter.serial, first=day, last=day)
        ]
        return tuple([sample for one in snapshots if (sample := mapping.day_sample(one)) is not None])

    async def spans(self, inverter: Inverter, resolution: str, day: date) -> tuple[SpanSample, ...]:
        """The production of the plant; the OpenAPI V1 tells no other energies of the past."""
        if resolution not in _SPANS:
            raise UsageError(f"no resolution {resolution!r}", remedy=f"Use one of: {', '.join(_SPANS)}.")
        today = self._clock.now().astimezone(inverter.zone or UTC).date()
        found: dict[date, SpanSample] = {}
        for first, last in _SPANS[resolution](day):
            energy = await self.calls.plant_energy(inverter.plant_id, first=first, last=last, unit=resolution)
            samples = [mapping.span_sample(point) for point in energy.points]
            # Days to come are told as 0.
            found |= {sample.start: sample for sample in samples if sample is not None and sample.start <= today}
        return tuple([found[start] for start in sorted(found)])


def _month(day: date) -> list[tuple[date, date]]:
    first = day.replace(day=1)
    return list(weeks(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)))


_SPANS: Mapping[str, Callable[[date], list[tuple[date, date]]]] = {
    "day": _month,
    "month": lambda day: [(date(day.year, 1, 1), date(day.year, 12, 31))],
    "year": lambda day: [(date(day.year - _YEARS + 1, 1, 1), date(day.year, 12, 31))],
}
"""The ranges that are asked for the days of a month, the months of a year and the years."""


def connect(access: Access) -> V1Route:
    """The route of an account with a token."""
    token = access.token
    if token is None:
        raise AuthenticationError(
            "the OpenAPI needs a token", remedy="Set HELIOBUS_TOKEN or token_file; ShinePhone makes one (Me, account)."
        )
    account = TokenAccount(access, identity=token.reveal(), headers=lambda: {"token": token.reveal()})
    return V1Route(account, plant=access.plant, clock=access.clock)
