"""One datalogger's conversation: records come in, acknowledgements and the time go out."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from heliobus.errors import ProtocolError, Refused
from heliobus.growatt.protocol.datalogger import (
    RECORDS,
    Frame,
    Receiver,
    Type,
    acknowledge,
    build_frame,
    parse_record,
    set_time,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from heliobus.growatt.client.datalogger.upstream import Upstream
    from heliobus.growatt.protocol.datalogger import DataRecord
    from heliobus.transport.clock import Clock

_CHUNK = 4096
_IDLE_SECONDS = 1200.0
"""Dataloggers ping every few minutes; who is silent for longer is gone."""
_TIME_AFTER_SECONDS = 1.0
"""What a datalogger needs after the answer to its announcement before it hears another frame (SPEC F.1)."""


class Session:
    """A conversation on an open connection.

    ``take`` is given each record before it is acknowledged; ``local`` gives the plant's time for its clock.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        take: Callable[[DataRecord], None],
        local: Callable[[], datetime],
        clock: Clock,
        family: str | None = None,
        logger: str | None = None,
        upstream: Upstream | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._take = take
        self._local = local
        self._clock = clock
        self._family = family
        self._wanted = logger
        self._upstream = upstream
        self._aside: list[asyncio.Task[None]] = []
        self.logger: str | None = None
        """The datalogger's serial number, as soon as it has said it."""

    async def run(self) -> None:
        """Converse until the datalogger goes or is silent for too long.

        Raises ProtocolError for what no datalogger says, and Refused for one that is not wanted.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                if self._upstream is not None:
                    self._aside.append(tasks.create_task(self._upstream.run(self._send)))
                try:
                    await self._converse(tasks)
                finally:
                    for task in self._aside:
                        task.cancel()
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()

    async def _converse(self, tasks: asyncio.TaskGroup) -> None:
        receiver = Receiver()
        while data := await self._receive():
            for frame in receiver.receive_data(data):
                self._hear(frame)
                if frame.type == Type.ANNOUNCE:
                    self._aside.append(tasks.create_task(self._tell_time(frame)))

    async def _receive(self) -> bytes:
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                return await self._reader.read(_CHUNK)
        except (OSError, TimeoutError):
            return b""

    def _hear(self, frame: Frame) -> None:
        if frame.type in RECORDS:
            self._keep(frame)
        if self._upstream is not None:
            self._upstream.pass_on(frame)
        answer = acknowledge(frame)
        if answer is not None:
            self._send(answer)

    def _keep(self, frame: Frame) -> None:
        record = parse_record(frame, family=self._family)
        if self._wanted not in (None, record.logger):
            raise Refused(
                f"the datalogger {record.logger} is not the one that is wanted", remedy="Correct ?logger= in the URL."
            )
        if self.logger not in (None, record.logger):
            raise ProtocolError("a datalogger changed its serial number")
        self.logger = record.logger
        self._take(record)

    async def _tell_time(self, announced: Frame) -> None:
        await self._clock.sleep(_TIME_AFTER_SECONDS)
        self._send(set_time(announced, logger=self.logger or "", local=self._local()))

    def _send(self, frame: Frame) -> None:
        if not self._writer.is_closing():
            self._writer.write(build_frame(frame))
