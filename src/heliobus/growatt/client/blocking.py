"""The blocking twin of the asynchronous client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.errors import UsageError
from heliobus.growatt.client.asynchronous import AsyncClient
from heliobus.growatt.client.calls.shine import ShineCalls
from heliobus.growatt.client.twins import Twin, twin
from heliobus.transport.blocking import BlockingClient, Portal
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.model.capabilities import Capabilities
    from heliobus.transport.clock import Clock
    from heliobus.url import Secret


class Client(BlockingClient[AsyncClient], Twin):
    """The blocking twin of ``AsyncClient``: same names, same arguments, no ``await``.

    A ``session`` belongs to an event loop, so only ``AsyncClient`` takes one.
    """

    def __init__(
        self,
        *,
        username: str | None = None,
        password: str | Secret | None = None,
        token: str | Secret | None = None,
        client_id: str | None = None,
        client_secret: str | Secret | None = None,
        route: str | None = None,
        server: str | None = None,
        plant: str | None = None,
        scheme: str = "https",
        timeout: float = 30.0,
        session: None = None,
        user_agent: str | None = None,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if session is not None:
            raise UsageError("a blocking client cannot use a session", remedy="Use AsyncClient, or leave it out.")

        def make() -> AsyncClient:
            return AsyncClient(
                username=username,
                password=password,
                token=token,
                client_id=client_id,
                client_secret=client_secret,
                route=route,
                server=server,
                plant=plant,
                scheme=scheme,
                timeout=timeout,
                user_agent=user_agent,
                state=state,
                clock=clock,
            )

        make()  # wrong arguments are told here, not at the first call
        super().__init__(make)

    @property
    def capabilities(self) -> Capabilities:
        """What ``AsyncClient.capabilities`` tells."""

        async def known(client: AsyncClient) -> Capabilities:
            return client.capabilities

        return self._portal.call(known)

    @property
    def shine(self) -> BlockingShine:
        """The app's calls; UsageError where this client speaks another route."""
        return BlockingShine(self._portal)

    query = twin(AsyncClient.query)
    identify = twin(AsyncClient.identify)
    devices = twin(AsyncClient.devices)
    read = twin(AsyncClient.read)
    raw = twin(AsyncClient.raw)
    execute = twin(AsyncClient.execute)


class BlockingCalls(Twin):
    """A route's calls on the portal of a client."""

    def __init__(self, portal: Portal[AsyncClient]) -> None:
        self._portal = portal


class BlockingShine(BlockingCalls):
    """``ShineCalls`` without ``await``."""

    _part = "shine"

    query = twin(ShineCalls.query)
    plants = twin(ShineCalls.plants)
    plant_devices = twin(ShineCalls.plant_devices)
    plant_settings = twin(ShineCalls.plant_settings)
    plant_energies = twin(ShineCalls.plant_energies)
    plant_history = twin(ShineCalls.plant_history)
    mix_status = twin(ShineCalls.mix_status)
    mix_totals = twin(ShineCalls.mix_totals)
    mix_info = twin(ShineCalls.mix_info)
    mix_energy = twin(ShineCalls.mix_energy)
    tlx_detail = twin(ShineCalls.tlx_detail)
    tlx_status = twin(ShineCalls.tlx_status)
    tlx_totals = twin(ShineCalls.tlx_totals)
    storage_params = twin(ShineCalls.storage_params)
    storage_totals = twin(ShineCalls.storage_totals)
