"""Route A: an account through the calls of the ShinePhone app, by user and password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt.client.account import USER_AGENT, Account
from heliobus.growatt.client.calls.shine import ShineCalls
from heliobus.growatt.models import Inverter, MixReading, PlantInfo, TlxReading
from heliobus.growatt.protocol import plant_zone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import date, tzinfo

    from heliobus.growatt.client.route import Access
    from heliobus.growatt.models import DaySample, Reading, SpanSample
    from heliobus.growatt.protocol import Json


class ShineRoute:
    """The app's calls behind ``Route``."""

    name = "shine"

    def __init__(self, account: Account, *, plant: str | None) -> None:
        self._account = account
        self._plant = plant
        self.calls = ShineCalls(account)

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
                Inverter(serial=device.serial, family=device.family, name=device.name, plant_id=plant.id, zone=zone)
                for device in (await self.calls.plant_devices(plant.id)).devices
                if device.serial and device.family
            ]
        return tuple(plants), tuple(inverters)

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
        raise NotSupported(f"the app reads no settings of the family {inverter.family!r}")

    async def write(self, inverter: Inverter, setting: str, parameters: Sequence[str]) -> None:  # noqa: ARG002
        raise NotSupported(f"the app writes no settings of the family {inverter.family!r}")

    async def day(self, inverter: Inverter, day: date) -> tuple[DaySample, ...]:  # noqa: ARG002
        raise NotSupported(f"the app has no curve of the family {inverter.family!r}")

    async def spans(self, inverter: Inverter, resolution: str, day: date) -> tuple[SpanSample, ...]:  # noqa: ARG002
        raise NotSupported(f"the app has no history of the family {inverter.family!r}")


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


_POLLS: Mapping[str, Callable[[ShineCalls, Inverter], Awaitable[Reading]]] = {"mix": _mix, "tlx": _tlx}
