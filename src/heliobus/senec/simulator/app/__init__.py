"""SENEC's cloud as one server: the sign-on and every service of the App API.

* ``server``: sockets, tokens, routes and what goes wrong;  ``system``: one system of the account, and its wallbox
* ``house``: the figures, from a simulated house
"""

from __future__ import annotations

from heliobus.senec.simulator.app.server import FAULTS, AppSimulator

__all__ = ["FAULTS", "AppSimulator"]
