"""One device over HTTP.

Appliances have small web servers: several programs at once make them hang (SENEC SPEC 2.3), so a transport has one
request in flight.  Its deadline covers the whole exchange, not each read, and no answer grows beyond the limit.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp

from heliobus.errors import (
    ConnectionLost,
    DeadlineExceeded,
    Error,
    Overflow,
    ProtocolError,
    Refused,
    Unreachable,
    UsageError,
)
from heliobus.transport.reason import reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from ssl import SSLContext

    from heliobus.transport.tls import Trust

_log = logging.getLogger(__name__)

BODY_LIMIT = 2 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """A complete answer; the status is not judged here."""

    status: int
    body: bytes
    content_type: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    """Those that it sets."""
    location: str | None = None
    """Where a redirect points."""
    retry_after: str | None = None


class _Broken(aiohttp.ClientError):
    """A connection ended before the answer began."""


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Ask once: aiohttp of itself sends a GET again on every broken connection, also one that must not come twice."""
    try:
        return await handler(request)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        if isinstance(error, aiohttp.ClientConnectorError):
            raise
        raise _Broken from error


class HttpTransport:
    """``session`` may be the application's own (it is then not closed); ``timeout`` in s, ``limit`` in bytes.

    With ``trust`` https needs no authority, but what ``trust`` knows of the device's certificate; without it, https is
    verified as everywhere.  With ``cookies=False`` the caller keeps them; a session must then not keep them too
    (``aiohttp.DummyCookieJar``), or UsageError is raised.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession | None = None,
        timeout: float = 10.0,
        limit: int = BODY_LIMIT,
        trust: Trust | None = None,
        cookies: bool = True,
    ) -> None:
        if session is not None and not cookies and not isinstance(session.cookie_jar, aiohttp.DummyCookieJar):
            raise UsageError(
                "this client keeps its cookies itself, and the session would mix in its own",
                remedy="Make the session with cookie_jar=aiohttp.DummyCookieJar(), or leave it out.",
            )
        self._cookies = cookies
        self._session = session
        self._own = session is None
        self._trust = trust
        self._timeout = timeout
        # total=None: the deadline in ``request`` rules, and it includes the waiting for our turn.
        self._limits = aiohttp.ClientTimeout(total=None, sock_connect=timeout / 2)
        self._limit = limit
        self._turn = asyncio.Lock()

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
        confidential: bool = False,
    ) -> HttpAnswer:
        """Send one request and read the whole answer; redirects are not followed.

        A ``repeatable`` request (one that changes nothing) is sent a second time when a kept-alive connection turns
        out to be dead.  A ``confidential`` one over https reaches nobody whose certificate is not the known one.
        Raises Unreachable, DeadlineExceeded, ConnectionLost, Overflow, ProtocolError (not HTTP), UsageError (not a
        URL), Refused (not the known certificate) and StorageError (the known ones cannot be read).
        """
        ask = partial(self._exchange, method, url, body, headers)
        try:
            async with asyncio.timeout(self._timeout), self._turn:
                try:
                    return await self._proven(ask, url, confidential=confidential)
                except _Broken:
                    if not repeatable:
                        raise
                    _log.debug("kept-alive connection to %s was dead, asking again", url.partition("?")[0])
                    return await self._proven(ask, url, confidential=confidential)
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            if self._trust is not None:
                self._trust.reset()
            # A cloud's query may name the user or a serial number.
            raise self._meaning(error, url.partition("?")[0]) from error

    def forget_cookies(self, url: str) -> None:
        """Forget what the device at ``url`` asked us to keep: another one may be there now."""
        host = urlsplit(url).hostname
        if self._session is not None and host is not None:
            self._session.cookie_jar.clear_domain(host)

    async def close(self) -> None:
        """End the connection; a session that was handed in stays open."""
        if self._own and self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _proven(self, ask: Callable[..., Awaitable[HttpAnswer]], url: str, *, confidential: bool) -> HttpAnswer:
        """Ask over the strictest TLS that the device's certificate passes and ``confidential`` allows."""
        if self._trust is None or not url.startswith("https:"):
            return await ask()
        proofs = self._trust.proofs(confidential=confidential)
        for proof in proofs:
            try:
                answer = await ask(tls=self._trust.context(proof))
            except aiohttp.ClientConnectorCertificateError:
                self.forget_cookies(url)
                if proof == proofs[-1]:
                    raise
            else:
                self._trust.answered(proof)
                return answer
        raise AssertionError("there is always a proof to try")

    async def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        *,
        tls: SSLContext | bool = True,
    ) -> HttpAnswer:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=1),
                timeout=self._limits,
                # unsafe: appliances set cookies for their IP address
                cookie_jar=aiohttp.CookieJar(unsafe=True) if self._cookies else aiohttp.DummyCookieJar(),
            )
        async with self._session.request(
            method,
            url,
            data=body,
            headers=headers,
            allow_redirects=False,
            timeout=self._limits,
            ssl=tls,
            middlewares=(_once,),
        ) as answer:
            return HttpAnswer(
                status=answer.status,
                body=await self._read(answer, url),
                content_type=answer.content_type,
                cookies={name: morsel.value for name, morsel in answer.cookies.items()},
                location=answer.headers.get("Location"),
                retry_after=answer.headers.get("Retry-After"),
            )

    def _meaning(self, error: Exception, url: str) -> Error:
        """Say in our words what a failed exchange means."""
        if isinstance(error, aiohttp.ClientConnectorCertificateError):
            return Refused(
                f"{url} does not show a certificate that is known or vouched for",
                remedy="If you know why it is another one, accept it (heliobus trust); if not, find out first.",
            )
        if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
            return Unreachable(f"cannot connect to {url}: {_reason(error)}")
        if isinstance(error, TimeoutError):
            return DeadlineExceeded(f"no complete answer from {url} within {self._timeout:g} s")
        if isinstance(error, ValueError):
            return UsageError(f"{url} is not an address")
        if isinstance(error, _Broken | aiohttp.ClientPayloadError | aiohttp.ClientOSError):
            return ConnectionLost(f"the connection to {url} ended in mid-answer")
        return ProtocolError(f"{url} does not answer in HTTP ({type(error).__name__})")

    async def _read(self, answer: aiohttp.ClientResponse, url: str) -> bytes:
        body = bytearray()
        while chunk := await answer.content.readany():
            body += chunk
            if len(body) > self._limit:
                answer.close()
                raise Overflow(f"the answer of {url.partition('?')[0]} is larger than {self._limit} bytes")
        return bytes(body)


def _reason(error: aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError) -> str:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return "nobody answers"
    cause = error.os_error
    if isinstance(cause, ssl.SSLError):
        return f"no TLS ({cause.reason or cause})"
    return reason(cause)
