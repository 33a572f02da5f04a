"""The asynchronous front door: ``async with await heliobus.aio.connect("senec://192.168.1.40") as device: ...``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.url import Credentials
from heliobus.vendor import vendor_of

if TYPE_CHECKING:
    from heliobus.vendor import Source


async def connect(url: str, *, credentials: Credentials | None = None) -> Source:
    """Give the client for ``url``; it connects when its context is entered.

    Without ``credentials`` the environment is asked (HELIOBUS_PASSWORD and so on).  Raises UsageError.
    """
    vendor, address = vendor_of(url)
    return vendor.connect(address, credentials or Credentials.from_environment(), SYSTEM_CLOCK)
