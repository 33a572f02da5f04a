"""Who a device is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One appliance behind a connection: the box itself, a farm's member, an account's plant or inverter.

    ``id`` is what ``read(device)`` takes: unique behind this connection and stable over restarts, usually the serial
    number.  ``serial`` is half a secret (vendors derive default passwords from it): exports and logs shorten it.
    ``firmware`` joins the vendor's version numbers in the vendor's own order.
    """

    id: str
    vendor: str
    model: str | None = None
    serial: str | None = None
    firmware: str | None = None
    name: str | None = None
