"""What the wallboxes can be told through the cloud (SPEC 7)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from heliobus.model.command import Command, Outcome, SetSwitch
from heliobus.senec.client.app.calls import Calls
from heliobus.senec.control import app as control
from heliobus.senec.control import cloud
from heliobus.senec.control.app import CURRENT, INTERCHARGE, LOCKED, MODE, PRICE, TARIFFS, WallboxSetting, steady
from heliobus.senec.mapping.app import switch_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from heliobus.model.capabilities import Capabilities
    from heliobus.model.identity import Device
    from heliobus.senec.client.app.link import AppLink
    from heliobus.senec.models.app import AppWallbox
    from heliobus.transport.clock import Clock


class WallboxWay:
    """The way of one setting to a wallbox; ``box`` asks for the wallbox as it is now."""

    def __init__(
        self,
        link: AppLink,
        command: Command,
        setting: WallboxSetting,
        *,
        system: str,
        box: Callable[[], Awaitable[AppWallbox]],
    ) -> None:
        self._link = link
        self._command = command
        self._setting = setting
        self._system = system
        self._box = box

    async def read(self) -> AppWallbox:
        return await self._box()

    def check(self, found: AppWallbox) -> None:
        control.require_fitting(self._setting, found)

    def words(self, found: AppWallbox) -> Mapping[str, Any]:
        return control.words(self._setting, found)

    def planned(self, found: AppWallbox | None) -> str:
        return self._link.planned(**self._call(found))

    async def write(self, found: AppWallbox) -> None:
        await self._link.ask(**self._call(found))

    def undo(self, before: Mapping[str, Any]) -> Command:
        if isinstance(self._command, WallboxSetting):
            return WallboxSetting(id=self._setting.id, name=self._setting.name, values=before)
        return SetSwitch(id=switch_id(self._setting.id), on=not before[LOCKED])

    def _call(self, found: AppWallbox | None) -> dict[str, Any]:
        made = control.message(self._setting, found)
        place = {"system": self._system, "wallbox": self._setting.id}
        return {"name": made.name, "body": made.body, **place, **made.parameters}


class Writes(Calls):
    """The commands of a client, which knows its systems and wallboxes."""

    def __init__(self, link: AppLink, *, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._boxes: dict[tuple[str, str], AppWallbox] = {}
        """By system and id, as they were last read."""
        self._commanding = asyncio.Lock()

    @property
    def capabilities(self) -> Capabilities:
        raise NotImplementedError

    async def _meant_system(self, device: str | Device | None, *, dry_run: bool) -> str:
        raise NotImplementedError

    async def _box(self, system: str, wallbox: str) -> AppWallbox:
        raise NotImplementedError

    async def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        """Lock or unlock a wallbox (``SetSwitch``, ``WallboxLimit`` 0), or carry out the undo of a setting.

        It is read back for up to 30 s.  A dry run sends nothing at all.  Raises NotSupported, OutOfBounds and
        UsageError before anything is written.
        """
        if not isinstance(command, WallboxSetting):
            self.capabilities.require(command)
        setting = control.setting_of(command)
        control.require_sane(setting)
        async with self._commanding:
            system = await self._meant_system(device, dry_run=dry_run)
            way = WallboxWay(self._link, command, setting, system=system, box=lambda: self._box(system, setting.id))
            known = self._boxes.get((system, setting.id))
            if known is not None:
                way.check(known)
            if dry_run:
                return cloud.plan(command, setting.values, way, clock=self._clock, found=known)
            return await cloud.carry_out(command, setting.values, way, clock=self._clock)

    async def lock_wallbox(
        self, wallbox: str, *, locked: bool, device: str | Device | None = None, dry_run: bool = False
    ) -> Outcome:
        """Forbid or allow to use a wallbox."""
        return await self._set(wallbox, "lock", {LOCKED: locked}, device, dry_run=dry_run)

    async def set_wallbox_mode(
        self, wallbox: str, mode: str, *, device: str | Device | None = None, dry_run: bool = False
    ) -> Outcome:
        """Charge by SOLAR, FAST or COMFORT."""
        return await self._set(wallbox, "mode", {MODE: mode.upper()}, device, dry_run=dry_run)

    async def set_fast_charge(
        self, wallbox: str, *, allow_intercharge: bool, device: str | Device | None = None, dry_run: bool = False
    ) -> Outcome:
        """Whether fast charging may drain the house's battery."""
        return await self._set(wallbox, "fast_charge", {INTERCHARGE: allow_intercharge}, device, dry_run=dry_run)

    async def set_solar_charge(
        self,
        wallbox: str,
        *,
        min_current: float | None = None,
        prevent_interruptions: bool | None = None,
        dynamic_tariffs: bool | None = None,
        price_limit: float | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Solar charging: the least current in A, without interruptions, by tariffs up to a limit in ct/kWh."""
        named = {
            CURRENT: min_current,
            steady(wallbox): prevent_interruptions,
            TARIFFS: dynamic_tariffs,
            PRICE: price_limit,
        }
        values = {word: value for word, value in named.items() if value is not None}
        return await self._set(wallbox, "solar_charge", values, device, dry_run=dry_run)

    async def _set(
        self, wallbox: str, name: str, values: Mapping[str, Any], device: str | Device | None, *, dry_run: bool
    ) -> Outcome:
        setting = WallboxSetting(id=wallbox, name=name, values=values)
        return await self.execute(setting, device=device, dry_run=dry_run)
