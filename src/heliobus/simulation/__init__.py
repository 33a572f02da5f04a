"""The simulated world: one house as a pure function of (seed, time), clocks to look at it, sockets to show it."""

from __future__ import annotations

from heliobus.simulation.plant import (
    Energy,
    House,
    Instant,
    Override,
    PhaseState,
    Plant,
    String,
    StringState,
    summer_noon,
)

__all__ = ["Energy", "House", "Instant", "Override", "PhaseState", "Plant", "String", "StringState", "summer_noon"]
