"""One device over HTTP.

Appliances have small web servers: several programs at once make them hang (SENEC SPEC 2.3), so a transport has one
request in flight.  Its deadline covers the whole exchange, not each read, and no answer grows beyond the limit.
"""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from heliobus.errors import ConnectionLost, DeadlineExceeded, Overflow, ProtocolError, Unreachable, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logging.getLogger(__name__)

BODY_LIMIT = 2 * 2**20
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None)  # the total deadline rules, and it includes waiting for our turn


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """A complete answer; the status is not judged here."""

    status: int
    body: bytes
    content_type: str
    location: str | None = None
    """Where a redirect points."""
    retry_after: str | None = None
    cookies: Mapping[str, str] = field(default_factory=dict)
    """Those that this answer sets."""


class HttpTransport:
    """``session`` may be the application's own (it is then not closed); ``timeout`` in s, ``limit`` in bytes.

    With ``cookies=False`` the caller keeps them; a session must then not keep them too (``aiohttp.DummyCookieJar``),
    or UsageError is raised.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession | None = None,
        timeout: float = 10.0,
        limit: int = BODY_LIMIT,
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
        self._timeout = timeout
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
    ) -> HttpAnswer:
        """Send one request and read the whole answer; redirects are not followed.

        A ``repeatable`` request (one that changes nothing) is sent a second time when a kept-alive connection turns
        out to be dead.  Raises Unreachable, DeadlineExceeded, ConnectionLost, Overflow, ProtocolError (not HTTP) and
        UsageError (not a URL).
        """
        place = url.partition("?")[0]  # a cloud's query may name the user or a serial number
        try:
            async with asyncio.timeout(self._timeout), self._turn:
                try:
                    return await self._exchange(method, url, body, headers)
                except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
                    if not repeatable or isinstance(error, aiohttp.ClientConnectorError):
                        raise
                    _log.debug("kept-alive connection to %s was dead, asking again", place)
                    return await self._exchange(method, url, body, headers)
        except TimeoutError as error:
            raise DeadlineExceeded(f"no complete answer from {place} within {self._timeout:g} s") from error
        except (aiohttp.InvalidURL, ValueError) as error:
            raise UsageError(f"{place} is not an address") from error
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(f"cannot connect to {place}: {_reason(error.os_error)}") from error
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, aiohttp.ClientOSError) as error:
            raise ConnectionLost(f"the connection to {place} ended in mid-answer") from error
        except aiohttp.ClientError as error:
            raise ProtocolError(f"{place} does not answer in HTTP ({type(error).__name__})") from error

    async def close(self) -> None:
        """End the connection; a session that was handed in stays open."""
        if self._own and self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _exchange(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str] | None
    ) -> HttpAnswer:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=1),
                timeout=_NO_TIMEOUT,
                # unsafe: appliances set cookies for their IP address
                cookie_jar=aiohttp.CookieJar(unsafe=True) if self._cookies else aiohttp.DummyCookieJar(),
            )
        async with self._session.request(
            method, url, data=body, headers=headers, allow_redirects=False, timeout=_NO_TIMEOUT
        ) as answer:
            return HttpAnswer(
                status=answer.status,
                body=await self._read(answer, url),
                content_type=answer.content_type,
                location=answer.headers.get("Location"),
                retry_after=answer.headers.get("Retry-After"),
                cookies={name: morsel.value for name, morsel in answer.cookies.items()},
            )

    async def _read(self, answer: aiohttp.ClientResponse, url: str) -> bytes:
        body = bytearray()
        while chunk := await answer.content.readany():
            body += chunk
            if len(body) > self._limit:
                answer.close()
                raise Overflow(f"the answer of {url.partition('?')[0]} is larger than {self._limit} bytes")
        return bytes(body)


def _reason(error: OSError) -> str:
    # aiohttp puts its own words into strerror; the number says it plainly ("Connection refused").
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or type(error).__name__
