"""What goes wrong in the demo, by a script or by a visitor, and how long the product takes to be back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Self

from heliobus.errors import UsageError
from heliobus.model import fields
from heliobus.service.hub import Reading
from heliobus.simulation.faults import ROUTER_AWAY, Fault
from heliobus.web.demo import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from types import TracebackType

    from heliobus.cli.demo.street import Neighbour, Street
    from heliobus.model.snapshot import Snapshot
    from heliobus.simulation.faults import Mark

SEVEN = "seven"
"""The word for these: a day of what a real house meets."""
_EVERYWHERE = ("router-away@1h+20min", "clock-jump@13.5h+1h")
"""What that day brings to every house whose device knows it; each vendor adds its own (``Demo.day``)."""
_ANY = {ROUTER_AWAY: "The router is away"}
_INTERVALS, _LATENESS = 2, 5.0
_FLOWS = ("pv.power", "grid.power", "battery.power", "load.power")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fault that was to come to ``system``: when it truly was there, and when the first good sample after it came.

    ``recovered_s`` is in s after its end, None as long as there is none; it may take ``allowed_s``.
    """

    system: str
    name: str
    began: datetime | None = None
    ended: datetime | None = None
    recovered_s: float | None = None
    allowed_s: float

    @property
    def ok(self) -> bool:
        return self.recovered_s is not None and self.recovered_s <= self.allowed_s


def planned(texts: Iterable[str], street: Street) -> dict[str, list[Fault]]:
    """Read ``[SYSTEM:]NAME[@TIME][+DURATION]`` and ``seven``; gives the faults of each system by its name.

    Without a system it is for every one that knows it.  Raises UsageError.
    """
    found: dict[str, list[Fault]] = {house.name: [] for house in street.houses}
    for text in chain.from_iterable(_seven(street) if text == SEVEN else (text,) for text in texts):
        head, colon, rest = text.partition(":")
        name = head if colon and "@" not in head else None
        fault = Fault.parse(text if name is None else rest)
        if name not in {None, *found}:
            raise UsageError(f"no system {name!r} in the demo", remedy=f"Use one of: {', '.join(found)}.")
        able = [house for house in street.houses if name in {None, house.name} and _knows(house, fault, street)]
        if not able:
            raise UsageError(
                f"no fault {fault.name!r} of {name or 'any system'}",
                remedy="The names are those of heliobus simulate VENDOR --fault.",
            )
        for house in able:
            found[house.name].append(fault)
    return found


def _seven(street: Street) -> tuple[str, ...]:
    own = (f"{house.name}:{text}" for house in street.houses for text in house.vendor.demo.day)
    return (*_EVERYWHERE, *own)


def _titles(house: Neighbour, plan: Iterable[Fault]) -> dict[str, str]:
    """The switches on the page: what the vendor offers, and what was planned besides."""
    offered = {**_ANY, **house.vendor.demo.faults}
    return offered | {fault.name: fault.name for fault in plan if fault.name not in offered}


def _knows(house: Neighbour, fault: Fault, street: Street) -> bool:
    if fault.of_network:
        return True
    options = street.options(house.name, faults=(fault.name,))
    try:
        house.vendor.simulate(options)
    except UsageError:
        return False
    return True


class Troubles:
    """Lets faults come to a running street, and sees when the product is back; the ``Playground`` of its page.

    Use it in an ``async with`` block; ``play`` starts the script.  Making one raises UsageError.
    """

    def __init__(self, street: Street, texts: Iterable[str] = ()) -> None:
        self._street = street
        self._houses = {house.name: house for house in street.houses}
        self._plan = planned(texts, street)
        self._titles = {
            (system, fault): title
            for system in self._houses
            for fault, title in _titles(self._houses[system], self._plan[system]).items()
        }
        self._recovered: dict[int, float] = {}
        """By the mark's identity; the players keep the marks."""
        self._flows: dict[str, set[str]] = {name: set() for name in self._houses}
        self._tasks: list[asyncio.Task[None]] = []
        self._heard = street.service.hub.subscribe(keep="all")

    async def __aenter__(self) -> Self:
        self._tasks.append(asyncio.create_task(self._watch(), name="watching recoveries"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._heard.close()
        for task in self._tasks:
            task.cancel()
        for outcome in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(outcome, Exception) and error is None:
                raise outcome

    def play(self) -> None:
        """Start the script now."""
        for name, faults in self._plan.items():
            if faults:
                self._tasks.append(asyncio.create_task(self._houses[name].player.run(faults), name=f"faults of {name}"))

    def cases(self) -> tuple[Case, ...]:
        """Give what there was, in the order of time, and after it what was planned and did not come."""
        there = [self._case(house, mark) for house in self._houses.values() for mark in house.player.marks]
        came = {(case.system, case.name) for case in there}
        missing = [
            Case(system=name, name=fault.name, allowed_s=_allowed(self._houses[name]))
            for name, faults in self._plan.items()
            for fault in faults
            if (name, fault.name) not in came
        ]
        return (*sorted(there, key=lambda case: case.began or self._street.noon), *missing)

    def _case(self, house: Neighbour, mark: Mark) -> Case:
        return Case(
            system=house.name,
            name=mark.name,
            began=mark.began,
            ended=mark.ended,
            recovered_s=self._recovered.get(id(mark)),
            allowed_s=_allowed(house),
        )

    # -- the page

    @property
    def speed(self) -> float:
        return self._street.clock.speed

    def faults(self) -> tuple[Trouble, ...]:
        return tuple(self._trouble(system, fault, title) for (system, fault), title in self._titles.items())

    async def begin(self, name: str) -> None:
        house, fault = self._found(name)
        if fault not in house.player.active:
            await house.player.begin(fault)

    async def end(self, name: str) -> None:
        house, fault = self._found(name)
        for mark in house.player.marks:
            if mark.name == fault:
                await house.player.end(mark)

    def _found(self, name: str) -> tuple[Neighbour, str]:
        for system, fault in self._titles:
            if name == _joined(system, fault):
                return self._houses[system], fault
        known = ", ".join(_joined(*one) for one in self._titles)
        raise UsageError(f"the demo has no fault {name!r}", remedy=f"Use one of: {known}.")

    def _trouble(self, system: str, fault: str, title: str) -> Trouble:
        marks = [mark for mark in self._houses[system].player.marks if mark.name == fault]
        last = marks[-1] if marks else None
        active = last is not None and last.ended is None
        return Trouble(
            name=_joined(system, fault),
            system=system,
            title=title,
            active=active,
            since=last.began if last is not None and active else None,
            recovered_s=None if last is None else self._recovered.get(id(last)),
        )

    # -- recovery

    async def _watch(self) -> None:
        async for item in self._heard:
            if isinstance(item, Reading) and item.snapshot is not None and self._is_good(item.system, item.snapshot):
                for mark in self._houses[item.system].player.marks:
                    if mark.ended is not None and item.at > mark.ended and id(mark) not in self._recovered:
                        self._recovered[id(mark)] = (item.at - mark.ended).total_seconds()

    def _is_good(self, system: str, snapshot: Snapshot) -> bool:
        """Whether every flow that the system ever told is there."""
        told = {path for path in _FLOWS if fields.get(snapshot, path) is not None}
        self._flows[system] |= told
        return told == self._flows[system]


def _joined(system: str, fault: str) -> str:
    return f"{system}:{fault}"


def _allowed(house: Neighbour) -> float:
    """Seconds that the product may take to be back (design: RELIABILITY R2)."""
    return _INTERVALS * house.interval + _LATENESS
