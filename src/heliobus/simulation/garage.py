"""The car: when it is at home, and what the wallbox gives it.

It comes home once a local day and leaves on the next; what it holds then is drawn, as it may have charged elsewhere.
What it draws is constant between the profile's nodes (and commands), so a session can be followed from its beginning
without knowing the battery: the car comes first.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from heliobus.simulation.noise import draws
from heliobus.simulation.profile import DAY, EPOCH, NODE, NODES, profile
from heliobus.simulation.state import Charging, WallboxState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.simulation.house import House, Wallbox
    from heliobus.simulation.state import Override

MAINS = 230.0
"""V of each phase, as far as the wallbox reckons."""

_T = TypeVar("_T")

_HOUR = 3600.0
_FULL = 100.0  # %
_NOTHING_LEFT = 1e-6  # Wh
_WEEKEND = (5, 6)
_KEPT = 32  # sessions
_LOWEST, _SPREAD = 25.0, 50.0  # % that the car comes home with


class Part(NamedTuple):
    """A time of constant power: seconds since 1970, W, and the Wh of the session before it."""

    start: float
    end: float
    power: float
    before: float


@dataclass(frozen=True, slots=True)
class Session:
    """From the car's return, with ``soc`` %, to its departure, seconds since 1970."""

    start: float
    end: float
    soc: float
    parts: list[Part] = field(default_factory=list)

    def energy(self, second: float) -> float:
        """Give what the car has got, Wh."""
        place = bisect_right(self.parts, second, key=lambda part: part.start) - 1
        if place < 0:
            return 0.0
        part = self.parts[place]
        return part.before + part.power * (min(second, part.end) - part.start) / _HOUR

    def power(self, second: float) -> float:
        """Give what it draws, W."""
        place = bisect_right(self.parts, second, key=lambda part: part.start) - 1
        return self.parts[place].power if place >= 0 and second < self.parts[place].end else 0.0


class Garage:
    """The sessions of a house with a ``box``, under the commands given."""

    def __init__(self, seed: int, house: House, box: Wallbox, overrides: tuple[Override, ...]) -> None:
        self._seed = seed
        self._house = house
        self._box = box
        self._zone = ZoneInfo(house.timezone)
        self._commands = [one for one in overrides if one.charging is not None]
        self._sessions: dict[int, Session] = {}

    def parts(self, day: int) -> list[tuple[float, float, float]]:
        """Give when the car draws how much on a UTC day: seconds of the day, W."""
        midnight, found = float(day * DAY), []
        for ordinal in (day - 2, day - 1, day, day + 1):
            session = self.session(ordinal)
            if session.end <= midnight or session.start >= midnight + DAY:
                continue
            for part in session.parts:
                begin, end = max(part.start - midnight, 0.0), min(part.end - midnight, float(DAY))
                if begin < end and part.power > 0.0:
                    found.append((begin, end, part.power))
        return found

    def at(self, second: float) -> WallboxState:
        """Give the wallbox at a time in seconds since 1970."""
        day = int(second // DAY)
        past = [session for ordinal in range(day - 2, day + 2) if (session := self.session(ordinal)).start <= second]
        last, told = past[-1], self._told(second)
        energy, plugged = last.energy(second), second < last.end
        got = energy * self._box.car_efficiency / self._box.car_capacity * _FULL
        return WallboxState(
            power=last.power(second),
            plugged=plugged,
            car_soc=min(last.soc + got, _FULL) if plugged else None,
            session_energy=energy,
            current_limit=self._limit(told),
            phases=told.phases or self._box.phases,
            solar=self._box.solar if told.solar is None else told.solar,
        )

    def session(self, ordinal: int) -> Session:
        """Give the session that begins on a local day, counted since 1970."""
        if ordinal not in self._sessions:
            if len(self._sessions) > _KEPT:
                self._sessions.clear()
            self._sessions[ordinal] = self._follow(ordinal)
        return self._sessions[ordinal]

    # -- how a session goes

    def _follow(self, ordinal: int) -> Session:
        _, start, soc = self._trip(ordinal)
        end, _, _ = self._trip(ordinal + 1)
        box = self._box
        room = (_FULL - soc) / _FULL * box.car_capacity / box.car_efficiency
        session, energy = Session(float(start * NODE), float(end * NODE), soc), 0.0
        for begin, stop, last in self._cuts(start, end):
            left = room - energy
            if left < _NOTHING_LEFT:
                break
            # What is left is spread to the next node, not to a command in between, which nobody knows yet.
            power = min(self._wish(begin), left * _HOUR / (last - begin))
            session.parts.append(Part(begin, stop, power, energy))
            energy += power * (stop - begin) / _HOUR
        return session

    def _cuts(self, start: int, end: int) -> Iterator[tuple[float, float, float]]:
        """Beginning, end and next node of each time of constant power."""
        seconds = [
            (moment - EPOCH).total_seconds()
            for one in self._commands
            for moment in (one.start, one.end)
            if moment is not None
        ]
        for node in range(start, end):
            first, last = float(node * NODE), float((node + 1) * NODE)
            inner = {second for second in seconds if first < second < last}
            for begin, stop in pairwise(sorted({first, last, *inner})):
                yield begin, stop, last

    def _wish(self, second: float) -> float:
        """What the wallbox would give, W, if the car took it."""
        told, box = self._told(second), self._box
        current = self._limit(told)
        volts = MAINS * (told.phases or box.phases)
        if box.solar if told.solar is None else told.solar:
            day, node = divmod(int(second // NODE), NODES)
            today = profile(self._seed, self._house, day)
            surplus = min(today.pv[place] - today.load[place] for place in (node, node + 1))
            current = min(current, math.floor(surplus / volts))
        return current * volts if current >= box.min_current else 0.0

    def _limit(self, told: Charging) -> float:
        highest = self._box.max_current
        return highest if told.current is None else min(told.current, highest)

    def _told(self, second: float) -> Charging:
        """The commands in force as one; the last that speaks of a thing counts for it."""
        if not self._commands:
            return Charging()
        moment = EPOCH + timedelta(seconds=second)
        told = [one.charging for one in self._commands if one.charging is not None and one.holds(moment)]
        return Charging(
            current=_last([one.current for one in told]),
            solar=_last([one.solar for one in told]),
            phases=_last([one.phases for one in told]),
        )

    def _trip(self, ordinal: int) -> tuple[int, int, float]:
        """The nodes since 1970 at which the car leaves on a local day and returns, and what it returns with, %."""
        date = EPOCH.date() + timedelta(days=ordinal)
        midnight = datetime.combine(date, datetime.min.time(), self._zone).timestamp()
        early, late, rest = draws(self._seed, stream="trips", index=ordinal, count=3)
        free = date.weekday() in _WEEKEND
        leaves = (10.0 if free else self._box.leaves) + early - 0.5
        returns = (12.5 if free else self._box.returns) + 2.0 * late - 1.0
        first, last = (math.ceil((midnight + _HOUR * hour) / NODE) for hour in (leaves, returns))
        return first, last, _LOWEST + _SPREAD * rest


def _last(values: list[_T | None]) -> _T | None:
    return next((value for value in reversed(values) if value is not None), None)
