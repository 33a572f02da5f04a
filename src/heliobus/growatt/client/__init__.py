"""The clients of one Growatt account: ``AsyncClient``, and ``Client``, which is the same blocking.

* ``asynchronous`` and ``blocking``: devices, snapshots and ``history``, the same by every ``route``
* ``account`` and ``ledger``: the one login, its budgets and lock-outs, over restarts and processes
* ``calls``: a method per call of a route;  ``routes``: discovery and polls on top of them
* ``twins``: the calls without ``await``
"""

from __future__ import annotations

from heliobus.growatt.client.asynchronous import AsyncClient
from heliobus.growatt.client.blocking import Client

__all__ = ["AsyncClient", "Client"]
