"""Several houses that are one plant of an account, an inverter in each."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import add
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heliobus.simulation.plant import Energy, House, Instant, Plant


class Together:
    """What a plant shows of houses built alike: their sums, and the mean charge; of all else the first's."""

    def __init__(self, plants: Sequence[Plant]) -> None:
        self._plants = tuple(plants)

    @property
    def house(self) -> House:
        one = self._plants[0].house
        return replace(one, strings=one.strings * len(self._plants))

    def at(self, moment: datetime) -> Instant:
        found = [plant.at(moment) for plant in self._plants]
        sums = {name: sum(getattr(one, name) for one in found) for name in ("pv", "grid", "battery", "load")}
        return replace(found[0], **sums, soc=fmean(one.soc for one in found))

    def energy(self, start: datetime, end: datetime) -> Energy:
        return reduce(add, [plant.energy(start, end) for plant in self._plants])

    def counters(self, moment: datetime) -> Energy:
        return reduce(add, [plant.counters(moment) for plant in self._plants])
