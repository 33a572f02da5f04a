"""E3/DC storage systems (S10, Quattroporte and relatives), read and controlled over RSCP."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heliobus.e3dc.client import AsyncClient as AsyncClient
    from heliobus.e3dc.client import Client as Client

__all__ = ["AsyncClient", "Client"]


def __getattr__(name: str) -> Any:
    # Loaded when first used: the plugin is imported whenever vendors are listed, a client is not needed for that.
    if name in __all__:
        return getattr(import_module("heliobus.e3dc.client"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
