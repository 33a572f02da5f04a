"""The way to a device through the vendor's portal: a websocket.  Experimental, as ``protocol.portal`` says.

A task reads as long as the connection is open, for the portal pings its clients and asks them when it likes.  Nothing
numbers requests and answers: after a time-out, a cancelled call or an answer that nobody asked for the connection is
given up, so that no answer finds the wrong request.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import Timestamp
from heliobus.e3dc.protocol.portal import (
    LOGIN_REFUSED,
    Answered,
    Ended,
    Phase,
    PortalConnection,
    identifier,
    password_hash,
)
from heliobus.errors import AuthenticationError, ConnectionLost, DeadlineExceeded, Error, ProtocolError, Refused
from heliobus.transport.websocket import WebSocketConnection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    import aiohttp

    from heliobus.e3dc.models import Batch
    from heliobus.e3dc.protocol import Frame, Item
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)

URL = "wss://s10.e3dc.com/ws"
_CHECK_SYSTEM = "Check the serial number, with its prefix as the portal shows it, and that the system is online."
_LATE = MappingProxyType(
    {
        Phase.OPENED: ("did not register the connection", "Try again later; the portal may be down."),
        Phase.REGISTERED: ("did not ask who is there", "Try again later; the portal may be down."),
        Phase.LOGGING_IN: ("did not connect to the system", _CHECK_SYSTEM),
        Phase.READY: ("did not answer", "Try again later; the system may be offline."),
    }
)
"""What the portal has left undone in each phase, and what may help."""


class PortalLink:
    """RSCP through the portal: one connection, one request at a time, ``timeout`` s for each step of the portal.

    ``serial`` may lack its prefix (``S10-``); ``password`` is that of the portal, or its MD5 in hexadecimal if
    ``hashed``.  Raises UsageError for a serial number that is none.
    """

    source = "e3dc/portal"

    def __init__(
        self,
        serial: str,
        *,
        username: str,
        password: str,
        timeout: float,
        clock: Clock,
        url: str | None = None,
        hashed: bool = False,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        self._system = identifier(serial)
        self.address = f"{self._system} at {url or URL}"
        self._url = url or URL
        self._user = username
        self._password = password if hashed else password_hash(password)
        self._timeout = timeout
        self._clock = clock
        self._session = session
        self._turn = asyncio.Lock()
        self._dialogue: _Dialogue | None = None
        self.opened = 0

    async def exchange(self, batch: Batch, *, repeatable: bool) -> list[Item | None]:
        """As ``Link`` says; raises Refused, too, if the portal does not let this user to the system."""
        async with self._turn:
            try:
                return await self._exchange(batch)
            except (ConnectionLost, ProtocolError) as error:
                if not repeatable:
                    raise
                _log.debug("%s: %s; asking again", self.address, error)
                return await self._exchange(batch)

    async def close(self) -> None:
        dialogue, self._dialogue = self._dialogue, None
        if dialogue is not None:
            await dialogue.close()

    async def _exchange(self, batch: Batch) -> list[Item | None]:
        try:
            if self._dialogue is None or self._dialogue.over:
                await self.close()
                await self._open()
            return batch.answers((await self._ask(batch.body)).data)
        except BaseException:  # a cancelled call too: its answer would be taken for that of the next
            await self.close()
            raise

    async def _open(self) -> None:
        async with _limit(self._timeout, f"{self._url} was not reached", "Try again later; the portal may be down."):
            socket = await WebSocketConnection.open(self._url, session=self._session)
        core = PortalConnection(
            user=self._user, password=self._password, system=self._system, now=lambda: Timestamp.of(self._clock.now())
        )
        self._dialogue = dialogue = _Dialogue(socket, core, self._system)
        while core.phase is not Phase.READY:
            async with self._patience(core.phase):
                await dialogue.advance()
        self.opened += 1

    async def _ask(self, data: bytes) -> Frame:
        assert self._dialogue is not None  # noqa: S101 - _exchange has opened it
        async with self._patience(Phase.READY):
            return await self._dialogue.ask(data)

    def _patience(self, phase: Phase) -> AbstractAsyncContextManager[None]:
        undone, remedy = _LATE[phase]
        return _limit(self._timeout, f"the portal {undone} ({self._system})", remedy)


class _Dialogue:
    """One websocket with a task that reads it."""

    def __init__(self, socket: WebSocketConnection, core: PortalConnection, system: str) -> None:
        self._socket = socket
        self._core = core
        self._system = system
        self._frame: Frame | None = None
        self._error: Error | None = None
        self._news = asyncio.Event()
        self.over = False
        self._reading = asyncio.create_task(self._read())

    async def advance(self) -> None:
        """Wait until the portal has done what it has to do in this phase."""
        phase = self._core.phase
        await self._until(lambda: self._core.phase is not phase)

    async def ask(self, data: bytes) -> Frame:
        self._core.ask(data)
        await self._send()
        await self._until(lambda: self._frame is not None)
        frame, self._frame = self._frame, None
        assert frame is not None  # noqa: S101 - _until has waited for it
        return frame

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.wait([self._reading])
        await self._socket.close()  # the task may have ended before it began

    async def _until(self, done: Callable[[], bool]) -> None:
        """Wait for what a message brings; raises what ended the connection."""
        while not done():
            if self.over:
                raise self._error or ConnectionLost("the connection to the portal has ended")
            self._news.clear()
            await self._news.wait()

    async def _read(self) -> None:
        try:
            while self._error is None:
                await self._take(await self._socket.receive())
        except Error as error:
            _log.debug("%s: %s", self._system, error)
            self._error = error
        finally:
            self.over = True
            self._news.set()
            await self._socket.close()

    async def _take(self, message: bytes) -> None:
        events = self._core.receive_data(message)
        await self._send()
        for event in events:
            match event:
                case Answered(frame):
                    self._frame = frame
                case Ended(status):
                    self._error = self._reason(status)
        self._news.set()

    async def _send(self) -> None:
        for message in self._core.data_to_send():
            await self._socket.send(message)

    def _reason(self, status: int | None) -> Error:
        if status == LOGIN_REFUSED:
            return AuthenticationError(
                "the portal does not accept the user name or the password",
                remedy="Check both: they are those of the E3/DC portal (s10.e3dc.com).",
            )
        said = "" if status is None else f" (status {status})"
        if self._core.phase is Phase.LOGGING_IN:
            return Refused(f"the portal opens no connection to {self._system}{said}", remedy=_CHECK_SYSTEM)
        return ConnectionLost(f"the portal ended the connection to {self._system}{said}")


@asynccontextmanager
async def _limit(seconds: float, what: str, remedy: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise DeadlineExceeded(f"{what} within {seconds:g} s", remedy=remedy) from error
