"""The simulated house as a pure function of (seed, time) and of the commands given.

``Plant`` answers for every moment since the commissioning, in any order and at any speed, and two plants of the same
seed, house and commands agree bit for bit: whatever is kept between calls is only a cache.  The state of the battery
is found by coupling from the past: from the beginning of an earlier day it is followed both from the reserve and from
full; where both have met, the earlier past does not matter (see ``dispatch``).
"""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import RLock
from typing import TYPE_CHECKING

from heliobus.errors import UsageError
from heliobus.simulation import electrics
from heliobus.simulation.care import nights
from heliobus.simulation.dispatch import Day, Move, Rule, Step, Store, plus, steps
from heliobus.simulation.garage import Garage
from heliobus.simulation.house import Care, House, String, Wallbox
from heliobus.simulation.noise import between
from heliobus.simulation.orders import Orders
from heliobus.simulation.profile import DAY, EPOCH, NODE, NODES, profile
from heliobus.simulation.state import (
    Charging,
    Energy,
    Instant,
    Override,
    PhaseState,
    StringState,
    WallboxState,
    require_aware,
)
from heliobus.simulation.tariff import Price, Tariff

if TYPE_CHECKING:
    from heliobus.simulation.dispatch import Sums

__all__ = [
    "Care",
    "Charging",
    "Energy",
    "House",
    "Instant",
    "Override",
    "PhaseState",
    "Plant",
    "Price",
    "String",
    "StringState",
    "Tariff",
    "Wallbox",
    "WallboxState",
    "summer_noon",
]

_DAYS_KEPT = 16
_CLEARLY = 50.0  # W
_ROOM = 10.0  # % of soc
_SUMMERS = [365 * year + day for year in range(3) for day in range(80)]


