"""The energies of a day as a balance: two sides that agree, also as printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.model.aggregate import sum_or_none
from heliobus.web.plain.figures import LARGE, rounded_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heliobus.recorder.query import Energies

Side = dict[str, "float | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Both sides in Wh, rounded together to ``digits`` of a kWh so that the rows add up to ``total``.

    ``given``: sun, store, grid; ``taken``: house, car, store, grid; ``open`` on the side that is short of something:
    losses, or what nobody accounts for.  A site has no row for what it has not; None is unknown, and then nothing is
    rounded.
    """

    given: Mapping[str, float | None]
    taken: Mapping[str, float | None]
    total: float | None
    digits: int

    @property
    def consumption(self) -> float | None:
        """What house and wallbox used."""
        return sum_or_none(self.taken[name] for name in ("house", "car") if name in self.taken)


def balance(energies: Energies, *, battery: bool) -> Balance:
    """Close the balance of a day; ``battery`` says whether the site has one."""
    given: Side = {"sun": energies.pv, "store": energies.discharge, "grid": energies.import_}
    taken: Side = {"house": energies.load, "car": energies.ev, "store": energies.charge, "grid": energies.export}
    if not battery:
        del given["store"], taken["store"]
    if energies.ev is None:
        del taken["car"]
    came, went = sum_or_none(given.values()), sum_or_none(taken.values())
    if came is None or went is None:
        return Balance(given=given, taken=taken, total=None, digits=_digits([*given.values(), *taken.values()]))
    given["open"], taken["open"] = max(went - came, 0.0), max(came - went, 0.0)
    whole = max(came, went)
    digits = _digits([whole])
    step = 10.0 ** (3 - digits)
    return Balance(
        given=_printed(given, whole, step),
        taken=_printed(taken, whole, step),
        total=round(whole / step) * step,
        digits=digits,
    )


def autarky(energies: Energies) -> float | None:
    """Give the share of the consumption in % that did not come from the grid."""
    used = sum_or_none([energies.load] if energies.ev is None else [energies.load, energies.ev])
    if used is None or energies.import_ is None or used <= 0:
        return None
    return 100 * min(max(1 - energies.import_ / used, 0.0), 1.0)


def used_here(energies: Energies) -> float | None:
    """Give the production in Wh that was not fed into the grid."""
    if energies.pv is None or energies.export is None:
        return None
    return max(energies.pv - energies.export, 0.0)


def self_consumption(energies: Energies) -> float | None:
    """Give the same as a share of the production in %."""
    here = used_here(energies)
    if here is None or energies.pv is None or energies.pv <= 0:
        return None
    return 100 * here / energies.pv


def _printed(side: Side, total: float, step: float) -> Side:
    """Round a side together; what closes to within the rounding needs no row."""
    values = [value for value in side.values() if value is not None]
    rounded = dict(zip(side, rounded_together(values, total=total, step=step), strict=True))
    return {name: value for name, value in rounded.items() if value or name != "open"}


def _digits(energies: Iterable[float | None]) -> int:
    return 0 if any(energy is not None and energy >= LARGE for energy in energies) else 1
