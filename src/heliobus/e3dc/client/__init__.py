"""The clients of one system: ``AsyncClient``, and ``Client``, which is the same blocking.

* ``link``: the connection;  ``asking``: any requests to their answers
* ``core``: identity and snapshots;  ``reads``, ``commands``: everything else, by what it is
"""

from __future__ import annotations

from heliobus.e3dc.client.client import AsyncClient, Client

__all__ = ["AsyncClient", "Client"]
