"""Settings written, read back and taken back, over any route; knows no HTTP.

* ``tables``: the setting types of each family as data;  ``kinds``, ``setting``: what a parameter and a setting are
* ``segments``: time segments and charging periods as objects;  ``plant``: the form of a plant's settings
* ``change``: how anything is changed;  ``commands``: the unified model's commands;  ``told``: settings made flat
"""

from __future__ import annotations

from heliobus.growatt.control.change import LAG, ChangeSettings, Target, carry_out, restored, snapshot
from heliobus.growatt.control.commands import WARNING, abilities, changes_of, remembered, undo_of
from heliobus.growatt.control.plant import PLANT_FIELDS, plant_change, plant_form
from heliobus.growatt.control.segments import (
    NO_PERIOD,
    ChargePeriods,
    DischargePeriods,
    LoadFirstPeriods,
    NoahSegment,
    Period,
    TimeSegment,
    Typed,
)
from heliobus.growatt.control.setting import Change, Parameter, Setting, changed, raw, require_plausible
from heliobus.growatt.control.tables import FAMILIES, MODES, NOAH_MODES, PLANT
from heliobus.growatt.control.told import bean, noah_settings

__all__ = [
    "FAMILIES",
    "LAG",
    "MODES",
    "NOAH_MODES",
    "NO_PERIOD",
    "PLANT",
    "PLANT_FIELDS",
    "WARNING",
    "Change",
    "ChangeSettings",
    "ChargePeriods",
    "DischargePeriods",
    "LoadFirstPeriods",
    "NoahSegment",
    "Parameter",
    "Period",
    "Setting",
    "Target",
    "TimeSegment",
    "Typed",
    "abilities",
    "bean",
    "carry_out",
    "changed",
    "changes_of",
    "noah_settings",
    "plant_change",
    "plant_form",
    "raw",
    "remembered",
    "require_plausible",
    "restored",
    "snapshot",
    "undo_of",
]
