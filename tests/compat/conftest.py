"""Simulated systems on the event loop of the blocking clients: tests are plain functions, as old programs are."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from heliobus.compat import growattServer
from heliobus.compat.e3dc import E3DC
from heliobus.e3dc.simulator import E3dcSimulator
from heliobus.growatt.simulator import GrowattSimulator
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


class Growatt:
    """A simulated cloud, and programs that use its account."""

    def __init__(self, simulator: GrowattSimulator) -> None:
        self.simulator = simulator
        self.told = simulator.announcement()
        self.clock = simulator.cloud.clock

    @property
    def plant(self) -> str:
        return self.simulator.account.plant_id

    @property
    def logins(self) -> int:
        return len(self.simulator.account.logins)

    def api(self, **more: Any) -> growattServer.GrowattApi:
        api = growattServer.GrowattApi(clock=self.clock, **more)
        api.server_url = self.told["base_url"]
        return api

    def login(self, api: growattServer.GrowattApi, password: str | None = None) -> dict[str, Any]:
        return api.login(self.told["username"], password or self.told["password"])

    def logged_in(self, **more: Any) -> growattServer.GrowattApi:
        api = self.api(**more)
        assert self.login(api)["success"]
        return api

    def by_token(self) -> growattServer.OpenApiV1:
        api = growattServer.OpenApiV1(self.told["token"], clock=self.clock)
        api.server_url = self.told["base_url"]
        return api

    def pass_time(self, seconds: float) -> None:
        blocking.run(self.simulator.cloud.clock.advance(seconds))  # type: ignore[attr-defined]


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


@pytest.fixture
def house(start: Start) -> Growatt:
    return Growatt(start(GrowattSimulator, profile="mix"))


@pytest.fixture
def tlx(start: Start) -> Growatt:
    return Growatt(start(GrowattSimulator, profile="tlx"))
