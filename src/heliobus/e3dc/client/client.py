"""The clients as users make them."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self, TypeVar

from heliobus.e3dc.client.interventions import Interventions
from heliobus.e3dc.client.link import RscpLink
from heliobus.transport.blocking import BlockingClient
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    import aiohttp

    from heliobus.model.capabilities import Capabilities
    from heliobus.transport.clock import Clock

P = ParamSpec("P")
R = TypeVar("R")

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


def _blocking(
    method: Callable[Concatenate[AsyncClient, P], Coroutine[Any, Any, R]],
) -> Callable[Concatenate[Client, P], R]:
    """The same method without ``await``."""

    def call(self: Client, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._portal.call(lambda client: method(client, *args, **kwargs))

    update_wrapper(call, method)
    return call


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
        def make() -> AsyncClient:
            return AsyncClient(
                host, username=username, password=password, key=key, port=port, timeout=timeout, clock=clock
            )

        make()  # wrong arguments are told here, not at the first call
        super().__init__(make)

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

        def make() -> AsyncClient:
            return AsyncClient.portal(
                serial=serial,
                username=username,
                password=password,
                url=url,
                timeout=timeout,
                hashed=hashed,
                clock=clock,
            )

        make()  # as above
        client = cls.__new__(cls)
        BlockingClient.__init__(client, make)
        return client

    @property
    def capabilities(self) -> Capabilities:
        """What the system reports and obeys; fields that an answer said it does not know are left out."""

        async def known(client: AsyncClient) -> Capabilities:
            return client.capabilities

        return self._portal.call(known)

    query = _blocking(AsyncClient.query)
    act = _blocking(AsyncClient.act)
    raw = _blocking(AsyncClient.raw)
    identify = _blocking(AsyncClient.identify)
    devices = _blocking(AsyncClient.devices)
    read = _blocking(AsyncClient.read)
    system_info = _blocking(AsyncClient.system_info)
    specifications = _blocking(AsyncClient.specifications)
    system_status = _blocking(AsyncClient.system_status)
    layout = _blocking(AsyncClient.layout)
    batteries = _blocking(AsyncClient.batteries)
    inverters = _blocking(AsyncClient.inverters)
    power_meters = _blocking(AsyncClient.power_meters)
    wallboxes = _blocking(AsyncClient.wallboxes)
    switches = _blocking(AsyncClient.switches)
    sg_ready = _blocking(AsyncClient.sg_ready)
    power_settings = _blocking(AsyncClient.power_settings)
    manual_charge = _blocking(AsyncClient.manual_charge)
    reserve = _blocking(AsyncClient.reserve)
    idle_periods = _blocking(AsyncClient.idle_periods)
    named_idle_periods = _blocking(AsyncClient.named_idle_periods)
    history = _blocking(AsyncClient.history)
    execute = _blocking(AsyncClient.execute)
    set_power_limits = _blocking(AsyncClient.set_power_limits)
    set_power_save = _blocking(AsyncClient.set_power_save)
    set_weather_regulated_charge = _blocking(AsyncClient.set_weather_regulated_charge)
    start_manual_charge = _blocking(AsyncClient.start_manual_charge)
    set_reserve_energy = _blocking(AsyncClient.set_reserve_energy)
    set_idle_periods = _blocking(AsyncClient.set_idle_periods)
    set_named_idle_periods = _blocking(AsyncClient.set_named_idle_periods)
    set_idle_periods_enabled = _blocking(AsyncClient.set_idle_periods_enabled)
    set_battery_to_car = _blocking(AsyncClient.set_battery_to_car)
    set_battery_before_car = _blocking(AsyncClient.set_battery_before_car)
    set_wallbox_discharge_until = _blocking(AsyncClient.set_wallbox_discharge_until)
    set_wallbox_power_assignment = _blocking(AsyncClient.set_wallbox_power_assignment)
    set_wallbox_sun_mode = _blocking(AsyncClient.set_wallbox_sun_mode)
    set_wallbox_charging = _blocking(AsyncClient.set_wallbox_charging)
    set_wallbox_phases = _blocking(AsyncClient.set_wallbox_phases)
    set_wallbox_auto_phase_switch = _blocking(AsyncClient.set_wallbox_auto_phase_switch)
    set_wallbox_current = _blocking(AsyncClient.set_wallbox_current)
    set_wallbox_schuko = _blocking(AsyncClient.set_wallbox_schuko)
    set_price_charging = _blocking(AsyncClient.set_price_charging)
    switch_to_island = _blocking(AsyncClient.switch_to_island)
    switch_to_grid = _blocking(AsyncClient.switch_to_grid)
    retry_emergency_power = _blocking(AsyncClient.retry_emergency_power)
    test_emergency_power = _blocking(AsyncClient.test_emergency_power)
    restart_application = _blocking(AsyncClient.restart_application)
    reboot = _blocking(AsyncClient.reboot)
