"""Time segments and charging periods as objects, instead of up to 18 numbered parameters.

Times are clock times of the plant.  A segment ends on the day on which it starts: over midnight two are needed, and
the day ends at 23:59.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Any, Protocol, Self

from heliobus.errors import NotSupported, OutOfBounds, UsageError
from heliobus.growatt.control.tables import FAMILIES, MODES, NOAH_MODES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.growatt.control.kinds import Told
    from heliobus.growatt.protocol import Json

PERIODS = 3
SEGMENTS = range(1, 10)
_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2})(?::\d{1,2})?")


class Typed(Protocol):
    """Something that is one setting with all its parameters."""

    def setting(self, family: str) -> tuple[str, tuple[Any, ...]]:
        """The setting type and its values for a family; NotSupported where the family has none."""
        ...


def clock_time(value: time | str) -> time:
    """A time of day, also out of ``"6:30"``; UsageError names what is wrong, of 24:00 too."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    found = _CLOCK.fullmatch(value.strip())
    hour, minute = (int(part) for part in found.groups()) if found else (99, 99)
    if (hour, minute) == (24, 0):
        raise UsageError("24:00 is no time that Growatt takes", remedy="Write 23:59 for the end of the day.")
    if hour > 23 or minute > 59:  # noqa: PLR2004, a clock
        raise UsageError(f"{value!r} is no time of day", remedy="Write HH:MM between 0:00 and 23:59.")
    return time(hour, minute)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` until ``end`` each day, if ``enabled``; two equal times of a disabled one are no period."""

    start: time | str = time()
    end: time | str = time()
    enabled: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", clock_time(self.start))
        object.__setattr__(self, "end", clock_time(self.end))
        check_order(self.start, self.end, enabled=self.enabled)

    @property
    def values(self) -> tuple[Any, ...]:
        """As five parameters."""
        return (*hours_and_minutes(self.start, self.end), self.enabled)

    @classmethod
    def of(cls, told: Sequence[Told]) -> Self | None:
        """Out of five parameters that were told; None where one is missing, or they are no period of one day."""
        whole = [int(one) for one in told if isinstance(one, float)]
        if len(whole) != len(told):
            return None
        hour, minute, last_hour, last_minute, enabled = whole
        try:
            start, end = time(hour, minute), time(last_hour, last_minute)
        except ValueError:
            return None
        # The servers keep enabled periods from 0:00 to 0:00, which never come.
        return cls(start, end, bool(enabled) and start < end) if start <= end else None


def check_order(start: Any, end: Any, *, enabled: bool) -> None:
    if end < start or (enabled and end == start):
        raise UsageError(
            f"a period from {start:%H:%M} to {end:%H:%M} does not end after its start",
            remedy="Over midnight use two: one until 23:59 and one from 0:00.",
        )


def hours_and_minutes(start: Any, end: Any) -> tuple[int, int, int, int]:
    return start.hour, start.minute, end.hour, end.minute


NO_PERIOD = Period(enabled=False)


# -- MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSegment:
    """One of the nine segments of a MIN: what comes first (``load``, ``battery``, ``grid``) between two times."""

    number: int
    mode: str
    start: time | str
    end: time | str
    enabled: bool = True

    def __post_init__(self) -> None:
        _check_number(self.number)
        _check_mode(self.mode, MODES)
        object.__setattr__(self, "start", clock_time(self.start))
        object.__setattr__(self, "end", clock_time(self.end))
        check_order(self.start, self.end, enabled=self.enabled)

    def setting(self, family: str) -> tuple[str, tuple[Any, ...]]:
        name = _named({"tlx": f"time_segment{self.number}"}, family, "time segments of a MIN")
        return name, (self.mode, *hours_and_minutes(self.start, self.end), self.enabled)

    @classmethod
    def read(cls, settings: Mapping[str, Json], number: int) -> Self | None:
        """The segment out of what ``settings()`` tells; None where it tells no times.  Without a mode: ``load``."""
        mode, *rest = FAMILIES["tlx"][f"time_segment{number}"].told(settings)
        period = Period.of(rest)
        if period is None:
            return None
        word = MODES.get(str(mode), MODES["0"])
        return cls(number=number, mode=word, start=period.start, end=period.end, enabled=period.enabled)


# -- NOAH, NEXA


@dataclass(frozen=True, slots=True, kw_only=True)
class NoahSegment:
    """One of the nine segments of a NOAH: ``load``, ``battery`` or ``smart`` with ``power`` W between two times."""

    number: int
    mode: str
    start: time | str
    end: time | str
    power: float
    enabled: bool = True

    def __post_init__(self) -> None:
        _check_number(self.number)
        _check_mode(self.mode, NOAH_MODES)
        object.__setattr__(self, "start", clock_time(self.start))
        object.__setattr__(self, "end", clock_time(self.end))
        check_order(self.start, self.end, enabled=self.enabled)

    def setting(self, family: str) -> tuple[str, tuple[Any, ...]]:
        name = f"time_segment{self.number}"
        chosen = _named({"noah": name, "nexa": name}, family, "segments of a NOAH")
        return chosen, (self.mode, *hours_and_minutes(self.start, self.end), self.power, self.enabled)

    @classmethod
    def read(cls, settings: Mapping[str, Json], number: int) -> Self | None:
        """The segment out of what ``settings()`` tells; None where there is none."""
        mode, *times, power, enabled = FAMILIES["noah"][f"time_segment{number}"].told(settings)
        period = Period.of((*times, enabled))
        word = NOAH_MODES.get(str(mode))
        if period is None or word is None or not isinstance(power, float):
            return None
        return cls(number=number, mode=word, start=period.start, end=period.end, power=power, enabled=period.enabled)


# -- SPH, SPA: always three periods, all of them written


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargePeriods:
    """When the battery is charged first, with ``power`` % until ``stop_soc`` %; ``mains``: from the grid too.

    An SPA has no ``mains``; an SPH needs it.
    """

    power: float
    stop_soc: float
    mains: bool | None = None
    periods: tuple[Period, ...]

    def __post_init__(self) -> None:
        _check_three(self.periods)

    def setting(self, family: str) -> tuple[str, tuple[Any, ...]]:
        name = _named(_CHARGING, family, "charge periods")
        if (self.mains is None) == (family == "mix"):
            raise UsageError(
                f"charge periods of the family {family} " + ("need mains=" if self.mains is None else "have no mains="),
                remedy="Say whether the grid may charge the battery, for an SPH only.",
            )
        mains = () if self.mains is None else (self.mains,)
        return name, (self.power, self.stop_soc, *mains, *_flat(self.periods))

    @classmethod
    def read(cls, settings: Mapping[str, Json], family: str) -> Self | None:
        """Out of what ``settings()`` tells; None where it does not tell all of it."""
        told = FAMILIES[family][_named(_CHARGING, family, "charge periods")].told(settings)
        first = len(told) - 5 * PERIODS
        periods = _periods_of(told[first:])
        if periods is None or not isinstance(told[0], float) or not isinstance(told[1], float):
            return None
        mains = bool(told[2]) if family == "mix" else None
        return cls(power=told[0], stop_soc=told[1], mains=mains, periods=periods)


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargePeriods:
    """When the grid comes first: the battery is discharged with ``power`` % down to ``stop_soc`` %."""

    power: float
    stop_soc: float
    periods: tuple[Period, ...]

    def __post_init__(self) -> None:
        _check_three(self.periods)

    def setting(self, family: str) -> tuple[str, tuple[Any, ...]]:
        return _named(_DISCHARGING, family, "discharge periods"), (self.power, self.stop_soc, *_flat(self.periods))

    @classmethod
    def read(cls, settings: Mapping[str, Json], family: str) -> Self | None:
        """Out of what ``settings()`` tells; None where it does not tell all of it."""
        told = FAMILIES[family][_named(_DISCHARGING, family, "discharge periods")].told(settings)
        periods = _periods_of(told[2:])
        if periods is None or not isinstance(told[0], float) or not isinstance(told[1], float):
            return None
        return cls(power=told[0], stop_soc=told[1], periods=periods)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFirstPeriods:
    """When the house comes first."""

    periods: tuple[Period, ...]

    def __post_init__(self) -> None:
        _check_three(self.periods)

    def setting(self, family: str) -> tuple[str, tuple[Any, ...]]:
        return _named(_LOAD_FIRST, family, "load-first periods"), _flat(self.periods)


_CHARGING = {"mix": "mix_ac_charge_time_period", "spa": "spa_ac_charge_time_period"}
_DISCHARGING = {"mix": "mix_ac_discharge_time_period", "spa": "spa_ac_discharge_time_period"}
_LOAD_FIRST = {"mix": "mix_load_flast_value_multi", "spa": "spa_load_flast"}


def _named(names: Mapping[str, str], family: str, what: str) -> str:
    if family not in names:
        raise NotSupported(f"the family {family} has no {what}; nothing was sent", alternatives=tuple(names))
    return names[family]


def _check_number(number: int) -> None:
    if number not in SEGMENTS:
        raise OutOfBounds(f"there is no time segment {number}: they are 1 to 9")


def _check_mode(mode: str, modes: Mapping[str, str]) -> None:
    if mode not in modes.values():
        raise UsageError(f"no mode {mode!r}", remedy=f"Use one of: {', '.join(modes.values())}.")


def _check_three(periods: Sequence[Period]) -> None:
    if len(periods) != PERIODS:
        raise UsageError(
            f"there are always three periods, not {len(periods)}: all of them are written at once",
            remedy="Fill up with NO_PERIOD.",
        )


def _flat(periods: Sequence[Period]) -> tuple[Any, ...]:
    return tuple(value for period in periods for value in period.values)


def _periods_of(told: Sequence[Told]) -> tuple[Period, ...] | None:
    found = [Period.of(told[place : place + 5]) for place in range(0, 5 * PERIODS, 5)]
    known = tuple(period for period in found if period is not None)
    return known if len(known) == PERIODS else None
