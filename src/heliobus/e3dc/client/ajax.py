"""The portal's first generation, as far as polls need it.  Legacy: E3/DC may have switched it off."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from heliobus.e3dc.models.ajax import LiveUnit
from heliobus.e3dc.protocol import ajax
from heliobus.e3dc.protocol.portal import password_hash
from heliobus.errors import AuthenticationError, NotSupported, ProtocolError, Refused, TransportError
from heliobus.transport.http import HttpTransport

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiohttp

_log = logging.getLogger(__name__)

URL = f"https://s10.e3dc.com{ajax.PATH}"
_OK = 200
_GONE = frozenset({301, 302, 303, 307, 308, 404, 410})
_BROKEN = range(500, 600)


class AjaxClient:
    """One system of an account, through the portal's pages.

    ``serial`` may have its prefix or not; ``password`` is that of the portal, or its MD5 in hexadecimal if ``hashed``.
    Making a client does no I/O; the first call logs in, and so does one after the session has ended.
    """

    def __init__(
        self,
        serial: str,
        *,
        username: str,
        password: str,
        url: str | None = None,
        hashed: bool = False,
        timeout: float = 10.0,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        self.serial = serial.rpartition("-")[2]
        self.window = f"GUID-{uuid4()}"
        """What names this client to the portal."""
        self._url = url or URL
        self._login = ajax.login(username, password if hashed else password_hash(password))
        self._transport = HttpTransport(session=session, timeout=timeout)
        self._logged_in = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection; a later call logs in again."""
        self._logged_in = False
        await self._transport.close()

    async def log_in(self) -> None:
        """Open a session and select the system.

        Raises AuthenticationError, Refused if the account has no such system, NotSupported if the portal no longer has
        these pages, TransportError and ProtocolError.
        """
        self._logged_in = False
        answer = await self._send(self._login)
        if answer.errno:
            raise AuthenticationError(
                f"the portal does not accept the user name or the password (error {answer.errno})",
                remedy="Check both: they are those of the E3/DC portal (s10.e3dc.com).",
            )
        answer = await self._send(ajax.select(self.serial))
        if answer.errno:
            raise Refused(
                f"the portal shows this account no system {self.serial} (error {answer.errno})",
                remedy="Check the serial number, and that the account may see the system.",
            )
        self._logged_in = True

    async def poll(self) -> LiveUnit:
        """Read what the system does now.  The portal expects 10 s at least between two polls; raises as ``log_in``."""
        return LiveUnit.of(await self.raw())

    async def raw(self) -> Any:
        """The same as the portal sent it."""
        kept = self._logged_in
        if not kept:
            await self.log_in()
        answer = await self._send(ajax.LIVE)
        if answer.errno and kept:
            _log.debug("the session at %s has ended (error %d), logging in again", self._url, answer.errno)
            await self.log_in()
            answer = await self._send(ajax.LIVE)
        if answer.errno:
            raise Refused(
                f"the portal gives no live data of {self.serial} (error {answer.errno})",
                remedy="Check in the portal that the system is online.",
            )
        return ajax.parse_json(answer.content) if isinstance(answer.content, str) else answer.content

    async def _send(self, fields: Mapping[str, str]) -> ajax.Answer:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            ajax.WINDOW: self.window,
        }
        body = ajax.encode_form(fields)
        http = await self._transport.request("POST", self._url, body=body, headers=headers, repeatable=True)
        if http.status in _GONE:
            raise NotSupported(
                f"{self._url} is gone (HTTP {http.status})", remedy="Use the portal's websocket, or the local network."
            )
        if http.status in _BROKEN:
            raise TransportError(f"{self._url} is out of order (HTTP {http.status})", remedy="Try again later.")
        if http.status != _OK:
            raise ProtocolError(f"{self._url} answers HTTP {http.status}")
        answer = ajax.decode_answer(http.body)
        if answer.errno == ajax.NO_WINDOW:
            raise ProtocolError(f"{self._url} does not accept the header {ajax.WINDOW}")
        return answer
