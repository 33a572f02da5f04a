"""An E3/DC storage system that is protocol-true from the outside: what an S10 answers over RSCP.

* ``server``: sockets, the cipher of each connection;  ``session``: logins, one answer for each request
* ``answering``: rows that say what stands behind a tag, and the errors for everything else
* ``device``: what it holds and obeys;  ``house``: the powers and signs of the wire
* ``info``, ``ems``: the tags of each namespace

Source: SPEC sections 2 to 7.
"""

from __future__ import annotations

from heliobus.e3dc.simulator.server import E3dcSimulator

__all__ = ["E3dcSimulator"]
