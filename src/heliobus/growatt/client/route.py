"""What the client of an account asks of a way to its data, and which ways there are."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import aiohttp

    from heliobus.growatt.models import DaySample, Inverter, PlantInfo, Reading, SpanSample
    from heliobus.growatt.protocol import Json
    from heliobus.transport.clock import Clock
    from heliobus.url import Secret

    Bulk: TypeAlias = Callable[[Sequence[str]], Awaitable[Mapping[str, Reading]]]

ROUTES: Mapping[str, str] = MappingProxyType(
    {
        "shine": "heliobus.growatt.client.routes.shine",
        "v1": "heliobus.growatt.client.routes.v1",
        "v4": "heliobus.growatt.client.routes.v4",
        "oauth": "heliobus.growatt.client.routes.oauth",
    }
)
"""The modules of the routes, by the name that ``AsyncClient(route=...)`` takes; each has ``connect(access)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What it takes to reach an account; each route takes its part and raises UsageError for what it lacks."""

    username: str | None
    password: Secret | None
    token: Secret | None
    client_id: str | None
    client_secret: Secret | None
    server: str | None
    plant: str | None
    """The only plant that counts, by its id."""
    scheme: str
    timeout: float
    session: aiohttp.ClientSession | None
    user_agent: str | None
    """None: the route's own."""
    state: Path | None
    as_app: bool
    """Whether to log in as the app does now, which some accounts of a NOAH or NEXA need."""
    clock: Clock


class Route(Protocol):
    """One way to an account's data; raises only errors of ``heliobus.errors``.  Making one does no I/O."""

    @property
    def name(self) -> str:
        """Its name in ``ROUTES``; ``Snapshot.source`` is ``growatt/`` and it."""
        ...

    @property
    def calls(self) -> object:
        """The endpoints as typed calls."""
        ...

    @property
    def bulks(self) -> Mapping[str, Bulk]:
        """How several inverters, by their serial numbers, are asked about at once, for the families of which they can.

        Those that the server has no data of are missing in the answer.
        """
        ...

    async def close(self) -> None:
        """End the connection; a later call opens it again."""
        ...

    async def query(self, name: str, /, **parameters: str) -> Any:
        """The bare content of the answer to one call of the route's table."""
        ...

    async def discover(self) -> tuple[tuple[PlantInfo, ...], tuple[Inverter, ...]]:
        """Ask for the account's plants, or the one of ``Access.plant``, and their inverters."""
        ...

    async def poll(self, inverter: Inverter, *, detail: str) -> Reading:
        """Ask for what a snapshot is made of; NotSupported for a family that has none."""
        ...

    async def settings(self, inverter: Inverter) -> Mapping[str, Json]:
        """The current settings by the server's names, flat."""
        ...

    async def write(self, inverter: Inverter, setting: str, parameters: Sequence[str]) -> None:
        """Write one setting; whether the inverter has it, only a later look at ``settings`` tells."""
        ...

    async def day(self, inverter: Inverter, day: date) -> tuple[DaySample, ...]:
        """A plant day's curve; NotSupported where there is none."""
        ...

    async def spans(self, inverter: Inverter, resolution: str, day: date) -> tuple[SpanSample, ...]:
        """The energies by ``day`` of its month, by ``month`` of its year, or by ``year`` of all; else NotSupported."""
        ...


def connect(name: str, access: Access) -> Route:
    """The route of this name; UsageError when there is none, or when ``access`` does not do for it."""
    if name not in ROUTES:
        raise UsageError(f"no Growatt route {name!r}", remedy=f"Use one of: {', '.join(ROUTES)}.")
    made: Route = import_module(ROUTES[name]).connect(access)
    return made
