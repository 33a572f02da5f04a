"""What lies under the pictures of a day: series, runs without a gap, axis steps, full hours.  No drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from heliobus.web.plain.day import STEP
from heliobus.web.plain.flows import Flows, Taps, flows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heliobus.web.plain.day import Day

HOUR = 3600
_HALF_HOUR = 1800
_LEAST_PEAK = 900.0
"""W: a night of standby must not fill the picture."""
_MOST_LINES = 5
_VISIBLE = 1.0
"""W: a thinner area is left out."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What a picture draws, one value per ``step`` s: ``times`` are the middles in s since 1970; None is unknown."""

    step: int
    times: Sequence[float]
    flows: Sequence[Flows | None]
    sun: Sequence[float | None]
    soc: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Run(Generic[Value]):
    """Neighbouring points of which something is known; its values reach to its edges."""

    times: Sequence[float]
    values: Sequence[Value]
    step: int

    @property
    def start(self) -> float:
        return self.times[0] - self.step / 2

    @property
    def end(self) -> float:
        return self.times[-1] + self.step / 2

    def places(self, first: int = 0, last: int | None = None) -> list[tuple[float, int]]:
        """Give (time, index) of the points ``first`` to ``last``, with the edges of the run where they touch them."""
        last = len(self.times) - 1 if last is None else last
        out = [(self.times[index], index) for index in range(first, last + 1)]
        if first == 0:
            out.insert(0, (self.start, 0))
        if last == len(self.times) - 1:
            out.append((self.end, last))
        return out


@dataclass(frozen=True, slots=True)
class Axis:
    """A power axis from 0 to ``most`` W with a line every ``tick`` W."""

    tick: float
    most: float

    @property
    def lines(self) -> list[float]:
        return [self.tick * line for line in range(round(self.most / self.tick) + 1)]

    @property
    def digits(self) -> int:
        """Decimals of its labels in kW."""
        return max(0, -math.floor(math.log10(self.tick / 1000)))


def axis(peak: float) -> Axis:
    """Choose round steps so that ``peak`` W fits below few lines."""
    peak = max(peak, _LEAST_PEAK)
    decade = 10.0 ** math.floor(math.log10(peak / _MOST_LINES))
    tick = next(tick for factor in (1, 2, 5, 10) if peak <= (tick := factor * decade) * _MOST_LINES)
    return Axis(tick, tick * math.ceil(peak / tick))


def series(day: Day, *, steps: int = 1) -> Series:
    """Join each ``steps`` steps of the day to one value, the mean of what is known of them."""
    groups = [day.taps[first : first + steps] for first in range(0, len(day.taps), steps)]
    return Series(
        step=STEP * steps,
        times=[day.start + (index + 0.5) * STEP * steps for index in range(len(groups))],
        flows=[_joined(group) for group in groups],
        sun=[_mean(tap.sun for tap in group) for group in groups],
        soc=[_mean(day.soc[first : first + steps]) for first in range(0, len(day.soc), steps)],
    )


def runs(of: Series, values: Sequence[Value | None]) -> list[Run[Value]]:
    """Split ``values`` at every one that is unknown."""
    out: list[tuple[list[float], list[Value]]] = []
    known = False
    for at, value in zip(of.times, values, strict=True):
        if value is not None:
            if not known:
                out.append(([], []))
            out[-1][0].append(at)
            out[-1][1].append(value)
        known = value is not None
    return [Run(times, found, of.step) for times, found in out]


def stretches(heights: Sequence[float]) -> list[tuple[int, int]]:
    """Give (first, last) of each stretch where there is something to see, one point wider on either side."""
    out: list[tuple[int, int]] = []
    for index, height in enumerate(heights):
        if height < _VISIBLE:
            continue
        first, last = max(index - 1, 0), min(index + 1, len(heights) - 1)
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], last)
        else:
            out.append((first, last))
    return out


def full_hours(day: Day) -> list[tuple[float, datetime]]:
    """Give every moment of the day at which a local hour begins, with its local time."""
    moments = ((at, datetime.fromtimestamp(at, day.zone)) for at in range(day.start, day.end, _HALF_HOUR))
    return [(float(at), moment) for at, moment in moments if moment.minute == 0]


def clock(day: Day, at: float) -> str:
    """Give the local time of day; the end of the day is 24:00."""
    return "24:00" if at >= day.end else f"{datetime.fromtimestamp(at, day.zone):%H:%M}"


def _joined(taps: Iterable[Taps]) -> Flows | None:
    complete = [tap for tap in taps if tap.complete]
    if not complete:
        return None
    values = zip(*((tap.sun, tap.store, tap.grid, tap.house, tap.car) for tap in complete), strict=True)
    return flows(Taps(*map(_mean, values)))


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
