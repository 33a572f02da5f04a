"""Numbers as people read them: the unit and precision of LOOK section 7, in German and in English.

Number and unit are joined by a narrow no-break space.  Unknown is a dash, never 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

THIN = "\u202f"
MINUS = "\u2212"
UNKNOWN = "\u2013"

LARGE = 99_950.0
"""Wh: from what is written as 100 kWh on, energies have no decimals."""
_KILO = 1000.0
_ONE_KILO = 999.5
_POWER_STEPS = ((1, 100.0, 0), (10, _KILO, 0), (10, 10_000.0, 2), (100, math.inf, 1))
"""Rounded to (W) when the rounded value is below (W), decimals; the last two are written in kW."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and its unit, apart because the unit is set lighter; ``unit`` is empty for unknown."""

    number: str
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{THIN}{self.unit}" if self.unit else self.number


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a language writes numbers: ``point`` before the decimals, ``group`` between thousands."""

    point: str
    group: str

    def plain(self, value: float, digits: int = 0) -> str:
        """Give ``value`` with ``digits`` decimals, a true minus, and no minus before zero."""
        text = f"{abs(value):,.{digits}f}".replace(",", "\0").replace(".", self.point).replace("\0", self.group)
        negative = value < 0 and any(digit in "123456789" for digit in text)
        return MINUS + text if negative else text

    def power(self, watts: float | None) -> Figure:
        """Below 1 kW in W, in steps of 10 from 100 W on; then kW with two decimals, from 10 kW on with one."""
        if watts is None:
            return Figure(UNKNOWN, "")
        for step, below, digits in _POWER_STEPS:
            rounded = round(watts / step) * step
            if abs(rounded) < below:
                kilo = below > _KILO
                return Figure(self.plain(rounded / _KILO if kilo else rounded, digits), "kW" if kilo else "W")
        raise AssertionError(watts)

    def energy(self, watt_hours: float | None) -> Figure:
        """Below 1 kWh in Wh; then kWh with one decimal, from 100 kWh on with none."""
        if watt_hours is not None and abs(watt_hours) < _ONE_KILO:
            return Figure(self.plain(watt_hours), "Wh")
        return self.kilowatt_hours(watt_hours)

    def kilowatt_hours(self, watt_hours: float | None, *, digits: int | None = None) -> Figure:
        """Energy beside other energies: always kWh, one decimal below 100 kWh unless ``digits`` says otherwise."""
        if watt_hours is None:
            return Figure(UNKNOWN, "")
        if digits is None:
            digits = 1 if abs(watt_hours) < LARGE else 0
        return Figure(self.plain(watt_hours / _KILO, digits), "kWh")

    def percent(self, value: float | None, digits: int = 0) -> Figure:
        return Figure(UNKNOWN, "") if value is None else Figure(self.plain(value, digits), "%")


ENGLISH = Numbers(point=".", group=THIN)
GERMAN = Numbers(point=",", group=".")


def rounded_together(values: Sequence[float], *, total: float, step: float) -> list[float]:
    """Round ``values`` (all >= 0) to whole steps so that they add up to the rounded ``total`` (largest remainder).

    ``total`` is their sum, given so that two lists of equal sums come out equal.
    """
    shares = [value / step for value in values]
    whole = [math.floor(share) for share in shares]
    left = round(total / step) - sum(whole)
    by_remainder = sorted(range(len(shares)), key=lambda index: whole[index] - shares[index])
    for index in by_remainder[: max(left, 0)]:
        whole[index] += 1
    return [count * step for count in whole]
