"""From the App API's words to the unified model: the only place with its signs and scales.

The cloud splits each power into two directions, both >= 0, and both may flow at once (erratum S7, capture 26: 23 W
drawn and fed in): the net is what counts.  BATTERY_IMPORT goes into the battery (capture 56), consumption is without
wallboxes, measurements are kWh.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, BatteryModule, Grid, Load, Switch, System, Wallbox
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot
from heliobus.model.spans import EnergySpan
from heliobus.senec.models import system_state
from heliobus.senec.protocol import control_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from heliobus.senec.models.app import AppSystem, AppWallbox, Dashboard, SystemDetails

SOURCE = "senec/app"
OLD = timedelta(minutes=15)
"""The cloud's data are five minutes old as a rule; what is older than this is STALE."""


def _both(*names: str) -> frozenset[str]:
    """Of each battery, and of all as one."""
    return frozenset(f"{part}.{name}" for part in ("batteries.*", "battery") for name in names)


_LIVE = frozenset({"pv.power", "grid.power", "load.power"}) | _both("power", "soc")
_FULL = _LIVE | {"system.state_code", "system.case_temperature"} | _both("capacity")
_BOXES = frozenset({"wallboxes.*.power"})

_KILO = 1000.0
_STATES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class AppReading:
    """What one poll brought; ``details`` only with detail "full"."""

    system: AppSystem
    dashboard: Dashboard
    wallboxes: tuple[AppWallbox, ...] = ()
    details: SystemDetails | None = None


def device(system: AppSystem) -> Device:
    """One system of the account, known by the number that every call is asked with."""
    return Device(
        id=system.id or "",
        vendor="senec",
        model=system.product.name or system.product.system_type,
        serial=control_unit(system.control_unit_number),
    )


def detailed(known: Device, details: SystemDetails) -> Device:
    """The same with the versions that only the details tell."""
    versions = {"MCU": details.mcu.firmware, "GUI": details.mcu.gui}
    told = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    return replace(known, firmware=told or None, serial=known.serial or control_unit(details.mcu.serial))


def carried(detail: str, *, wallboxes: bool) -> frozenset[str]:
    """The paths that a reading of this detail may fill."""
    return (_FULL if detail == "full" else _LIVE) | (_BOXES if wallboxes else frozenset())


def snapshot(reading: AppReading, *, received_at: datetime) -> Snapshot:
    """Map one poll.  What did not come is None and MISSING; what is older than ``OLD`` is STALE."""
    now, details = reading.dashboard.currently, reading.details
    known = device(reading.system)
    battery = Battery(
        id="1",
        power=_net(now.discharge, now.charge),
        soc=now.battery_level,
        mode=reading.dashboard.storage_state,
    )
    made = Snapshot(
        source=SOURCE,
        received_at=received_at,
        device=known,
        device_time=reading.dashboard.timestamp,
        pv=PV(power=now.generation),
        grid=Grid(power=_net(now.draw, now.feed_in)),
        load=Load(power=now.consumption),
        batteries=(battery,),
        wallboxes=_wallboxes(reading),
        switches=tuple([_switch(box) for box in reading.wallboxes if box.id]),
    )
    if details is not None:
        made = _with_details(made, details)
    return replace(made, quality=_qualities(made, reading))


def _with_details(made: Snapshot, details: SystemDetails) -> Snapshot:
    capacity = details.battery_pack.capacity
    name = details.mcu.state.name
    code = None if name is None else _codes().get(_letters(name))
    return replace(
        made,
        device=None if made.device is None else detailed(made.device, details),
        system=System(
            state_code=code,
            state=name if code is None else system_state(code).name_en,
            case_temperature=details.casing.temperature,
        ),
        batteries=(
            replace(
                made.batteries[0],
                capacity=None if capacity is None else capacity * _KILO,
                modules=tuple(
                    [
                        BatteryModule(id=str(one.ordinal), serial=one.serial)
                        for one in details.battery_modules
                        if one.ordinal is not None
                    ]
                ),
            ),
        ),
    )


def _net(into: float | None, out_of: float | None) -> float | None:
    """Into the house bus is positive."""
    return None if into is None or out_of is None else into - out_of


