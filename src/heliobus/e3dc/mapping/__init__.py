"""From the device's words to the unified model: the only place with sign and scale decisions for E3/DC.

* ``live``: powers, batteries in brief, wallboxes;  ``details``: everything else;  ``build``: the parts put together
* ``carried``: what a system tells of all that;  ``history``: energies of spans of time
"""

from __future__ import annotations

from heliobus.e3dc.mapping.build import device, members, snapshot
from heliobus.e3dc.mapping.carried import FIELDS, carried
from heliobus.e3dc.mapping.live import battery_power, id_of

__all__ = ["FIELDS", "battery_power", "carried", "device", "id_of", "members", "snapshot"]
