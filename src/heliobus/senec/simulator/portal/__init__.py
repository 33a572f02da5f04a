"""mein-senec.de as one server, with the sign-on beside it on the same socket.

* ``server``: sockets, the session, routes and what goes wrong;  ``plant``: one plant, its figures and settings
"""

from __future__ import annotations

from heliobus.senec.simulator.portal.server import FAULTS, PortalSimulator

__all__ = ["FAULTS", "PortalSimulator"]
