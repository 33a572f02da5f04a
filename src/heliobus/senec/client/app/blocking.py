"""The blocking twin of ``AsyncAppClient``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from heliobus.senec.client.app.asynchronous import AsyncAppClient
from heliobus.transport.blocking import BlockingClient, twin
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.model.capabilities import Capabilities
    from heliobus.transport.clock import Clock
    from heliobus.url import Secret


class AppClient(BlockingClient[AsyncAppClient]):
    """The blocking twin of ``AsyncAppClient``: same names, same arguments, no ``await``.

    A ``session`` belongs to an event loop, so only ``AsyncAppClient`` takes one.
    """

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
        session: None = None,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(
            partial(
                AsyncAppClient,
                username=username,
                password=password,
                totp=totp,
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
        """What ``AsyncAppClient.capabilities`` tells."""
        return self._portal.look(lambda client: client.capabilities)

    identify = twin(AsyncAppClient.identify)
    devices = twin(AsyncAppClient.devices)
    read = twin(AsyncAppClient.read)
    raw = twin(AsyncAppClient.raw)
    history = twin(AsyncAppClient.history)
    execute = twin(AsyncAppClient.execute)
    lock_wallbox = twin(AsyncAppClient.lock_wallbox)
    set_wallbox_mode = twin(AsyncAppClient.set_wallbox_mode)
    set_fast_charge = twin(AsyncAppClient.set_fast_charge)
    set_solar_charge = twin(AsyncAppClient.set_solar_charge)
    query = twin(AsyncAppClient.query)
    systems = twin(AsyncAppClient.systems)
    details = twin(AsyncAppClient.details)
    status = twin(AsyncAppClient.status)
    online_state = twin(AsyncAppClient.online_state)
    forecast_charging = twin(AsyncAppClient.forecast_charging)
    abilities = twin(AsyncAppClient.abilities)
    dashboard = twin(AsyncAppClient.dashboard)
    timespan = twin(AsyncAppClient.timespan)
    measurements = twin(AsyncAppClient.measurements)
    wallbox_measurements = twin(AsyncAppClient.wallbox_measurements)
    wallboxes = twin(AsyncAppClient.wallboxes)
    wallbox = twin(AsyncAppClient.wallbox)
