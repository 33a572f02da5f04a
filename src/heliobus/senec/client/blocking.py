"""The blocking twin of ``AsyncClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.senec.client.asynchronous import AsyncClient
from heliobus.senec.control import Paces
from heliobus.transport.blocking import BlockingClient
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.tls import MemoryPins

if TYPE_CHECKING:
    from datetime import time

    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.event import Event
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.models import Reading
    from heliobus.senec.protocol import Answer, Request
    from heliobus.transport.clock import Clock
    from heliobus.transport.tls import Peer, Pins
    from heliobus.url import Secret


class Client(BlockingClient[AsyncClient]):
    """The blocking twin of ``AsyncClient``: same names, same arguments, no ``await``.

    It works in scripts, threads and notebooks.  A ``session`` belongs to an event loop, so only ``AsyncClient`` takes
    one.
    """

    def __init__(
        self,
        host: str,
        *,
        scheme: str = "auto",
        port: int | None = None,
        timeout: float = 10.0,
        session: None = None,
        pins: Pins | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if session is not None:
            raise UsageError("a blocking client cannot use a session", remedy="Use AsyncClient, or leave it out.")

        kept = pins or MemoryPins()  # a client made anew, as after a fork, knows what this one knew

        paces = Paces()

        def make() -> AsyncClient:
            client = AsyncClient(host, scheme=scheme, port=port, timeout=timeout, pins=kept, clock=clock)
            client.paces = paces
            return client

        make()  # wrong arguments are told here, not at the first call
        super().__init__(make)

    @property
    def capabilities(self) -> Capabilities:
        async def known(client: AsyncClient) -> Capabilities:
            return client.capabilities

        return self._portal.call(known)

    @property
    def peer(self) -> Peer | None:
        async def known(client: AsyncClient) -> Peer | None:
            return client.peer

        return self._portal.call(known)

    def accept_certificate(self, peer: Peer) -> None:
        self._portal.call(lambda client: client.accept_certificate(peer))

    def events(self) -> tuple[Event, ...]:
        async def taken(client: AsyncClient) -> tuple[Event, ...]:
            return client.events()

        return self._portal.call(taken)

    def query(self, request: Request) -> Answer:
        return self._portal.call(lambda client: client.query(request))

    def sections(self) -> tuple[str, ...]:
        return self._portal.call(lambda client: client.sections())

    def identify(self) -> Device:
        return self._portal.call(lambda client: client.identify())

    def devices(self) -> tuple[Device, ...]:
        return self._portal.call(lambda client: client.devices())

    def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        return self._portal.call(lambda client: client.read(device, detail=detail))

    def whole(self) -> Reading:
        return self._portal.call(lambda client: client.whole())

    def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        return self._portal.call(lambda client: client.raw(device, detail=detail))

    def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        return self._portal.call(lambda client: client.execute(command, device=device, dry_run=dry_run))

    def set_socket(
        self,
        socket: str,
        *,
        mode: str | None = None,
        upper_limit: float | None = None,
        lower_limit: float | None = None,
        surplus_minutes: int | None = None,
        minutes_on: int | None = None,
        start: time | None = None,
        use_time: bool | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        return self._portal.call(
            lambda client: client.set_socket(
                socket,
                mode=mode,
                upper_limit=upper_limit,
                lower_limit=lower_limit,
                surplus_minutes=surplus_minutes,
                minutes_on=minutes_on,
                start=start,
                use_time=use_time,
                device=device,
                dry_run=dry_run,
            )
        )

    def set_wallbox(
        self,
        wallbox: str,
        *,
        mode: str | None = None,
        max_current: float | None = None,
        min_current: float | None = None,
        default_current: float | None = None,
        allow_intercharge: bool | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        return self._portal.call(
            lambda client: client.set_wallbox(
                wallbox,
                mode=mode,
                max_current=max_current,
                min_current=min_current,
                default_current=default_current,
                allow_intercharge=allow_intercharge,
                device=device,
                dry_run=dry_run,
            )
        )

    def reboot(self, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        return self._portal.call(lambda client: client.reboot(device=device, dry_run=dry_run))

    def storage_mode(
        self, *, on: bool, dangerous: bool = False, device: str | Device | None = None, dry_run: bool = False
    ) -> Outcome:
        return self._portal.call(
            lambda client: client.storage_mode(on=on, dangerous=dangerous, device=device, dry_run=dry_run)
        )

    def log_in(self, username: str, *, password: str | Secret) -> int:
        return self._portal.call(lambda client: client.log_in(username, password=password))

    def log_out(self) -> None:
        self._portal.call(lambda client: client.log_out())


_TWINS = (
    *("capabilities", "peer", "accept_certificate", "events"),
    *("query", "sections", "identify", "devices", "read", "whole", "raw", "execute"),
    *("set_socket", "set_wallbox", "reboot", "storage_mode", "log_in", "log_out"),
)
for _name in _TWINS:
    vars(Client)[_name].__doc__ = getattr(AsyncClient, _name).__doc__
