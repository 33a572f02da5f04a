"""The snapshot: all values of ONE poll cycle, in the unified model's signs and units.

Parts that a site can have several of are tuples whose members carry an ``id`` (slot number or serial, without dots);
they are addressed by it (``batteries.1.soc``), never by position.  A field is ``None`` when the device did not say it:
``quality`` then says MISSING if the device should have, and nothing if it does not carry the field at all.
"""

from __future__ import annotations

# The annotations are looked up at run time by model.fields, so their names must exist there.
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from heliobus.model import fields
from heliobus.model.aggregate import aggregate
from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, Grid, Inverter, Load, Meter, Switch, System, Wallbox
from heliobus.model.quality import Quality

_NOTHING: Mapping[str, Quality] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one device said in one poll.

    ``device_time`` is the device's own clock in UTC, ``received_at`` ours (UTC, the middle of the exchange).
    ``quality`` maps a field's path to its quality and lists only what is not GOOD.
    """

    source: str
    received_at: datetime
    device: Device | None = None
    device_time: datetime | None = None
    pv: PV = field(default_factory=PV)
    grid: Grid = field(default_factory=Grid)
    load: Load = field(default_factory=Load)
    system: System = field(default_factory=System)
    batteries: tuple[Battery, ...] = ()
    wallboxes: tuple[Wallbox, ...] = ()
    inverters: tuple[Inverter, ...] = ()
    meters: tuple[Meter, ...] = ()
    switches: tuple[Switch, ...] = ()
    quality: Mapping[str, Quality] = field(default_factory=lambda: _NOTHING)

    @property
    def battery(self) -> Battery:
        """All batteries as one: sums, and capacity-weighted means; a missing part makes the sum missing."""
        return aggregate(self.batteries)

    @property
    def residual(self) -> float | None:
        """What the balance leaves open in W: pv + grid + battery - load - wallboxes; None if a part is unknown."""
        battery = self.battery.power if self.batteries else 0.0
        boxes = [box.power for box in self.wallboxes]
        inflow, outflow = (self.pv.power, self.grid.power, battery), (self.load.power, *boxes)
        if None in inflow or None in outflow:
            return None
        return sum(part for part in inflow if part is not None) - sum(part for part in outflow if part is not None)

    def quality_of(self, path: str) -> Quality:
        """Give the quality of the field at ``path``; a field without a value is MISSING."""
        if fields.get(self, path) is None:
            return Quality.MISSING
        return self.quality.get(path, Quality.GOOD)

    def to_dict(self) -> dict[str, Any]:
        """Nested and JSON-ready: times as ISO 8601 in UTC, unknown as null, quality by name."""
        return fields.to_dict(self)
