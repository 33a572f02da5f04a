"""How surplus and deficit are shared between battery and grid: one day, exactly.

Possible sun and load are linear between the profile's nodes, and the car draws constant power in a span.  All powers
are then continuous functions of the **surplus** (sun less load) with kinks at a few known levels, so a day falls into
**steps** on which every power is linear and keeps its sign, and so does the change of what is stored, standby loss
included.  The steps, and how much each would change the stored energy of a battery that has room, do not depend on what
is stored.  Only then does the battery come in: a step that would fill it or bring it to its floor is cut at that moment
into two **pieces**, moving and held there.

So a day maps the stored energy through ``Store.after``, step by step: from the floor on it is
``min(max(stored + gain, floor), capacity)``, below it ``min(stored + below, floor)`` with ``below >= 0``.  Each
of these is monotone even in floating point: whatever the battery held long ago lies between the lowest reserve and
full, and once the trajectories that start at these two have met, all have.

Time is in seconds of the day, battery power as in the model: discharging is positive.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from heliobus.simulation.noise import between
from heliobus.simulation.orders import AUTOMATIC
from heliobus.simulation.profile import NODE, NODES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heliobus.simulation.house import House
    from heliobus.simulation.orders import Orders
    from heliobus.simulation.profile import Profile

_HOUR = 3600.0

# Wh of pv, load, grid import, grid export, charge, discharge, wallbox.
Sums = tuple[float, float, float, float, float, float, float]
NOTHING: Sums = (0.0,) * 7


class Rule(NamedTuple):
    """What the battery is asked for: to cancel the surplus between ``low`` and ``high`` W; ``limit`` W may be fed in.

    A command for a fixed power is the case ``low == high``.  Below ``floor`` Wh nothing is given, and at least ``hold``
    W are taken.  ``car`` W go into the wallbox.
    """

    low: float
    high: float
    limit: float
    floor: float
    hold: float
    car: float

    @classmethod
    def of(cls, house: House, *, orders: Orders = AUTOMATIC, care: bool = False, car: float = 0.0) -> Rule:
        """Give the rule of the ``orders`` in force, or of self-consumption; ``care`` is a care night's."""
        limit = math.inf if house.feed_in_limit is None else house.feed_in_limit
        low = -min(house.max_charge, orders.max_charge)
        high = min(house.max_discharge, orders.max_discharge)
        floor, hold = house.battery_capacity * orders.reserve(house) / 100.0, Store.of(house).trickle
        if orders.power is not None:
            low = high = min(max(orders.power, low), high)
        elif care and house.care is not None:
            floor = max(floor, house.battery_capacity * house.care.soc / 100.0)
            hold = max(hold, min(house.care.power, -low))
        return cls(low, high, limit, floor, hold, car)

    @property
    def under(self) -> Rule:
        """Give the rule while less than the floor is stored."""
        return self._replace(low=min(self.low, -self.hold), high=min(self.high, -self.hold))

    def levels(self, trickle: float) -> list[float]:
        """Sun less load at which a power has a kink or may change its sign, whatever is stored."""
        battery = (-0.0, self.low, self.high, -trickle, -self.hold)
        return sorted({self.car + base - power for base in (0.0, self.limit) for power in battery})

    def battery(self, surplus: float) -> float:
        """Give the power of a battery that has room.  It does not push the sun aside to discharge into the grid."""
        left = surplus - self.car
        wish = min(max(-left, self.low), self.high)
        return wish if wish <= 0.0 else min(wish, max(self.limit - left, 0.0))

    def curtailed(self, surplus: float, battery: float) -> float:
        """Give how much of the sun has to be left unused."""
        return max(surplus - self.car + battery - self.limit, 0.0)


