"""The device's side of the wire on real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial, reduce
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any, Self

from heliobus.e3dc.protocol import Cipher, Connection, Frame, Timestamp, build_frame, decode
from heliobus.e3dc.simulator.device import Device
from heliobus.e3dc.simulator.equipment import equipment_of
from heliobus.e3dc.simulator.faults import FOREVER, faults_of
from heliobus.e3dc.simulator.session import CONTROLLER, OLD_SYSTEM, SYSTEM, Session
from heliobus.errors import ProtocolError, UsageError
from heliobus.simulation.host import cannot_listen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment
    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions

_LOG = logging.getLogger(__name__)

USER, PASSWORD = "owner@example.org", "portal password"
LOCAL_USER, LOCAL_PASSWORD = "local.user", "offline password"
KEY = "simulated key"

_USERS = {USER: PASSWORD, LOCAL_USER: LOCAL_PASSWORD}
_CHUNK = 65_536
_MICROSECOND, _SECOND = 1_000, 1_000_000_000  # nanoseconds


class E3dcSimulator:
    """An E3/DC storage system that answers RSCP from a simulated house.

    It answers while entered; entering raises UsageError when the port cannot be had.  Making one raises UsageError for
    an unknown wire, profile or fault, for a recording, and for a time at which the house does not stand yet.
    """

    def __init__(self, options: SimulationOptions) -> None:
        if options.wire not in {None, "rscp"}:
            raise UsageError(f"no simulated E3/DC wire {options.wire!r}", remedy="Use rscp.")
        if options.replay is not None:
            raise UsageError("a simulated E3/DC system does not answer from recordings", remedy="Leave --replay out.")
        self._clock = options.clock
        self.device = Device(options.plant, options.clock, equipment_of(options.profile))
        options.plant.at(options.clock.now())
        self._cipher = Cipher(KEY)
        self._chance = Random(options.plant.seed)  # noqa: S311 - cuts answers, keeps no secret
        self._host, self._port, self._member_port = options.host, options.port, 0
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()
        self.faults = options.faults
        self.frames = 0
        """How many frames were asked, logins included."""
        self.connections = 0
        """How many connections were made."""

    async def __aenter__(self) -> Self:
        farm = self.device.built.farm
        if farm:
            self.device.master = self._host
        table = CONTROLLER if farm else SYSTEM if self.device.built.modern else OLD_SYSTEM
        self._port = await self._listen(table, self._port)
        if farm:
            self._member_port = await self._listen(SYSTEM, self._member_port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()

    @property
    def plant(self) -> Plant:
        """The house with the commands that the device has obeyed."""
        return self.device.plant

    @property
    def faults(self) -> tuple[str, ...]:
        """What goes wrong from now on, by the names of ``FAULTS``; setting it raises UsageError for others."""
        return self._faults

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        names = tuple(names)
        self.device.faults = faults_of(names)
        self._faults = names

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, username, password, key, serial.

        For a farm this is the controller's port, and ``member_port`` that of its master.
        """
        name = f"[{self._host}]" if ":" in self._host else self._host
        told = {
            "vendor": "e3dc",
            "url": f"e3dc://{USER}@{name}:{self._port}",
            "host": self._host,
            "port": self._port,
            "username": USER,
            "password": PASSWORD,
            "key": KEY,
            "serial": self.device.serial,
        }
        return told | {"member_port": self._member_port} if self.device.built.farm else told

    # -- sockets

    async def _listen(self, table: Table[Moment], port: int) -> int:
        try:
            server = await asyncio.start_server(partial(self._accept, table), self._host, port)
        except (OSError, OverflowError) as error:
            raise cannot_listen(self._host, port, error) from error
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    def _accept(self, table: Table[Moment], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        session = Session(self.device, table, _USERS)
        task = asyncio.create_task(self._serve(session, reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not any(fault.refuses for fault in self.device.faults):
                await self._converse(session, reader, writer)
        except (ProtocolError, ConnectionError) as error:
            _LOG.debug("connection dropped: %s", error)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _converse(self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self._cipher)
        while data := await self._receive(reader):
            for frame in connection.receive_data(data):
                self.frames += 1
                faults = self.device.faults
                if delay := sum(fault.delay for fault in faults):
                    await self._clock.sleep(delay)
                answer = self._answer(session, frame)
                for _ in range(2 if any(fault.repeats for fault in faults) else 1):
                    sent = connection.send(answer)
                    await self._send(writer, reduce(lambda right, fault: fault.wire(right), faults, sent))
                if any(fault.closes for fault in faults):
                    return

    async def _receive(self, reader: asyncio.StreamReader) -> bytes:
        """What came, nothing at the end, or when the client was idle for too long."""
        patience = min((fault.patience for fault in self.device.faults), default=FOREVER)
        if patience == FOREVER:
            return await reader.read(_CHUNK)
        coming = asyncio.create_task(reader.read(_CHUNK))
        waiting = asyncio.create_task(self._clock.sleep(patience))
        try:
            await asyncio.wait({coming, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return coming.result() if coming.done() else b""
        finally:
            coming.cancel()
            waiting.cancel()

    async def _send(self, writer: asyncio.StreamWriter, sent: bytes) -> None:
        longest = min((fault.segment for fault in self.device.faults if fault.segment), default=0)
        rest = memoryview(sent)
        while rest:
            size = self._chance.randint(1, longest) if longest else len(rest)
            writer.write(bytes(rest[:size]))
            await writer.drain()
            rest = rest[size:]
            if rest:
                await asyncio.sleep(0)  # else the segments would leave as one

    # -- frames

    def _answer(self, session: Session, frame: Frame) -> bytes:
        faults = self.device.faults
        data = reduce(lambda right, fault: fault.data(right), faults, session.answer(decode(frame.data)))
        answer = self._frame(data, crc=frame.crc)
        return reduce(lambda right, fault: fault.frame(right), faults, answer)

    def _frame(self, data: bytes, *, crc: bool) -> bytes:
        """The frame at the device's time, below whose microseconds the frames are counted: no two are alike."""
        now = Timestamp.of(self._clock.now() + self.device.skew)
        wanted = crc and any(fault.checksum_ends_00 for fault in self.device.faults)
        start = now.nanoseconds + self.frames % _MICROSECOND
        frames = (
            build_frame(data, time=now._replace(nanoseconds=nanosecond % _SECOND), crc=crc)
            for nanosecond in count(start)
        )
        return next(frame for frame in frames if not wanted or frame[-1] == 0)
