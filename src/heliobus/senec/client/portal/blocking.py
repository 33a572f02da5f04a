"""The blocking twin of ``AsyncPortalClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.senec.client.portal.asynchronous import AsyncPortalClient
from heliobus.transport.blocking import BlockingClient
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from datetime import datetime, time
    from pathlib import Path

    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.model.spans import EnergySpan
    from heliobus.senec.models import portal as models
    from heliobus.senec.protocol.portal import WeekFile
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
        def make() -> AsyncPortalClient:
            return AsyncPortalClient(
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

        make()  # wrong arguments are told here, not at the first call
        super().__init__(make)

    @property
    def capabilities(self) -> Capabilities:
        async def known(client: AsyncPortalClient) -> Capabilities:
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

    def history(
        self, start: datetime, end: datetime, resolution: str = "5min", *, device: str | Device | None = None
    ) -> tuple[EnergySpan, ...]:
        return self._portal.call(lambda client: client.history(start, end, resolution, device=device))

    def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        return self._portal.call(lambda client: client.execute(command, device=device, dry_run=dry_run))

    def set_peak_shaving(
        self,
        *,
        mode: str | None = None,
        capacity_limit: int | None = None,
        end: time | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        return self._portal.call(
            lambda client: client.set_peak_shaving(
                mode=mode, capacity_limit=capacity_limit, end=end, device=device, dry_run=dry_run
            )
        )

    def set_sg_ready(
        self,
        *,
        enabled: bool | None = None,
        delay: int | None = None,
        proposal_threshold: int | None = None,
        command_threshold: int | None = None,
        shutdown_level: int | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        return self._portal.call(
            lambda client: client.set_sg_ready(
                enabled=enabled,
                delay=delay,
                proposal_threshold=proposal_threshold,
                command_threshold=command_threshold,
                shutdown_level=shutdown_level,
                device=device,
                dry_run=dry_run,
            )
        )

    def set_socket(
        self,
        socket: int,
        *,
        mode: str | None = None,
        on_threshold: int | None = None,
        off_threshold: int | None = None,
        surplus_minutes: int | None = None,
        on_minutes: int | None = None,
        on_time: time | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        return self._portal.call(
            lambda client: client.set_socket(
                socket,
                mode=mode,
                on_threshold=on_threshold,
                off_threshold=off_threshold,
                surplus_minutes=surplus_minutes,
                on_minutes=on_minutes,
                on_time=on_time,
                device=device,
                dry_run=dry_run,
            )
        )

    # -- the portal's calls

    def query(self, name: str, **parameters: str) -> Any:
        return self._portal.call(lambda client: client.query(name, **parameters))

    def customer(self) -> models.Customer:
        return self._portal.call(lambda client: client.customer())

    def plant_list(self) -> tuple[models.PlantEntry, ...]:
        return self._portal.call(lambda client: client.plant_list())

    def navigation(self, plant: int) -> models.Navigation:
        return self._portal.call(lambda client: client.navigation(plant))

    def overview(self, plant: int) -> models.Overview:
        return self._portal.call(lambda client: client.overview(plant))

    def measurements(
        self, plant: int, *, kind: str, period: str, timestamp: int | None = None, days: int | None = None
    ) -> models.Series:
        return self._portal.call(
            lambda client: client.measurements(plant, kind=kind, period=period, timestamp=timestamp, days=days)
        )

    def autarky(self, plant: int) -> models.Autarky:
        return self._portal.call(lambda client: client.autarky(plant))

    def accu_state(self, plant: int) -> models.AccuState:
        return self._portal.call(lambda client: client.accu_state(plant))

    def reserve(self, plant: int) -> int:
        return self._portal.call(lambda client: client.reserve(plant))

    def peak_shaving(self, plant: int) -> models.PeakShaving:
        return self._portal.call(lambda client: client.peak_shaving(plant))

    def sg_ready_state(self, plant: int) -> int | None:
        return self._portal.call(lambda client: client.sg_ready_state(plant))

    def sg_ready(self, plant: int) -> models.SgReady:
        return self._portal.call(lambda client: client.sg_ready(plant))

    def sockets(self, plant: int) -> tuple[models.PortalSocket, ...]:
        return self._portal.call(lambda client: client.sockets(plant))

    def weeks(self, plant: int) -> tuple[models.Week, ...]:
        return self._portal.call(lambda client: client.weeks(plant))

    def week(self, plant: int, *, year: int, week: int) -> WeekFile:
        return self._portal.call(lambda client: client.week(plant, year=year, week=week))

    def documents(self) -> tuple[models.Document, ...]:
        return self._portal.call(lambda client: client.documents())

    def document(self, id_: str) -> bytes:
        return self._portal.call(lambda client: client.document(id_))


for _name, _method in list(vars(PortalClient).items()):
    if not _name.startswith("_"):
        _method.__doc__ = getattr(AsyncPortalClient, _name).__doc__
