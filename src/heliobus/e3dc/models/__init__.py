"""What an E3/DC system said, in its own words, signs and units.

* ``request``: requests as people write them;  ``answers``: which answer belongs to which request
* ``rows``, ``indexed``: how values and devices are declared
* ``live``, ``system``, ``battery``, ``inverter``, ``meter``, ``wallbox``, ``home``, ``settings``, ``history``: the
  declarations
"""

from __future__ import annotations

from heliobus.e3dc.models.answers import is_absent, pair, plain, refusal, unanswered
from heliobus.e3dc.models.batch import Batch
from heliobus.e3dc.models.battery import Battery, BriefBattery, Module
from heliobus.e3dc.models.full import Full, FullRequest
from heliobus.e3dc.models.history import STEP, History, HistoryValues, history_request
from heliobus.e3dc.models.home import SWITCH_REQUESTS, SGReady, Switch, switches
from heliobus.e3dc.models.indexed import PLACES, WALLBOX, Kind, U, Unit, read_units
from heliobus.e3dc.models.inverter import BriefInverter, Inverter, Phase, String
from heliobus.e3dc.models.layout import Layout
from heliobus.e3dc.models.live import Live, LiveRequest, Powers
from heliobus.e3dc.models.meter import ROOT, PowerMeter
from heliobus.e3dc.models.request import Request, container, request, typed
from heliobus.e3dc.models.rows import Record, Row
from heliobus.e3dc.models.settings import (
    CHARGE,
    DISCHARGE,
    IdlePeriod,
    ManualCharge,
    NamedIdlePeriod,
    PowerSettings,
    Reserve,
    idle_periods,
    named_idle_periods,
    unit_of,
)
from heliobus.e3dc.models.system import Clocks, Identity, Status, SystemInfo, specifications, status_bits
from heliobus.e3dc.models.wallbox import Algorithm, BriefWallbox, Metered, Wallbox

__all__ = [
    "CHARGE",
    "DISCHARGE",
    "PLACES",
    "ROOT",
    "STEP",
    "SWITCH_REQUESTS",
    "WALLBOX",
    "Algorithm",
    "Batch",
    "Battery",
    "BriefBattery",
    "BriefInverter",
    "BriefWallbox",
    "Clocks",
    "Full",
    "FullRequest",
    "History",
    "HistoryValues",
    "Identity",
    "IdlePeriod",
    "Inverter",
    "Kind",
    "Layout",
    "Live",
    "LiveRequest",
    "ManualCharge",
    "Metered",
    "Module",
    "NamedIdlePeriod",
    "Phase",
    "PowerMeter",
    "PowerSettings",
    "Powers",
    "Record",
    "Request",
    "Reserve",
    "Row",
    "SGReady",
    "Status",
    "String",
    "Switch",
    "SystemInfo",
    "U",
    "Unit",
    "Wallbox",
    "container",
    "history_request",
    "idle_periods",
    "is_absent",
    "named_idle_periods",
    "pair",
    "plain",
    "read_units",
    "refusal",
    "request",
    "specifications",
    "status_bits",
    "switches",
    "typed",
    "unanswered",
    "unit_of",
]
