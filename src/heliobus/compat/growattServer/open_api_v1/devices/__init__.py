"""The devices that the OpenAPI V1 has a class for."""

from __future__ import annotations

from heliobus.compat.growattServer.open_api_v1.devices.abstract_device import AbstractDevice, ParameterValue
from heliobus.compat.growattServer.open_api_v1.devices.min import Min
from heliobus.compat.growattServer.open_api_v1.devices.sph import Sph

__all__ = ["AbstractDevice", "Min", "ParameterValue", "Sph"]
