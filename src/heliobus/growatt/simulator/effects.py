"""What settings make of the simulated battery, as far as it is simple: forced charging and discharging of this day.

A period over the whole day holds until the next write; others hold today.  The state of charge at which a forced
charge or discharge ends is not obeyed; the house's own limits are.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, TypeAlias

from heliobus.growatt.control import ChargePeriods, DischargePeriods, Period, TimeSegment
from heliobus.growatt.protocol import flag, number
from heliobus.simulation.plant import Override

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heliobus.growatt.protocol import Json
    from heliobus.growatt.simulator.house import Moment

    Forced: TypeAlias = "tuple[Period, float]"

_WHOLE_DAY = Period(time(0, 0), time(23, 59))


def overrides(family: str, device: Mapping[str, Json], m: Moment) -> Iterator[Override]:
    """What the battery does from now on: automatic operation, and within it what is forced."""
    yield Override(start=m.time)
    for period, power in _forced(family, device, m):
        start, end = _today(m, period.start), _today(m, period.end) + timedelta(minutes=1)
        if period == _WHOLE_DAY:
            yield Override(start=m.time, power=power)
        elif end > m.time:
            yield Override(start=max(start, m.time), end=end, power=power)


def _today(m: Moment, at: time | str) -> datetime:
    if isinstance(at, str):
        raise TypeError(at)  # Period has made times of them
    return datetime.combine(m.local.date(), at, m.zone)


def _forced(family: str, device: Mapping[str, Json], m: Moment) -> Iterator[Forced]:
    """The enabled periods with their powers, + discharge, W."""
    charge, discharge = -m.plant.house.max_charge, m.plant.house.max_discharge
    if family == "tlx":
        # Battery first without the mains only keeps the sun for the battery.
        mains = flag(device.get("acChargeEnable"))
        powers = {
            "battery": charge * _share(device, "chargePowerCommand") if mains else None,
            "grid": discharge * _share(device, "disChargePowerCommand"),
        }
        for place in range(1, 10):
            segment = TimeSegment.read(device, place)
            power = powers.get(segment.mode) if segment is not None and segment.enabled else None
            if segment is not None and power is not None:
                yield Period(segment.start, segment.end), power
    elif family in ("mix", "spa"):
        charging, discharging = ChargePeriods.read(device, family), DischargePeriods.read(device, family)
        if charging is not None and charging.mains is not False:
            yield from ((one, charge * charging.power / 100) for one in charging.periods if one.enabled)
        if discharging is not None:
            yield from ((one, discharge * discharging.power / 100) for one in discharging.periods if one.enabled)


def _share(device: Mapping[str, Json], name: str) -> float:
    percent = number(device.get(name))
    return 1.0 if percent is None else percent / 100
