"""What an account can be told: settings of its inverters and plants, and the unified model's commands.

Every write reads the settings before and after and tells both in its Outcome.  Settings stay: they are for people, not
for control loops, and a wrong one can put a plant outside its normal operating range.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from heliobus.errors import Error, NotSupported, UsageError
from heliobus.growatt import control
from heliobus.growatt.client.calls.shine import ShineCalls
from heliobus.growatt.client.memory import Memory
from heliobus.growatt.control import v4 as v4_settings
from heliobus.growatt.protocol import v4
from heliobus.model.capabilities import Ability, Capabilities
from heliobus.model.command import Auto, Outcome, SetReserve, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from heliobus.growatt.client.route import Route
    from heliobus.growatt.control import Change, Typed
    from heliobus.growatt.models import Inverter
    from heliobus.growatt.protocol import Json
    from heliobus.model.command import Command
    from heliobus.model.identity import Device
    from heliobus.transport.clock import Clock

    Wanted: TypeAlias = "Typed | tuple[Any, ...]"

_TABLES: Mapping[str, Mapping[str, Mapping[str, control.Setting]]] = {
    "shine": control.FAMILIES,
    "v1": control.FAMILIES,
    "v4": {family: v4_settings.SETTINGS[kind] for family, kind in v4.FAMILIES.items()},
}
"""By route and family: the setting types as the route names them."""
_COMMANDED = frozenset({"shine", "v1"})
"""The routes by which commands are known as settings."""


class Settings:
    """Writes one change at a time.  ``battery_power`` is what 100 % of the battery's power is, W."""

    def __init__(self, route: Route, *, clock: Clock, state: Path | None, battery_power: float | None) -> None:
        if battery_power is not None and not battery_power > 0:
            raise UsageError(f"a battery has no power of {battery_power} W", remedy="Give its rated power in W.")
        self._route = route
        self._clock = clock
        self._rating = battery_power
        self._memory = Memory(state)
        self._writing = asyncio.Lock()

    async def _inverter(self, device: str | Device | None) -> Inverter:
        raise NotImplementedError

    # -- inverters

    async def settings(self, device: str | Device | None = None) -> Mapping[str, Json]:
        """What an inverter is set to, by the server's names; writes show 3 to 90 s late.

        ``TimeSegment.read``, ``ChargePeriods.read`` and the like make objects of it.  Raises NotSupported where the
        route does not read a family's settings.
        """
        return await self._route.settings(await self._inverter(device))

    async def set(
        self,
        device: str | Device | None,
        setting: str | Typed,
        *values: Any,
        dry_run: bool = False,
        dangerous: bool = False,
    ) -> Outcome:
        """Write one setting, by its name and all its values or as an object, and read it back for up to 90 s.

        The Outcome is APPLIED only if the settings tell so.  ``outcome.undo`` goes to ``execute``.  A dry run writes
        nothing.  What does not fit is raised before anything is written: NotSupported (no such setting), UsageError and
        OutOfBounds (a value), Refused (a setting that may hurt, without ``dangerous``).
        """
        wanted = (setting, *values) if isinstance(setting, str) else setting
        if values and not isinstance(setting, str):
            raise UsageError("an object has its values in it", remedy="Leave the values out.")
        return await self.set_all(device, [wanted], dry_run=dry_run, dangerous=dangerous)

    async def set_all(
        self,
        device: str | Device | None,
        wanted: Sequence[Wanted],
        *,
        dry_run: bool = False,
        dangerous: bool = False,
        roll_back: bool = True,
    ) -> Outcome:
        """Write several settings, each an object or a tuple of name and values; all are checked before the first.

        If one fails, those before it are taken back; if that fails too, or with ``roll_back=False``, ``note`` says
        exactly which hold.
        """
        tables = _TABLES.get(self._route.name)
        if tables is None:
            raise NotSupported(f"by the route {self._route.name} no settings are written", alternatives=tuple(_TABLES))
        for one in wanted:
            if isinstance(one, tuple):
                control.require_plausible(tables, one[0], one[1:])
        inverter = await self._inverter(device)
        table = tables.get(inverter.family, {})
        named = [one if isinstance(one, tuple) else _flat(*one.setting(inverter.family)) for one in wanted]
        changes = [control.changed(table, inverter.family, one[0], one[1:], dangerous=dangerous) for one in named]
        return await self._write(inverter, changes, dry_run=dry_run, roll_back=roll_back)

    async def set_raw(
        self, device: str | Device | None, setting: str, *parameters: str, dry_run: bool = False
    ) -> Outcome:
        """Write what no table knows, as it is: **nothing is checked** or read back, and nothing can undo it."""
        inverter = await self._inverter(device)
        return await self._write(inverter, [control.raw(setting, parameters)], dry_run=dry_run, roll_back=False)

    async def _write(self, inverter: Inverter, changes: Sequence[Change], *, dry_run: bool, roll_back: bool) -> Outcome:
        command = control.ChangeSettings(device=inverter.serial, changes=tuple(changes))
        target = _InverterTarget(self._route, inverter)
        async with self._writing:
            return await self._carry_out(target, changes, command, dry_run=dry_run, roll_back=roll_back)

    async def _carry_out(
        self,
        target: _InverterTarget | _PlantTarget,
        changes: Sequence[Change],
        command: Command,
        *,
        dry_run: bool,
        roll_back: bool = True,
        before: Mapping[str, Json] | None = None,
    ) -> Outcome:
        return await control.carry_out(
            changes,
            command=command,
            device=target.device,
            target=target,
            clock=self._clock,
            dry_run=dry_run,
            before=before,
            roll_back=roll_back,
        )

    # -- plants

    async def set_plant(self, plant_id: str, /, *, dry_run: bool = False, **changes: Any) -> Outcome:
        """Change a plant's settings (``control.PLANT_FIELDS``); all the others are sent as they are now.

        Also a dry run reads them first.  Raises UsageError and OutOfBounds for what does not fit, and UsageError on a
        route other than the app's.
        """
        target = _PlantTarget(self._app(), plant_id)
        async with self._writing:
            before = await target.settings()
            change = control.plant_change(before, **changes)
            command = control.ChangeSettings(device=plant_id, changes=(change,))
            return await self._carry_out(target, [change], command, dry_run=dry_run, before=before)

    def _app(self) -> ShineCalls:
        calls = self._route.calls
        if not isinstance(calls, ShineCalls):
            raise UsageError("plants are changed by the app's route only", remedy="Make a client with a password.")
        return calls

    # -- commands

    def _abilities(self, *families: str) -> Mapping[str, Ability]:
        return control.abilities(*families, rating=self._rating) if self._route.name in _COMMANDED else {}

    async def execute(self, command: Command, *, dry_run: bool = False, device: str | Device | None = None) -> Outcome:
        """Carry out a command of ``capabilities``, or the ``undo`` of an outcome, and read it back for up to 90 s.

        ``Charge``, ``Discharge`` and the limits stay until ``Auto``, which restores what was set before them, also
        after a restart, and may be repeated until it is APPLIED; where that is not known it ends our own segment or
        period only.  A dry run reads, and writes nothing.  Raises NotSupported and OutOfBounds before anything is
        written.
        """
        async with self._writing:
            if isinstance(command, control.ChangeSettings):
                return await self._again(command, dry_run=dry_run)
            inverter = await self._inverter(device)
            Capabilities(commands=self._abilities(inverter.family)).require(command)
            return await self._obey(_InverterTarget(self._route, inverter), command, dry_run=dry_run)

    async def _obey(self, target: _InverterTarget, command: Command, *, dry_run: bool) -> Outcome:
        inverter = target.inverter
        before = await control.snapshot(target, clock=self._clock)
        known = await self._memory.known(inverter)
        changes = tuple(reversed(known.values())) if isinstance(command, Auto) else ()
        changes = changes or control.changes_of(
            command, family=inverter.family, settings=before or {}, rating=self._rating
        )
        if not changes:
            note = f"nothing of heliobus's is in force; nothing {'would be' if dry_run else 'was'} sent"
            status = Status.PLANNED if dry_run else Status.APPLIED
            return Outcome(command=command, status=status, at=self._clock.now(), note=note)
        if dry_run:
            return await self._carry_out(target, changes, command, dry_run=True)
        if isinstance(command, Auto | SetReserve) or before is None:
            outcome = await self._carry_out(target, changes, command, dry_run=False, before=before)
            if isinstance(command, Auto) and outcome.status is Status.APPLIED:
                await self._memory.keep_only(inverter, {})
        else:
            outcome = await self._remembering(target, command, changes, before=before, known=known)
        if outcome.undo is None:
            return outcome
        return replace(outcome, undo=control.undo_of(command, family=inverter.family, settings=before or {}))

    async def _remembering(
        self,
        target: _InverterTarget,
        command: Command,
        changes: Sequence[Change],
        *,
        before: Mapping[str, Json],
        known: Mapping[str, Change],
    ) -> Outcome:
        """Carry out, with what was before kept on disk first: if this is cut off, ``Auto`` still knows it."""
        restoring = [control.restored(change, before) for change in changes]
        await self._memory.keep(target.inverter, [change for change in restoring if change is not None])
        try:
            outcome = await self._carry_out(target, changes, command, dry_run=False, before=before)
        except Error:  # nothing was written
            await self._memory.keep_only(target.inverter, known)
            raise
        if outcome.status is Status.REJECTED:
            await self._memory.keep_only(target.inverter, known)
        return outcome

    async def _again(self, command: control.ChangeSettings, *, dry_run: bool) -> Outcome:
        """Carry out changes that are judged already, such as an undo."""
        target: _InverterTarget | _PlantTarget
        if any(change.setting.form for change in command.changes):
            target = _PlantTarget(self._app(), command.device)
        else:
            target = _InverterTarget(self._route, await self._inverter(command.device))
        return await self._carry_out(target, command.changes, command, dry_run=dry_run)


class _InverterTarget:
    def __init__(self, route: Route, inverter: Inverter) -> None:
        self._route = route
        self.inverter = inverter
        self.device = inverter.serial

    async def settings(self) -> Mapping[str, Json]:
        return await self._route.settings(self.inverter)

    async def write(self, setting: str, parameters: Sequence[str]) -> None:
        await self._route.write(self.inverter, setting, parameters)


class _PlantTarget:
    def __init__(self, calls: ShineCalls, plant_id: str) -> None:
        self._calls = calls
        self.device = plant_id

    async def settings(self) -> Mapping[str, Json]:
        return (await self._calls.plant_settings(self.device)).values

    async def write(self, setting: str, parameters: Sequence[str]) -> None:  # noqa: ARG002, there is but one
        await self._calls.update_plant(control.plant_form(tuple(parameters)))


def _flat(name: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    return (name, *values)
