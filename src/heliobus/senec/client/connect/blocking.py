"""The blocking twin of ``AsyncConnectClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.senec.client.connect.asynchronous import AsyncConnectClient
from heliobus.transport.blocking import BlockingClient
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.client.connect.quota import Usage
    from heliobus.senec.models.connect import ConnectSystem
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
        if session is not None:
            raise UsageError(
                "a blocking client cannot use a session", remedy="Use AsyncConnectClient, or leave it out."
            )

        def make() -> AsyncConnectClient:
            return AsyncConnectClient(
                key=key, server=server, scheme=scheme, system=system, timeout=timeout, state=state, clock=clock
            )

        make()  # wrong arguments are told here, not at the first call
        super().__init__(make)

    @property
    def capabilities(self) -> Capabilities:
        async def known(client: AsyncConnectClient) -> Capabilities:
            return client.capabilities

        return self._portal.call(known)

    def usage(self) -> Usage:
        return self._portal.call(lambda client: client.usage())

    def systems(self) -> tuple[ConnectSystem, ...]:
        return self._portal.call(lambda client: client.systems())

    def identify(self) -> Device:
        return self._portal.call(lambda client: client.identify())

    def devices(self) -> tuple[Device, ...]:
        return self._portal.call(lambda client: client.devices())

    def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        return self._portal.call(lambda client: client.read(device, detail=detail))

    def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        return self._portal.call(lambda client: client.raw(device, detail=detail))

    def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        return self._portal.call(lambda client: client.execute(command, device=device, dry_run=dry_run))


for _name, _method in list(vars(ConnectClient).items()):
    if not _name.startswith("_"):
        _method.__doc__ = getattr(AsyncConnectClient, _name).__doc__
