"""The commands in force at a moment, as one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heliobus.simulation.house import House
    from heliobus.simulation.state import Override


class Orders(NamedTuple):
    """What the battery is told: W, and % of its capacity."""

    power: float | None = None
    max_charge: float = math.inf
    max_discharge: float = math.inf
    reserve_soc: float | None = None

    def reserve(self, house: House) -> float:
        """The reserve that counts, %."""
        return house.reserve_soc if self.reserve_soc is None else self.reserve_soc

    @classmethod
    def of(cls, overrides: Iterable[Override]) -> Orders:
        """Put the commands in force together: the last that speaks of a thing counts for it."""
        orders = cls()
        for one in overrides:
            if one.of_power:
                orders = orders._replace(power=one.power)
            limits = {"max_charge": one.max_charge, "max_discharge": one.max_discharge, "reserve_soc": one.reserve_soc}
            orders = orders._replace(**{name: limit for name, limit in limits.items() if limit is not None})
        return orders


AUTOMATIC = Orders()
