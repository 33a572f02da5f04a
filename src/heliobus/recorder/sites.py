"""What the channels of a site are made of (design: MODEL, "Site").

The only system of a site speaks for it.  Of several, the powers of PV, batteries and wallboxes add up, the grid is that
of the system chosen for it, and the load is what closes the balance.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.recorder.catalog import Entry

WALLBOX = "wallbox.power"
"""All wallboxes of a site together."""
_BOX = re.compile(r"wallboxes\.[^.]+\.power")
_ADDED = ("pv.power", "battery.power", WALLBOX)


class Part(NamedTuple):
    """A channel of a system, and with which sign it counts."""

    system: str
    path: str
    sign: int = 1


def parts(systems: Sequence[Entry], path: str) -> tuple[Part, ...]:
    """Give what a site of these systems has of ``path``.

    It is nothing if none has it, or if several measure the grid and none of them is chosen.  Raises UsageError for what
    several have and what does not add up.
    """
    if path == "load.power" and len(systems) > 1:
        return _balance(systems)
    if path == WALLBOX:
        return tuple(Part(one.name, box) for one in systems for box in one.channels if _BOX.fullmatch(box))
    if path.startswith("grid."):
        systems = meters(systems)
    carriers = [one for one in systems if path in one.channels]
    if len(carriers) > 1 and path not in _ADDED:
        raise UsageError(f"{path} does not add up over systems", remedy=f"Name the system: {carriers[0].name}/{path}.")
    return tuple(Part(one.name, path) for one in carriers)


def meters(systems: Sequence[Entry]) -> list[Entry]:
    """Give the system that measures the grid connection: the chosen one, else the only one that measures any grid."""
    chosen = [one for one in systems if one.grid] or [one for one in systems if one.flows() & {"imp", "exp"}]
    return chosen if len(chosen) == 1 else []


def _balance(systems: Sequence[Entry]) -> tuple[Part, ...]:
    grid = parts(systems, "grid.power")
    used = [part._replace(sign=-1) for part in parts(systems, WALLBOX)]
    return (*parts(systems, "pv.power"), *parts(systems, "battery.power"), *grid, *used) if grid else ()
