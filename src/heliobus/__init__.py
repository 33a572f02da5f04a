"""heliobus speaks to home photovoltaic and battery systems behind one typed model.

The few names that everybody needs are loaded when they are first used, so that ``import heliobus`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heliobus.errors import Error as Error
    from heliobus.model.quality import Quality as Quality
    from heliobus.model.snapshot import Snapshot as Snapshot
    from heliobus.vendor import BlockingSource

__version__ = "0.1.0"
__all__ = ["Error", "Quality", "Snapshot", "__version__", "connect"]

_HOMES = {
    "Error": "heliobus.errors",
    "Quality": "heliobus.model.quality",
    "Snapshot": "heliobus.model.snapshot",
}


def connect(url: str) -> BlockingSource:
    """Give the blocking client for a device URL such as ``senec://192.168.1.40``; use it in a ``with`` block.

    Secrets come from the environment (HELIOBUS_PASSWORD, HELIOBUS_KEY, HELIOBUS_TOKEN).  Raises UsageError.
    ``heliobus.aio.connect`` is the same for asyncio.
    """
    from heliobus.transport.clock import SYSTEM_CLOCK
    from heliobus.url import Credentials
    from heliobus.vendor import vendor_of

    vendor, address = vendor_of(url)
    return vendor.connect_blocking(address, Credentials.from_environment(), SYSTEM_CLOCK)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
