"""Simulated appliances and a service that is configured for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heliobus.senec.simulator import SenecSimulator
from heliobus.service.config import Config, ControlConfig, RecorderConfig, SiteConfig, SystemConfig
from heliobus.simulation.plant import House, Plant
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.transport.clock import Clock

MORNING = datetime(2026, 6, 20, 6, 0, tzinfo=UTC)


def appliance(clock: Clock, *, seed: int = 7, **options: Any) -> SenecSimulator:
    """Give a SENEC in a house whose lifetime counters are quick to compute."""
    house = replace(House.draw(seed), commissioned=datetime(2026, 6, 1, tzinfo=UTC))
    return SenecSimulator(SimulationOptions(plant=Plant(seed, house=house), clock=clock, **options))


def config(folder: Path, *, interval: float = 10.0, **devices: SenecSimulator) -> Config:
    """Configure running appliances by name; the first one measures the grid."""
    return Config(
        sites=(SiteConfig(timezone="Europe/Berlin"),),
        systems=tuple(
            SystemConfig(
                name=name,
                url=DeviceURL.parse(device.announcement()["url"]),
                interval=interval,
                grid=number == 0 and len(devices) > 1,
            )
            for number, (name, device) in enumerate(devices.items())
        ),
        recorder=RecorderConfig(path=folder / "record.db"),
        control=ControlConfig(enabled=True),
    )
