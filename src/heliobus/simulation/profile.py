"""The seeded course of a day: what the sun would give and what the house wants, as pure functions of (seed, day).

A day is a UTC day, counted from 1970-01-01, with a node every ``NODE`` seconds.  Between nodes all is linear.  The last
node of a day is bit for bit the first one of the next.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from heliobus.simulation.noise import between, draws, lattice, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.simulation.house import House

NODE = 300
DAY = 86_400
NODES = DAY // NODE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Share of a module's rated power that reaches the house bus under rated light.
_YIELD = 0.86
# Share of the clear sky's light that comes through a closed cloud cover.
_OVERCAST = 0.18


@dataclass(frozen=True, slots=True)
class Profile:
    """One day at its ``NODES + 1`` nodes, W: each string's possible power, their sum, and the load."""

    strings: tuple[array[float], ...]
    pv: array[float]
    load: array[float]


@lru_cache(maxsize=64)
def profile(seed: int, house: House, day: int) -> Profile:
    """Give the day of this seed and house."""
    strings = tuple(array("d", nodes) for nodes in _pv(seed, house, day))
    total = array("d", map(sum, zip(*strings, strict=True)) if strings else [0.0] * (NODES + 1))
    return Profile(strings=strings, pv=total, load=array("d", _load(seed, house, day)))


# -- sun and clouds


def _pv(seed: int, house: House, day: int) -> list[list[float]]:
    normals = [_normal(string.azimuth, string.tilt) for string in house.strings]
    scales = [_YIELD * string.peak / 1000.0 for string in house.strings]
    outcome: list[list[float]] = [[] for _ in house.strings]
    for (east, north, up), cover in zip(_sun(house, day), _clouds(seed, day), strict=True):
        if up <= 0.0:
            for nodes in outcome:
                nodes.append(0.0)
            continue
        direct, diffuse = _light(up, cover)
        for nodes, normal, scale in zip(outcome, normals, scales, strict=True):
            facing = max(east * normal[0] + north * normal[1] + up * normal[2], 0.0)
            nodes.append(scale * (direct * facing + diffuse * (1.0 + normal[2]) / 2.0))
    return outcome


def _normal(azimuth: float, tilt: float) -> tuple[float, float, float]:
    """The direction that a roof faces: east, north, up."""
    slope, turn = math.radians(tilt), math.radians(azimuth)
    return math.sin(slope) * math.sin(turn), math.sin(slope) * math.cos(turn), math.cos(slope)


def _sun(house: House, day: int) -> list[tuple[float, float, float]]:
    """The unit vector to the sun (east, north, up) at each node."""
    sin_lat, cos_lat = math.sin(math.radians(house.latitude)), math.cos(math.radians(house.latitude))
    today, tomorrow = _declination(day), _declination(day + 1)
    vectors = []
    for node in range(NODES + 1):
        share = node / NODES
        declination = between(today[0], tomorrow[0], share)
        # Midnight UTC is share 0 of this day and share 1 of the day before: the same angle must come out of both.
        turn = between(today[1], tomorrow[1], share) + math.tau * ((share + 0.5) % 1.0 + house.longitude / 360.0)
        sin_dec, cos_dec, cos_turn = math.sin(declination), math.cos(declination), math.cos(turn)
        vectors.append(
            (
                -cos_dec * math.sin(turn),
                cos_lat * sin_dec - sin_lat * cos_dec * cos_turn,
                sin_lat * sin_dec + cos_lat * cos_dec * cos_turn,
            )
        )
    return vectors


def _declination(day: int) -> tuple[float, float]:
    """The sun's declination and the equation of time at midnight UTC, both in radians.

    Fourier series of J. W. Spencer, "Fourier series representation of the position of the sun", Search 2 (1971), as
    repeated in NOAA's General Solar Position Calculations; good to about 0.03 degrees and half a minute.
    """
    year = math.tau * ((day + 0.5) % 365.2425) / 365.2425
    sin1, cos1, sin2, cos2 = math.sin(year), math.cos(year), math.sin(2 * year), math.cos(2 * year)
    declination = (
        0.006918 - 0.399912 * cos1 + 0.070257 * sin1 - 0.006758 * cos2 + 0.000907 * sin2
        - 0.002697 * math.cos(3 * year) + 0.00148 * math.sin(3 * year)
    )  # fmt: skip
    equation = 0.000075 + 0.001868 * cos1 - 0.032077 * sin1 - 0.014615 * cos2 - 0.040849 * sin2
    return declination, equation


def _light(up: float, cover: float) -> tuple[float, float]:
    """Direct and diffuse light in W/m2 with the sun at sin(elevation) ``up`` under ``cover`` (0 clear to 1 closed).

    Air mass by F. Kasten and A. T. Young, Applied Optics 28 (1989); direct light through it by A. and M. Meinel,
    Applied Solar Energy (1976); a tenth of it as diffuse light of the clear sky.
    """
    elevation = math.degrees(math.asin(min(up, 1.0)))
    mass = 1.0 / (up + 0.50572 * (elevation + 6.07995) ** -1.6364)
    beam = 1353.0 * 0.7 ** (mass**0.678)
    clear = beam * up + 0.1 * beam
    return beam * (1.0 - cover), 0.1 * beam * (1.0 - cover) + _OVERCAST * clear * cover


