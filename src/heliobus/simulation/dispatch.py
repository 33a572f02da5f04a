"""How surplus and deficit are shared between battery and grid: one day, exactly.

Possible sun and load are linear between the profile's nodes.  All powers are then continuous functions of the
**surplus** (sun less load) with kinks at a few known levels, so a day falls into **steps** on which every power is
linear and keeps its sign.  The steps, and how much each would change the stored energy of a battery that has room, do
not depend on what is stored.  Only then does the battery come in: a step that would fill or empty it is cut at that
moment into two **pieces**, moving and at rest.

So a day maps the stored energy through ``min(max(stored + gain, reserve), capacity)``, step by step.  Each of these is
monotone even in floating point: whatever the battery held long ago lies between the reserve and full, and once the
trajectories that start at these two have met, all have.

Time is in seconds of the day, battery power as in the model: discharging is positive.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from heliobus.simulation.noise import between
from heliobus.simulation.profile import NODE, NODES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heliobus.simulation.house import House
    from heliobus.simulation.profile import Profile

_HOUR = 3600.0

# Wh of pv, load, grid import, grid export, charge, discharge.
Sums = tuple[float, float, float, float, float, float]
NOTHING: Sums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """What the battery is asked for: to cancel the surplus between ``low`` and ``high`` W; ``limit`` W may be fed in.

    A command for a fixed power is the case ``low == high``.
    """

    low: float
    high: float
    limit: float

    @classmethod
    def of(cls, house: House, *, power: float | None = None) -> Rule:
        """Give the rule of a command for ``power`` W, or of self-consumption."""
        limit = math.inf if house.feed_in_limit is None else house.feed_in_limit
        low, high = -house.max_charge, house.max_discharge
        if power is not None:
            low = high = min(max(power, low), high)
        return cls(low, high, limit)

    def levels(self) -> list[float]:
        """Surpluses at which a power has a kink or may change its sign."""
        return sorted({0.0, -self.low, -self.high, self.limit, self.limit - self.low, self.limit - self.high})

    def battery(self, surplus: float) -> float:
        """Give the power of a battery that has room.  It does not push the sun aside to discharge into the grid."""
        wish = min(max(-surplus, self.low), self.high)
        return wish if wish <= 0.0 else min(wish, max(self.limit - surplus, 0.0))

    def curtailed(self, surplus: float, battery: float) -> float:
        """Give how much of the sun has to be left unused."""
        return max(surplus + battery - self.limit, 0.0)


class Store(NamedTuple):
    """The battery's inside: stored Wh between ``reserve`` and ``capacity``, and how the bus reaches it."""

    reserve: float
    capacity: float
    charging: float
    discharging: float

    @classmethod
    def of(cls, house: House) -> Store:
        reserve = house.battery_capacity * house.reserve_soc / 100.0
        return cls(reserve, house.battery_capacity, house.charge_efficiency, 1.0 / house.discharge_efficiency)

    def gain(self, energy: float) -> float:
        """Give the change of the stored Wh when the battery gives ``energy`` Wh to the bus."""
        return -energy * (self.discharging if energy > 0.0 else self.charging)

    def after(self, stored: float, gain: float) -> float:
        return min(max(stored + gain, self.reserve), self.capacity)

    def through(self, stored: float, gains: Iterable[float]) -> float:
        reserve, capacity = self.reserve, self.capacity
        for gain in gains:
            stored = min(max(stored + gain, reserve), capacity)
        return stored


class Point(NamedTuple):
    """Possible sun, load and the power of a battery that has room, W."""

    pv: float
    load: float
    battery: float


class Step(NamedTuple):
    start: float
    end: float
    rule: Rule
    left: Point
    right: Point
    slope: float  # of the surplus, W/s
    gain: float  # of the stored energy if there is room, Wh


class Piece(NamedTuple):
    """A step or part of one; a battery that has reached its limit obeys the rule for 0 W there."""

    start: float
    rule: Rule
    left: Point
    stored: float  # Wh at the start
    sums: Sums  # from the day's beginning to the start


class Flow(NamedTuple):
    """A moment as it is: possible and used sun, load and battery in W, and the stored Wh."""

    possible: float
    pv: float
    load: float
    battery: float
    stored: float


