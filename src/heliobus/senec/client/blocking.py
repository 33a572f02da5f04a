"""The blocking twin of ``AsyncClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.senec.client.asynchronous import AsyncClient
from heliobus.senec.control import Paces
from heliobus.transport.blocking import BlockingClient, twin
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.tls import MemoryPins

if TYPE_CHECKING:
    from heliobus.model.capabilities import Capabilities
    from heliobus.model.event import Event
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
        kept = pins or MemoryPins()  # a client made anew, as after a fork, knows what this one knew
        paces = Paces()

        def make() -> AsyncClient:
            client = AsyncClient(host, scheme=scheme, port=port, timeout=timeout, pins=kept, clock=clock)
            client.paces = paces
            return client

        super().__init__(make, session=session)

    @property
    def capabilities(self) -> Capabilities:
        """What ``AsyncClient.capabilities`` tells."""
        return self._portal.look(lambda client: client.capabilities)

    @property
    def peer(self) -> Peer | None:
        """Who answered last; None before an answer."""
        return self._portal.look(lambda client: client.peer)

    def events(self) -> tuple[Event, ...]:
        """Take what happened since the last call (PEER_CHANGED); their ``system`` is empty."""
        return self._portal.look(lambda client: client.events())

    accept_certificate = twin(AsyncClient.accept_certificate)
    query = twin(AsyncClient.query)
    sections = twin(AsyncClient.sections)
    identify = twin(AsyncClient.identify)
    devices = twin(AsyncClient.devices)
    read = twin(AsyncClient.read)
    whole = twin(AsyncClient.whole)
    raw = twin(AsyncClient.raw)
    execute = twin(AsyncClient.execute)
    set_socket = twin(AsyncClient.set_socket)
    set_wallbox = twin(AsyncClient.set_wallbox)
    reboot = twin(AsyncClient.reboot)
    storage_mode = twin(AsyncClient.storage_mode)
    log_in = twin(AsyncClient.log_in)
    log_out = twin(AsyncClient.log_out)
