"""Growatt's cloud from the outside: one account with one plant and one inverter.

* ``cloud``: the state behind all routes;  ``server``: the socket;  a module per route, such as ``shine`` or ``v1``
* ``pages``: what it shows instead of data;  ``faults``: its bad manners
* ``account``: login, sessions and the lock-out clock
* ``house``: the moment, and what MIX and TLX say;  ``families``: what the others say;  ``plants``: what a plant says

Data are those of the moment, not five minutes old as the real cloud's, unless the fault ``delayed`` is named; so all
that is read at one moment is one truth.

Source: SPEC part A with its errata, the recordings of plant lists, histories and a MIX's status, the type maps.
"""

from __future__ import annotations

from heliobus.growatt.simulator.faults import DEAD_FORMS, FAULTS
from heliobus.growatt.simulator.server import PROFILES, GrowattSimulator

__all__ = ["DEAD_FORMS", "FAULTS", "PROFILES", "GrowattSimulator"]
