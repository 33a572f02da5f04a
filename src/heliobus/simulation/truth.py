"""What a house truly does, in the paths of the unified model: the one side of every comparison with a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.simulation.orders import Orders

if TYPE_CHECKING:
    from datetime import datetime

    from heliobus.simulation.plant import Instant, Plant


def powers(plant: Plant, moment: datetime) -> dict[str, float]:
    """Give the true value of every gauge and flow at ``moment``, in W, V, A, Hz, °C and %, by the model's path.

    What the house does not have is not there; the car's charge only while it is plugged in.
    """
    now, house = plant.at(moment), plant.house
    true = {"grid.frequency": now.grid_frequency, "system.case_temperature": now.case_temperature}
    if house.meter:
        true |= {"grid.power": now.grid, "load.power": now.load, **_phases(now)}
    if house.strings:
        true |= {"pv.power": now.pv, **_strings(now)}
    if house.battery_capacity:
        true |= {
            "battery.power": now.battery,
            "battery.soc": now.soc,
            "battery.voltage": now.battery_voltage,
            "battery.current": now.battery_current,
            "battery.temperature": now.battery_temperature,
        }
    return true | _wallbox(now)


def _strings(now: Instant) -> dict[str, float]:
    return {
        f"pv.strings.{number}.{name}": getattr(string, name)
        for number, string in enumerate(now.strings, 1)
        for name in ("power", "voltage", "current")
    }


def _phases(now: Instant) -> dict[str, float]:
    return {
        f"grid.phases.L{number}.{name}": getattr(phase, name)
        for number, phase in enumerate(now.grid_phases, 1)
        for name in ("power", "voltage", "current")
    }


def _wallbox(now: Instant) -> dict[str, float]:
    box = now.wallbox
    if box is None:
        return {}
    true = {
        "wallboxes.1.power": box.power,
        "wallboxes.1.session_energy": box.session_energy,
        "wallboxes.1.current_limit": box.current_limit,
    }
    return true if box.car_soc is None else true | {"wallboxes.1.car_soc": box.car_soc}


def energies(plant: Plant, moment: datetime) -> dict[str, float]:
    """Give the true lifetime counters at ``moment`` in Wh, by the model's path."""
    total, house = plant.counters(moment), plant.house
    there = {
        "pv.energy": (house.strings, total.pv),
        "load.energy": (house.meter, total.load),
        "grid.import_energy": (house.meter, total.grid_import),
        "grid.export_energy": (house.meter, total.grid_export),
        "battery.charge_energy": (house.battery_capacity, total.charge),
        "battery.discharge_energy": (house.battery_capacity, total.discharge),
        "wallboxes.1.energy": (house.wallbox, total.wallbox),
    }
    return {path: energy for path, (part, energy) in there.items() if part}


def limits(plant: Plant, moment: datetime) -> dict[str, float]:
    """Give the limits in force at ``moment`` in W and %, by the model's path; an unlimited feed-in is not there."""
    house = plant.house
    orders = Orders.of(one for one in plant.overrides if one.holds(moment))
    true: dict[str, float] = {}
    if house.battery_capacity:
        true |= {
            "battery.limits.max_charge": min(house.max_charge, orders.max_charge),
            "battery.limits.max_discharge": min(house.max_discharge, orders.max_discharge),
            "battery.limits.reserve_soc": orders.reserve(house),
        }
    if house.feed_in_limit is not None:
        true["grid.feed_in_limit"] = house.feed_in_limit
        if house.strings:
            true["system.feed_in_limit_share"] = min(100.0 * house.feed_in_limit / house.peak_power, 100.0)
    return true


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
    """Give the short truth that ``heliobus simulate`` prints: pv, grid, battery, load and wallbox in W, soc in %."""
    names = {
        "pv": "pv.power",
        "grid": "grid.power",
        "battery": "battery.power",
        "load": "load.power",
        "soc": "battery.soc",
        "wallbox": "wallboxes.1.power",
    }
    true = powers(plant, moment)
    return {name: true[path] for name, path in names.items() if path in true}