class Plant:
    """A house whose powers, energies and past are fixed by ``seed``, ``house`` and ``overrides``.

    Without a ``house`` it is the one that ``House.draw`` gives for the seed.  Every method raises UsageError for a time
    without a zone or before the commissioning.
    """

    def __init__(
        self,
        seed: int,
        *,
        house: House | None = None,
        overrides: tuple[Override, ...] = (),
        resets: tuple[datetime, ...] = (),
    ) -> None:
        self._seed = seed
        self._house = House.draw(seed) if house is None else house
        self._overrides = tuple(overrides)
        self._resets = tuple(sorted(map(require_aware, resets)))
        self._store = Store.of(self._house)
        self._reserve = self._house.reserve
        reserves = [Orders.of([one]).reserve(self._house) for one in self._overrides]
        self._lowest = self._house.battery_capacity * min([self._house.reserve_soc, *reserves]) / 100.0
        box = self._house.wallbox
        self._garage = None if box is None else Garage(seed, self._house, box, self._overrides)
        self._commissioned = _place(self._house.commissioned)
        # What was computed before; never anything that could not be computed again.  A device is often simulated on
        # another thread than the one that asks for the truth.
        self._lock = RLock()
        self._days: OrderedDict[int, Day] = OrderedDict()
        self._stored: dict[int, float] = {self._commissioned[0]: self._reserve}  # Wh at the start of a day
        self._totals: dict[int, Sums] = {}
        self._lifetime: list[Sums] = []  # from the commissioning to the end of the first, second ... day

    @property
    def seed(self) -> int:
        return self._seed

    @property
    def house(self) -> House:
        return self._house

    @property
    def overrides(self) -> tuple[Override, ...]:
        return self._overrides

    @property
    def resets(self) -> tuple[datetime, ...]:
        """When the counters began anew, in order."""
        return self._resets

    def with_override(self, override: Override) -> Plant:
        """Give the same plant under one more command; everything before its start stays bit for bit as it is."""
        plant = Plant(self._seed, house=self._house, overrides=(*self._overrides, override), resets=self._resets)
        return self._remember(plant, _place(override.start)[0])

    def with_reset(self, moment: datetime) -> Plant:
        """Give the same plant whose counters begin anew at ``moment``, as after a new board; its energies stay."""
        self._known(moment)
        plant = Plant(self._seed, house=self._house, overrides=self._overrides, resets=(*self._resets, moment))
        return self._remember(plant, _place(moment)[0])

    def _remember(self, plant: Plant, changed: int) -> Plant:
        """Give a plant that is the same up to the day ``changed`` what was computed for the days before."""
        with self._lock:
            plant._days.update((day, kept) for day, kept in self._days.items() if day < changed)
            plant._stored.update((day, kept) for day, kept in self._stored.items() if day <= changed)
            plant._totals.update((day, kept) for day, kept in self._totals.items() if day < changed)
            plant._lifetime.extend(self._lifetime[: max(changed - self._commissioned[0], 0)])
        return plant

    def at(self, moment: datetime) -> Instant:
        """Give the house at one moment."""
        day, second = place = self._known(moment)
        with self._lock:
            today = self._day(day)
            flow = today.flow(second)
            wallbox = None if self._garage is None else self._garage.at(day * DAY + second)
        grid = flow.load + flow.wallbox - flow.pv - flow.battery
        soc = flow.stored / self._store.capacity * 100.0 if self._store.capacity else 0.0
        car = (0.0, 0.0, 0.0) if wallbox is None else _on_phases(wallbox)
        voltage = electrics.pack_voltage(soc, flow.battery)
        strain = abs(flow.battery) / max(self._house.max_charge, self._house.max_discharge, 1.0)
        temperatures = electrics.temperatures(self._seed, place=place, strain=strain)
        lights = _strings_at(today, second)
        share = flow.pv / flow.possible if flow.possible > 0.0 else 0.0
        return Instant(
            time=moment.astimezone(UTC),
            pv=flow.pv,
            grid=grid,
            battery=flow.battery,
            load=flow.load,
            soc=soc,
            strings=electrics.strings(self._house, [light * share for light in lights], possible=lights),
            grid_phases=electrics.phases(self._seed, self._house, load=flow.load, grid=grid, place=place, car=car),
            grid_frequency=electrics.frequency(self._seed, place=place),
            battery_voltage=voltage,
            battery_current=flow.battery / voltage,
            battery_temperature=temperatures[0],
            case_temperature=temperatures[1],
            wallbox=wallbox,
        )

    def energy(self, start: datetime, end: datetime) -> Energy:
        """Give the exact integrals of what ``at`` gives; UsageError if ``end`` is before ``start``."""
        first, last = self._known(start), self._known(end)
        if last < first:
            raise UsageError(f"the energy from {start} to {end} would run backwards")
        with self._lock:
            today = self._day(last[0])
            if first[0] == last[0]:
                return _energy(_minus(today.sums_until(last[1]), today.sums_until(first[1])))
            days = self._lifetime_to(last[0]) if first == self._commissioned else self._sums(first, last[0])
        return _energy(plus(days, today.sums_until(last[1])))

    def counters(self, moment: datetime) -> Energy:
        """Give the lifetime counters: the energy since the commissioning, or since the last reset before."""
        since = [reset for reset in self._resets if reset <= moment]
        return self.energy(since[-1] if since else self._house.commissioned, moment)

    def price(self, moment: datetime) -> Price:
        """Give what a kWh costs and earns at a moment."""
        return self._house.tariff.at(require_aware(moment), seed=self._seed, timezone=self._house.timezone)

    # -- energies over days

    def _sums(self, first: tuple[int, float], until: int) -> Sums:
        """From a moment to the start of a later day."""
        sums = self._rest_of_day(first)
        for day in range(first[0] + 1, until):
            sums = plus(sums, self._total(day))
        return sums

    def _lifetime_to(self, until: int) -> Sums:
        """The same from the commissioning, bit for bit, kept for each day."""
        if not self._lifetime:
            self._lifetime.append(self._rest_of_day(self._commissioned))
        for day in range(self._commissioned[0] + len(self._lifetime), until):
            self._lifetime.append(plus(self._lifetime[-1], self._total(day)))
        return self._lifetime[until - self._commissioned[0] - 1]

    def _rest_of_day(self, first: tuple[int, float]) -> Sums:
        today = self._day(first[0])
        return _minus(today.sums, today.sums_until(first[1]))

    def _total(self, day: int) -> Sums:
        if day not in self._totals:
            self._totals[day] = self._day(day).sums
        return self._totals[day]

    # -- days

    def _known(self, moment: datetime) -> tuple[int, float]:
        place = _place(moment)
        if place < self._commissioned:
            raise UsageError(f"the simulated house stands only since {self._house.commissioned}, not yet at {moment}")
        return place

    def _day(self, day: int) -> Day:
        if day in self._days:
            self._days.move_to_end(day)
            return self._days[day]
        stored = self._stored_at(day)
        nodes = profile(self._seed, self._house, day)
        made = self._days[day] = Day(nodes, self._course(day), self._store, stored=stored)
        self._stored[day + 1] = made.stored_at_end
        if len(self._days) > _DAYS_KEPT:
            self._days.popitem(last=False)
        return made

    def _stored_at(self, day: int) -> float:
        """Wh in the battery at the start of a day, looking back as many days as it takes."""
        moves: dict[int, list[Move]] = {}
        back = 1
        while day not in self._stored:
            self._follow(max(day - back, self._commissioned[0]), day, moves)
            back *= 2
        return self._stored[day]

    def _follow(self, origin: int, until: int, moves: dict[int, list[Move]]) -> None:
        """Follow the battery from reserve and from full, and note what it holds from where both have met."""
        low, high = self._lowest, self._store.capacity
        for day in range(origin, until):
            if day in self._stored:
                low = high = self._stored[day]
            if day not in moves:
                moves[day] = [step.move for step in self._course(day)]
            met = low == high
            low = self._store.through(low, moves[day])
            high = low if met else self._store.through(high, moves[day])
            if low == high:
                self._stored[day + 1] = low

    def _course(self, day: int) -> list[Step]:
        return steps(profile(self._seed, self._house, day), self._spans(day), self._store, lowest=self._lowest)

    def _spans(self, day: int) -> list[tuple[float, float, Rule]]:
        """The day cut where commands, care charging and the car's powers start and end, with the rule in force."""
        commands = [
            (max(start, 0.0), min(end, DAY), override)
            for override in self._overrides
            for start, end in [_seconds_of(override, day)]
            if start < DAY and end > 0.0
        ]
        care = nights(self._seed, self._house, day)
        car = [] if self._garage is None else self._garage.parts(day)
        windows = [(one[0], one[1]) for cuts in (commands, care, car) for one in cuts]
        edges = sorted({0.0, float(DAY), *(edge for window in windows for edge in window)})
        powers = {start: (end, power) for start, end, power in car}
        spans, until, power = [], 0.0, 0.0
        for begin, end in pairwise(edges):
            if begin in powers:
                until, power = powers[begin]
            rule = Rule.of(
                self._house,
                orders=Orders.of(override for start, stop, override in commands if start <= begin < stop),
                care=any(start <= begin < stop for start, stop in care),
                car=power if begin < until else 0.0,
            )
            spans.append((begin, end, rule))
        return spans


