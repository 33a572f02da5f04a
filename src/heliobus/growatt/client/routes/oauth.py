"""Route E, the OAuth2 OpenAPI of 2026: devices that their owners have let an application see."""

from __future__ import annotations

import json
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt.client.calls.oauth import OAuthCalls
from heliobus.growatt.client.grants import OAuthAccount
from heliobus.growatt.control import dispatch
from heliobus.growatt.mapping import oauth as mapping
from heliobus.growatt.models import Inverter
from heliobus.growatt.models.oauth import OAuthReading
from heliobus.growatt.protocol import v4

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from heliobus.growatt.client.route import Access, Bulk
    from heliobus.growatt.models import DaySample, PlantInfo, Reading, SpanSample
    from heliobus.growatt.protocol import Json
    from heliobus.transport.clock import Clock


class OAuthRoute:
    """The application's calls behind ``Route``."""

    name = "oauth"
    bulks: Mapping[str, Bulk] = MappingProxyType({})

    def __init__(self, account: OAuthAccount, *, clock: Clock) -> None:
        self._account = account
        self.calls = OAuthCalls(account, clock=clock)
        # A program that is started twice within a minute finds its devices, too.
        self._lists = OAuthCalls(account, clock=clock, repeats=True)

    async def close(self) -> None:
        await self._account.close()

    async def query(self, name: str, /, **parameters: Any) -> Any:
        return await self.calls.query(name, **parameters)

    async def discover(self) -> tuple[tuple[PlantInfo, ...], tuple[Inverter, ...]]:
        """Ask for the devices that are bound; there are no plants, and all times are UTC."""
        found = [
            Inverter(
                serial=device.serial,
                family=v4.KINDS.get(device.kind or "", device.kind or "unknown"),
                name=device.model,
                plant_id="",
                zone=UTC,
            )
            for device in await self._lists.devices()
            if device.serial and device.is_authorised is not False
        ]
        return (), tuple(found)

    async def poll(self, inverter: Inverter, *, detail: str) -> Reading:  # noqa: ARG002, there is but one detail
        return OAuthReading(telemetry=await self.calls.telemetry(inverter.serial))

    async def settings(self, inverter: Inverter) -> Mapping[str, Json]:
        """What the device is told, by the kinds of set; one after the other, each five seconds after the last."""
        found: dict[str, Json] = {}
        for name in dispatch.SET_TYPES:
            try:
                found[name] = await self.calls.dispatched(inverter.serial, name)
            except NotSupported:  # this model has no such set
                continue
        return found

    async def write(self, inverter: Inverter, setting: str, parameters: Sequence[str]) -> None:
        """Dispatch one set, its value as JSON; Refused for the dangerous ones, which ``calls.dispatch`` takes."""
        if len(parameters) != 1:
            raise UsageError(f"{setting} takes one value, as JSON; nothing was sent")
        try:
            value = json.loads(parameters[0])
        except ValueError:
            raise UsageError(f"{setting} takes its value as JSON; nothing was sent") from None
        await self.calls.dispatch(inverter.serial, setting, value)

    async def day(self, inverter: Inverter, day: date) -> tuple[DaySample, ...]:
        """A day in UTC."""
        found = await self.calls.curve(inverter.serial, day=day)
        return mapping.day_samples(found.samples)

    async def spans(self, inverter: Inverter, resolution: str, day: date) -> tuple[SpanSample, ...]:
        if resolution != "day":
            raise NotSupported("the OAuth route has the energies of days only", alternatives=("day",))
        found = await self.calls.energies(inverter.serial, day=day)
        return mapping.span_samples(found.days)


def connect(access: Access) -> OAuthRoute:
    """The route of an application."""
    if access.plant is not None:
        raise UsageError("the OAuth route knows devices and no plants", remedy="Leave the plant out, name the device.")
    return OAuthRoute(OAuthAccount(access), clock=access.clock)
