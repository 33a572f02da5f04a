"""The blocking twin of the asynchronous client."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from heliobus.growatt.client.asynchronous import AsyncClient
from heliobus.growatt.client.twins import BlockingOAuth, BlockingShine, BlockingV1, BlockingV4
from heliobus.transport.blocking import BlockingClient, twin
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.model.capabilities import Capabilities
    from heliobus.transport.clock import Clock
    from heliobus.url import Secret


class Client(BlockingClient[AsyncClient]):
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
        battery_power: float | None = None,
        timezone: str | None = None,
        as_app: bool = False,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(
            partial(
                AsyncClient,
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
                battery_power=battery_power,
                timezone=timezone,
                as_app=as_app,
                clock=clock,
            ),
            session=session,
        )

    @property
    def capabilities(self) -> Capabilities:
        """What ``AsyncClient.capabilities`` tells."""
        return self._portal.look(lambda client: client.capabilities)

    @property
    def shine(self) -> BlockingShine:
        """The app's calls; UsageError where this client speaks another route."""
        return BlockingShine(self._portal)

    @property
    def v1(self) -> BlockingV1:
        """The calls of the OpenAPI V1; UsageError where this client speaks another route."""
        return BlockingV1(self._portal)

    @property
    def v4(self) -> BlockingV4:
        """The calls of the OpenAPI V4; UsageError where this client speaks another route."""
        return BlockingV4(self._portal)

    @property
    def oauth(self) -> BlockingOAuth:
        """The calls of the OAuth2 OpenAPI; UsageError where this client speaks another route."""
        return BlockingOAuth(self._portal)

    query = twin(AsyncClient.query)
    identify = twin(AsyncClient.identify)
    devices = twin(AsyncClient.devices)
    read = twin(AsyncClient.read)
    read_all = twin(AsyncClient.read_all)
    raw = twin(AsyncClient.raw)
    history = twin(AsyncClient.history)
    execute = twin(AsyncClient.execute)
    settings = twin(AsyncClient.settings)
    set = twin(AsyncClient.set)
    set_all = twin(AsyncClient.set_all)
    set_raw = twin(AsyncClient.set_raw)
    set_plant = twin(AsyncClient.set_plant)
