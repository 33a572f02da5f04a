"""Simulated systems on the event loop of the blocking clients: tests are plain functions, as old programs are."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from heliobus.compat.e3dc import E3DC
from heliobus.e3dc.simulator import E3dcSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import House, Plant
from heliobus.transport import blocking
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    class Start(Protocol):
        def __call__(self, make: Callable[[SimulationOptions], Any] = ..., **options: Any) -> Any: ...


NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
PLANT = Plant(7, house=replace(House.draw(7), commissioned=datetime(2026, 3, 1, tzinfo=UTC)))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def start(clock: ManualClock) -> Iterator[Start]:
    """Give ``start(make, profile=...)``, which gives the simulator; all of them end with the test."""
    with ExitStack() as running:

        def starting(make: Callable[[SimulationOptions], Any] = E3dcSimulator, **options: Any) -> Any:
            simulator = make(SimulationOptions(plant=PLANT, clock=clock, **options))
            blocking.run(simulator.__aenter__())
            running.callback(lambda: blocking.run(simulator.__aexit__(None, None, None)))
            return simulator

        yield starting


def local(simulator: E3dcSimulator, **others: Any) -> E3DC:
    """A client of the simulated system."""
    return E3DC(E3DC.CONNECT_LOCAL, **(access(simulator) | {"clock": simulator.device.clock} | others))


def access(simulator: E3dcSimulator) -> dict[str, Any]:
    """What our client and pye3dc's need to reach the simulated system."""
    told = simulator.announcement()
    return {"ipAddress": told["host"], **{name: told[name] for name in ("username", "password", "key", "port")}}
