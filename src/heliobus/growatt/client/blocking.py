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
        battery_power: float | None = None,
        timezone: str | None = None,
        as_app: bool = False,
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
                battery_power=battery_power,
                timezone=timezone,
                as_app=as_app,
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
    history = twin(AsyncClient.history)
    execute = twin(AsyncClient.execute)
    settings = twin(AsyncClient.settings)
    set = twin(AsyncClient.set)
    set_all = twin(AsyncClient.set_all)
    set_raw = twin(AsyncClient.set_raw)
    set_plant = twin(AsyncClient.set_plant)


class BlockingCalls(Twin):
    """A route's calls on the portal of a client."""

    def __init__(self, portal: Portal[AsyncClient]) -> None:
        self._portal = portal


class BlockingShine(BlockingCalls):
    """``ShineCalls`` without ``await``."""

    _part = "shine"

    query = twin(ShineCalls.query)
    logout = twin(ShineCalls.logout)
    write_setting = twin(ShineCalls.write_setting)
    update_plant = twin(ShineCalls.update_plant)
    plants = twin(ShineCalls.plants)
    plants_paged = twin(ShineCalls.plants_paged)
    plants_energies = twin(ShineCalls.plants_energies)
    plant_devices = twin(ShineCalls.plant_devices)
    plant_settings = twin(ShineCalls.plant_settings)
    plant_energies = twin(ShineCalls.plant_energies)
    plant_history = twin(ShineCalls.plant_history)
    plant_curve = twin(ShineCalls.plant_curve)
    plant_dashboard = twin(ShineCalls.plant_dashboard)
    plant_noah = twin(ShineCalls.plant_noah)
    mix_status = twin(ShineCalls.mix_status)
    mix_totals = twin(ShineCalls.mix_totals)
    mix_info = twin(ShineCalls.mix_info)
    mix_energy = twin(ShineCalls.mix_energy)
    mix_settings = twin(ShineCalls.mix_settings)
    mix_params = twin(ShineCalls.mix_params)
    mix_line = twin(ShineCalls.mix_line)
    mix_energies = twin(ShineCalls.mix_energies)
    mix_month = twin(ShineCalls.mix_month)
    mix_year = twin(ShineCalls.mix_year)
    mix_total = twin(ShineCalls.mix_total)
    mix_alarms = twin(ShineCalls.mix_alarms)
    tlx_detail = twin(ShineCalls.tlx_detail)
    tlx_status = twin(ShineCalls.tlx_status)
    tlx_totals = twin(ShineCalls.tlx_totals)
    tlx_day = twin(ShineCalls.tlx_day)
    tlx_energy = twin(ShineCalls.tlx_energy)
    tlx_params = twin(ShineCalls.tlx_params)
    tlx_settings = twin(ShineCalls.tlx_settings)
    tlx_enabled = twin(ShineCalls.tlx_enabled)
    tlx_battery = twin(ShineCalls.tlx_battery)
    tlx_battery_detail = twin(ShineCalls.tlx_battery_detail)
    storage_info = twin(ShineCalls.storage_info)
    storage_params = twin(ShineCalls.storage_params)
    storage_totals = twin(ShineCalls.storage_totals)
    storage_info_old = twin(ShineCalls.storage_info_old)
    storage_params_old = twin(ShineCalls.storage_params_old)
    storage_totals_old = twin(ShineCalls.storage_totals_old)
    storage_status = twin(ShineCalls.storage_status)
    storage_energy = twin(ShineCalls.storage_energy)
    storage_energies = twin(ShineCalls.storage_energies)
    storage_line = twin(ShineCalls.storage_line)
    storage_alarms = twin(ShineCalls.storage_alarms)
    spa_status = twin(ShineCalls.spa_status)
    spa_energy = twin(ShineCalls.spa_energy)
    inverter_detail = twin(ShineCalls.inverter_detail)
    inverter_detail_two = twin(ShineCalls.inverter_detail_two)
    inverter_day = twin(ShineCalls.inverter_day)
    inverter_params = twin(ShineCalls.inverter_params)
    inverter_month = twin(ShineCalls.inverter_month)
    inverter_year = twin(ShineCalls.inverter_year)
    inverter_total = twin(ShineCalls.inverter_total)
    inverter_alarms = twin(ShineCalls.inverter_alarms)
    max_detail = twin(ShineCalls.max_detail)
    max_detail_two = twin(ShineCalls.max_detail_two)
    max_day = twin(ShineCalls.max_day)
    max_params = twin(ShineCalls.max_params)
    max_month = twin(ShineCalls.max_month)
    max_year = twin(ShineCalls.max_year)
    max_total = twin(ShineCalls.max_total)
    max_alarms = twin(ShineCalls.max_alarms)
    noah_status = twin(ShineCalls.noah_status)
    noah_info = twin(ShineCalls.noah_info)
    noah_batteries = twin(ShineCalls.noah_batteries)
    noah_chart = twin(ShineCalls.noah_chart)
    noah_energies = twin(ShineCalls.noah_energies)
    noah_upgrade = twin(ShineCalls.noah_upgrade)
    nexa_devices = twin(ShineCalls.nexa_devices)
    nexa_status = twin(ShineCalls.nexa_status)
    nexa_info = twin(ShineCalls.nexa_info)
    nexa_batteries = twin(ShineCalls.nexa_batteries)
    nexa_chart = twin(ShineCalls.nexa_chart)
    nexa_energies = twin(ShineCalls.nexa_energies)
