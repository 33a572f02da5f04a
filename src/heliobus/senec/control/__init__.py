"""Writes (SPEC 5, 7 and 8): what may be written, in which state, how often, and how it is read back.

* ``table``: every variable that is ever written, with its bounds;  ``commands``: what can be asked for
* ``change``: a command as a change of variables, made by ``orders`` and ``settings``
* ``sequence``: the one way to carry it out;  ``pace``: how often;  ``login``: the local login
* ``abilities``: what an appliance obeys
* ``cloud``: the one way to carry out a write through a cloud;  ``app``, ``portal``: what may be set there
"""

from __future__ import annotations

from heliobus.senec.control import login
from heliobus.senec.control.abilities import ABILITIES, abilities
from heliobus.senec.control.change import LAG
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
from heliobus.senec.control.sequence import carry_out, change_of
from heliobus.senec.control.settings import OVERWRITTEN
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
