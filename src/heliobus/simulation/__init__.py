"""The simulated world: one house as a pure function of (seed, time), clocks to look at it, sockets to show it."""

from __future__ import annotations

from heliobus.simulation.plant import (
    Care,
    Charging,
    Energy,
    House,
    Instant,
    Override,
    PhaseState,
    Plant,
    Price,
    String,
    StringState,
    Tariff,
    Wallbox,
    WallboxState,
    summer_noon,
)

__all__ = [
    "Care",
    "Charging",
    "Energy",
    "House",
    "Instant",
    "Override",
    "PhaseState",
    "Plant",
    "Price",
    "String",
    "StringState",
    "Tariff",
    "Wallbox",
    "WallboxState",
    "summer_noon",
]
