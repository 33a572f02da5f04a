"""Where power comes from and where it goes: the directed flows behind bars and areas.

A device says what each of its four taps gives or takes; which watt of the sun went where nobody measures.  The usual
convention fills it in: the sun serves the house first, then the car, then the battery, then the grid; what is still
needed comes from the battery, then from the grid.  All flows are >= 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCES = ("sun", "store", "grid")
SINKS = ("house", "car", "store", "grid")


@dataclass(frozen=True, slots=True)
class Taps:
    """The powers of one moment in W with the model's signs (``store`` + is discharge); None is unknown.

    A site without battery or wallbox has 0 there.
    """

    sun: float | None
    store: float | None
    grid: float | None
    house: float | None
    car: float | None = 0.0

    @property
    def complete(self) -> bool:
        return None not in (self.sun, self.store, self.grid, self.house, self.car)


@dataclass(frozen=True, slots=True)
class Flows:
    """What each source gives to each sink, and what each gives or takes in all, in W."""

    given: Mapping[str, float]
    taken: Mapping[str, float]
    between: Mapping[tuple[str, str], float]

    @property
    def open(self) -> float:
        """What the sources give and no sink takes: converter losses and measuring errors."""
        return sum(self.given.values()) - sum(self.taken.values())

    def of_source(self, source: str, *sinks: str) -> float:
        """Give what ``source`` sends to ``sinks``."""
        return sum(self.between.get((source, sink), 0.0) for sink in sinks)


def flows(taps: Taps) -> Flows | None:
    """Direct the powers of a moment; None if one of them is unknown."""
    if taps.sun is None or taps.store is None or taps.grid is None or taps.house is None or taps.car is None:
        return None
    given = {"sun": max(taps.sun, 0.0), "store": max(taps.store, 0.0), "grid": max(taps.grid, 0.0)}
    taken = {
        "house": max(taps.house, 0.0),
        "car": max(taps.car, 0.0),
        "store": max(-taps.store, 0.0),
        "grid": max(-taps.grid, 0.0),
    }
    between: dict[tuple[str, str], float] = {}
    needed = dict(taken)
    for source in SOURCES:
        left = given[source]
        for sink in SINKS:
            moved = min(left, needed[sink])
            if moved > 0 and source != sink:
                between[source, sink] = moved
                needed[sink] -= moved
                left -= moved
    return Flows(given, taken, between)
