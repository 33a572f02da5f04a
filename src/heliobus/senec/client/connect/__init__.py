"""The clients of SENEC.Connect: ``AsyncConnectClient``, and ``ConnectClient``, the same blocking.

* ``asynchronous``: systems and their snapshots;  ``blocking``: the same without ``await``
* ``quota``: the month's requests, counted over restarts and for all programs with the same key
"""

from __future__ import annotations

from heliobus.senec.client.connect.asynchronous import AsyncConnectClient
from heliobus.senec.client.connect.blocking import ConnectClient

__all__ = ["AsyncConnectClient", "ConnectClient"]
