"""SENEC.Home storage systems: V2, V2.1, V3 and their relatives, read through the appliance's own ``lala.cgi``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heliobus.senec.client import AsyncClient as AsyncClient
    from heliobus.senec.client import Client as Client

__all__ = ["AsyncClient", "Client"]


def __getattr__(name: str) -> Any:
    # Loaded when first used: the plugin is imported whenever vendors are listed, an HTTP client is not needed for that.
    if name in __all__:
        return getattr(import_module("heliobus.senec.client"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
