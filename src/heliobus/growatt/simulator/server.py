"""The cloud on a real socket: the routes of all wires behind one address, as on the real hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from heliobus.errors import UsageError
from heliobus.growatt.simulator import oauth, shine, v1, v4
from heliobus.growatt.simulator import web as portal
from heliobus.growatt.simulator.cloud import SERIALS, Cloud
from heliobus.simulation.host import Host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from heliobus.growatt.simulator.account import CloudAccount
    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions

PROFILES = tuple(SERIALS)
_MOUNTED: tuple[Callable[[Cloud], list[web.RouteDef]], ...] = (
    v1.routes,
    v4.routes,
    oauth.routes,
    portal.routes,
    # The app's come last: they take what nobody else knows.
    shine.routes,
)


def _by_token(scheme: str) -> Callable[[Cloud, str], dict[str, Any]]:
    return lambda _, address: {"url": f"{scheme}://{address}?scheme=http"}


def _by_user(cloud: Cloud, address: str) -> dict[str, Any]:
    return {"url": f"growatt://{cloud.account.username}@{address}?scheme=http"}


def _by_application(cloud: Cloud, address: str) -> dict[str, Any]:
    own = oauth.state(cloud)
    return {"url": f"growatt+oauth://{own.client_id}@{address}?scheme=http", "password": own.client_secret}


WIRES: Mapping[str, Callable[[Cloud, str], dict[str, Any]]] = {
    "shine": _by_user,
    "v1": _by_token("growatt+v1"),
    "v4": _by_token("growatt+v4"),
    "oauth": _by_application,
}
"""What a wire's announcement says besides: at least its ``url``.  The first is the default."""


class GrowattSimulator:
    """Growatt's cloud with one account, whose plant is the house with an inverter of the profile's family.

    A profile as ``tlx+mix`` gives the plant an inverter for each name, with a house of its own, built alike; what is
    told here of one is the first's.

    It answers while entered.  Making one raises UsageError for an unknown wire, profile or fault, for replays, and for
    a time at which the house does not stand yet.
    """

    def __init__(self, options: SimulationOptions) -> None:
        self._wire = options.wire or next(iter(WIRES))
        if self._wire not in WIRES:
            raise UsageError(f"no simulated Growatt wire {options.wire!r}", remedy=f"Use one of: {', '.join(WIRES)}.")
        if options.replay is not None:
            raise UsageError("a simulated Growatt cloud cannot replay yet", remedy="Leave replay out.")
        self.cloud = Cloud(
            plant=options.plant, clock=options.clock, profile=options.profile or PROFILES[0], faults=options.faults
        )
        self._host = Host(self._app(), host=options.host, port=options.port)

    async def __aenter__(self) -> Self:
        await self._host.__aenter__()
        if "wrong-region" not in self.cloud.faults:
            self.cloud.region = self._address
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._host.__aexit__(kind, error, trace)

    @property
    def plant(self) -> Plant:
        """The house behind the inverter, of several the first's, with what it has been set to."""
        return self.cloud.plant

    @property
    def account(self) -> CloudAccount:
        """The account's sessions, logins and lock."""
        return self.cloud.account

    @property
    def serial(self) -> str:
        """The inverter's, of several the first's."""
        return self.cloud.serial

    @property
    def requests(self) -> list[str]:
        """The calls so far, by their names in the tables of the routes, or else their pages."""
        return self.cloud.requests

    @property
    def faults(self) -> tuple[str, ...]:
        """What goes wrong from now on, by the names of ``FAULTS``; a dead form ends all sessions when it is set."""
        return self.cloud.named

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        self.cloud.fail(names)

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, base_url, serial, username, password and token."""
        return {
            "vendor": "growatt",
            "host": self._host.host,
            "port": self._host.port,
            "base_url": self._host.base_url,
            "serial": self.cloud.serial,
            "username": self.cloud.account.username,
            "password": self.cloud.account.password,
            "token": self.cloud.token,
            **WIRES[self._wire](self.cloud, self._address),
        }

    @property
    def _address(self) -> str:
        return self._host.base_url.removeprefix("http://").rstrip("/")

    def _app(self) -> web.Application:
        app = web.Application()
        for routes in _MOUNTED:
            app.add_routes(routes(self.cloud))
        return app
