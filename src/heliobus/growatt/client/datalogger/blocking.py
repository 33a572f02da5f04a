"""The listener without ``await``; it goes on listening in the background between the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.growatt.client.datalogger.listener import Listener
from heliobus.transport.blocking import BlockingClient

if TYPE_CHECKING:
    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot


class BlockingListener(BlockingClient[Listener]):
    """The blocking twin of ``Listener``: same arguments, same methods, no ``await``."""

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

    def devices(self) -> tuple[Device, ...]:
        return self._portal.call(lambda client: client.devices())

    def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        return self._portal.call(lambda client: client.read(device, detail=detail))

    def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        return self._portal.call(lambda client: client.raw(device, detail=detail))

    def history(self, device: str | Device | None = None) -> tuple[Snapshot, ...]:
        return self._portal.call(lambda client: client.history(device))

    def execute(self, command: Command, *, dry_run: bool = False) -> Outcome:
        return self._portal.call(lambda client: client.execute(command, dry_run=dry_run))


for _name, _method in list(vars(BlockingListener).items()):
    if not _name.startswith("_"):
        _method.__doc__ = getattr(Listener, _name).__doc__
