"""The blocking twin of ``AsyncInverterClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.senec.client.inverter.asynchronous import AsyncInverterClient
from heliobus.transport.blocking import BlockingClient
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.models.inverter import Measurements, Versions, Yields
    from heliobus.senec.protocol.inverter import Element
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
        if session is not None:
            raise UsageError(
                "a blocking client cannot use a session", remedy="Use AsyncInverterClient, or leave it out."
            )

        def make() -> AsyncInverterClient:
            return AsyncInverterClient(host, port=port, timeout=timeout, clock=clock)

        make()  # wrong arguments are told here, not at the first call
        super().__init__(make)

    @property
    def capabilities(self) -> Capabilities:
        async def known(client: AsyncInverterClient) -> Capabilities:
            return client.capabilities

        return self._portal.call(known)

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

    def measurements(self) -> Measurements:
        return self._portal.call(lambda client: client.measurements())

    def versions(self) -> Versions:
        return self._portal.call(lambda client: client.versions())

    def everything(self) -> tuple[Element, ...]:
        return self._portal.call(lambda client: client.everything())

    def yields(self) -> Yields:
        return self._portal.call(lambda client: client.yields())


for _name, _method in list(vars(InverterClient).items()):
    if not _name.startswith("_"):
        _method.__doc__ = getattr(AsyncInverterClient, _name).__doc__
