"""From the appliance's words to the unified model: the only place with sign and scale decisions for SENEC.

* ``table``: each value of the model, the variable it comes from, its sign and scale
* ``columns``: a decoded answer as the fields of the model's parts, and what is missing in it
* ``build``: the parts put together; what needs more than one variable
"""

from __future__ import annotations

from heliobus.senec.mapping.build import device, snapshot
from heliobus.senec.mapping.columns import battery_power, carriable, carried
from heliobus.senec.mapping.table import FIELDS, REQUESTS, Field

__all__ = ["FIELDS", "REQUESTS", "Field", "battery_power", "carriable", "carried", "device", "snapshot"]
