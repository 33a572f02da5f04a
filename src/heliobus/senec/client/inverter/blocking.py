"""The blocking twin of ``AsyncInverterClient``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from heliobus.senec.client.inverter.asynchronous import AsyncInverterClient
from heliobus.transport.blocking import BlockingClient, twin
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from heliobus.model.capabilities import Capabilities
    from heliobus.transport.clock import Clock


class InverterClient(BlockingClient[AsyncInverterClient]):
    """The blocking twin of ``AsyncInverterClient``: same names, same arguments, no ``await``.

    A ``session`` belongs to an event loop, so only ``AsyncInverterClient`` takes one.
    """

    def __init__(
        self,
        host: str,
        *,
        port: int | None = None,
        timeout: float = 10.0,
        session: None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(partial(AsyncInverterClient, host, port=port, timeout=timeout, clock=clock), session=session)

    @property
    def capabilities(self) -> Capabilities:
        """What ``AsyncInverterClient.capabilities`` tells."""
        return self._portal.look(lambda client: client.capabilities)

    identify = twin(AsyncInverterClient.identify)
    devices = twin(AsyncInverterClient.devices)
    read = twin(AsyncInverterClient.read)
    raw = twin(AsyncInverterClient.raw)
    execute = twin(AsyncInverterClient.execute)
    measurements = twin(AsyncInverterClient.measurements)
    versions = twin(AsyncInverterClient.versions)
    everything = twin(AsyncInverterClient.everything)
    yields = twin(AsyncInverterClient.yields)