def _clouds(seed: int, day: int) -> list[float]:
    """The cloud cover at each node, 0 to 1: weather over days, broken clouds where it is neither clear nor closed."""
    weather = spread(lattice(seed, stream="weather", day=day, count=1), NODES)
    fields = spread(lattice(seed, stream="fields", day=day, count=12), NODES)
    clouds = spread(lattice(seed, stream="clouds", day=day, count=96), NODES)
    patches = lattice(seed, stream="patches", day=day, count=NODES)
    covers = []
    for regime, field, cloud, patch in zip(weather, fields, clouds, patches, strict=True):
        mean = min(max(2.2 * regime - 0.75, 0.0), 1.0)
        broken = 0.1 + 3.0 * mean * (1.0 - mean)
        swing = 0.6 * field + 0.6 * cloud + 0.4 * patch - 0.8
        covers.append(min(max(mean + broken * swing, 0.0), 1.0))
    return covers


# -- demand


class _Appliance(NamedTuple):
    power: float  # W
    minutes: float
    runs: float  # a day, in a house of _REFERENCE
    earliest: float  # hour, local
    latest: float


_APPLIANCES = (
    _Appliance(2_000, 4, 3.0, 6.0, 21.0),  # kettle
    _Appliance(1_400, 25, 0.6, 6.5, 9.0),  # breakfast
    _Appliance(2_400, 35, 0.5, 11.0, 13.0),  # lunch
    _Appliance(2_600, 40, 0.8, 17.5, 19.5),  # dinner
    _Appliance(1_900, 30, 0.6, 8.0, 16.0),  # washing machine, heating
    _Appliance(2_000, 50, 0.6, 13.0, 22.0),  # dishwasher
    _Appliance(700, 90, 0.4, 10.0, 20.0),  # dryer
)
_REFERENCE = 4_000_000.0  # Wh a year
_RUN_ENERGY = sum(a.power * a.minutes / 60 * a.runs for a in _APPLIANCES) / (_REFERENCE / 365)
_MOST_RUNS = 16


def _shape(bumps: tuple[tuple[float, float, float], ...]) -> list[float]:
    """A day of mean 1 at each node of local time; ``bumps`` are (hour, width in hours, height)."""
    hours = [node * 24.0 / NODES for node in range(NODES)]
    raw = [
        0.3 + sum(top * math.exp(-(((hour - at + 12) % 24 - 12) ** 2) / (2 * width**2)) for at, width, top in bumps)
        for hour in hours
    ]
    mean = sum(raw) / NODES
    return [value / mean for value in raw]


_WORKDAY = _shape(((7.0, 1.0, 0.9), (12.5, 1.5, 0.5), (19.5, 2.0, 1.5)))
_FREE_DAYS = (5, 6)
_WEEKEND = _shape(((9.5, 1.5, 0.9), (13.0, 2.0, 0.9), (19.5, 2.2, 1.4)))


def _load(seed: int, house: House, day: int) -> list[float]:
    zone = ZoneInfo(house.timezone)
    mean = house.annual_load / 8760.0
    smooth = max(mean * (1.0 - _RUN_ENERGY) - house.base_load, 0.05 * mean)
    jitter = lattice(seed, stream="load", day=day, count=NODES)
    season = _season(day), _season(day + 1)
    nodes = []
    for node, shape in enumerate(_shapes(zone, day)):
        factor = between(season[0], season[1], node / NODES) * (0.7 + 0.6 * jitter[node])
        nodes.append(house.base_load * (0.9 + 0.2 * jitter[node]) + smooth * factor * shape)
    for first, last, power in _runs(seed, house, day, zone):
        for node in range(max(first - day * NODES, 0), min(last - day * NODES, NODES + 1)):
            nodes[node] += power
    return nodes


def _shapes(zone: ZoneInfo, day: int) -> Iterator[float]:
    """The shape of the local day at each node; zones keep their offset for at least a quarter of an hour."""
    for first in range(0, NODES + 1, 3):
        local = datetime.fromtimestamp(day * DAY + first * NODE, zone)
        shape = _WEEKEND if local.weekday() in _FREE_DAYS else _WORKDAY
        place = (local.hour * 60 + local.minute) * 60 // NODE
        for node in range(min(3, NODES + 1 - first)):
            yield shape[(place + node) % NODES]


def _season(day: int) -> float:
    """More light and heat in winter: 1.15 in mid-January, 0.85 in mid-July."""
    return 1.0 + 0.15 * math.cos(math.tau * (day - 15) / 365.2425)


def _runs(seed: int, house: House, day: int, zone: ZoneInfo) -> list[tuple[int, int, float]]:
    """The appliances' runs that may touch this UTC day: first node and node after the last since 1970, and W.

    Always in the order of local days and appliances, so that two days add them up alike at the node that they share.
    """
    runs = []
    for ordinal in (day - 1, day, day + 1):
        midnight = datetime.combine(EPOCH.date() + timedelta(days=ordinal), datetime.min.time(), zone).timestamp()
        chance = iter(draws(seed, stream="runs", index=ordinal, count=len(_APPLIANCES) * (2 * _MOST_RUNS + 1)))
        for appliance in _APPLIANCES:
            wanted = appliance.runs * house.annual_load / _REFERENCE
            for _ in range(min(int(wanted + next(chance)), _MOST_RUNS)):
                hour = between(appliance.earliest, appliance.latest, next(chance))
                begin = midnight + 3600.0 * hour
                first, last = math.ceil(begin / NODE), math.ceil((begin + 60.0 * appliance.minutes) / NODE)
                runs.append((first, last, appliance.power * (0.8 + 0.4 * next(chance))))
    return runs
