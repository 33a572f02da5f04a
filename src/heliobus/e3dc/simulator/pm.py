"""PM: the power meters; the root meter sits at the grid (SPEC 6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.simulator.answering import indexed, items, reads
from heliobus.e3dc.simulator.equipment import CONSUMPTION, PRODUCTION, ROOT, WALLBOX

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment

_PHASES = 3
_HEAT_PUMP = 0.2  # of the load, behind a meter of consumption


@dataclass(frozen=True, slots=True)
class Meter:
    """One power meter at one moment; + what is drawn from the grid, or what the metered device consumes."""

    moment: Moment
    index: int
    type: int

    def power(self, phase: int) -> float:
        """W."""
        flows = self.moment.flows
        whole = {
            PRODUCTION: flows.add,
            CONSUMPTION: _HEAT_PUMP * self.moment.now.load,
            WALLBOX: flows.wallbox,
        }
        return self.moment.now.grid_phases[phase].power if self.type == ROOT else whole[self.type] / _PHASES

    def energy(self) -> float:
        """The net counter of each phase in Wh, an even share: devices count up and down on each phase by itself."""
        total = self.moment.energy
        whole = {
            ROOT: total.grid_import - total.grid_export,
            PRODUCTION: -self.moment.equipment.external * total.pv,
            CONSUMPTION: _HEAT_PUMP * total.load,
            WALLBOX: 0.0,
        }
        return whole[self.type] / _PHASES


_METER: Table[Meter] = reads(
    "PM",
    {
        "POWER_L1": lambda p: p.power(0),
        "POWER_L2": lambda p: p.power(1),
        "POWER_L3": lambda p: p.power(2),
        "VOLTAGE_L1": lambda p: p.moment.now.grid_phases[0].voltage,
        "VOLTAGE_L2": lambda p: p.moment.now.grid_phases[1].voltage,
        "VOLTAGE_L3": lambda p: p.moment.now.grid_phases[2].voltage,
        "ENERGY_L1": Meter.energy,
        "ENERGY_L2": Meter.energy,
        "ENERGY_L3": Meter.energy,
        "ACTIVE_PHASES": 0b111,
        "MODE": 1,
        "TYPE": lambda p: p.type,
        "DEVICE_ID": lambda p: 100 + p.index,
        "ERROR_CODE": 0,
        "FIRMWARE_VERSION": 7,
        "MAX_PHASE_POWER": 24_000.0,
        "DEVICE_STATE": items("PM_DEVICE", {"CONNECTED": True, "WORKING": True, "IN_SERVICE": False}),
    },
)


def _meter(moment: Moment, index: int) -> Meter | None:
    kind = moment.equipment.meters.get(index)
    return None if kind is None else Meter(moment, index, kind)


TABLE: Table[Moment] = indexed("PM", _METER, _meter)
