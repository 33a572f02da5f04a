"""Growatt: the plants and inverters of an account by its clouds, and dataloggers without one.

``AsyncClient`` and ``Client`` for an account by any route, ``WebClient`` for what only the portal tells, ``Listener``
for dataloggers; the last two have blocking twins as well.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heliobus.growatt.client import AsyncClient as AsyncClient
    from heliobus.growatt.client import Client as Client
    from heliobus.growatt.client.calls.web import WebClient as WebClient
    from heliobus.growatt.client.datalogger import BlockingListener as BlockingListener
    from heliobus.growatt.client.datalogger import Listener as Listener
    from heliobus.growatt.client.twins.web import BlockingWebClient as BlockingWebClient

_PLACES = {
    "AsyncClient": "heliobus.growatt.client",
    "Client": "heliobus.growatt.client",
    "Listener": "heliobus.growatt.client.datalogger",
    "BlockingListener": "heliobus.growatt.client.datalogger",
    "WebClient": "heliobus.growatt.client.calls.web",
    "BlockingWebClient": "heliobus.growatt.client.twins.web",
}
__all__ = ["AsyncClient", "BlockingListener", "BlockingWebClient", "Client", "Listener", "WebClient"]


def __getattr__(name: str) -> Any:
    # Loaded when first used: the plugin is imported whenever vendors are listed, an HTTP client is not needed for that.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
