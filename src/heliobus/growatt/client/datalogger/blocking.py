"""The listener without ``await``; it goes on listening in the background between the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.growatt.client.datalogger.listener import Listener
from heliobus.growatt.client.twins.made import Twin, twin
from heliobus.transport.blocking import BlockingClient

if TYPE_CHECKING:
    from heliobus.model.capabilities import Capabilities


class BlockingListener(BlockingClient[Listener], Twin):
    """The blocking twin of ``Listener``: same names, same arguments, no ``await``."""

    def __init__(self, host: str, **options: Any) -> None:
        def make() -> Listener:
            return Listener(host, **options)

        make()  # wrong arguments are told here, not at the first call
        super().__init__(make)

    @property
    def capabilities(self) -> Capabilities:
        async def known(client: Listener) -> Capabilities:
            return client.capabilities

        return self._portal.call(known)

    devices = twin(Listener.devices)
    read = twin(Listener.read)
    raw = twin(Listener.raw)
    history = twin(Listener.history)
    execute = twin(Listener.execute)
