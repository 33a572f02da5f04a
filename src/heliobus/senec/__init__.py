"""SENEC.Home storage systems: through the appliance's own ``lala.cgi``, and through SENEC's cloud."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heliobus.senec.client import AsyncClient as AsyncClient
    from heliobus.senec.client import Client as Client
    from heliobus.senec.client.app import AppClient as AppClient
    from heliobus.senec.client.app import AsyncAppClient as AsyncAppClient
    from heliobus.senec.client.connect import AsyncConnectClient as AsyncConnectClient
    from heliobus.senec.client.connect import ConnectClient as ConnectClient
    from heliobus.senec.client.inverter import AsyncInverterClient as AsyncInverterClient
    from heliobus.senec.client.inverter import InverterClient as InverterClient
    from heliobus.senec.client.portal import AsyncPortalClient as AsyncPortalClient
    from heliobus.senec.client.portal import PortalClient as PortalClient

_HOMES = {
    "AppClient": "heliobus.senec.client.app",
    "AsyncAppClient": "heliobus.senec.client.app",
    "AsyncClient": "heliobus.senec.client",
    "AsyncConnectClient": "heliobus.senec.client.connect",
    "AsyncInverterClient": "heliobus.senec.client.inverter",
    "AsyncPortalClient": "heliobus.senec.client.portal",
    "Client": "heliobus.senec.client",
    "ConnectClient": "heliobus.senec.client.connect",
    "InverterClient": "heliobus.senec.client.inverter",
    "PortalClient": "heliobus.senec.client.portal",
}
__all__ = [
    "AppClient",
    "AsyncAppClient",
    "AsyncClient",
    "AsyncConnectClient",
    "AsyncInverterClient",
    "AsyncPortalClient",
    "Client",
    "ConnectClient",
    "InverterClient",
    "PortalClient",
]


def __getattr__(name: str) -> Any:
    # Loaded when first used: the plugin is imported whenever vendors are listed, an HTTP client is not needed for that.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
