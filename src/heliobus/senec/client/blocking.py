"""The blocking twin of ``AsyncClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.senec.client.asynchronous import AsyncClient
from heliobus.transport.blocking import BlockingClient
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.tls import MemoryPins

if TYPE_CHECKING:
    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.event import Event
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.models import Reading
    from heliobus.senec.protocol import Answer, Request
    from heliobus.transport.clock import Clock
    from heliobus.transport.tls import Peer, Pins


class Client(BlockingClient[AsyncClient]):
    """The blocking twin of ``AsyncClient``: same names, same arguments, no ``await``.

    It works in scripts, threads and notebooks.  A ``session`` belongs to an event loop, so only ``AsyncClient`` takes
    one.
    """

    def __init__(
        self,
        host: str,
        *,
        scheme: str = "auto",
        port: int | None = None,
        timeout: float = 10.0,
        session: None = None,
        pins: Pins | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if session is not None:
            raise UsageError("a blocking client cannot use a session", remedy="Use AsyncClient, or leave it out.")

        kept = pins or MemoryPins()  # a client made anew, as after a fork, knows what this one knew

        def make() -> AsyncClient:
            return AsyncClient(host, scheme=scheme, port=port, timeout=timeout, pins=kept, clock=clock)

        make()  # wrong arguments are told here, not at the first call
        super().__init__(make)

    @property
    def capabilities(self) -> Capabilities:
        async def known(client: AsyncClient) -> Capabilities:
            return client.capabilities

        return self._portal.call(known)

    @property
    def peer(self) -> Peer | None:
        async def known(client: AsyncClient) -> Peer | None:
            return client.peer

        return self._portal.call(known)

    def accept_certificate(self, peer: Peer) -> None:
        self._portal.call(lambda client: client.accept_certificate(peer))

    def events(self) -> tuple[Event, ...]:
        async def taken(client: AsyncClient) -> tuple[Event, ...]:
            return client.events()

        return self._portal.call(taken)

    def query(self, request: Request) -> Answer:
        return self._portal.call(lambda client: client.query(request))

    def sections(self) -> tuple[str, ...]:
        return self._portal.call(lambda client: client.sections())

    def identify(self) -> Device:
        return self._portal.call(lambda client: client.identify())

    def devices(self) -> tuple[Device, ...]:
        return self._portal.call(lambda client: client.devices())

    def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        return self._portal.call(lambda client: client.read(device, detail=detail))

    def whole(self) -> Reading:
        return self._portal.call(lambda client: client.whole())

    def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        return self._portal.call(lambda client: client.raw(device, detail=detail))

    def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        return self._portal.call(lambda client: client.execute(command, device=device, dry_run=dry_run))


_TWINS = (
    *("capabilities", "peer", "accept_certificate", "events"),
    *("query", "sections", "identify", "devices", "read", "whole", "raw", "execute"),
)
for _name in _TWINS:
    vars(Client)[_name].__doc__ = vars(AsyncClient)[_name].__doc__
