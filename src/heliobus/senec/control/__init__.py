"""Writes to an appliance (SPEC 5): what may be written, in which state, how often, and how it is read back.

* ``table``: every variable that is ever written, with its bounds;  ``commands``: what can be asked for
* ``changes``: commands as changes of variables;  ``change``: the one way to carry them out
* ``pace``: how often;  ``abilities``: what an appliance obeys;  ``login``: the local login
"""

from __future__ import annotations

from heliobus.senec.control import login
from heliobus.senec.control.abilities import ABILITIES, abilities
from heliobus.senec.control.change import carry_out
from heliobus.senec.control.changes import LAG, OVERWRITTEN, change_of
from heliobus.senec.control.commands import (
    OWN,
    Reboot,
    Restore,
    SocketMode,
    SocketSettings,
    StorageMode,
    WallboxMode,
    WallboxSettings,
)
from heliobus.senec.control.pace import PACES, Paces
from heliobus.senec.control.table import WRITABLE, Writable, require_writable

__all__ = [
    "ABILITIES",
    "LAG",
    "OVERWRITTEN",
    "OWN",
    "PACES",
    "WRITABLE",
    "Paces",
    "Reboot",
    "Restore",
    "SocketMode",
    "SocketSettings",
    "StorageMode",
    "WallboxMode",
    "WallboxSettings",
    "Writable",
    "abilities",
    "carry_out",
    "change_of",
    "login",
    "require_writable",
]
