"""The demo's houses: each behind its vendor's simulator on a real loopback socket, and the product on top.

Everything above the sockets is the product as it is; the injected clock is the only difference.
"""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig, WebConfig
from heliobus.service.supervisor import Service
from heliobus.simulation.clock import SimulatedClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.vendor import SimulationOptions, vendors

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Any

    from heliobus.vendor import Simulator

MORNING = time(5, 30)
RACE = 1800.0
"""How fast the morning passes, so that the day picture has something to show from the first minute."""
SPEED = 60.0
LONGEST = 30.0
"""Seconds between two polls at most: simulated clouds lock nobody out, and a check of seconds needs some polls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One neighbour: the simulated device, the vendor's name, also of its system and site, and s between two polls."""

    name: str
    interval: float
    plant: Plant
    simulator: Simulator


class Street:
    """Use it in an ``async with`` block; ``service`` then runs over the simulators in ``houses``.

    It begins at a summer noon, or with ``race`` at dawn with a morning that passes in seconds.
    """

    service: Service
    houses: tuple[House, ...]

    def __init__(self, folder: Path, *, seed: int = 1, speed: float | None = None, race: bool = False) -> None:
        self._folder = folder
        self._seed = seed
        self._speed = SPEED if speed is None else speed
        noon = summer_noon(Plant(seed))
        zone = ZoneInfo(Plant(seed).house.timezone)
        morning = datetime.combine(noon.astimezone(zone).date(), MORNING, zone)
        self.noon = noon
        self.clock = SimulatedClock(morning if race else noon, speed=RACE if race else self._speed)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with self._open as opened:
            self.houses = tuple([await self._build(name, opened) for name in vendors()])
            self.service = await opened.enter_async_context(Service(self._config(), clock=self.clock))
            self._open = opened.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    def settle(self) -> None:
        """Let time pass at the chosen speed once the morning is over."""
        if self.clock.speed != self._speed and self.clock.now() >= self.noon:
            self.clock.run_at(self._speed)

    async def _build(self, name: str, opened: AsyncExitStack) -> House:
        number = list(vendors()).index(name)
        plant = Plant(self._seed + number)
        vendor = vendors()[name]
        options = SimulationOptions(plant=plant, clock=self.clock, profile=vendor.demo_profile)
        simulator = await opened.enter_async_context(vendor.simulate(options))
        return House(name=name, interval=min(vendor.interval, LONGEST), plant=plant, simulator=simulator)

    def _config(self) -> Config:
        return Config(
            sites=tuple(
                SiteConfig(
                    name=f"Demo {house.name}",
                    timezone=house.plant.house.timezone,
                    latitude=house.plant.house.latitude,
                    longitude=house.plant.house.longitude,
                )
                for house in self.houses
            ),
            systems=tuple(self._system(house) for house in self.houses),
            # strict: at the speed of the morning a commit window would be hours
            recorder=RecorderConfig(path=self._folder / "heliobus.db", durability="strict"),
            web=WebConfig(bind="127.0.0.1:0"),
        )

    def _system(self, house: House) -> SystemConfig:
        told = house.simulator.announcement()
        return SystemConfig(
            name=house.name,
            url=told["url"],
            interval=house.interval,
            site=f"Demo {house.name}",
            password_file=self._secret(house.name, "password", told),
            key_file=self._secret(house.name, "key", told),
            token_file=self._secret(house.name, "token", told),
        )

    def _secret(self, name: str, word: str, told: dict[str, Any]) -> Path | None:
        if word not in told:
            return None
        path = self._folder / f"{name}.{word}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(told[word])
        return path
