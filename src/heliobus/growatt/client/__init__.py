"""The clients of one Growatt account: ``AsyncClient``, and ``Client``, which is the same blocking.

* ``account`` and ``ledger``: the one login, its budgets and lock-outs, over restarts and processes
* ``calls``: a method per call of the app;  ``asynchronous``: devices and snapshots on top
"""

from __future__ import annotations

from heliobus.growatt.client.asynchronous import AsyncClient
from heliobus.growatt.client.blocking import Client

__all__ = ["AsyncClient", "Client"]
