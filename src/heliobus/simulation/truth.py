"""What a house truly does, in the paths of the unified model: the one side of every comparison with a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from heliobus.simulation.plant import Plant


def powers(plant: Plant, moment: datetime) -> dict[str, float]:
    """Give the true value of every gauge and flow at ``moment``, in W, V, A, Hz, °C and %, by the model's path."""
    now = plant.at(moment)
    true = {
        "pv.power": now.pv,
        "grid.power": now.grid,
        "battery.power": now.battery,
        "load.power": now.load,
        "battery.soc": now.soc,
        "battery.voltage": now.battery_voltage,
        "battery.current": now.battery_current,
        "battery.temperature": now.battery_temperature,
        "grid.frequency": now.grid_frequency,
        "system.case_temperature": now.case_temperature,
    }
    for number, string in enumerate(now.strings, 1):
        true[f"pv.strings.{number}.power"] = string.power
        true[f"pv.strings.{number}.voltage"] = string.voltage
        true[f"pv.strings.{number}.current"] = string.current
    for number, phase in enumerate(now.grid_phases, 1):
        true[f"grid.phases.L{number}.power"] = phase.power
        true[f"grid.phases.L{number}.voltage"] = phase.voltage
        true[f"grid.phases.L{number}.current"] = phase.current
    return true


def energies(plant: Plant, moment: datetime) -> dict[str, float]:
    """Give the true lifetime counters at ``moment`` in Wh, by the model's path."""
    total = plant.counters(moment)
    return {
        "pv.energy": total.pv,
        "load.energy": total.load,
        "grid.import_energy": total.grid_import,
        "grid.export_energy": total.grid_export,
        "battery.charge_energy": total.charge,
        "battery.discharge_energy": total.discharge,
    }


def insides(plant: Plant, moment: datetime) -> dict[str, float]:
    """Give what not every device shows: battery modules in parallel, and a wallbox whose car waits, in model units."""
    now, total, count = plant.at(moment), plant.counters(moment), plant.house.battery_modules
    true = {"wallboxes.1.power": 0.0}
    true |= {f"wallboxes.1.phases.L{number}.current": 0.0 for number in (1, 2, 3)}
    for number in range(1, count + 1):
        module = f"batteries.1.modules.{number}"
        true[f"{module}.soc"] = now.soc
        true[f"{module}.voltage"] = now.battery_voltage
        true[f"{module}.current"] = now.battery_current / count
        true[f"{module}.charge_energy"] = total.charge / count
        true[f"{module}.discharge_energy"] = total.discharge / count
        true[f"{module}.cycles"] = total.discharge / plant.house.battery_capacity
        true[f"{module}.temperature_min"] = true[f"{module}.temperature_max"] = now.battery_temperature
    return true


def announced(plant: Plant, moment: datetime) -> dict[str, float]:
    """Give the short truth that ``heliobus simulate`` prints: pv, grid, battery, load in W and soc in %."""
    now = plant.at(moment)
    return {"pv": now.pv, "grid": now.grid, "battery": now.battery, "load": now.load, "soc": now.soc}
