"""When a step of a lifetime counter is an energy, and when it is a fault of the counter.

A step counts between two neighbouring samples with sound readings, if it does not fall and is plausible.  Everything
else falls back to the integrated power of that interval, so nothing is counted twice whatever a counter does:

* a fall of less than 1 % or 10 Wh is a **dip**: readings are unsound until the counter is back where it was
* any other fall is a **reset**: the next segment begins with it
* a step beyond what could have flowed is **implausible**: a counter that came back, or garbage
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

RATED = 43_500.0
"""W that a house connection of 63 A carries; a bigger plant shows it by its power at the ends of the interval."""
MARGIN, SLACK = 1.2, 100.0
"""A step may exceed power x time by this factor and this many Wh (RELIABILITY: device behaviour)."""
DIP_SHARE, DIP_WH = 0.01, 10.0
MS_PER_HOUR = 3_600_000


class Fault(NamedTuple):
    """A counter that did what no lifetime counter does; ``at`` in ms, readings in Wh."""

    path: str
    at: int
    before: float
    after: float
    reason: str


def sound(readings: Sequence[float | None]) -> list[float | None]:
    """Blank the readings of a dip."""
    mark: float | None = None
    kept: list[float | None] = []
    for reading in readings:
        dip = reading is not None and mark is not None and 0 < mark - reading < max(DIP_SHARE * mark, DIP_WH)
        kept.append(None if dip else reading)
        if reading is not None and not dip:
            mark = reading
    return kept


def limit(watts: float, milliseconds: int) -> float:
    """Give the highest step in Wh that could have flowed, ``watts`` being the highest power seen at both ends."""
    return max(watts, RATED) * milliseconds / MS_PER_HOUR * MARGIN + SLACK


def fault(path: str, at: int, before: float, after: float, most: float) -> Fault | None:
    """Tell why a step is no energy; None if it is one."""
    if after < before:
        return Fault(path, at, before, after, "reset")
    if after - before > most:
        return Fault(path, at, before, after, "implausible")
    return None
