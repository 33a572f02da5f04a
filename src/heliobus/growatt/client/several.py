"""Many inverters of an account in as few questions as its route needs."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from heliobus.errors import Error, NotSupported, UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Mapping, Sequence
    from datetime import datetime

    from heliobus.growatt.client.route import Route
    from heliobus.growatt.models import Inverter, Reading
    from heliobus.transport.clock import Clock

T = TypeVar("T")

_log = logging.getLogger(__name__)

MOST = 100
"""Inverters of one question: as many as V4 takes; of V1 nobody says how many it takes."""


async def timed(asking: Awaitable[T], clock: Clock) -> tuple[T, datetime]:
    """An answer, and the moment in the middle between the question and it."""
    begin = clock.now()
    found = await asking
    return found, begin + (clock.now() - begin) / 2


@dataclass(slots=True)
class Round:
    """One round of questions about inverters: what came, by serial number, and why the rest did not."""

    route: Route
    clock: Clock
    detail: str
    readings: dict[str, tuple[Reading, datetime]] = field(default_factory=dict)
    failures: list[Error] = field(default_factory=list)

    async def ask(self, inverters: Sequence[Inverter]) -> None:
        """Ask about all; what fails loses nothing else."""
        for family, some in _groups(inverters):
            if len(some) == 1 or family not in self.route.bulks:
                await self._ask_each(some)
            else:
                await self._ask_about(family, some)

    async def _ask_about(self, family: str, inverters: Sequence[Inverter]) -> None:
        try:
            found, moment = await timed(self.route.bulks[family]([one.serial for one in inverters]), self.clock)
        except (NotSupported, UsageError):  # one of them is gone, or not as it should be: the others shall not miss it
            await self._ask_each(inverters)
        except Error as error:
            self._fail(error, *inverters)
        else:
            self._take(inverters, found, moment)

    def _take(self, inverters: Sequence[Inverter], found: Mapping[str, Reading], moment: datetime) -> None:
        for one in inverters:
            if one.serial in found:
                self.readings[one.serial] = found[one.serial], moment
            else:
                self._fail(
                    NotSupported(f"the server has no data of {one.serial}", remedy="A new device needs a day."), one
                )

    async def _ask_each(self, inverters: Sequence[Inverter]) -> None:
        for one in inverters:
            try:
                self.readings[one.serial] = await timed(self.route.poll(one, detail=self.detail), self.clock)
            except Error as error:
                self._fail(error, one)

    def _fail(self, error: Error, *inverters: Inverter) -> None:
        _log.info("without %s: %s", ", ".join(one.serial for one in inverters), error.what())
        self.failures.append(error)


def _groups(inverters: Sequence[Inverter]) -> Iterator[tuple[str, list[Inverter]]]:
    """Those of a family, as many as one question may be about."""
    for family, some in groupby(sorted(inverters, key=lambda one: one.family), key=lambda one: one.family):
        members = list(some)
        yield from ((family, members[start : start + MOST]) for start in range(0, len(members), MOST))
