"""The blocking twin of ``AsyncAppClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.senec.client.app.asynchronous import AsyncAppClient
from heliobus.transport.blocking import BlockingClient
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.model.spans import EnergySpan
    from heliobus.senec.models import app as models
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
        if session is not None:
            raise UsageError("a blocking client cannot use a session", remedy="Use AsyncAppClient, or leave it out.")

        def make() -> AsyncAppClient:
            return AsyncAppClient(
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
        async def known(client: AsyncAppClient) -> Capabilities:
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
        self, start: datetime, end: datetime, resolution: str = "day", *, device: str | Device | None = None
    ) -> tuple[EnergySpan, ...]:
        return self._portal.call(lambda client: client.history(start, end, resolution, device=device))

    # -- commands

    def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        return self._portal.call(lambda client: client.execute(command, device=device, dry_run=dry_run))

    def lock_wallbox(
        self, wallbox: str, *, locked: bool, device: str | Device | None = None, dry_run: bool = False
    ) -> Outcome:
        return self._portal.call(
            lambda client: client.lock_wallbox(wallbox, locked=locked, device=device, dry_run=dry_run)
        )

    def set_wallbox_mode(
        self, wallbox: str, mode: str, *, device: str | Device | None = None, dry_run: bool = False
    ) -> Outcome:
        return self._portal.call(lambda client: client.set_wallbox_mode(wallbox, mode, device=device, dry_run=dry_run))

    def set_fast_charge(
        self, wallbox: str, *, allow_intercharge: bool, device: str | Device | None = None, dry_run: bool = False
    ) -> Outcome:
        return self._portal.call(
            lambda client: client.set_fast_charge(
                wallbox, allow_intercharge=allow_intercharge, device=device, dry_run=dry_run
            )
        )

    def set_solar_charge(
        self,
        wallbox: str,
        *,
        min_current: float | None = None,
        prevent_interruptions: bool | None = None,
        dynamic_tariffs: bool | None = None,
        price_limit: float | None = None,
        device: str | Device | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        return self._portal.call(
            lambda client: client.set_solar_charge(
                wallbox,
                min_current=min_current,
                prevent_interruptions=prevent_interruptions,
                dynamic_tariffs=dynamic_tariffs,
                price_limit=price_limit,
                device=device,
                dry_run=dry_run,
            )
        )

    # -- the app's calls

    def query(self, name: str, **parameters: str) -> Any:
        return self._portal.call(lambda client: client.query(name, **parameters))

    def systems(self) -> tuple[models.AppSystem, ...]:
        return self._portal.call(lambda client: client.systems())

    def details(self, system: str) -> models.SystemDetails:
        return self._portal.call(lambda client: client.details(system))

    def status(self, system: str) -> models.SystemStatus:
        return self._portal.call(lambda client: client.status(system))

    def online_state(self, system: str) -> models.OnlineState:
        return self._portal.call(lambda client: client.online_state(system))

    def forecast_charging(self, system: str) -> models.ForecastCharging:
        return self._portal.call(lambda client: client.forecast_charging(system))

    def abilities(self, system: str) -> models.Abilities:
        return self._portal.call(lambda client: client.abilities(system))

    def dashboard(self, system: str) -> models.Dashboard:
        return self._portal.call(lambda client: client.dashboard(system))

    def timespan(self, system: str) -> models.Timespan:
        return self._portal.call(lambda client: client.timespan(system))

    def measurements(self, system: str, *, resolution: str, start: datetime, end: datetime) -> models.Measurements:
        return self._portal.call(
            lambda client: client.measurements(system, resolution=resolution, start=start, end=end)
        )

    def wallbox_measurements(
        self, system: str, *, wallboxes: Sequence[str], resolution: str, start: datetime, end: datetime
    ) -> models.Measurements:
        return self._portal.call(
            lambda client: client.wallbox_measurements(
                system, wallboxes=wallboxes, resolution=resolution, start=start, end=end
            )
        )

    def wallboxes(self, system: str) -> tuple[models.AppWallbox, ...]:
        return self._portal.call(lambda client: client.wallboxes(system))

    def wallbox(self, system: str, wallbox: str) -> models.AppWallbox:
        return self._portal.call(lambda client: client.wallbox(system, wallbox))


for _name, _method in list(vars(AppClient).items()):
    if not _name.startswith("_"):
        _method.__doc__ = getattr(AsyncAppClient, _name).__doc__
