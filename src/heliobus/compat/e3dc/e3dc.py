"""The class that programs make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from heliobus.compat.e3dc.battery import Batteries
from heliobus.compat.e3dc.errors import InvalidValue
from heliobus.compat.e3dc.history import History
from heliobus.compat.e3dc.inverter import Inverters
from heliobus.compat.e3dc.link import Line
from heliobus.compat.e3dc.live import Live
from heliobus.compat.e3dc.meter import PowerMeters
from heliobus.compat.e3dc.pages import Pages
from heliobus.compat.e3dc.settings import Settings
from heliobus.compat.e3dc.wallbox import Wallboxes
from heliobus.e3dc import Client
from heliobus.e3dc.client.ajax import AjaxClient
from heliobus.e3dc.client.client import PORT
from heliobus.e3dc.protocol.portal import identifier, password_hash
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from http.cookiejar import CookieJar

    from heliobus.transport.clock import Clock


class E3DC(Live, Settings, History, Batteries, Inverters, PowerMeters, Wallboxes):
    """One E3/DC system.

    Locally, making one logs in and reads the attributes; over the web it does neither before the first call.  Results
    have pye3dc's units and signs: W, the battery + while it charges, the grid + while it supplies.
    """

    CONNECT_LOCAL = 1
    CONNECT_WEB = 2

    def __init__(
        self,
        connectType: int,
        *,
        username: str,
        password: str,
        ipAddress: str = "",
        key: str = "",
        port: int | None = None,
        serialNumber: str = "",
        isPasswordMd5: bool = True,
        configuration: dict[str, Any] | None = None,
        url: str | None = None,
        ajaxUrl: str | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """Take ``ipAddress``, ``key`` and perhaps ``port``, or, CONNECT_WEB, ``serialNumber``.

        Over the web ``password`` is the MD5 of the password in hexadecimal, unless not ``isPasswordMd5``; ``url`` and
        ``ajaxUrl`` are other addresses of the portal's websocket and pages.  ``configuration`` names devices as
        ``get_pvis``, ``get_powermeters`` and ``get_batteries`` do.  Raises what requests raise.
        """
        if connectType not in {self.CONNECT_LOCAL, self.CONNECT_WEB}:
            raise InvalidValue(f"no connectType {connectType!r}", remedy="Use E3DC.CONNECT_LOCAL or E3DC.CONNECT_WEB.")
        super().__init__(clock, configuration or {})
        self.connectType = connectType
        self.username = username
        self.guid = f"GUID-{uuid4()}"
        self.jar: CookieJar | None = None
        if connectType == self.CONNECT_LOCAL:
            self.password, self.ip, self.key, self.port = password, ipAddress, key, port
            client = Client(ipAddress, username=username, password=password, key=key, port=port or PORT, clock=clock)
            self.rscp = Line(client)
            self.get_system_info_static(keepAlive=True)
        else:
            self.password = password if isPasswordMd5 else password_hash(password)
            self._set_serial(serialNumber)
            serial, secret = identifier(serialNumber), self.password
            client = Client.portal(serial=serial, username=username, password=secret, hashed=True, url=url, clock=clock)
            self.rscp = Line(client)
            self.pages = Pages(lambda: AjaxClient(serial, username=username, password=secret, hashed=True, url=ajaxUrl))

    def disconnect(self) -> None:
        """End the connections; the next request opens one again."""
        self.rscp.disconnect()
        if self.pages is not None:
            self.pages.close()