def point(profile: Profile, second: float, rule: Rule) -> Point:
    """Give what the house is asked at a moment of the day."""
    node = min(int(second // NODE), NODES - 1)
    share = (second - node * NODE) / NODE
    pv = between(profile.pv[node], profile.pv[node + 1], share)
    load = between(profile.load[node], profile.load[node + 1], share)
    return Point(pv, load, rule.battery(pv - load))


def steps(profile: Profile, spans: Iterable[tuple[float, float, Rule]], store: Store) -> list[Step]:
    """Cut a day, given as spans (start, end, rule), where any power has a kink or changes its sign."""
    course = []
    for begin, end, rule in spans:
        levels = rule.levels()
        start, left = begin, point(profile, begin, rule)
        for node in range(int(begin // NODE), math.ceil(end / NODE)):
            surplus = profile.pv[node] - profile.load[node]
            rise = profile.pv[node + 1] - profile.load[node + 1] - surplus
            stop = min(end, (node + 1) * NODE)
            crossings = [NODE * (node + share) for share in _crossings(levels, surplus, rise)]
            for cut in (*(cut for cut in crossings if start < cut < stop), stop):
                right = point(profile, cut, rule)
                gain = store.gain((left.battery + right.battery) / 2.0 * (cut - start) / _HOUR)
                course.append(Step(start, cut, rule, left, right, rise / NODE, gain))
                start, left = cut, right
    return course


def _crossings(levels: list[float], surplus: float, rise: float) -> list[float]:
    """Give the shares of a node's interval after which the surplus crosses a level."""
    first, last = bisect_right(levels, surplus), bisect_right(levels, surplus + rise)
    if first == last:
        return []
    return sorted((level - surplus) / rise for level in levels[min(first, last) : max(first, last)])


class Day:
    """One day of a house with all that can be asked of it; times are seconds of the day."""

    def __init__(self, profile: Profile, course: Iterable[Step], store: Store, *, rest: Rule, stored: float) -> None:
        self.profile = profile
        self._store = store
        self._rest = rest
        self._pieces: list[Piece] = []
        sums = NOTHING
        for step in course:
            stored, sums = self._take(step, stored, sums)
        self.stored_at_end = stored
        self.sums = sums
        self._starts = [piece.start for piece in self._pieces]

    def _take(self, step: Step, stored: float, sums: Sums) -> tuple[float, Sums]:
        """Add the one or two pieces of a step; give stored energy and sums at its end."""
        after = self._store.after(stored, step.gain)
        if after == stored + step.gain:
            return after, self._add(step, stored, sums)
        start, left = step.start, step.left
        if after != stored:
            start = self._limit_reached(step, after - stored)
            left = point(self.profile, start, step.rule)
            sums = self._add(step._replace(end=start, right=left), stored, sums)
        left, right = Point(left.pv, left.load, 0.0), Point(step.right.pv, step.right.load, 0.0)
        return after, self._add(Step(start, step.end, self._rest, left, right, step.slope, 0.0), after, sums)

    def _add(self, part: Step, stored: float, sums: Sums) -> Sums:
        self._pieces.append(Piece(part.start, part.rule, part.left, stored, sums))
        return plus(sums, _integrals(part.left, part.right, part.rule, part.end - part.start))

    def _limit_reached(self, step: Step, change: float) -> float:
        """Solve for the moment at which the stored energy has changed by ``change``: the first root, stably."""
        need = abs(change) / (self._store.discharging if change < 0.0 else self._store.charging) * _HOUR
        power, later = abs(step.left.battery), abs(step.right.battery)
        # It either follows the surplus or is constant but for rounding.  The slope is the whole interval's between
        # nodes, so that a later command that cuts the step short does not change this moment by a bit.
        follows = 2.0 * abs(later - power) > abs(step.slope) * (step.end - step.start)
        growth = math.copysign(step.slope, later - power) if follows else 0.0
        root = math.sqrt(max(power * power + 2.0 * growth * need, 0.0))
        return min(step.start + 2.0 * need / (power + root), step.end)

    def _piece(self, second: float) -> Piece:
        return self._pieces[bisect_right(self._starts, second) - 1]

    def flow(self, second: float) -> Flow:
        piece = self._piece(second)
        possible, load, battery = point(self.profile, second, piece.rule)
        given = (piece.left.battery + battery) / 2.0 * (second - piece.start) / _HOUR
        stored = self._store.after(piece.stored, self._store.gain(given))
        return Flow(possible, possible - piece.rule.curtailed(possible - load, battery), load, battery, stored)

    def sums_until(self, second: float) -> Sums:
        """Give the energies from the day's beginning, Wh."""
        piece = self._piece(second)
        here = point(self.profile, second, piece.rule)
        return plus(piece.sums, _integrals(piece.left, here, piece.rule, second - piece.start))


def _integrals(left: Point, right: Point, rule: Rule, seconds: float) -> Sums:
    """Integrate between two points of one piece, where everything is linear and keeps its sign."""
    half = seconds / _HOUR / 2.0
    unused = rule.curtailed(left.pv - left.load, left.battery) + rule.curtailed(right.pv - right.load, right.battery)
    pv = (left.pv + right.pv - unused) * half
    load = (left.load + right.load) * half
    battery = (left.battery + right.battery) * half
    grid = load - pv - battery
    return pv, load, max(grid, 0.0), max(-grid, 0.0), max(-battery, 0.0), max(battery, 0.0)


def plus(one: Sums, other: Sums) -> Sums:
    """Add energies; written out because it runs for every piece of every day."""
    return (
        one[0] + other[0],
        one[1] + other[1],
        one[2] + other[2],
        one[3] + other[3],
        one[4] + other[4],
        one[5] + other[5],
    )
