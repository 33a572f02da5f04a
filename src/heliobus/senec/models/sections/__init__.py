"""The sections of lala.cgi as tables of rows: the vendor's names (in lower case), units and signs; one file per theme.

Source: the library and request that this project started from, SPEC section 4, and the recordings.  Signs and scales
stay as the appliance has them; ``mapping`` translates.  Types may change with the firmware (POWER_RATIO was u3 and is
fl), so a row says what is read, not how it is written on the wire.
"""

from __future__ import annotations

from heliobus.senec.models.sections.appliance import (
    Debug,
    Factory,
    Features,
    Log,
    ProductionTest,
    Rtc,
    SenecIoInput,
    SenecIoOutput,
    SysUpdate,
    TempMeasure,
    Wizard,
)
from heliobus.senec.models.sections.battery import (
    Ampace,
    Bat1,
    Bat1Obj1,
    Bms,
    BmsPara,
    BmzCurrentLimits,
    CellDeviationRoc,
    CurrentImbalanceControl,
    Module,
)
from heliobus.senec.models.sections.energy import Casc, EgControl, Energy, Statistic
from heliobus.senec.models.sections.grid import GridConfig, MeterPhase, Pm1, PowerMeter
from heliobus.senec.models.sections.inverter import (
    FanSpeed,
    FanTest,
    InternalInverter,
    Ipu,
    Pv1,
    SelftestResults,
    Steca,
    Tracker,
)
from heliobus.senec.models.sections.loads import Box, PwrUnit, Socket, Sockets, Unit, Wallbox

__all__ = [
    "Ampace",
    "Bat1",
    "Bat1Obj1",
    "Bms",
    "BmsPara",
    "BmzCurrentLimits",
    "Box",
    "Casc",
    "CellDeviationRoc",
    "CurrentImbalanceControl",
    "Debug",
    "EgControl",
    "Energy",
    "Factory",
    "FanSpeed",
    "FanTest",
    "Features",
    "GridConfig",
    "InternalInverter",
    "Ipu",
    "Log",
    "MeterPhase",
    "Module",
    "Pm1",
    "PowerMeter",
    "ProductionTest",
    "Pv1",
    "PwrUnit",
    "Rtc",
    "SelftestResults",
    "SenecIoInput",
    "SenecIoOutput",
    "Socket",
    "Sockets",
    "Statistic",
    "Steca",
    "SysUpdate",
    "TempMeasure",
    "Tracker",
    "Unit",
    "Wallbox",
    "Wizard",
]
