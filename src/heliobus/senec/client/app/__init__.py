"""The clients of one SENEC account through the App API: ``AsyncAppClient``, and ``AppClient``, the same blocking.

* ``asynchronous``: systems and their snapshots;  ``blocking``: the same without ``await``
* ``history``: energies of spans of time;  ``writes``: what the wallboxes can be told
* ``calls``: one method for each call of the API;  ``link``: hosts, tokens and back-off
"""

from __future__ import annotations

from heliobus.senec.client.app.asynchronous import AsyncAppClient
from heliobus.senec.client.app.blocking import AppClient

__all__ = ["AppClient", "AsyncAppClient"]
