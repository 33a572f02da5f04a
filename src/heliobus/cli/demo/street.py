"""The demo's houses: each behind its vendor's simulator on a real loopback socket, and the product on top.

Everything above the sockets is the product as it is; the injected clock is the only difference.  Between the two a
proxy lets the network fail.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from heliobus.service.config import Config, ControlConfig, RecorderConfig, SiteConfig, SystemConfig, WebConfig
from heliobus.service.supervisor import Service
from heliobus.simulation import House
from heliobus.simulation.chaos import Chaos, ThroughChaos
from heliobus.simulation.clock import PatientClock
from heliobus.simulation.faults import Player
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.vendor import SimulationOptions, vendors

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Any

    from heliobus.vendor import Demo, Simulator, Vendor, Wire

_LOG = logging.getLogger(__name__)

MORNING = time(5, 30)
RACE = 1800.0
"""How fast the morning passes, so that the day picture has something to show from the first minute."""
SPEED = 60.0
SHORTEST, POLLS = 10.0, 12
"""A check needs so many polls: where it is too short for that, slow systems are polled faster, down to 10 s."""
MOST_A_SECOND = 72.0
"""Polls of one system in a real second that a machine has time for; a faster street is polled less often."""
COARSEST = 30.0
"""... but not less often than that: what happens between two samples nobody sees, and a check would tell it."""
_STREET = "Birkenweg"
_FIRST_ANSWER_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One house and its system, which is called as its vendor; ``interval`` in s between two polls."""

    name: str
    site: str
    vendor: Vendor
    wire: Wire
    interval: float
    simulator: Simulator
    player: Player

    @property
    def plant(self) -> Plant:
        """The house with the commands that its device has obeyed."""
        return self.simulator.plant

    @property
    def address(self) -> str:
        told = self.simulator.announcement()
        return f"{told['host']}:{told['port']}"


class Street:
    """Use it in an ``async with`` block; ``service`` then runs over the simulators in ``houses``.

    It begins at a summer noon, or with ``race`` at dawn with a morning that passes in seconds.  Time waits for the
    product.  ``lasting`` makes it for a check of so much of the houses' time: slow systems are polled often enough.
    ``coarsest``: the longest time in s between two polls that a high speed may lead to.
    """

    service: Service
    houses: tuple[Neighbour, ...]

    def __init__(
        self,
        folder: Path,
        *,
        seed: int = 1,
        speed: float = SPEED,
        race: bool = False,
        lasting: timedelta | None = None,
        coarsest: float = COARSEST,
    ) -> None:
        self._folder = folder
        self._coarsest = coarsest
        self.speed = speed
        self._lasting = lasting
        self._plants = {
            vendor.name: Plant(seed + number, house=_house(vendor.demo, seed + number))
            for number, vendor in enumerate(_in_order(), 1)
        }
        # Noon is that of the house with the car, if there is one.
        houses = sorted(self._plants, key=lambda name: not vendors()[name].demo.car)
        first = self._plants[houses[0]]
        self.noon = summer_noon(first)
        zone = ZoneInfo(first.house.timezone)
        morning = datetime.combine(self.noon.astimezone(zone).date(), MORNING, zone)
        # In a check deadlines of this machine's time have to mean what they say; a visitor need not see them.
        at_work = SPEED if lasting is None else 1.0
        self.clock = PatientClock(morning if race else self.noon, speed=min(speed, at_work), at_work=at_work)
        self._at_first = RACE if race else speed
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with self._open as opened:
            self.houses = tuple([await self._settle(name, opened) for name in self._plants])
            self.service = await opened.enter_async_context(Service(self._config(), clock=self.clock))
            self._open = opened.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def first_answers(self) -> None:
        """Wait until every system was asked once, and let time pass at its speed from then on."""
        async with self.service.hub.subscribe(keep="all") as heard:
            waiting = {one.name for one in self.service.systems() if one.polls == 0}
            try:
                async with asyncio.timeout(_FIRST_ANSWER_S):
                    while waiting:
                        waiting.discard((await anext(heard)).system)
            except TimeoutError:
                _LOG.warning("no first answer of %s within %g s", ", ".join(waiting), _FIRST_ANSWER_S)
        self.clock.run_at(self._at_first)

    def settle(self) -> None:
        """Let time pass at the chosen speed once the morning is over."""
        if self.clock.speed != self.speed and self.clock.now() >= self.noon:
            self.clock.run_at(self.speed)

    def options(self, name: str, *, faults: tuple[str, ...] = ()) -> SimulationOptions:
        """Give what the device of this name is made of."""
        demo = vendors()[name].demo
        return SimulationOptions(
            plant=self._plants[name], clock=self.clock, wire=demo.wire, profile=demo.profile, faults=faults
        )

    async def _settle(self, name: str, opened: AsyncExitStack) -> Neighbour:
        vendor = vendors()[name]
        device, proxy = vendor.simulate(self.options(name)), Chaos()
        reached = await opened.enter_async_context(ThroughChaos(device, proxy))
        wire = next(one for one in vendor.wires if vendor.demo.wire in {None, one.name})
        return Neighbour(
            name=name,
            site=f"{_STREET} {list(self._plants).index(name) + 1}",
            vendor=vendor,
            wire=wire,
            interval=self._interval(wire.interval or vendor.interval),
            simulator=reached,
            player=Player(device, clock=self.clock, proxy=proxy),
        )

    def _interval(self, pace: float) -> float:
        if self._lasting is not None:
            pace = min(pace, max(self._lasting.total_seconds() / POLLS, SHORTEST))
        return max(pace, min(self.speed / MOST_A_SECOND, self._coarsest))

    def _config(self) -> Config:
        return Config(
            sites=tuple(self._site(house) for house in self.houses),
            systems=tuple(self._system(house) for house in self.houses),
            # At the speed of the morning a commit window would be hours to who looks; a check is read at its end.
            recorder=RecorderConfig(
                path=self._folder / "heliobus.db", durability="strict" if self._lasting is None else "normal"
            ),
            web=WebConfig(bind="127.0.0.1:0"),
            control=ControlConfig(enabled=True),
        )

    def _site(self, house: Neighbour) -> SiteConfig:
        place = house.plant.house
        return SiteConfig(name=house.site, timezone=place.timezone, latitude=place.latitude, longitude=place.longitude)

    def _system(self, house: Neighbour) -> SystemConfig:
        told = house.simulator.announcement()
        return SystemConfig(
            name=house.name,
            url=told["url"],
            interval=house.interval,
            site=house.site,
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


def _in_order() -> list[Vendor]:
    """The street: by their numbers, then who has none."""
    return sorted(vendors().values(), key=lambda vendor: (vendor.demo.number is None, vendor.demo.number, vendor.name))


def _house(demo: Demo, seed: int) -> House:
    house = House.draw(seed, whole=demo.whole)
    return house if demo.car else replace(house, wallbox=None)
