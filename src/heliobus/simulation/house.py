"""What stands there: the parameters of a simulated house."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from heliobus.errors import UsageError
from heliobus.simulation.noise import draws
from heliobus.simulation.state import require_aware
from heliobus.simulation.tariff import DAY_AND_NIGHT, Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class String:
    """Modules in series on one roof face.

    ``azimuth`` in degrees clockwise from north (180 = south), ``tilt`` in degrees from the horizontal, ``peak`` in W.
    """

    azimuth: float = 180.0
    tilt: float = 35.0
    peak: float = 8_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """How the battery is kept from lying empty for weeks: nights at which it is charged from the grid.

    Every ``every`` days, from ``hour`` local time on for ``hours``, up to ``soc`` % with ``power`` W: but only if the
    sun of none of the last ``after`` days could have brought it there.
    """

    every: int = 7
    after: int = 4
    hour: float = 2.0
    hours: float = 3.0
    soc: float = 20.0
    power: float = 500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallbox:
    """A wallbox and the car that comes home to it every day.

    Currents in A per phase; a ``solar`` one takes what the sun leaves, in whole A and not below ``min_current``, any
    other charges at once.  ``car_capacity`` in Wh, ``car_efficiency`` from the wallbox to the car's battery, ``leaves``
    and ``returns`` in local hours of a workday, on average.
    """

    phases: int = 3
    min_current: float = 6.0
    max_current: float = 16.0
    solar: bool = True
    car_capacity: float = 60_000.0
    car_efficiency: float = 0.9
    leaves: float = 7.5
    returns: float = 16.5


_FULL = 100.0  # %
_MODULE, _MOST_MODULES = 2_500.0, 4  # Wh

_HOURS = 24.0
_SOLAR_SHARE = 0.7  # of drawn wallboxes

# The strings of a drawn house: (turn from the roof's direction in degrees, share of the peak power).
_ROOFS = (
    ((0.0, 1.0),),
    ((0.0, 0.5), (0.0, 0.5)),
    ((-90.0, 0.5), (90.0, 0.5)),
    ((0.0, 0.5), (-90.0, 0.25), (90.0, 0.25)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A house, as a rule with photovoltaics and a battery; it has none without ``strings`` or ``battery_capacity``.

    Powers in W, energies in Wh, angles in degrees (north and east positive), ``reserve_soc`` in %.
    ``battery_capacity`` is the usable one (soc 0 to 100 %).  The efficiencies count from the house bus to the stored
    energy and back; ``standby_loss`` is what the stored energy loses by itself, and a battery that is full or at its
    reserve is held there, from the grid if need be.  ``feed_in_limit`` None means unlimited.  ``phases`` are those that
    the inverter feeds, 1 or 3; the grid connection always has three.  Without a ``meter`` there nobody knows grid and
    load.  Lifetime counters start at ``commissioned``, with the battery at its reserve at the beginning of that UTC
    day.  Raises UsageError on values that no house can have.
    """

    latitude: float = 51.0
    longitude: float = 10.0
    timezone: str = "Europe/Berlin"
    strings: tuple[String, ...] = (String(),)
    base_load: float = 200.0
    annual_load: float = 4_500_000.0
    battery_capacity: float = 10_000.0
    max_charge: float = 3_000.0
    max_discharge: float = 3_000.0
    charge_efficiency: float = 0.95
    discharge_efficiency: float = 0.95
    reserve_soc: float = 5.0
    standby_loss: float = 0.0
    care: Care | None = None
    feed_in_limit: float | None = None
    phases: int = 3
    meter: bool = True
    wallbox: Wallbox | None = None
    tariff: Tariff = DAY_AND_NIGHT
    commissioned: datetime = datetime(2025, 1, 1, tzinfo=UTC)

    def __post_init__(self) -> None:
        for wrong, what in (
            (any(string.peak <= 0 for string in self.strings), "needs strings with a peak power"),
            (self.battery_capacity < 0, "cannot have a negative battery_capacity"),
            (self.battery_capacity > 0 and not self.meter, "steers no battery without a meter"),
            (self.max_charge < 0 or self.max_discharge < 0, "cannot have a negative battery power limit"),
            (not 0 < self.charge_efficiency <= 1, "needs a charge_efficiency above 0 and up to 1"),
            (not 0 < self.discharge_efficiency <= 1, "needs a discharge_efficiency above 0 and up to 1"),
            (not 0 <= self.reserve_soc < _FULL, "needs a reserve_soc from 0 to below 100 %"),
            (not 0 <= self.standby_loss <= self.charge_efficiency * self.max_charge, "cannot hold its standby_loss"),
            *_wrong_care(self.care),
            *_wrong_wallbox(self.wallbox),
            (self.feed_in_limit is not None and self.feed_in_limit < 0, "cannot have a negative feed_in_limit"),
            (self.base_load < 0 or self.annual_load < 0, "cannot have a negative load"),
            (self.phases not in (1, 3), "has an inverter on 1 or 3 phases"),
        ):
            if wrong:
                raise UsageError(f"a simulated house {what}")
        require_aware(self.commissioned)
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise UsageError(f"unknown time zone {self.timezone!r} of a simulated house") from error

    @property
    def reserve(self) -> float:
        """What the battery keeps, Wh."""
        return self.battery_capacity * self.reserve_soc / _FULL

    @property
    def peak_power(self) -> float:
        """The sum of the strings' peak powers, W."""
        return sum(string.peak for string in self.strings)

    @property
    def battery_modules(self) -> int:
        """How many modules share the battery's work evenly: 1 to 4, of about 2.5 kWh."""
        return min(max(round(self.battery_capacity / _MODULE), 1), _MOST_MODULES)

    @classmethod
    def draw(cls, seed: int, *, whole: bool = False) -> Self:
        """Give the plausible German house of this seed.

        A ``whole`` one is the same with what not every house has: a feed-in limit, standby loss, care charging, a
        wallbox and a tariff of its own.
        """
        chance = iter(draws(seed, stream="house", index=0, count=20))

        def pick(low: float, high: float, step: float) -> float:
            return float(low + step * int(next(chance) * ((high - low) / step + 1)))

        peak = pick(4_000, 15_000, 100)
        faces = _ROOFS[int(next(chance) * len(_ROOFS))]
        facing, tilt = pick(120, 240, 5), pick(15, 45, 1)
        capacity = pick(5_000, 15_000, 500)
        # Well below the roof's power, so that every house has moments at which it charges and feeds in at once.
        power = round(min(pick(0.2, 0.26, 0.02) * peak, pick(0.2, 0.35, 0.05) * capacity), -2)
        efficiency = round(pick(0.92, 0.97, 0.01), 2)
        annual = pick(2_800_000, 6_500_000, 100_000)
        drawn = cls(
            latitude=round(pick(47.6, 54.4, 0.1), 1),
            longitude=round(pick(7.0, 13.5, 0.1), 1),
            strings=tuple(String(azimuth=(facing + turn) % 360, tilt=tilt, peak=peak * share) for turn, share in faces),
            base_load=round(pick(0.25, 0.45, 0.05) * annual / 8760.0, -1),
            annual_load=annual,
            battery_capacity=capacity,
            max_charge=power,
            max_discharge=power,
            charge_efficiency=efficiency,
            discharge_efficiency=efficiency,
            reserve_soc=pick(0, 15, 5),
            feed_in_limit=(None, None, round(0.6 * peak, -2))[int(next(chance) * 3)],
            commissioned=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=pick(0, 120, 1)),
        )
        if not whole:
            return drawn
        return replace(
            drawn,
            standby_loss=pick(8, 16, 1),
            care=Care(),
            wallbox=Wallbox(phases=(1, 3)[int(next(chance) * 2)], solar=next(chance) < _SOLAR_SHARE),
            feed_in_limit=drawn.feed_in_limit or round(pick(0.6, 0.7, 0.1) * peak, -2),
            tariff=Tariff(dynamic=0.04 * int(next(chance) * 2)),
        )


def _wrong_care(care: Care | None) -> list[tuple[bool, str]]:
    if care is None:
        return []
    return [
        (care.every < 1 or care.after < 0, "has care nights every so many days, after so many"),
        (not 0 <= care.hour < care.hour + care.hours <= _HOURS, "has care charging within a night"),
        (not 0 < care.soc < _FULL or care.power < 0, "has care charging to a soc below 100 %"),
    ]


def _wrong_wallbox(box: Wallbox | None) -> list[tuple[bool, str]]:
    if box is None:
        return []
    return [
        (box.phases not in (1, 3), "has a wallbox on 1 or 3 phases"),
        (not 0 < box.min_current <= box.max_current, "has a wallbox with a min_current up to its max_current"),
        (box.car_capacity <= 0 or not 0 < box.car_efficiency <= 1, "has a car with a capacity and an efficiency"),
        (not 1 <= box.leaves <= box.returns - 4 <= _HOURS - 7, "has a car that leaves in the morning and returns"),
    ]
