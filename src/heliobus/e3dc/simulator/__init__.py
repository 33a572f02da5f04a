"""An E3/DC storage system that is protocol-true from the outside: what an S10 answers over RSCP.

* ``server``: sockets, the cipher of each connection, what can go wrong on the wire;  ``faults``: that by name
* ``session``: logins, and one answer for each request;  ``answering``: rows that say what stands behind a tag
* ``device``: what it holds and obeys;  ``settings``, ``wallbox``: its state;  ``equipment``: models and firmwares
* ``house``: powers with the signs of the wire
* the tags of each namespace: ``info``, ``ems``, ``control`` and ``idle`` (EMS and SE), ``bat`` (and DCDC), ``pvi``,
  ``pm``, ``wb``, ``db``, ``ha`` (and SGR, MBS), ``farm``, ``system`` (EP, SYS, UM, SRV, EH, RSCP)

Source: SPEC sections 2 to 7.
"""

from __future__ import annotations

from heliobus.e3dc.simulator.equipment import PROFILES
from heliobus.e3dc.simulator.faults import FAULTS
from heliobus.e3dc.simulator.server import E3dcSimulator

__all__ = ["FAULTS", "PROFILES", "E3dcSimulator"]
