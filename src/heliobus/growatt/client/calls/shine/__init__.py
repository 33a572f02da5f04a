"""The ShinePhone app's calls as methods: one per endpoint, with typed records as results; a module per family."""

from __future__ import annotations

from heliobus.growatt.client.calls.shine.inverter import InverterCalls
from heliobus.growatt.client.calls.shine.mix import MixCalls
from heliobus.growatt.client.calls.shine.noah import NoahCalls
from heliobus.growatt.client.calls.shine.plants import PlantCalls
from heliobus.growatt.client.calls.shine.storage import StorageCalls
from heliobus.growatt.client.calls.shine.tlx import TlxCalls
from heliobus.growatt.client.calls.shine.writes import WriteCalls

__all__ = ["ShineCalls"]


class ShineCalls(PlantCalls, MixCalls, TlxCalls, StorageCalls, InverterCalls, NoahCalls, WriteCalls):
    """What can be asked of an account.  ``day`` is a date of the plant; a record's ``extra`` is what has no name here.

    Calls that give a bare ``Record`` are the app's, and nobody has recorded their answers.  Every call raises
    LockedOut, AuthenticationError, TransportError, ProtocolError and NotSupported (for a serial number that the server
    does not have in this family).
    """
