"""What a system can be told: the common commands, and the vendor's own settings by name.

Every call reads the state before and after and tells both in its Outcome.  What a device keeps goes into its flash,
which wears: settings are for people, not for control loops (SPEC 6.4).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from heliobus.e3dc import control
from heliobus.e3dc.client.history import Histories
from heliobus.e3dc.client.steering import Steering
from heliobus.e3dc.control import settings
from heliobus.e3dc.protocol import Item, tags
from heliobus.errors import NotSupported, OutOfBounds, UsageError
from heliobus.model.command import (
    Auto,
    Charge,
    Discharge,
    LimitCharge,
    LimitDischarge,
    SetReserve,
    SetSwitch,
    WallboxLimit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.e3dc.client.link import Link
    from heliobus.e3dc.control import Change
    from heliobus.e3dc.models import IdlePeriod, NamedIdlePeriod
    from heliobus.model.command import Command, Outcome
    from heliobus.model.identity import Device
    from heliobus.transport.clock import Clock


class Commands(Histories):
    """Carries out commands, one at a time; those that lapse are repeated until ``close``."""

    def __init__(self, link: Link, *, clock: Clock) -> None:
        super().__init__(link, clock=clock)
        self._steering = Steering(self._ask, clock)
        self._commanding = asyncio.Lock()
        self._limits_before: Mapping[int, int | bool] = {}

    async def close(self) -> None:
        """Give the battery back if it is being steered, and end the connection; a later call opens it again."""
        await self._steering.release()
        await super().close()

    async def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        """Carry out a command and read it back; a dry run asks for the bounds of a power, once, and nothing else.

        ``Charge`` and ``Discharge`` hold their power until their lease ends, ``Auto`` or ``close``: they are repeated
        every 5 s, since the device drops them after 10 s or more without.  ``LimitCharge`` and ``LimitDischarge`` are
        kept by the device; ``Auto`` takes back what this client limited, or switches the limits off if it limited
        nothing and steers nothing.  Raises NotSupported and OutOfBounds before anything is written.
        """
        if device is not None:
            await self._require(device, "live")
        async with self._commanding:
            if not self._specifications and isinstance(command, _POWERS):
                with suppress(NotSupported):  # as a farm's controller: then there are no bounds
                    await self.specifications()
            self.capabilities.require(command)
            return await self._carry_out(command, dry_run=dry_run)

    async def _carry_out(self, command: Command, *, dry_run: bool) -> Outcome:
        match command:
            case Charge() | Discharge():
                change = self._power(command)
            case LimitCharge(power=power):
                change = await self._limit({"charge": power}, dry_run=dry_run)
            case LimitDischarge(power=power):
                change = await self._limit({"discharge": power}, dry_run=dry_run)
            case Auto():
                change = await self._automatic(dry_run=dry_run)
            case SetReserve(soc=share):
                change = control.reserve_change(share=share)
            case SetSwitch(id=id_, on=on):
                change = control.switch_change(_number(id_, low=0), on=on)
            case WallboxLimit(id=id_, current=current):
                change = control.limit_wallbox(_number(id_, low=1) - 1, current)
            case _:
                raise NotSupported(f"E3/DC systems do not know the command {command.kind}")
        return await self._change(change, command, dry_run=dry_run)

    async def _change(self, change: Change, command: Command, *, dry_run: bool = False) -> Outcome:
        return await control.carry_out(change, command=command, ask=self._ask, clock=self._clock, dry_run=dry_run)

    async def _write(self, name: str, value: Any, change: Change) -> Outcome:
        async with self._commanding:
            return await self._change(change, control.WriteSetting(name=name, value=value))

    # -- the battery

    def _power(self, command: Charge | Discharge) -> Change:
        charging = isinstance(command, Charge)
        power = command.power if command.power is not None else self._most(charging=charging)
        mode = control.IDLE if power == 0 else control.CHARGE if charging else control.DISCHARGE
        order = control.set_power(mode, power)
        return control.power_change(order, charging=charging, taken=lambda: self._steering.hold(order, command.lease))

    def _most(self, *, charging: bool) -> float:
        most = self._specifications.get(control.MAX_CHARGE if charging else control.MAX_DISCHARGE)
        if not isinstance(most, int) or most <= 0:
            raise OutOfBounds("the system's own power is not known", remedy="Name a power in W.")
        return float(most)

    async def _limit(self, limit: Mapping[str, float], *, dry_run: bool) -> Change:
        specs = self._specifications
        known = {tag: specs.get(name) for tag, name in _BOUNDS.items()}
        most = {tag: watts for tag, watts in known.items() if isinstance(watts, int)}
        if not dry_run and not self._limits_before:
            self._limits_before = control.power_settings_of(await self._ask([Item(tags.EMS_REQ_GET_POWER_SETTINGS)]))
        return control.limit_change(**limit, most=most)

    async def _automatic(self, *, dry_run: bool) -> Change:
        limits, steered = self._limits_before, self._steering.holds
        if not limits and not steered:
            limits = {tags.EMS_POWER_LIMITS_USED: False}
        if not dry_run:
            await self._steering.stop()
        return control.automatic_change(limits, taken=self._forget_limits)

    def _forget_limits(self) -> None:
        self._limits_before = {}

    # -- power settings

    async def set_power_limits(
        self,
        *,
        enable: bool,
        max_charge: int | None = None,
        max_discharge: int | None = None,
        discharge_start: int | None = None,
    ) -> Outcome:
        """Set the limits of the battery's power in W and whether they count; those that are None stay."""
        limits = {
            tags.EMS_MAX_CHARGE_POWER: max_charge,
            tags.EMS_MAX_DISCHARGE_POWER: max_discharge,
            tags.EMS_DISCHARGE_START_POWER: discharge_start,
        }
        wanted = {tag: value for tag, value in limits.items() if value is not None}
        change = control.power_settings_change({tags.EMS_POWER_LIMITS_USED: enable, **wanted})
        return await self._write("set_power_limits", change.wanted, change)

    async def set_power_save(self, *, enable: bool) -> Outcome:
        """Let the system sleep when there is nothing to do."""
        change = control.power_settings_change({tags.EMS_POWERSAVE_ENABLED: enable})
        return await self._write("set_power_save", enable, change)

    async def set_weather_regulated_charge(self, *, enable: bool) -> Outcome:
        """Charge late on days for which enough sun is forecast."""
        change = control.power_settings_change({tags.EMS_WEATHER_REGULATED_CHARGE_ENABLED: enable})
        return await self._write("set_weather_regulated_charge", enable, change)

    async def start_manual_charge(self, energy: float) -> Outcome:
        """Charge ``energy`` Wh now, from the grid if need be; 0 ends it.  Devices permit it about once a day."""
        return await self._write("start_manual_charge", energy, control.manual_charge_change(energy))

    async def set_reserve_energy(self, energy: float) -> Outcome:
        """Keep ``energy`` Wh for a power cut; ``SetReserve`` takes a share."""
        return await self._write("set_reserve_energy", energy, control.reserve_change(energy=energy))

    async def set_idle_periods(self, periods: Sequence[IdlePeriod]) -> Outcome:
        """Change idle periods of the old form; weekdays and types that are not named stay.  Raises UsageError."""
        return await self._write("set_idle_periods", tuple(periods), control.idle_periods_change(periods))

    async def set_named_idle_periods(self, periods: Sequence[NamedIdlePeriod]) -> Outcome:
        """Write all idle periods of the new form: those that are not named are gone.

        The old and the new form interfere; ``set_idle_periods_enabled`` chooses.
        """
        change = control.named_idle_periods_change(periods, self._idle_items)
        return await self._write("set_named_idle_periods", tuple(periods), change)

    async def set_idle_periods_enabled(self, *, enable: bool) -> Outcome:
        """Let the idle periods of the new form count."""
        return await self._register("set_idle_periods_enabled", settings.IDLE_PERIODS_ENABLED, enable)

    # -- battery and car

    async def set_battery_to_car(self, *, enable: bool) -> Outcome:
        """Let the battery discharge into a car; ends ``battery_before_car``.  Raises Refused where it is impossible."""
        return await self._register("set_battery_to_car", settings.BATTERY_TO_CAR, enable)

    async def set_battery_before_car(self, *, enable: bool) -> Outcome:
        """Charge the battery first, then the car; ends ``battery_to_car``.  Raises Refused where it is impossible."""
        return await self._register("set_battery_before_car", settings.BATTERY_BEFORE_CAR, enable)

    async def set_wallbox_discharge_until(self, soc: int) -> Outcome:
        """Let cars discharge the battery down to ``soc`` %."""
        return await self._register("set_wallbox_discharge_until", settings.DISCHARGE_UNTIL, soc)

    async def set_wallbox_power_assignment(self, *, enforce: bool) -> Outcome:
        """Let wallboxes draw what is assigned to them, even in mixed mode."""
        return await self._register("set_wallbox_power_assignment", settings.ENFORCE_POWER_ASSIGNMENT, enforce)

    # -- wallboxes; ``wallbox`` is the index as the vendor counts: from 0

    async def set_wallbox_sun_mode(self, wallbox: int = 0, *, enable: bool) -> Outcome:
        """Charge from the sun only, or from the grid too."""
        return await self._wallbox("set_wallbox_sun_mode", wallbox, sun_mode=enable)

    async def set_wallbox_charging(self, wallbox: int = 0, *, enable: bool) -> Outcome:
        """Let it charge, or stop it."""
        return await self._wallbox("set_wallbox_charging", wallbox, stopped=not enable)

    async def set_wallbox_phases(self, wallbox: int = 0, *, phases: int) -> Outcome:
        """Charge on 1 or 3 phases."""
        return await self._wallbox("set_wallbox_phases", wallbox, phases=phases)

    async def set_wallbox_auto_phase_switch(self, wallbox: int = 0, *, enable: bool) -> Outcome:
        """Let it choose the phases by itself.  Raises NotSupported for boxes that cannot."""
        return await self._wallbox("set_wallbox_auto_phase_switch", wallbox, auto_phase_switch=enable)

    async def set_wallbox_current(
        self, wallbox: int = 0, *, most: int | None = None, least: int | None = None
    ) -> Outcome:
        """Charge with at most and at least so many A per phase."""
        wanted = {"max_current": most, "min_current": least}
        return await self._wallbox(
            "set_wallbox_current", wallbox, **{name: value for name, value in wanted.items() if value is not None}
        )

    async def set_wallbox_schuko(self, wallbox: int = 0, *, enable: bool) -> Outcome:
        """Switch the box's household socket."""
        return await self._wallbox("set_wallbox_schuko", wallbox, schuko=enable)

    # -- charging by price

    async def set_price_charging(
        self,
        *,
        enable: bool | None = None,
        price: float | None = None,
        soc: int | None = None,
        months: Sequence[int] | None = None,
    ) -> Outcome:
        """Charge from the grid below a ``price`` up to ``soc`` % in the given ``months`` (1 to 12); None stays."""
        wanted: dict[settings.Register, float | bool | None] = {
            settings.PRICE_CHARGING: enable,
            settings.PRICE_LIMIT: price,
            settings.PRICE_SOC: soc,
            settings.PRICE_MONTHS: None if months is None else sum(1 << (month - 1) for month in set(months)),
        }
        change = control.register_change({register: value for register, value in wanted.items() if value is not None})
        return await self._write("set_price_charging", change.wanted, change)

    async def _register(self, name: str, register: settings.Register, value: Any) -> Outcome:
        return await self._write(name, value, control.register_change({register: value}))

    async def _wallbox(self, name: str, wallbox: int, **wanted: int) -> Outcome:
        return await self._write(name, {"wallbox": wallbox, **wanted}, control.wallbox_change(wallbox, wanted))


_BOUNDS = {
    tags.EMS_MAX_CHARGE_POWER: control.MAX_CHARGE,
    tags.EMS_MAX_DISCHARGE_POWER: control.MAX_DISCHARGE,
}
_POWERS = Charge | Discharge | LimitCharge | LimitDischarge


def _number(id_: str, *, low: int) -> int:
    if not id_.isdecimal() or int(id_) < low:
        raise UsageError(f"{id_!r} is no id of this system", remedy="Use an id that a snapshot shows.")
    return int(id_)
