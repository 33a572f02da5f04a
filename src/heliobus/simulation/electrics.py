"""The measurable details behind the powers: volts, amperes, hertz, degrees.  Pure functions like all of the house."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from heliobus.simulation.noise import between, draws, lattice
from heliobus.simulation.profile import DAY
from heliobus.simulation.state import PhaseState, StringState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.simulation.house import House

Place = tuple[int, float]  # UTC day since 1970, second of it

_STEP = 300  # seconds between the random points of mains voltage and frequency
_MODULE_PEAK, _MODULE_VOLTAGE = 400.0, 33.0
_MAINS_VOLTAGE, _MAINS_RESISTANCE = 230.0, 0.15
_PACK_EMPTY, _PACK_FULL, _PACK_RESISTANCE = 48.0, 55.0, 0.02


def strings(house: House, powers: Sequence[float], *, possible: Sequence[float]) -> tuple[StringState, ...]:
    """Give the strings' states for their ``powers``; ``possible`` is what they could give, which sets the voltage."""
    states = []
    for string, power, light in zip(house.strings, powers, possible, strict=True):
        if power <= 0.0:
            states.append(StringState(voltage=0.0, current=0.0, power=0.0))
            continue
        # A module's best voltage falls a little with little light.
        modules = max(round(string.peak / _MODULE_PEAK), 1)
        voltage = modules * _MODULE_VOLTAGE * (0.85 + 0.15 * min(light / string.peak, 1.0) ** 0.2)
        states.append(StringState(voltage=voltage, current=power / voltage, power=power))
    return tuple(states)


def phases(
    seed: int, house: House, *, load: float, grid: float, place: Place, car: Sequence[float] = (0.0, 0.0, 0.0)
) -> tuple[PhaseState, PhaseState, PhaseState]:
    """Share the load over the phases as the house is wired, add the car, take off what the inverter feeds.

    The phases sum up to ``grid``.
    """
    wiring = _wiring(seed)
    fed = (load + sum(car) - grid) / house.phases
    one = load * wiring[0] + car[0] - fed
    two = load * wiring[1] + car[1] - (fed if house.phases > 1 else 0.0)
    return (
        _phase(seed, "L1", one, place),
        _phase(seed, "L2", two, place),
        _phase(seed, "L3", grid - one - two, place),
    )


@lru_cache(maxsize=64)
def _wiring(seed: int) -> list[float]:
    """The shares of the load on the phases."""
    weights = [0.5 + chance for chance in draws(seed, stream="wiring", index=0, count=3)]
    return [weight / sum(weights) for weight in weights]


def _phase(seed: int, name: str, power: float, place: Place) -> PhaseState:
    drop = power / _MAINS_VOLTAGE * _MAINS_RESISTANCE
    voltage = _MAINS_VOLTAGE + 3.0 * _swing(seed, name, place) - drop
    return PhaseState(voltage=voltage, current=abs(power) / voltage, power=power)


def frequency(seed: int, *, place: Place) -> float:
    """Give the mains frequency in Hz."""
    return 50.0 + 0.03 * _swing(seed, "frequency", place)


def pack_voltage(soc: float, power: float) -> float:
    """Give the battery's voltage in V at ``soc`` % while it gives ``power`` W."""
    rest = between(_PACK_EMPTY, _PACK_FULL, soc / 100.0)
    return rest - power / rest * _PACK_RESISTANCE


def temperatures(seed: int, *, place: Place, strain: float) -> tuple[float, float]:
    """Give the battery's and the case's temperature in degC; ``strain`` is the throughput, 0 to 1."""
    room = 18.0 - 4.0 * math.cos(math.tau * (place[0] + place[1] / DAY - 20) / 365.2425)
    battery = room + 4.0 + 2.0 * _swing(seed, "temperature", place, step=14_400)
    return battery, battery + 3.0 + 12.0 * strain


def _swing(seed: int, stream: str, place: Place, step: int = _STEP) -> float:
    """A slow random movement between -1 and 1."""
    day, second = place
    points = lattice(seed, stream=stream, day=day, count=DAY // step)
    index = min(int(second // step), DAY // step - 1)
    return 2.0 * between(points[index], points[index + 1], second / step - index) - 1.0
