"""The listener without ``await``; it goes on listening in the background between the calls."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from heliobus.growatt.client.datalogger.listener import Listener
from heliobus.transport.blocking import BlockingClient, twin

if TYPE_CHECKING:
    from heliobus.model.capabilities import Capabilities


class BlockingListener(BlockingClient[Listener]):
    """The blocking twin of ``Listener``: same names, same arguments, no ``await``."""

    def __init__(self, host: str, **options: Any) -> None:
        super().__init__(partial(Listener, host, **options))

    @property
    def capabilities(self) -> Capabilities:
        return self._portal.look(lambda client: client.capabilities)

    devices = twin(Listener.devices)
    read = twin(Listener.read)
    raw = twin(Listener.raw)
    history = twin(Listener.history)
    execute = twin(Listener.execute)