def summer_noon(plant: Plant) -> datetime:
    """Give the plant's first summer moment, close to noon, at which all powers are well away from zero.

    pv, grid, battery and load are then each at least 50 W (either sign), and the battery is 10 % away from full and
    from its reserve, so that commands can be tried at once.  A house that does not manage that in three summers (an
    oversized battery, say) gets the moment that comes closest to it.
    """
    house = plant.house
    month = 6 if house.latitude >= 0.0 else 12
    noon = datetime(house.commissioned.year, month, 1, 12, tzinfo=UTC) - timedelta(hours=round(house.longitude / 15.0))
    if noon - timedelta(days=1) < house.commissioned:
        noon = noon.replace(year=noon.year + 1)
    best = False, False, 0.0, noon
    for day in _SUMMERS:
        for step in range(49):
            quarters = (step + 1) // 2 * (-1 if step % 2 else 1)
            moment = noon + timedelta(days=day, minutes=15 * quarters)
            now = plant.at(moment)
            least = min(abs(now.pv), abs(now.grid), abs(now.battery), abs(now.load))
            room = house.reserve_soc + _ROOM <= now.soc <= 100.0 - _ROOM
            best = max(best, (least >= _CLEARLY, room, least, moment))
            if best[0] and best[1]:
                return moment
    return best[3]


def _place(moment: datetime) -> tuple[int, float]:
    """Day since 1970 and seconds of it, UTC."""
    since = require_aware(moment) - EPOCH
    return since.days, (since.seconds * 1_000_000 + since.microseconds) / 1_000_000


def _seconds_of(override: Override, day: int) -> tuple[float, float]:
    """Start and end of a command in seconds of a day, beyond it when it is longer."""
    midnight = EPOCH + timedelta(days=day)
    end = math.inf if override.end is None else (override.end - midnight).total_seconds()
    return (override.start - midnight).total_seconds(), end


def _strings_at(today: Day, second: float) -> list[float]:
    node = min(int(second // NODE), NODES - 1)
    share = second / NODE - node
    return [between(nodes[node], nodes[node + 1], share) for nodes in today.profile.strings]


def _on_phases(box: WallboxState) -> tuple[float, ...]:
    return tuple(box.power / box.phases if phase < box.phases else 0.0 for phase in range(3))


def _minus(one: Sums, other: Sums) -> Sums:
    """Later less earlier sums, without the last bit's noise below zero."""
    return tuple(max(a - b, 0.0) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def _energy(sums: Sums) -> Energy:
    names = ("pv", "load", "grid_import", "grid_export", "charge", "discharge", "wallbox")
    return Energy(**dict(zip(names, sums, strict=True)))
