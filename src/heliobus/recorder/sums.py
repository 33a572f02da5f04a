"""Energies of systems and of the sites that they make up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.recorder.energy import FLOWS, NOWHERE, THOUSANDTHS, Origin, Totals
from heliobus.recorder.sites import meters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from heliobus.recorder.catalog import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Energies:
    """Energies of a span in Wh, each >= 0 and None if unknown.

    ``coverage`` is the share of the span (0 to 1) that they are known for; a span that is not over counts as a whole.
    """

    pv: float | None = None
    import_: float | None = None
    export: float | None = None
    charge: float | None = None
    discharge: float | None = None
    load: float | None = None
    ev: float | None = None
    coverage: float = 0.0
    source: Origin = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A span [start, end) in UTC with the energies of each system and site by name."""

    start: datetime
    end: datetime
    systems: Mapping[str, Energies]
    sites: Mapping[str, Energies]


NAMES = {
    "pv": "pv",
    "imp": "import_",
    "exp": "export",
    "chg": "charge",
    "dis": "discharge",
    "load": "load",
    "ev": "ev",
}
"""Column of the tables to field of ``Energies``."""
_ADDED = ("pv", "charge", "discharge", "ev")
_METERED = ("import_", "export")
_BALANCE = {"pv": 1, "discharge": 1, "charge": -1, "import_": 1, "export": -1, "ev": -1}


def energies(totals: Totals | None, seconds: float) -> Energies:
    """Give the energies of a system in a span of ``seconds``."""
    if totals is None:
        return Energies()
    values = {NAMES[flow.column]: getattr(totals, flow.column) for flow in FLOWS}
    return Energies(
        **{name: None if value is None else value / THOUSANDTHS for name, value in values.items()},
        coverage=min(totals.cover_s / seconds, 1.0),
        source=totals.src,
    )


def site_energies(parts: Sequence[tuple[Entry, Energies]]) -> Energies:
    """Join the systems of a site; a part that is unknown makes the sum unknown.

    PV, battery and wallboxes add up.  The grid is that of the system chosen for it, else of the only one that measures
    it: of several it cannot be told which stands at the connection.  The load of several systems closes the balance.
    """
    if len(parts) == 1:
        return parts[0][1]
    if not parts:
        return Energies()
    flows = [(entry.flows(), one) for entry, one in parts]
    carried = {name: [one for columns, one in flows if column in columns] for column, name in NAMES.items()}
    values = {name: _sum(carried[name], name) for name in _ADDED}
    measuring = meters([entry for entry, _ in parts])
    for name in _METERED:
        values[name] = next((getattr(one, name) for entry, one in parts if entry in measuring), None)
    balance = [(name, sign) for name, sign in _BALANCE.items() if carried[name] or name in _METERED]
    if all(values[name] is not None for name, _ in balance):
        values["load"] = sum(sign * value for name, sign in balance if (value := values[name]) is not None)
    origin = NOWHERE
    for _, one in parts:
        origin |= one.source
    return Energies(**values, coverage=min(one.coverage for _, one in parts), source=origin)


def _sum(parts: Sequence[Energies], name: str) -> float | None:
    known = [value for one in parts if (value := getattr(one, name)) is not None]
    return sum(known) if known and len(known) == len(parts) else None
