"""One server over a websocket: binary messages both ways."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

import aiohttp

from heliobus.errors import ConnectionLost, Overflow, ProtocolError, Unreachable, UsageError

if TYPE_CHECKING:
    from aiohttp import ClientSession, ClientWebSocketResponse

MESSAGE_LIMIT = 2**20
"""Bytes of the largest message that is taken."""
_CLOSING = 1.0
"""Seconds that a server has to agree to the end."""
_ENDS = frozenset({aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED})


class WebSocketConnection:
    """One open connection; made by ``open``.  The pings of the websocket itself are answered while it is read."""

    def __init__(self, url: str, socket: ClientWebSocketResponse, own: ClientSession | None) -> None:
        self._url = url
        self._socket = socket
        self._own_session = own

    @classmethod
    async def open(cls, url: str, *, session: ClientSession | None = None, limit: int = MESSAGE_LIMIT) -> Self:
        """Connect to ``ws://`` or ``wss://``; a ``session`` of the application is left open.

        Raises Unreachable, ProtocolError (no websocket there) and UsageError (not a URL).
        """
        used = session if session is not None else aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        own = used if session is None else None
        try:
            return cls(url, await _connect(url, used, limit), own)
        except BaseException:  # a cancelled call too
            if own is not None:
                await own.close()
            raise

    async def send(self, message: bytes) -> None:
        """Send one message.  Raises ConnectionLost if the connection has ended."""
        try:
            await self._socket.send_bytes(message)
        except (aiohttp.ClientError, ConnectionError) as error:
            raise self._lost() from error

    async def receive(self) -> bytes:
        """Wait for the next message.  Raises ConnectionLost, Overflow, and ProtocolError for text."""
        message = await self._socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            return bytes(message.data)
        if message.type in _ENDS:
            raise self._lost()
        if message.type is aiohttp.WSMsgType.TEXT:
            raise ProtocolError(f"{self._url} sent text, not frames")
        if isinstance(message.data, aiohttp.WebSocketError):
            if message.data.code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
                raise Overflow(f"a message of {self._url} is too large")
            raise ProtocolError(f"{self._url} broke the rules of websockets")
        raise self._lost()

    async def close(self) -> None:
        """End the connection; the server is told."""
        await self._socket.close()
        if self._own_session is not None:
            await self._own_session.close()

    def _lost(self) -> ConnectionLost:
        return ConnectionLost(f"{self._url} ended the connection")


async def _connect(url: str, session: ClientSession, limit: int) -> ClientWebSocketResponse:
    try:
        return await session.ws_connect(url, max_msg_size=limit, timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSING))
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError) as error:
        raise UsageError(f"{url} is not the address of a websocket", remedy="Write it as wss://host/path.") from error
    except aiohttp.WSServerHandshakeError as error:
        raise ProtocolError(f"{url} is no websocket (HTTP {error.status})") from error
    except aiohttp.ClientSSLError as error:
        raise Unreachable(f"no secure connection to {url}: {type(error).__name__}") from error
    except aiohttp.ClientConnectorError as error:
        number = error.os_error.errno
        reason = os.strerror(number) if number and number > 0 else str(error.os_error)
        raise Unreachable(f"cannot connect to {url}: {reason}") from error
    except (aiohttp.ClientError, ConnectionError) as error:
        raise Unreachable(f"{url} ended the connection while it was opened") from error
