"""The clients of one appliance: ``AsyncClient``, and ``Client``, which is the same blocking.

* ``asynchronous``: what can be asked;  ``writes``: what can be told;  ``blocking``: the same without ``await``
* ``link``: https or http, and whether it is still the appliance that we know;  ``wire``: one exchange
* ``greeting``: what network firmware 2411 may want first;  ``pause``: how long a silent service is left alone
* ``app``, ``connect``, ``portal``, ``inverter``: the other ways;  ``guardian``, ``ledger``: an account's one sign-on
"""

from __future__ import annotations

from heliobus.senec.client.asynchronous import AsyncClient
from heliobus.senec.client.blocking import Client

__all__ = ["AsyncClient", "Client"]
