"""What the device says about its house: the one place where its signs are made.

On the wire the battery is + while charging, the house is + while discharging; grid is + import on both; an external
producer (``add``) is negative while producing.  Powers are whole watts that add up:
``pv - add + grid == home + wallboxes + battery`` (SPEC 6.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from heliobus.e3dc.simulator.device import Device
    from heliobus.simulation.plant import Energy, Instant, Plant

FULL = 100.0  # %


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """The powers of one moment in W, with the signs of the wire."""

    pv: int
    add: int
    grid: int
    battery: int
    wallbox: int

    @property
    def home(self) -> int:
        """Without the wallboxes."""
        return self.pv - self.add + self.grid - self.battery - self.wallbox

    @property
    def autarky(self) -> float:
        """% of what is consumed that does not come from the grid."""
        return _share(self.grid, self.home + self.wallbox)

    @property
    def self_consumption(self) -> float:
        """% of what is produced that does not go to the grid."""
        return _share(-self.grid, self.pv - self.add)


def _share(other: float, total: float) -> float:
    if total <= 0:
        return FULL
    return min(max(FULL * (1.0 - other / total), 0.0), FULL)


@dataclass(frozen=True)
class Moment:
    """The system at one moment, each part computed when an answer needs it."""

    device: Device
    clock: datetime
    """What the device's clock shows; its measurements are made anew once a second (SPEC 5)."""

    @property
    def plant(self) -> Plant:
        return self.device.plant

    @cached_property
    def time(self) -> datetime:
        return self.clock.replace(microsecond=0)

    @cached_property
    def now(self) -> Instant:
        return self.plant.at(self.time)

    @cached_property
    def energy(self) -> Energy:
        """Since the commissioning."""
        return self.plant.counters(self.time)

    @cached_property
    def offset(self) -> timedelta:
        """How far the local time is ahead of UTC."""
        return self.clock.astimezone(ZoneInfo(self.plant.house.timezone)).utcoffset() or timedelta()

    @property
    def derate_at(self) -> float:
        """The share of the installed power above which nothing is fed in."""
        house = self.plant.house
        return 1.0 if house.feed_in_limit is None else min(house.feed_in_limit / house.peak_power, 1.0)

    @cached_property
    def flows(self) -> Flows:
        produced = round(self.now.pv)
        return Flows(
            pv=produced,
            add=0,
            grid=round(self.now.grid),
            battery=-round(self.now.battery),
            wallbox=0,
        )
