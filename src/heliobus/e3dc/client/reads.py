"""What a system tells, by topic and in the vendor's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc import models
from heliobus.e3dc.client.core import Core
from heliobus.e3dc.protocol import Item, tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Reads(Core):
    """Typed readings; a value that the system does not tell is None, and ``errors`` of a record says why."""

    async def system_info(self) -> models.SystemInfo:
        """Serial number, firmware, network, installed power, derating."""
        return models.SystemInfo.of(await self._ask(models.SystemInfo.requests()))

    async def specifications(self) -> Mapping[str, int | str | None]:
        """The system's limits by the vendor's names, such as maxBatChargePower in W.  Raises NotSupported."""
        self._specifications = models.specifications(await self._need(Item(tags.EMS_REQ_GET_SYS_SPECS)))
        return self._specifications

    async def system_status(self) -> models.Status:
        """The status word; ``flags`` are its bits by name."""
        return models.Status.of([await self._need(Item(tags.EMS_REQ_SYS_STATUS))])

    async def layout(self) -> models.Layout:
        """Which batteries, inverters, power meters and wallboxes there are; asked once while the connection lasts."""
        return await self._known_layout()

    async def batteries(self) -> tuple[models.Battery, ...]:
        """The batteries with their modules and cells."""
        return await self._units(models.Battery, (await self._known_layout()).battery_requests())

    async def inverters(self) -> tuple[models.Inverter, ...]:
        """The inverters by phase, string and temperature sensor."""
        return await self._units(models.Inverter, (await self._known_layout()).inverter_requests())

    async def power_meters(self) -> tuple[models.PowerMeter, ...]:
        """The power meters, wherever they sit."""
        return await self._units(models.PowerMeter, (await self._known_layout()).meter_requests())

    async def wallboxes(self) -> tuple[models.Wallbox, ...]:
        """The wallboxes, wherever they sit."""
        return await self._units(models.Wallbox, (await self._known_layout()).wallbox_requests())

    async def switches(self) -> tuple[models.Switch, ...]:
        """The actuators of the home automation.  Raises NotSupported where there is none."""
        answers = await self._ask(models.SWITCH_REQUESTS)
        self._good(models.SWITCH_REQUESTS[0], answers[0])
        return models.switches(answers)

    async def sg_ready(self) -> models.SGReady | None:
        """The heat pump's contact, None if there is none."""
        request = models.SGReady.ask(0)
        (answer,) = await self._ask([request])
        return models.SGReady.read(request, answer)

    async def power_settings(self) -> models.PowerSettings:
        """Limits of power, power saving, charging by the weather.  Raises NotSupported."""
        return models.PowerSettings.inside(await self._need(Item(tags.EMS_REQ_GET_POWER_SETTINGS)))

    async def manual_charge(self) -> models.ManualCharge:
        """The charging that was asked for by hand.  Raises NotSupported."""
        return models.ManualCharge.inside(await self._need(Item(tags.EMS_REQ_GET_MANUAL_CHARGE)))

    async def reserve(self) -> models.Reserve:
        """What is kept for a power cut.  Raises NotSupported."""
        return models.Reserve.inside(await self._need(Item(tags.SE_REQ_EP_RESERVE)))

    async def idle_periods(self) -> tuple[models.IdlePeriod, ...]:
        """The idle periods of the old form, one for each weekday and type.  Raises NotSupported."""
        return models.idle_periods(await self._need(Item(tags.EMS_REQ_GET_IDLE_PERIODS)))

    async def named_idle_periods(self) -> tuple[models.NamedIdlePeriod, ...]:
        """The idle periods of the new form, which firmware since 2024 has.  Raises NotSupported."""
        return models.named_idle_periods(await self._ask_named_idle_periods())

    async def _units(self, kind: type[models.U], requests: Sequence[Item]) -> tuple[models.U, ...]:
        return models.read_units(kind, requests, await self._ask(requests))

    async def _ask_named_idle_periods(self) -> list[Item]:
        """As the device sends them; it sends none if nothing has changed since it was asked last (SPEC 6.4)."""
        told = (await self._need(Item(tags.EMS_REQ_GET_IDLE_PERIODS_2))).children
        if told:
            self._idle_items = told
        return self._idle_items
