"""A house to look at: the simulated plant with a car, as scripted devices whose every value a test can ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, BatteryLimits, Grid, Load, Wallbox
from heliobus.model.snapshot import Snapshot
from heliobus.simulation.house import House, String
from heliobus.simulation.plant import Plant

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 9, 16, 10, 41, tzinfo=UTC)
"""A day of autumn, 12:41 in the house."""
MINUTE = timedelta(minutes=1)
_BOX, _LEAST = 3680.0, 1380.0
_PLUGGED = (9, 15)
_CAPACITY, _RESERVE = 14_000.0, 7.0
_HOUSE = House(
    latitude=52.5,
    longitude=13.4,
    strings=(String(azimuth=180, tilt=35, peak=6_000), String(azimuth=250, tilt=35, peak=4_400)),
    annual_load=4_200_000,
    battery_capacity=_CAPACITY,
    reserve_soc=_RESERVE,
    max_charge=1_600,
    max_discharge=3_000,
)
PLANT = Plant(29, house=_HOUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which nothing was recorded."""

    start: datetime
    end: datetime


def snapshot(moment: datetime) -> Snapshot:
    """Give the house at a moment: from 9 to 15 h UTC the car takes what the sun leaves over, 1.38 to 3.68 kW."""
    now = PLANT.at(moment)
    over = -now.grid if _PLUGGED[0] <= moment.hour < _PLUGGED[1] else 0.0
    car = min(over, _BOX) if over > _LEAST else 0.0
    return Snapshot(
        source="scripted",
        received_at=moment,
        device=Device(id="s1", vendor="scripted", model="SENEC.Home V3 hybrid", serial="s1", firmware="0831"),
        pv=PV(power=now.pv),
        grid=Grid(power=now.grid + car, frequency=now.grid_frequency),
        load=Load(power=now.load),
        batteries=(
            Battery(
                id="1",
                power=now.battery,
                soc=now.soc,
                capacity=_CAPACITY,
                voltage=now.battery_voltage,
                temperature=now.battery_temperature,
                limits=BatteryLimits(reserve_soc=_RESERVE),
            ),
        ),
        wallboxes=(Wallbox(id="1", power=car),),
    )


def recorded(start: datetime, end: datetime, *gaps: Gap) -> Iterator[Snapshot]:
    """Give a snapshot a minute, none in the gaps."""
    moment = start
    while moment < end:
        if not any(gap.start <= moment < gap.end for gap in gaps):
            yield snapshot(moment)
        moment += MINUTE
