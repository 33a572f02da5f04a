"""The clients as users make them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Self

from heliobus.e3dc.client.interventions import Interventions
from heliobus.e3dc.client.link import RscpLink
from heliobus.transport.blocking import BlockingClient, twin
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    import aiohttp

    from heliobus.model.capabilities import Capabilities
    from heliobus.transport.clock import Clock

PORT = 5033
"""Of a system; a farm's controller listens on 5034 of its master (SPEC 1)."""


class AsyncClient(Interventions):
    """One E3/DC system in the same network, over RSCP; ``portal`` reaches it through the vendor's portal.

    Making a client does no I/O; the first call connects and logs in.  ``username`` and ``password`` are those of the
    E3/DC portal, or ``local.user`` with the password set on the device; ``key`` is the RSCP password, set on the device
    too.  ``timeout`` s bound each exchange.  The connection is kept until ``close``; one request is under way at a
    time.  Raises UsageError for a key of more than 32 bytes.
    """

    def __init__(
        self,
        host: str,
        *,
        username: str,
        password: str,
        key: str,
        port: int = PORT,
        timeout: float = 10.0,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        link = RscpLink(host, port, username=username, password=password, key=key, timeout=timeout, clock=clock)
        super().__init__(link, clock=clock)

    @classmethod
    def portal(
        cls,
        *,
        serial: str,
        username: str,
        password: str,
        url: str | None = None,
        timeout: float = 10.0,
        hashed: bool = False,
        session: aiohttp.ClientSession | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> Self:
        """The system ``serial`` through the vendor's portal: experimental, never tried against the real one.

        The serial number may lack its prefix (``S10-``); user and password are those of the portal, and the password
        is its MD5 in hexadecimal if ``hashed``.  ``url`` is another address of the portal's websocket, ``timeout`` s
        bound each of its steps, ``session`` is the application's own, which is left open.  No RSCP key is needed.
        Raises UsageError for a serial number that is none.
        """
        from heliobus.e3dc.client.portal import PortalLink  # websockets take longer to load than all the rest

        link = PortalLink(
            serial,
            username=username,
            password=password,
            url=url,
            hashed=hashed,
            timeout=timeout,
            session=session,
            clock=clock,
        )
        client = cls.__new__(cls)
        Interventions.__init__(client, link, clock=clock)
        return client


class Client(BlockingClient[AsyncClient]):
    """The blocking twin of ``AsyncClient``: same names, same arguments, no ``await``.

    It works in scripts, threads and notebooks; the connection lives on in the background between two calls.
    """

    def __init__(
        self,
        host: str,
        *,
        username: str,
        password: str,
        key: str,
        port: int = PORT,
        timeout: float = 10.0,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(
            partial(
                AsyncClient,
                host,
                username=username,
                password=password,
                key=key,
                port=port,
                timeout=timeout,
                clock=clock,
            )
        )

    @classmethod
    def portal(
        cls,
        *,
        serial: str,
        username: str,
        password: str,
        url: str | None = None,
        timeout: float = 10.0,
        hashed: bool = False,
        clock: Clock = SYSTEM_CLOCK,
    ) -> Self:
        """The blocking twin of ``AsyncClient.portal``; the portal's pings are answered between two calls."""
        make = partial(
            AsyncClient.portal,
            serial=serial,
            username=username,
            password=password,
            url=url,
            timeout=timeout,
            hashed=hashed,
            clock=clock,
        )
        client = cls.__new__(cls)
        BlockingClient.__init__(client, make)
        return client

    @property
    def capabilities(self) -> Capabilities:
        """What the system reports and obeys; fields that an answer said it does not know are left out."""
        return self._portal.look(lambda client: client.capabilities)

    query = twin(AsyncClient.query)
    act = twin(AsyncClient.act)
    raw = twin(AsyncClient.raw)
    identify = twin(AsyncClient.identify)
    devices = twin(AsyncClient.devices)
    read = twin(AsyncClient.read)
    system_info = twin(AsyncClient.system_info)
    specifications = twin(AsyncClient.specifications)
    system_status = twin(AsyncClient.system_status)
    layout = twin(AsyncClient.layout)
    batteries = twin(AsyncClient.batteries)
    inverters = twin(AsyncClient.inverters)
    power_meters = twin(AsyncClient.power_meters)
    wallboxes = twin(AsyncClient.wallboxes)
    switches = twin(AsyncClient.switches)
    sg_ready = twin(AsyncClient.sg_ready)
    power_settings = twin(AsyncClient.power_settings)
    manual_charge = twin(AsyncClient.manual_charge)
    reserve = twin(AsyncClient.reserve)
    idle_periods = twin(AsyncClient.idle_periods)
    named_idle_periods = twin(AsyncClient.named_idle_periods)
    history = twin(AsyncClient.history)
    execute = twin(AsyncClient.execute)
    set_power_limits = twin(AsyncClient.set_power_limits)
    set_power_save = twin(AsyncClient.set_power_save)
    set_weather_regulated_charge = twin(AsyncClient.set_weather_regulated_charge)
    start_manual_charge = twin(AsyncClient.start_manual_charge)
    set_reserve_energy = twin(AsyncClient.set_reserve_energy)
    set_idle_periods = twin(AsyncClient.set_idle_periods)
    set_named_idle_periods = twin(AsyncClient.set_named_idle_periods)
    set_idle_periods_enabled = twin(AsyncClient.set_idle_periods_enabled)
    set_battery_to_car = twin(AsyncClient.set_battery_to_car)
    set_battery_before_car = twin(AsyncClient.set_battery_before_car)
    set_wallbox_discharge_until = twin(AsyncClient.set_wallbox_discharge_until)
    set_wallbox_power_assignment = twin(AsyncClient.set_wallbox_power_assignment)
    set_wallbox_sun_mode = twin(AsyncClient.set_wallbox_sun_mode)
    set_wallbox_charging = twin(AsyncClient.set_wallbox_charging)
    set_wallbox_phases = twin(AsyncClient.set_wallbox_phases)
    set_wallbox_auto_phase_switch = twin(AsyncClient.set_wallbox_auto_phase_switch)
    set_wallbox_current = twin(AsyncClient.set_wallbox_current)
    set_wallbox_schuko = twin(AsyncClient.set_wallbox_schuko)
    set_price_charging = twin(AsyncClient.set_price_charging)
    switch_to_island = twin(AsyncClient.switch_to_island)
    switch_to_grid = twin(AsyncClient.switch_to_grid)
    retry_emergency_power = twin(AsyncClient.retry_emergency_power)
    test_emergency_power = twin(AsyncClient.test_emergency_power)
    restart_application = twin(AsyncClient.restart_application)
    reboot = twin(AsyncClient.reboot)
