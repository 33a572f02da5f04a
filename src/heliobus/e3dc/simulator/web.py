"""What both generations of the portal share: a simulated system behind a web server."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self

from aiohttp import web

from heliobus.e3dc.simulator.device import Device
from heliobus.e3dc.simulator.equipment import equipment_of
from heliobus.e3dc.simulator.faults import FAULTS, faults_of
from heliobus.errors import UsageError
from heliobus.simulation.host import Host

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Any

    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions


class WebSimulator(ABC):
    """A system that answers through the vendor's portal.

    It answers while entered; entering raises UsageError when the port cannot be had.  Making one raises UsageError for
    an unknown profile or fault, for a recording, and for a time at which the house does not stand yet.
    """

    own_faults: ClassVar[frozenset[str]] = frozenset()
    """What can go wrong in the portal itself, besides the device's ``FAULTS``; cuts of a stream do nothing here."""

    def __init__(self, options: SimulationOptions) -> None:
        if options.replay is not None:
            raise UsageError("a simulated E3/DC system does not answer from recordings", remedy="Leave --replay out.")
        self.clock = options.clock
        self.device = Device(options.plant, options.clock, equipment_of(options.profile))
        options.plant.at(options.clock.now())
        self.faults = options.faults
        app = web.Application()
        self._route(app.router)
        self._host = Host(app, host=options.host, port=options.port)

    async def __aenter__(self) -> Self:
        await self._host.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._host.__aexit__(kind, error, trace)

    @property
    def plant(self) -> Plant:
        """The house with the commands that the device has obeyed."""
        return self.device.plant

    @property
    def faults(self) -> tuple[str, ...]:
        """What goes wrong from now on, by name; setting it raises UsageError for others."""
        return self._faults

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        names = tuple(names)
        if unknown := sorted(set(names) - self.own_faults - FAULTS.keys()):
            known = ", ".join((*FAULTS, *sorted(self.own_faults)))
            raise UsageError(f"no E3/DC fault {unknown[0]!r}", remedy=f"Use one of: {known}.")
        self.device.faults = faults_of(set(names) - self.own_faults)
        self._faults = names

    @abstractmethod
    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it."""

    @abstractmethod
    def _route(self, router: web.UrlDispatcher) -> None:
        """Say what stands at which path."""
