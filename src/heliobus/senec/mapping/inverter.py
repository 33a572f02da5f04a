"""From the words of an internal V3 inverter to the unified model: the only place with its signs.

``GridConsumedPower`` and ``GridInjectedPower`` are both >= 0 and need a meter at the inverter; without one there are no
values, and a house with two inverters is not known to either of them.  The sign of ``BDC_BAT_Power`` was never
recorded: + is taken for discharging, unless what the inverter gives less what the sun gives clearly says otherwise.
"""

from __future__ import annotations

import re
from math import copysign
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, Grid, Inverter, Load, PVString
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from heliobus.senec.models.inverter import Measurements, Versions, Yields

SOURCE = "senec/inverter"
_STRING = re.compile(r"DC_Voltage(\d?)", re.ASCII)
_CLEARLY = 100.0  # W
_LIVE = frozenset(
    {"pv.power", "grid.power", "grid.frequency", "load.power", "inverters.*.power"}
    | {f"pv.strings.*.{name}" for name in ("power", "voltage", "current")}
)
_BATTERY = frozenset(
    f"{part}.{name}" for part in ("battery", "batteries.*") for name in ("power", "voltage", "current")
)


def carried(*, battery: bool) -> frozenset[str]:
    """The paths that a reading may fill."""
    return _LIVE | {"pv.energy"} | (_BATTERY if battery else frozenset())


def device(versions: Versions, host: str) -> Device:
    """The inverter: known by its serial number, by its address if it tells none."""
    told = ", ".join(f"{one.name or one.device} {one.version}" for one in versions.parts if one.version)
    return Device(
        id=versions.serial or host,
        vendor="senec",
        model=versions.name,
        serial=versions.serial,
        firmware=told or None,
        name=versions.network_name,
    )


def snapshot(page: Measurements, *, known: Device, yields: Yields | None, received_at: datetime) -> Snapshot:
    """Map one page.  What did not come is None and MISSING; sums and differences are DERIVED."""
    strings = _strings(page)
    sun = _sum([one.power for one in strings])
    ac = page.get("AC_Power")
    batteries = _batteries(page, None if ac is None or sun is None else ac - sun)
    grid = _difference(page.get("GridConsumedPower"), page.get("GridInjectedPower"))
    load = _sum([page.get("OwnConsumedPower"), page.get("GridConsumedPower")])
    return Snapshot(
        source=SOURCE,
        received_at=received_at,
        device=known,
        pv=PV(power=sun, energy=None if yields is None else yields.total("PV1"), strings=strings),
        grid=Grid(power=grid, frequency=page.get("AC_Frequency")),
        load=Load(power=load),
        batteries=batteries,
        inverters=(Inverter(id="1", power=ac),),
        quality=_qualities(
            {"pv.power": sun, "grid.power": grid, "load.power": load},
            {
                "inverters.1.power": ac,
                "grid.frequency": page.get("AC_Frequency"),
                **{f"batteries.1.{name}": getattr(one, name) for one in batteries for name in ("power", "voltage")},
            },
        ),
    )


def _strings(page: Measurements) -> tuple[PVString, ...]:
    """The inputs: numbered ones, or the only one without a number."""
    found = []
    for name, voltage in page.values.items():
        if input_ := _STRING.fullmatch(name):
            current = page.get(f"DC_Current{input_[1]}")
            power = None if voltage is None or current is None else voltage * current
            found.append(PVString(id=input_[1] or "1", power=power, voltage=voltage, current=current))
    return tuple(found)


def _batteries(page: Measurements, rest: float | None) -> tuple[Battery, ...]:
    """The battery at the inverter's converter, if it has one; ``rest`` is what it gives beyond the sun, W."""
    if not any(name.startswith("BDC_BAT_") for name in page.values):
        return ()
    power, current = page.get("BDC_BAT_Power"), page.get("BDC_BAT_Current")
    if power is not None and rest is not None and power * rest < 0 and min(abs(power), abs(rest)) > _CLEARLY:
        power = -power
    if current is not None and power:
        current = copysign(current, power)
    return (Battery(power=power, voltage=page.get("BDC_BAT_Voltage"), current=current),)


def _sum(parts: list[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if parts and len(known) == len(parts) else None


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _qualities(derived: Mapping[str, float | None], read: Mapping[str, float | None]) -> Mapping[str, Quality]:
    quality = {path: Quality.MISSING if value is None else Quality.DERIVED for path, value in derived.items()}
    quality |= {path: Quality.MISSING for path, value in read.items() if value is None}
    return MappingProxyType(quality)
