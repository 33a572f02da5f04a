"""The blocking twin of the asynchronous client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.growatt.client.account import USER_AGENT
from heliobus.growatt.client.asynchronous import AsyncClient
from heliobus.transport.blocking import BlockingClient
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from heliobus.growatt import models
    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.transport.clock import Clock
    from heliobus.url import Secret


class Client(BlockingClient[AsyncClient]):
    """The blocking twin of ``AsyncClient``: same names, same arguments, no ``await``.

    A ``session`` belongs to an event loop, so only ``AsyncClient`` takes one.
    """

    def __init__(
        self,
        *,
        username: str,
        password: str | Secret | None,
        server: str | None = None,
        plant: str | None = None,
        scheme: str = "https",
        timeout: float = 30.0,
        session: None = None,
        user_agent: str = USER_AGENT,
        state: Path | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if session is not None:
            raise UsageError("a blocking client cannot use a session", remedy="Use AsyncClient, or leave it out.")

        def make() -> AsyncClient:
            return AsyncClient(
                username=username,
                password=password,
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
        async def known(client: AsyncClient) -> Capabilities:
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

    def execute(self, command: Command, *, dry_run: bool = False) -> Outcome:
        return self._portal.call(lambda client: client.execute(command, dry_run=dry_run))

    # -- the app's calls

    def query(self, name: str, **parameters: str) -> Any:
        return self._portal.call(lambda client: client.query(name, **parameters))

    def plants(self) -> models.PlantList:
        return self._portal.call(lambda client: client.plants())

    def plant_devices(self, plant_id: str) -> models.PlantDevices:
        return self._portal.call(lambda client: client.plant_devices(plant_id))

    def plant_settings(self, plant_id: str) -> models.PlantSettings:
        return self._portal.call(lambda client: client.plant_settings(plant_id))

    def plant_energies(self, plant_id: str) -> models.UserEnergies:
        return self._portal.call(lambda client: client.plant_energies(plant_id))

    def plant_history(self, plant_id: str, *, day: date, span: str = "day") -> models.PlantHistory:
        return self._portal.call(lambda client: client.plant_history(plant_id, day=day, span=span))

    def mix_status(self, serial: str, *, plant_id: str) -> models.MixStatus:
        return self._portal.call(lambda client: client.mix_status(serial, plant_id=plant_id))

    def mix_totals(self, serial: str, *, plant_id: str) -> models.MixTotals:
        return self._portal.call(lambda client: client.mix_totals(serial, plant_id=plant_id))

    def mix_info(self, serial: str) -> models.MixInfo:
        return self._portal.call(lambda client: client.mix_info(serial))

    def mix_energy(self, serial: str, *, plant_id: str, day: date, span: str = "hour") -> models.MixEnergy:
        return self._portal.call(lambda client: client.mix_energy(serial, plant_id=plant_id, day=day, span=span))

    def tlx_detail(self, serial: str) -> models.TlxDetail:
        return self._portal.call(lambda client: client.tlx_detail(serial))

    def tlx_status(self, serial: str, *, plant_id: str) -> models.TlxStatus:
        return self._portal.call(lambda client: client.tlx_status(serial, plant_id=plant_id))

    def tlx_totals(self, serial: str, *, plant_id: str) -> models.TlxTotals:
        return self._portal.call(lambda client: client.tlx_totals(serial, plant_id=plant_id))

    def storage_params(self, serial: str) -> models.StorageParams:
        return self._portal.call(lambda client: client.storage_params(serial))

    def storage_totals(self, serial: str, *, plant_id: str) -> models.StorageTotals:
        return self._portal.call(lambda client: client.storage_totals(serial, plant_id=plant_id))


for _name, _method in list(vars(Client).items()):
    if not _name.startswith("_"):
        _method.__doc__ = getattr(AsyncClient, _name).__doc__
