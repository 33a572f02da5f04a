"""The blocking twin of ``AsyncPortalClient``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from heliobus.senec.client.portal.asynchronous import AsyncPortalClient
from heliobus.transport.blocking import BlockingClient, twin
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.model.capabilities import Capabilities
    from heliobus.transport.clock import Clock
    from heliobus.url import Secret


class PortalClient(BlockingClient[AsyncPortalClient]):
    """The blocking twin of ``AsyncPortalClient``: same names, same arguments, no ``await``."""

    def __init__(
        self,
        *,
        username: str,
        password: str | Secret | None,
        totp: str | Secret | None = None,
        server: str | None = None,
        scheme: str = "https",
        system: str | None = None,
        timeout: float = 30.0,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(
            partial(
                AsyncPortalClient,
                username=username,
                password=password,
                totp=totp,
                server=server,
                scheme=scheme,
                system=system,
                timeout=timeout,
                state=state,
                clock=clock,
            )
        )

    @property
    def capabilities(self) -> Capabilities:
        """What ``AsyncPortalClient.capabilities`` tells."""
        return self._portal.look(lambda client: client.capabilities)

    identify = twin(AsyncPortalClient.identify)
    devices = twin(AsyncPortalClient.devices)
    read = twin(AsyncPortalClient.read)
    raw = twin(AsyncPortalClient.raw)
    history = twin(AsyncPortalClient.history)
    execute = twin(AsyncPortalClient.execute)
    set_peak_shaving = twin(AsyncPortalClient.set_peak_shaving)
    set_sg_ready = twin(AsyncPortalClient.set_sg_ready)
    set_socket = twin(AsyncPortalClient.set_socket)
    query = twin(AsyncPortalClient.query)
    customer = twin(AsyncPortalClient.customer)
    plant_list = twin(AsyncPortalClient.plant_list)
    navigation = twin(AsyncPortalClient.navigation)
    overview = twin(AsyncPortalClient.overview)
    measurements = twin(AsyncPortalClient.measurements)
    autarky = twin(AsyncPortalClient.autarky)
    accu_state = twin(AsyncPortalClient.accu_state)
    reserve = twin(AsyncPortalClient.reserve)
    peak_shaving = twin(AsyncPortalClient.peak_shaving)
    sg_ready_state = twin(AsyncPortalClient.sg_ready_state)
    sg_ready = twin(AsyncPortalClient.sg_ready)
    sockets = twin(AsyncPortalClient.sockets)
    weeks = twin(AsyncPortalClient.weeks)
    week = twin(AsyncPortalClient.week)
    documents = twin(AsyncPortalClient.documents)
    document = twin(AsyncPortalClient.document)
