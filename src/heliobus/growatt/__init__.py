"""Growatt's clouds: the plants and inverters of an account, asked as the ShinePhone app asks them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heliobus.growatt.client import AsyncClient as AsyncClient
    from heliobus.growatt.client import Client as Client

__all__ = ["AsyncClient", "Client"]


def __getattr__(name: str) -> Any:
    # Loaded when first used: the plugin is imported whenever vendors are listed, an HTTP client is not needed for that.
    if name in __all__:
        return getattr(import_module("heliobus.growatt.client"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
