"""The blocking twin of ``AsyncConnectClient``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from heliobus.senec.client.connect.asynchronous import AsyncConnectClient
from heliobus.transport.blocking import BlockingClient, twin
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.model.capabilities import Capabilities
    from heliobus.transport.clock import Clock
    from heliobus.url import Secret


class ConnectClient(BlockingClient[AsyncConnectClient]):
    """The blocking twin of ``AsyncConnectClient``: same names, same arguments, no ``await``.

    A ``session`` belongs to an event loop, so only ``AsyncConnectClient`` takes one.
    """

    def __init__(
        self,
        *,
        key: str | Secret | None,
        server: str | None = None,
        scheme: str = "https",
        system: str | None = None,
        timeout: float = 30.0,
        session: None = None,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(
            partial(
                AsyncConnectClient,
                key=key,
                server=server,
                scheme=scheme,
                system=system,
                timeout=timeout,
                state=state,
                clock=clock,
            ),
            session=session,
        )

    @property
    def capabilities(self) -> Capabilities:
        """What ``AsyncConnectClient.capabilities`` tells."""
        return self._portal.look(lambda client: client.capabilities)

    usage = twin(AsyncConnectClient.usage)
    systems = twin(AsyncConnectClient.systems)
    identify = twin(AsyncConnectClient.identify)
    devices = twin(AsyncConnectClient.devices)
    read = twin(AsyncConnectClient.read)
    raw = twin(AsyncConnectClient.raw)
    execute = twin(AsyncConnectClient.execute)
