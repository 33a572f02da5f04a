"""The clients of a V3's internal inverter: ``AsyncInverterClient``, and ``InverterClient``, the same blocking."""

from __future__ import annotations

from heliobus.senec.client.inverter.asynchronous import AsyncInverterClient
from heliobus.senec.client.inverter.blocking import InverterClient

__all__ = ["AsyncInverterClient", "InverterClient"]
