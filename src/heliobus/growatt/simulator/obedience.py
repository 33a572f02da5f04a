"""A command of the OpenAPIs carried out by the house."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.simulation.plant import Override

if TYPE_CHECKING:
    from heliobus.growatt.simulator.cloud import Cloud


def obey(cloud: Cloud, percentage: int, *, minutes: int | None) -> None:
    """Charge (+) or discharge (-) with so much of the battery's power from now on, for so long; 0 ends it."""
    now, house = cloud.clock.now(), cloud.plant.house
    end = None if minutes is None else now + timedelta(minutes=minutes)
    rated = house.max_charge if percentage > 0 else house.max_discharge
    power = None if percentage == 0 else -percentage / 100 * rated
    cloud.plant = cloud.plant.with_override(Override(start=now, end=end, power=power))
