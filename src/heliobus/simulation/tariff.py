"""What a kWh costs: a pure function of time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from heliobus.simulation.noise import draws

if TYPE_CHECKING:
    from datetime import datetime


class Price(NamedTuple):
    """Of one kWh from the grid and into it, in the currency of the house."""

    buy: float
    sell: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Prices of a kWh: ``day`` and, from ``night_from`` to ``night_to`` local time, ``night``; ``feed_in`` is paid.

    With a ``dynamic`` part the price changes every local hour by about so much up and down: dear at breakfast and in
    the evening, cheap at noon and at night, and by chance.
    """

    day: float = 0.32
    night: float = 0.26
    night_from: float = 22.0
    night_to: float = 6.0
    feed_in: float = 0.08
    dynamic: float = 0.0

    def at(self, moment: datetime, *, seed: int, timezone: str) -> Price:
        """Give the price at a moment of the house with this seed, in this time zone."""
        local = moment.astimezone(ZoneInfo(timezone))
        hour = local.hour + local.minute / 60.0
        late, early = hour >= self.night_from, hour < self.night_to
        at_night = (late or early) if self.night_from > self.night_to else (late and early)
        buy = self.night if at_night else self.day
        if self.dynamic:
            chance = draws(seed, stream="price", index=local.toordinal(), count=24)[local.hour]
            shape = -math.cos(math.tau * (local.hour - 1.5) / 12.0)
            buy += self.dynamic * (shape + 2.0 * chance - 1.0)
        return Price(buy, self.feed_in)


DAY_AND_NIGHT = Tariff()
