"""What a SENEC appliance said, in its own words, signs and units.

* ``Reading(decode_answer(parse_body(body).sections))``: typed sections, ``reading.energy.gui_grid_pow``
* ``LIVE_REQUEST``, ``BASIC_REQUEST``, ``IDENTITY_REQUEST``, ``FULL_REQUEST``: what to ask
* ``system_state(code)`` and the tables of names
"""

from __future__ import annotations

from heliobus.senec.models.names import (
    BATTERY_MAKERS,
    COUNTRIES,
    INVERTER_STATES,
    INVERTER_TYPES,
    SYSTEM_TYPES,
    UPDATE_STATES,
    WALLBOX_STATES,
)
from heliobus.senec.models.reading import BASIC_REQUEST, FULL_REQUEST, IDENTITY_REQUEST, LIVE_REQUEST, Reading
from heliobus.senec.models.rows import Row, Section
from heliobus.senec.models.sections import (
    Bat1,
    Bat1Obj1,
    Bms,
    Energy,
    Factory,
    FanSpeed,
    PowerMeter,
    Pv1,
    PwrUnit,
    Rtc,
    Sockets,
    Statistic,
    SysUpdate,
    TempMeasure,
    Wallbox,
    Wizard,
)
from heliobus.senec.models.states import StateKind, SystemState, system_state

__all__ = [
    "BASIC_REQUEST",
    "BATTERY_MAKERS",
    "COUNTRIES",
    "FULL_REQUEST",
    "IDENTITY_REQUEST",
    "INVERTER_STATES",
    "INVERTER_TYPES",
    "LIVE_REQUEST",
    "SYSTEM_TYPES",
    "UPDATE_STATES",
    "WALLBOX_STATES",
    "Bat1",
    "Bat1Obj1",
    "Bms",
    "Energy",
    "Factory",
    "FanSpeed",
    "PowerMeter",
    "Pv1",
    "PwrUnit",
    "Reading",
    "Row",
    "Rtc",
    "Section",
    "Sockets",
    "StateKind",
    "Statistic",
    "SysUpdate",
    "SystemState",
    "TempMeasure",
    "Wallbox",
    "Wizard",
    "system_state",
]