class Store(NamedTuple):
    """The battery's inside: Wh of ``capacity``, how the bus reaches it, and the W that it loses by itself."""

    capacity: float
    charging: float
    discharging: float
    standby: float

    @classmethod
    def of(cls, house: House) -> Store:
        standby = house.standby_loss if house.battery_capacity else 0.0
        return cls(house.battery_capacity, house.charge_efficiency, 1.0 / house.discharge_efficiency, standby)

    @property
    def trickle(self) -> float:
        """The W that hold it where it is."""
        return self.standby / self.charging

    def gain(self, energy: float, seconds: float) -> float:
        """Give the change of the stored Wh when the battery gives ``energy`` Wh to the bus."""
        return -energy * (self.discharging if energy > 0.0 else self.charging) - self.standby * seconds / _HOUR

    def after(self, stored: float, move: Move) -> float:
        gain, below, floor = move
        if stored >= floor:
            return min(max(stored + gain, floor), self.capacity)
        return min(stored + below, floor)

    def through(self, stored: float, moves: Iterable[Move]) -> float:
        capacity = self.capacity
        for gain, below, floor in moves:
            stored = min(max(stored + gain, floor), capacity) if stored >= floor else min(stored + below, floor)
        return stored


class Move(NamedTuple):
    """What a step does to the stored energy, Wh: from ``floor`` on down to it or up to full, and below it."""

    gain: float
    below: float
    floor: float


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
    move: Move


class Piece(NamedTuple):
    """A step or part of one; a battery that has reached its limit is held there."""

    start: float
    rule: Rule
    left: Point
    stored: float  # Wh at the start
    held: bool
    sums: Sums  # from the day's beginning to the start


class Flow(NamedTuple):
    """A moment as it is: possible and used sun, load, battery and wallbox in W, and the stored Wh."""

    possible: float
    pv: float
    load: float
    battery: float
    wallbox: float
    stored: float


