"""Commands and settings as requests, read back; and the guard before everything that is only to read.

* ``change``: how anything is changed;  ``battery``, ``settings``, ``wallbox``, ``intervention``: what can be
* ``abilities``: the common commands and their bounds;  ``guard``: which requests change nothing
"""

from __future__ import annotations

from heliobus.e3dc.control.abilities import MAX_CHARGE, MAX_DISCHARGE, abilities
from heliobus.e3dc.control.battery import (
    CHARGE,
    DISCHARGE,
    IDLE,
    NORMAL,
    REPEAT,
    automatic_change,
    limit_change,
    power_change,
    power_settings_change,
    power_settings_of,
    reserve_change,
    set_power,
)
from heliobus.e3dc.control.change import Ask, Change, carry_out
from heliobus.e3dc.control.guard import only_reads, require_reading
from heliobus.e3dc.control.intervention import INTERVENTIONS, intervention
from heliobus.e3dc.control.settings import (
    WriteSetting,
    idle_periods_change,
    manual_charge_change,
    named_idle_periods_change,
    register_change,
    switch_change,
)
from heliobus.e3dc.control.wallbox import limit_wallbox, wallbox_change

__all__ = [
    "CHARGE",
    "DISCHARGE",
    "IDLE",
    "INTERVENTIONS",
    "MAX_CHARGE",
    "MAX_DISCHARGE",
    "NORMAL",
    "REPEAT",
    "Ask",
    "Change",
    "WriteSetting",
    "abilities",
    "automatic_change",
    "carry_out",
    "idle_periods_change",
    "intervention",
    "limit_change",
    "limit_wallbox",
    "manual_charge_change",
    "named_idle_periods_change",
    "only_reads",
    "power_change",
    "power_settings_change",
    "power_settings_of",
    "register_change",
    "require_reading",
    "reserve_change",
    "set_power",
    "switch_change",
    "wallbox_change",
]
