"""What can be set at the portal (SPEC 8)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from heliobus.model.command import Command, Outcome, SetReserve
from heliobus.senec.client.portal.calls import Calls
from heliobus.senec.control import cloud
from heliobus.senec.control import portal as control
from heliobus.senec.control.portal import END, LIMIT, MODE, READS, RESERVE, PortalSetting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time

    from heliobus.model.capabilities import Capabilities
    from heliobus.model.identity import Device
    from heliobus.senec.client.portal.link import PortalLink
    from heliobus.transport.clock import Clock


class PortalWay:
    """The way of one setting to the plant with the index ``plant``."""

    def __init__(self, link: PortalLink, command: Command, setting: PortalSetting, *, plant: str, clock: Clock) -> None:
        self._link = link
        self._command = command
        self._setting = setting
        self._plant = plant
        self._clock = clock

    async def read(self) -> Any:
        return await self._link.ask(READS[self._setting.name], anlageNummer=self._plant)

    def check(self, found: Any) -> None:
        control.require_complete(self._setting, found)

    def words(self, found: Any) -> Mapping[str, Any]:
        return control.words(self._setting, found)

    def planned(self, found: Any) -> str:
        """The same; where the portal's other settings go along and are not known, stands ?."""
        made = self._message(found)
        return self._link.planned(made.name, body=made.body, **made.parameters)

    async def write(self, found: Any) -> None:
        made = self._message(found)
        await self._link.ask(made.name, body=made.body, **made.parameters)

    def undo(self, before: Mapping[str, Any]) -> Command:
        if isinstance(self._command, SetReserve):
            return SetReserve(soc=before[RESERVE])
        return replace(self._setting, values=before)

    def _message(self, found: Any) -> cloud.Message:
        return control.message(self._setting, found, plant=self._plant, now=self._clock.now())


class Writes(Calls):
    """The commands of a client, which knows its plants."""

    def __init__(self, link: PortalLink, *, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._commanding = asyncio.Lock()

    @property
    def capabilities(self) -> Capabilities:
        raise NotImplementedError

    async def _meant_plant(self, device: str | Device | None, *, dry_run: bool) -> str:
        raise NotImplementedError

    async def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        """Set the reserve (``SetReserve``), or carry out a setting or its undo.

        It is read back for up to 30 s.  A dry run sends nothing at all; ``{plant}`` stands for an index that is not
        known yet.  Raises NotSupported, OutOfBounds and UsageError before anything is written.
        """
        if not isinstance(command, PortalSetting):
            self.capabilities.require(command)
        setting = control.setting_of(command)
        control.require_sane(setting)
        async with self._commanding:
            plant = await self._meant_plant(device, dry_run=dry_run)
            way = PortalWay(self._link, command, setting, plant=plant, clock=self._clock)
            if dry_run:
                return cloud.plan(command, setting.values, way, clock=self._clock)
            return await cloud.carry_out(command, setting.values, way, clock=self._clock)

    async def set_peak_shaving(
        self,
        *,
        mode: str | None = None,
        capacity_limit: int | None = None,
        end: time | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Peak shaving: DEACTIVATED, MANUAL or AUTO, the share in % kept free, until ``end`` (local)."""
        named = {
            MODE: None if mode is None else mode.upper(),
            LIMIT: capacity_limit,
            END: None if end is None else [end.hour, end.minute],
        }
        return await self._set("peak_shaving", named, device, dry_run=dry_run)

    async def set_sg_ready(
        self,
        *,
        enabled: bool | None = None,
        delay: int | None = None,
        proposal_threshold: int | None = None,
        command_threshold: int | None = None,
        shutdown_level: int | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """SG-Ready: on or off, the delay in min, and the thresholds in W; what is not named stays as it is."""
        named = {
            "enabled": enabled,
            "modeChangeDelayInMinutes": delay,
            "powerOnProposalThresholdInWatt": proposal_threshold,
            "powerOnCommandThresholdInWatt": command_threshold,
            "shutdownLevelInWatt": shutdown_level,
        }
        return await self._set("sg_ready", named, device, dry_run=dry_run)

    async def set_socket(
        self,
        socket: int,
        *,
        mode: str | None = None,
        on_threshold: int | None = None,
        off_threshold: int | None = None,
        surplus_minutes: int | None = None,
        on_minutes: int | None = None,
        on_time: time | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """One switched socket: its mode in the portal's word, thresholds in W, times; all sockets are sent along."""
        named = {
            "mode": mode,
            "einschaltschwelleInWatt": on_threshold,
            "abschaltschwelleInWatt": off_threshold,
            "dauerLeistungsueberschussInMin": surplus_minutes,
            "dauerSteckdoseAnInMin": on_minutes,
            "einschaltzeit": None if on_time is None else [on_time.hour, on_time.minute],
        }
        return await self._set("socket", named, device, dry_run=dry_run, socket=socket)

    async def _set(
        self,
        name: str,
        named: dict[str, Any],
        device: str | Device | None,
        *,
        dry_run: bool,
        socket: int | None = None,
    ) -> Outcome:
        values = {word: value for word, value in named.items() if value is not None}
        return await self.execute(
            PortalSetting(name=name, values=values, socket=socket), device=device, dry_run=dry_run
        )
