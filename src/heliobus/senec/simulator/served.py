"""What the simulated ways to a SENEC have in common besides the appliance's own: a socket, a house and named faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from heliobus.errors import UsageError
from heliobus.senec.simulator.profiles import profile_of
from heliobus.simulation.host import Host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from aiohttp import web

    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions


class Served:
    """Serves ``app`` while entered; ``table`` has its faults by name.

    Making one raises UsageError for an unknown profile or fault, for replays, and for a time at which the house does
    not stand yet.
    """

    def __init__(self, options: SimulationOptions, app: web.Application, *, table: Mapping[str, str]) -> None:
        if options.replay is not None:
            raise UsageError(
                "a simulated SENEC answers from recordings over http and https only",
                remedy="Leave replay out, or choose the wire http.",
            )
        profile_of(options.profile)
        options.plant.at(options.clock.now())
        self._plant = options.plant
        self._clock = options.clock
        self._table = table
        self.faults = options.faults
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
        """The house behind it."""
        return self._plant

    @property
    def faults(self) -> tuple[str, ...]:
        """What goes wrong from now on, by name; setting it raises UsageError for others."""
        return self._faults

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        names = tuple(names)
        if unknown := sorted(set(names) - self._table.keys()):
            raise UsageError(f"no such fault {unknown[0]!r}", remedy=f"Use one of: {', '.join(self._table)}.")
        self._faults = names

    @property
    def place(self) -> str:
        """Its host and port, as they stand in a URL."""
        return self._host.base_url.removeprefix("http://").rstrip("/")
