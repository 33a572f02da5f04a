"""The clients of mein-senec.de: ``AsyncPortalClient``, and ``PortalClient``, the same blocking.

* ``asynchronous``: plants, snapshots, week files;  ``blocking``: the same without ``await``
* ``calls``: one method for each call;  ``writes``: what can be set
* ``link``: one question;  ``guardian``: the session, by the account's one sign-on
"""

from __future__ import annotations

from heliobus.senec.client.portal.asynchronous import AsyncPortalClient
from heliobus.senec.client.portal.blocking import PortalClient

__all__ = ["AsyncPortalClient", "PortalClient"]
