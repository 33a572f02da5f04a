"""The OpenAPI V1's calls as methods: plants, devices of every family, settings.

Every call raises LockedOut when it comes within five minutes of the same one, AuthenticationError for a token that may
not do it, NotSupported for a device that is not the account's or not of this family, and TransportError or
ProtocolError when nothing whole came back.
"""

from __future__ import annotations

from heliobus.growatt.client.calls.v1.devices import DeviceCalls
from heliobus.growatt.client.calls.v1.plants import PlantCalls
from heliobus.growatt.client.calls.v1.settings import SettingCalls


class V1Calls(PlantCalls, DeviceCalls, SettingCalls):
    """What can be asked of the OpenAPI V1.  Days and times are the plant's."""


__all__ = ["V1Calls"]
