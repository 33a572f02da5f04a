"""The nights at which the battery is charged from the grid, because the sun has not come for long."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from heliobus.simulation.profile import DAY, EPOCH, NODE, profile

if TYPE_CHECKING:
    from heliobus.simulation.house import Care, House

_HOUR = 3600.0


def nights(seed: int, house: House, day: int) -> list[tuple[float, float]]:
    """Give when it is on a UTC day: start and end in seconds of the day."""
    care = house.care
    if care is None or not house.battery_capacity:
        return []
    zone, found = ZoneInfo(house.timezone), []
    for ordinal in (day - 1, day, day + 1):
        if ordinal % care.every or not _dark(seed, house, care, ordinal):
            continue
        date = EPOCH.date() + timedelta(days=ordinal)
        midnight = datetime.combine(date, datetime.min.time(), zone).timestamp() - day * DAY
        start, end = midnight + care.hour * _HOUR, midnight + (care.hour + care.hours) * _HOUR
        if start < DAY and end > 0.0:
            found.append((max(start, 0.0), min(end, float(DAY))))
    return found


def _dark(seed: int, house: House, care: Care, ordinal: int) -> bool:
    """Whether the sun of no day before could have brought the battery from its reserve to the wanted charge."""
    wanted = house.battery_capacity * (care.soc - house.reserve_soc) / 100.0
    return all(_sun(seed, house, ordinal - back) < wanted for back in range(1, care.after + 1))


@lru_cache(maxsize=64)
def _sun(seed: int, house: House, day: int) -> float:
    """What the sun of a day leaves for the battery, Wh stored."""
    nodes = profile(seed, house, day)
    surplus = (min(max(pv - load, 0.0), house.max_charge) for pv, load in zip(nodes.pv, nodes.load, strict=True))
    return sum(surplus) * NODE / _HOUR * house.charge_efficiency
