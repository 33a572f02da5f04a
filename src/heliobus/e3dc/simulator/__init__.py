"""An E3/DC storage system that is protocol-true from the outside: what an S10 answers over RSCP.

* ``server``: sockets, the cipher of each connection, what can go wrong on the wire;  ``faults``: that by name
* ``session``: logins, and one answer for each request;  ``answering``: rows that say what stands behind a tag
* ``device``: what it holds and obeys;  ``settings``, ``wallbox``: its state;  ``equipment``: models and firmwares
* ``house``: powers with the signs of the wire
* ``portal``, ``ajax``: the same system behind the vendor's portal;  ``web``: what these two share
* the tags of each namespace: ``info``, ``ems``, ``control`` and ``idle`` (EMS and SE), ``bat`` (and DCDC), ``pvi``,
  ``pm``, ``wb``, ``db``, ``ha`` (and SGR, MBS), ``farm``, ``system`` (EP, SYS, UM, SRV, EH, RSCP)

Source: SPEC sections 2 to 7.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.e3dc.simulator.ajax import AjaxSimulator
from heliobus.e3dc.simulator.equipment import PROFILES
from heliobus.e3dc.simulator.faults import FAULTS
from heliobus.e3dc.simulator.portal import PortalSimulator
from heliobus.e3dc.simulator.server import E3dcSimulator
from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.e3dc.simulator.web import WebSimulator
    from heliobus.vendor import SimulationOptions

__all__ = ["FAULTS", "PROFILES", "AjaxSimulator", "E3dcSimulator", "PortalSimulator", "simulate"]

_WIRES: Mapping[str, type[E3dcSimulator | WebSimulator]] = MappingProxyType(
    {"rscp": E3dcSimulator, "portal": PortalSimulator, "ajax": AjaxSimulator}
)


def simulate(options: SimulationOptions) -> E3dcSimulator | WebSimulator:
    """A system on the wire of the ``options``, RSCP if they name none; raises UsageError for one that there is not."""
    made = _WIRES.get(options.wire or "rscp")
    if made is None:
        raise UsageError(f"no simulated E3/DC wire {options.wire!r}", remedy=f"Use one of: {', '.join(_WIRES)}.")
    return made(options)
