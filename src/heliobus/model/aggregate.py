"""Several batteries as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.model.parts import Battery, BatteryLimits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NONE = Battery()


def aggregate(batteries: Sequence[Battery]) -> Battery:
    """Join batteries: powers, energies and limits add up, soc and soh are weighted by capacity.

    A missing part makes the sum missing.  Voltage and current are those of a single battery only: they have no
    meaning over several.  Of no battery at all every field is ``None``.
    """
    if len(batteries) == 1:
        return batteries[0]
    if not batteries:
        return _NONE
    capacities = [battery.capacity for battery in batteries]
    return Battery(
        id="all",
        power=sum_or_none(battery.power for battery in batteries),
        soc=weighted([battery.soc for battery in batteries], capacities),
        soh=weighted([battery.soh for battery in batteries], capacities),
        capacity=sum_or_none(capacities),
        remaining_energy=sum_or_none(battery.remaining_energy for battery in batteries),
        charge_energy=sum_or_none(battery.charge_energy for battery in batteries),
        discharge_energy=sum_or_none(battery.discharge_energy for battery in batteries),
        temperature=_highest(battery.temperature for battery in batteries),
        cycles=_highest(battery.cycles for battery in batteries),
        limits=BatteryLimits(
            max_charge=sum_or_none(battery.limits.max_charge for battery in batteries),
            max_discharge=sum_or_none(battery.limits.max_discharge for battery in batteries),
            reserve_soc=weighted([battery.limits.reserve_soc for battery in batteries], capacities),
        ),
    )


def _known(values: Iterable[float | None]) -> list[float] | None:
    known: list[float] = []
    for value in values:
        if value is None:
            return None
        known.append(value)
    return known


def sum_or_none(values: Iterable[float | None]) -> float | None:
    """Add up; an unknown part makes the sum unknown.  Of nothing it is 0."""
    known = _known(values)
    return None if known is None else sum(known, 0.0)


def _highest(values: Iterable[float | None]) -> float | None:
    known = _known(values)
    return max(known) if known else None


def weighted(values: Sequence[float | None], weights: Sequence[float | None]) -> float | None:
    """Give the mean by weight; an unknown part makes it unknown."""
    known, shares = _known(values), _known(weights)
    if known is None or shares is None or sum(shares) <= 0:
        return None
    return sum(value * share for value, share in zip(known, shares, strict=True)) / sum(shares)
