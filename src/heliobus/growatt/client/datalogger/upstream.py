"""The real server behind heliobus, where the owner wants his data there too.

Every frame of the datalogger is passed on.  What the server says is dropped: heliobus has acknowledged already, and a
command of the server could change settings behind the owner's back; ``commands`` lets those through.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from typing import TYPE_CHECKING

from heliobus.errors import Error
from heliobus.growatt.protocol.datalogger import COMMANDS, Frame, Receiver, Type, build_frame
from heliobus.transport.tcp import TcpConnection, address

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)
_WAITING = 1000
"""Frames that wait for a server that cannot be reached; of more, the oldest are dropped."""
_CONNECT_SECONDS = 10.0
_RETRY_SECONDS = 60.0


class Upstream:
    """One datalogger's connection to the real server."""

    def __init__(self, host: str, port: int, *, commands: bool, clock: Clock) -> None:
        self._host = host
        self._port = port
        self._commands = commands
        self._clock = clock
        self._waiting: deque[Frame] = deque(maxlen=_WAITING)
        self._news = asyncio.Event()
        self._announcement: Frame | None = None

    def pass_on(self, frame: Frame) -> None:
        """Send the frame as soon as the server can be reached."""
        if frame.type == Type.ANNOUNCE:
            self._announcement = frame
        if frame.type in COMMANDS and not self._commands:
            return  # an answer to a command of ours
        self._waiting.append(frame)
        self._news.set()

    async def run(self, answer: Callable[[Frame], None]) -> None:
        """Keep the connection until cancelled; ``answer`` takes a command that is let through."""
        while True:
            try:
                await self._connected(answer)
            except Error as error:
                _log.warning("forwarding to %s: %s", address(self._host, self._port), error.what())
            await self._clock.sleep(_RETRY_SECONDS)

    async def _connected(self, answer: Callable[[Frame], None]) -> None:
        await self._wanted()
        connection = await TcpConnection.open(self._host, self._port, within=_CONNECT_SECONDS)
        hearing = asyncio.create_task(self._hear(connection, answer))
        try:
            if self._announcement is not None and self._announcement not in self._waiting:
                connection.send(build_frame(self._announcement))
            while not hearing.done():
                while self._waiting:
                    connection.send(build_frame(self._waiting[0]))
                    self._waiting.popleft()
                news = asyncio.ensure_future(self._wanted())
                await asyncio.wait({news, hearing}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
            hearing.result()
        finally:
            hearing.cancel()
            with contextlib.suppress(asyncio.CancelledError, Error):
                await hearing
            connection.close()

    async def _wanted(self) -> None:
        while not self._waiting:
            self._news.clear()
            await self._news.wait()

    async def _hear(self, connection: TcpConnection, answer: Callable[[Frame], None]) -> None:
        receiver = Receiver()
        while True:
            for frame in receiver.receive_data(await connection.receive()):
                if frame.type not in COMMANDS:
                    continue
                if self._commands:
                    answer(frame)
                else:
                    _log.info("a command of the server was not passed on (type %02x)", frame.type)
