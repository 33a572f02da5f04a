"""From SENEC.Connect's words to the unified model: the only place with its signs.

The battery's power is + when it charges (capture 52: production 6211 W, consumption 469 W, battery 5771 W), the grid's
is + when it is drawn from.  The current has the power's sign; that it is signed itself was never recorded.
"""

from __future__ import annotations

from dataclasses import replace
from math import copysign
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, BatteryLimits, Grid, Load, Wallbox
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot

if TYPE_CHECKING:
    from datetime import datetime

    from heliobus.senec.models.connect import ConnectBattery, ConnectSystem

SOURCE = "senec/connect"
_BATTERY = ("power", "soc", "capacity", "voltage", "current", "limits.max_charge", "limits.max_discharge")
CARRIED = frozenset(
    {"pv.power", "grid.power", "load.power", "wallboxes.*.power"}
    | {f"{part}.{name}" for part in ("battery", "batteries.*") for name in _BATTERY}
)


def device(system: ConnectSystem) -> Device:
    """One system of the account."""
    plate = system.nameplate
    return Device(id=system.id or "", vendor="senec", model=plate.model, serial=plate.serial)


def snapshot(system: ConnectSystem, *, received_at: datetime) -> Snapshot:
    """Map one system.  What did not come is None and MISSING; a decommissioned unit's values are all STALE."""
    battery, meter, plate = system.battery, system.meter, system.nameplate
    made = Snapshot(
        source=SOURCE,
        received_at=received_at,
        device=device(system),
        pv=PV(power=meter.production),
        grid=Grid(power=meter.grid_power),
        load=Load(power=meter.consumption),
        batteries=(
            Battery(
                power=None if battery.power is None else 0.0 - battery.power,
                soc=battery.soc,
                capacity=plate.design_capacity,
                voltage=battery.voltage,
                current=_current(battery),
                limits=BatteryLimits(max_charge=plate.charge_power, max_discharge=plate.discharge_power),
            ),
        ),
        wallboxes=tuple(
            [
                Wallbox(id=_dotless(box.id), power=box.charging_power, car_connected=box.car_connected)
                for box in system.wallboxes
                if box.id
            ]
        ),
    )
    return _with_quality(made, stale=system.is_decommissioned)


def _current(battery: ConnectBattery) -> float | None:
    if battery.current is None or battery.power is None:
        return None
    return 0.0 - (copysign(battery.current, battery.power) if battery.power else battery.current)


def _dotless(wallbox: str) -> str:
    """A member's id may have no dots: they part the model's paths."""
    return wallbox.replace(".", "_")


def _with_quality(made: Snapshot, *, stale: bool) -> Snapshot:
    battery = made.batteries[0]
    values = {
        "pv.power": made.pv.power,
        "grid.power": made.grid.power,
        "load.power": made.load.power,
        "batteries.1.power": battery.power,
        "batteries.1.soc": battery.soc,
        "batteries.1.voltage": battery.voltage,
        "batteries.1.current": battery.current,
    }
    quality: dict[str, Quality] = {}
    for path, value in values.items():
        if value is None:
            quality[path] = Quality.MISSING
        elif stale:
            quality[path] = Quality.STALE
    for box in made.wallboxes:
        # Apparent power is as much as it can be, not what it is.
        quality[f"wallboxes.{box.id}.power"] = Quality.MISSING if box.power is None else Quality.ESTIMATED
    return replace(made, quality=MappingProxyType(quality))