def _qualities(made: Snapshot, reading: AppReading) -> Mapping[str, Quality]:
    values: dict[str, float | None] = {
        "pv.power": made.pv.power,
        "grid.power": made.grid.power,
        "load.power": made.load.power,
        "batteries.1.power": made.batteries[0].power,
        "batteries.1.soc": made.batteries[0].soc,
        **{f"wallboxes.{box.id}.power": box.power for box in made.wallboxes},
    }
    since = reading.dashboard.timestamp
    stale = since is not None and made.received_at - since > OLD
    shared = len(made.wallboxes) > 1
    quality = {}
    for path, value in values.items():
        if value is None:
            quality[path] = Quality.MISSING
        elif stale:
            quality[path] = Quality.STALE
        elif shared and path.startswith("wallboxes."):
            quality[path] = Quality.DERIVED
    return MappingProxyType(quality)


# -- wallboxes


def _wallboxes(reading: AppReading) -> tuple[Wallbox, ...]:
    boxes = [box for box in reading.wallboxes if box.id]
    powers = _powers(reading.dashboard.currently.wallbox, boxes)
    return tuple(
        [
            Wallbox(
                id=box.id or "",
                power=power,
                car_connected=box.state.car_connected,
                state=box.state.status_code,
                mode="locked" if box.locked else (box.mode.type or "").lower() or None,
            )
            for box, power in zip(boxes, powers, strict=True)
        ]
    )


def _powers(total: float | None, boxes: Sequence[AppWallbox]) -> list[float | None]:
    """Each box's part of the total in W: the cloud tells only apparent powers of each, so by their shares."""
    apparent = [box.currents.apparent_power for box in boxes]
    if total is None or len(boxes) < 2:  # noqa: PLR2004 - the only one has it all
        return [total] * len(boxes)
    known = [one for one in apparent if one is not None]
    if total == 0:
        return [0.0] * len(boxes)
    if len(known) < len(boxes) or not sum(known):
        return [None] * len(boxes)
    return [total * one / sum(known) for one in known]


def _switch(box: AppWallbox) -> Switch:
    return Switch(
        id=switch_id(box.id or ""), name=box.name, type="wallbox", on=None if box.locked is None else not box.locked
    )


def switch_id(wallbox: str) -> str:
    """The switch that locks and unlocks a wallbox."""
    return f"wallbox-{wallbox}"


# -- states


@cache
def _codes() -> Mapping[str, int]:
    """The states' numbers by their German names, as the cloud writes them."""
    named = {code: system_state(code).name_de for code in range(_STATES)}
    return {_letters(name): code for code, name in reversed(named.items()) if name}


def _letters(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")


# -- histories

_ENERGIES: Mapping[str, str] = MappingProxyType(
    {
        "pv": "POWER_GENERATION",
        "load": "POWER_CONSUMPTION",
        "grid_import": "GRID_IMPORT",
        "grid_export": "GRID_EXPORT",
        "charge": "BATTERY_IMPORT",
        "discharge": "BATTERY_EXPORT",
        "wallbox": "WALLBOX_CONSUMPTION",
    }
)
_FINE = timedelta(hours=1)
"""In longer buckets the battery's level is no level at the end (capture 56), so it is left out."""


def energies(
    values: Mapping[str, float | None] | None, start: datetime, end: datetime, *, complete: bool
) -> EnergySpan:
    """A bucket of measurements, kWh to Wh; without one everything is unknown, never 0."""
    if values is None:
        return EnergySpan(start=start, end=end, complete=complete)
    return EnergySpan(
        start=start,
        end=end,
        complete=complete,
        soc=values.get("BATTERY_LEVEL_IN_PERCENT") if end - start <= _FINE else None,
        autarky=values.get("AUTARKY_IN_PERCENT"),
        **{name: _energy(values.get(column)) for name, column in _ENERGIES.items()},
    )


def _energy(kilowatt_hours: float | None) -> float | None:
    """Less than nothing is garbage."""
    return None if kilowatt_hours is None or kilowatt_hours < 0 else kilowatt_hours * _KILO


def joined(parts: Sequence[EnergySpan]) -> EnergySpan:
    """Spans that follow one another as one: sums, of which an unknown part makes the whole unknown."""
    sums = {name: _sum([getattr(part, name) for part in parts]) for name in _ENERGIES}
    return EnergySpan(
        start=parts[0].start,
        end=parts[-1].end,
        complete=parts[-1].complete,
        soc=parts[-1].soc if parts[-1].end - parts[0].start <= _FINE else None,
        **sums,
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