def point(profile: Profile, second: float, rule: Rule) -> Point:
    """Give what the house is asked at a moment of the day."""
    node = min(int(second // NODE), NODES - 1)
    share = (second - node * NODE) / NODE
    pv = between(profile.pv[node], profile.pv[node + 1], share)
    load = between(profile.load[node], profile.load[node + 1], share)
    return Point(pv, load, rule.battery(pv - load))


def steps(
    profile: Profile, spans: Iterable[tuple[float, float, Rule]], store: Store, *, lowest: float = 0.0
) -> list[Step]:
    """Cut a day, given as spans (start, end, rule), where any power has a kink or changes its sign.

    Never is less stored than ``lowest`` Wh, so a floor there has nothing below it.
    """
    course = []
    for begin, end, rule in spans:
        levels = rule.levels(store.trickle)
        under = rule.under if rule.floor > lowest else None
        start, left = begin, point(profile, begin, rule)
        for node in range(int(begin // NODE), math.ceil(end / NODE)):
            surplus = profile.pv[node] - profile.load[node]
            rise = profile.pv[node + 1] - profile.load[node + 1] - surplus
            stop = min(end, (node + 1) * NODE)
            crossings = [NODE * (node + share) for share in _crossings(levels, surplus, rise)]
            for cut in (*(cut for cut in crossings if start < cut < stop), stop):
                right = point(profile, cut, rule)
                gain, below = store.gain((left.battery + right.battery) / 2.0 * (cut - start) / _HOUR, cut - start), 0.0
                if under is not None:
                    below = max(_gain(left, right, cut - start, under, store), 0.0)
                course.append(Step(start, cut, rule, left, right, rise / NODE, Move(gain, below, rule.floor)))
                start, left = cut, right
    return course


def _gain(left: Point, right: Point, seconds: float, rule: Rule, store: Store) -> float:
    """Give the change of the stored energy between two points, Wh."""
    power = rule.battery(left.pv - left.load) + rule.battery(right.pv - right.load)
    return store.gain(power / 2.0 * seconds / _HOUR, seconds)


def _crossings(levels: list[float], surplus: float, rise: float) -> list[float]:
    """Give the shares of a node's interval after which the surplus crosses a level."""
    first, last = bisect_right(levels, surplus), bisect_right(levels, surplus + rise)
    if first == last:
        return []
    return sorted((level - surplus) / rise for level in levels[min(first, last) : max(first, last)])


_NO_RULE = Rule(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def _with_rule(step: Step, rule: Rule) -> Step:
    """The same step where the battery obeys another rule."""
    left, right = step.left, step.right
    return step._replace(
        rule=rule,
        left=left._replace(battery=rule.battery(left.pv - left.load)),
        right=right._replace(battery=rule.battery(right.pv - right.load)),
    )


class Day:
    """One day of a house with all that can be asked of it; times are seconds of the day."""

    def __init__(self, profile: Profile, course: Iterable[Step], store: Store, *, stored: float) -> None:
        self.profile = profile
        self._store = store
        self._trickle = store.trickle
        self._moving = self._held = _NO_RULE
        self._pieces: list[Piece] = []
        sums = NOTHING
        for step in course:
            stored, sums = self._take(step, stored, sums)
        self.stored_at_end = stored
        self.sums = sums
        self._starts = [piece.start for piece in self._pieces]

    def _take(self, step: Step, stored: float, sums: Sums) -> tuple[float, Sums]:
        """Add the one or two pieces of a step; give stored energy and sums at its end."""
        after, gain = self._store.after(stored, step.move), step.move.gain
        if stored < step.move.floor:
            step, gain = _with_rule(step, step.rule.under), step.move.below
        if after == stored + gain:
            return after, self._add(step, stored, sums)
        start, left = step.start, step.left
        if after != stored:
            start = self._limit_reached(step, after - stored)
            left = point(self.profile, start, step.rule)
            sums = self._add(step._replace(end=start, right=left), stored, sums)
        rule, right = self._still(step.rule), step.right
        left, right = Point(left.pv, left.load, rule.low), Point(right.pv, right.load, rule.low)
        return after, self._add(Step(start, step.end, rule, left, right, step.slope, step.move), after, sums, held=True)

    def _still(self, rule: Rule) -> Rule:
        """The rule of a battery that is held where it is."""
        if self._moving is not rule:
            self._moving, self._held = rule, rule._replace(low=0.0 - self._trickle, high=0.0 - self._trickle)
        return self._held

    def _add(self, part: Step, stored: float, sums: Sums, *, held: bool = False) -> Sums:
        self._pieces.append(Piece(part.start, part.rule, part.left, stored, held, sums))
        return plus(sums, _integrals(part.left, part.right, part.rule, part.end - part.start))

    def _limit_reached(self, step: Step, change: float) -> float:
        """Solve for the moment at which the stored energy has changed by ``change``: the first root, stably."""
        given = step.left.battery + step.right.battery > 0.0
        factor = self._store.discharging if given else self._store.charging
        need = abs(change) * _HOUR
        rate, later = (
            abs(battery * factor + self._store.standby) for battery in (step.left.battery, step.right.battery)
        )
        # It either follows the surplus or is constant but for rounding.  The slope is the whole interval's between
        # nodes, so that a later command that cuts the step short does not change this moment by a bit.
        slope = step.slope * factor
        follows = 2.0 * abs(later - rate) > abs(slope) * (step.end - step.start)
        growth = math.copysign(slope, later - rate) if follows else 0.0
        root = math.sqrt(max(rate * rate + 2.0 * growth * need, 0.0))
        return min(step.start + 2.0 * need / (rate + root), step.end)

    def _piece(self, second: float) -> Piece:
        return self._pieces[bisect_right(self._starts, second) - 1]

    def flow(self, second: float) -> Flow:
        piece = self._piece(second)
        rule = piece.rule
        possible, load, battery = point(self.profile, second, rule)
        stored = piece.stored
        if not piece.held:
            seconds = second - piece.start
            gain = self._store.gain((piece.left.battery + battery) / 2.0 * seconds / _HOUR, seconds)
            stored = self._store.after(stored, Move(gain, gain, rule.floor))
        return Flow(possible, possible - rule.curtailed(possible - load, battery), load, battery, rule.car, stored)

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
    car = rule.car * seconds / _HOUR
    grid = load + car - pv - battery
    return pv, load, max(grid, 0.0), max(-grid, 0.0), max(-battery, 0.0), max(battery, 0.0), car


def plus(one: Sums, other: Sums) -> Sums:
    """Add energies; written out because it runs for every piece of every day."""
    return (
        one[0] + other[0],
        one[1] + other[1],
        one[2] + other[2],
        one[3] + other[3],
        one[4] + other[4],
        one[5] + other[5],
        one[6] + other[6],
    )
