"""Route D, the OpenAPI V4: devices without plants, by a token."""

from __future__ import annotations

from datetime import UTC
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt.client.calls.v4 import V4Calls
from heliobus.growatt.client.tokens import TokenAccount
from heliobus.growatt.control import v4 as settings
from heliobus.growatt.mapping import v4 as mapping
from heliobus.growatt.models import Inverter
from heliobus.growatt.models.v4 import DATA, READINGS
from heliobus.growatt.protocol import v4

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from heliobus.growatt.client.route import Access, Bulk
    from heliobus.growatt.models import DaySample, PlantInfo, Reading, SpanSample
    from heliobus.growatt.protocol import Json
    from heliobus.model.records import Record


class V4Route:
    """The calls by token behind ``Route``."""

    name = "v4"

    def __init__(self, account: TokenAccount) -> None:
        self._account = account
        self.calls = V4Calls(account)
        # A program that is started twice within seconds finds its devices, too.
        self._lists = V4Calls(account, repeats=True)
        self.bulks: Mapping[str, Bulk] = MappingProxyType(
            {family: partial(self._bulk, kind) for family, kind in v4.FAMILIES.items()}
        )

    async def close(self) -> None:
        await self._account.close()

    async def query(self, name: str, /, **parameters: str) -> Any:
        return await self.calls.query(name, **parameters)

    async def discover(self) -> tuple[tuple[PlantInfo, ...], tuple[Inverter, ...]]:
        """Ask for the devices; V4 knows no plants, and its times are moments, so that the zone is UTC."""
        found = [
            Inverter(
                serial=device.serial,
                family=v4.KINDS.get(device.kind, device.kind),
                name=None,
                plant_id="",
                zone=UTC,
            )
            for device in await self._lists.devices()
            if device.serial and device.kind
        ]
        return (), tuple(found)

    async def poll(self, inverter: Inverter, *, detail: str) -> Reading:  # noqa: ARG002, there is but one detail
        kind = _kind(inverter)
        return _reading(kind, await self.calls.last_of(kind, inverter.serial))

    async def _bulk(self, kind: str, serials: Sequence[str]) -> Mapping[str, Reading]:
        found = await self.calls.last(kind, serials)
        return {one.serial: _reading(kind, one) for one in found if one.serial is not None}

    async def settings(self, inverter: Inverter) -> Mapping[str, Json]:
        """What the device is set to, by the server's names; the numbered parameters only ``calls.parameter`` reads."""
        return dict((await self.calls.info(_kind(inverter), inverter.serial)).values)

    async def write(self, inverter: Inverter, setting: str, parameters: Sequence[str]) -> None:
        """Write a setting of ``control.v4.SETTINGS``; whoever calls has judged it, the dangerous ones too."""
        kind = _kind(inverter)
        if setting not in settings.SETTINGS[kind]:
            raise NotSupported(
                f"V4 has no setting {setting!r} for the kind {kind!r}; nothing was sent",
                alternatives=tuple(settings.SETTINGS[kind]),
            )
        await self.calls.write(kind, inverter.serial, setting, *parameters, dangerous=True)

    async def day(self, inverter: Inverter, day: date) -> tuple[DaySample, ...]:
        kind = _kind(inverter)
        curve = await self.calls.curve(kind, inverter.serial, day=day)
        return mapping.day_samples(curve.samples(DATA[kind]))

    async def spans(self, inverter: Inverter, resolution: str, day: date) -> tuple[SpanSample, ...]:  # noqa: ARG002
        raise NotSupported("V4 has no energies of days or months", alternatives=("day",))


def connect(access: Access) -> V4Route:
    """The route of a token."""
    token = access.token
    if token is None:
        raise UsageError(
            "the V4 route needs a token", remedy="Make one in the ShinePhone app: Me, your account, API token."
        )
    if access.plant is not None:
        raise UsageError("V4 knows devices and no plants", remedy="Leave the plant out, and name the device.")
    secret = token.reveal()
    return V4Route(TokenAccount(access, identity=f"v4\n{secret}", headers=lambda: {"token": secret}))


def _reading(kind: str, data: Record) -> Reading:
    reading: Reading = READINGS[kind](**{"detail" if kind == "min" else "data": data})
    return reading


def _kind(inverter: Inverter) -> str:
    kind = v4.FAMILIES.get(inverter.family)
    if kind is None:
        raise NotSupported(f"V4 has no family {inverter.family!r}", alternatives=tuple(v4.FAMILIES))
    return kind
