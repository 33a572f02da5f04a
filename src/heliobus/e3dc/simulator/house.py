"""What the device says about its house: the one place where its signs are made.

On the wire the battery is + while charging, the house is + while discharging; grid is + import on both; an external
producer (``add``) is negative while producing.  Powers are whole watts that add up:
``pv - add + grid == home + wallbox + battery`` (SPEC 6.2).
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
    from heliobus.e3dc.simulator.equipment import Equipment
    from heliobus.e3dc.simulator.settings import Settings
    from heliobus.e3dc.simulator.wallbox import Wallbox
    from heliobus.simulation.plant import Energy, Instant, Plant

FULL = 100.0  # %
_CAR = 0.5  # of the load, for all wallboxes that charge and are not the house's


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """The powers of one moment in W, with the signs of the wire."""

    pv: int
    add: int
    grid: int
    battery: int
    wallboxes: tuple[int, ...]
    """The power of each wallbox; together they are a part of what the house draws."""

    @property
    def wallbox(self) -> int:
        return sum(self.wallboxes)

    @property
    def home(self) -> int:
        """Without the wallboxes."""
        return self.pv - self.add + self.grid - self.battery - self.wallbox

    @property
    def autarky(self) -> float:
        """% of what is consumed that does not come from the grid."""
        return share_kept(self.grid, self.home + self.wallbox)

    @property
    def self_consumption(self) -> float:
        """% of what is produced that does not go to the grid."""
        return share_kept(-self.grid, self.pv - self.add)

    @property
    def wallbox_solar(self) -> int:
        """The part of the wallboxes' power that does not come from the grid."""
        return round(self.wallbox * self.autarky / FULL)


def share_kept(other: float, total: float) -> float:
    """What is left of ``total`` without ``other``, in %; all of nothing."""
    return FULL if total <= 0 else min(max(FULL * (1.0 - other / total), 0.0), FULL)


@dataclass(frozen=True)
class Moment:
    """The system at one moment, each part computed when an answer needs it."""

    device: Device
    clock: datetime
    """The true time; measurements are made anew once a second (SPEC 5)."""

    @property
    def plant(self) -> Plant:
        return self.device.plant

    @property
    def settings(self) -> Settings:
        return self.device.settings

    @cached_property
    def equipment(self) -> Equipment:
        return self.device.equipment

    @property
    def shown(self) -> datetime:
        """What the device's clock shows."""
        return self.clock + self.device.skew

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
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.plant.house.timezone)

    @cached_property
    def offset(self) -> timedelta:
        """How far the local time is ahead of UTC."""
        return self.shown.astimezone(self.zone).utcoffset() or timedelta()

    @property
    def derate_at(self) -> float:
        """The share of the installed power above which nothing is fed in."""
        house = self.plant.house
        return 1.0 if house.feed_in_limit is None else min(house.feed_in_limit / house.peak_power, 1.0)

    @property
    def derated(self) -> bool:
        limit = self.plant.house.feed_in_limit
        return limit is not None and -self.now.grid >= limit - 1.0

    def is_real(self, index: int) -> bool:
        """Whether the wallbox there is the house's."""
        return self.now.wallbox is not None and index == self.equipment.wallboxes[0]

    def wallbox(self, index: int) -> Wallbox:
        """The state of a wallbox."""
        box = self.device.wallboxes[index]
        if self.now.wallbox is not None and self.is_real(index):
            box.follow(self.now.wallbox, energy=self.energy.wallbox)
        return box

    @cached_property
    def flows(self) -> Flows:
        produced = round(self.now.pv)
        foreign = round(self.equipment.external * self.now.pv)
        boxes = {index: self.wallbox(index) for index in self.equipment.wallboxes}
        made_up = [index for index, box in boxes.items() if box.charging and not self.is_real(index)]
        car = round(_CAR * self.now.load / max(len(made_up), 1))
        powers = dict.fromkeys(boxes, 0) | dict.fromkeys(made_up, car)
        if self.now.wallbox is not None and boxes:
            powers[next(iter(boxes))] = round(self.now.wallbox.power)
        return Flows(
            pv=produced - foreign,
            add=-foreign,
            grid=round(self.now.grid),
            battery=-round(self.now.battery),
            wallboxes=tuple(powers.values()),
        )
