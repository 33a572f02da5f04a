"""The device's side of the wire on a real socket."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Self

from heliobus.e3dc.protocol import Cipher, Connection, Frame, Timestamp, build_frame, decode, encode
from heliobus.e3dc.simulator.device import Device
from heliobus.e3dc.simulator.session import Session
from heliobus.errors import Overflow, ProtocolError, UsageError

if TYPE_CHECKING:
    from types import TracebackType

    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions

_LOG = logging.getLogger(__name__)

USER, PASSWORD = "owner@example.org", "portal password"
LOCAL_USER, LOCAL_PASSWORD = "local.user", "offline password"
KEY = "simulated key"
_CHUNK = 65536


class E3dcSimulator:
    """An E3/DC storage system that answers RSCP from a simulated house while entered."""

    def __init__(self, options: SimulationOptions) -> None:
        if options.wire not in {None, "rscp"}:
            raise UsageError(f"no simulated E3/DC wire {options.wire!r}", remedy="Use rscp.")
        self._clock = options.clock
        self._device = Device(options.plant, options.clock)
        options.plant.at(options.clock.now())
        self._cipher = Cipher(KEY)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._host, self._port = options.host, options.port
        self.frames = 0
        """How many frames were answered, logins included."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self._server = None

    @property
    def plant(self) -> Plant:
        """The house with the commands that the device has obeyed."""
        return self._device.plant

    def announcement(self) -> dict[str, Any]:
        """What is needed to reach it: vendor, url, host, port, username, password, key, serial."""
        name = f"[{self._host}]" if ":" in self._host else self._host
        return {
            "vendor": "e3dc",
            "url": f"e3dc://{USER}@{name}:{self._port}",
            "host": self._host,
            "port": self._port,
            "username": USER,
            "password": PASSWORD,
            "key": KEY,
            "serial": self._device.serial,
        }

    # -- sockets

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a stream server runs its callback as a task
        self._connections.add(task)
        try:
            await self._converse(reader, writer)
        except (ProtocolError, ConnectionError) as error:
            _LOG.debug("connection dropped: %s", error)
        except asyncio.CancelledError:
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self._cipher)
        session = Session(self._device, {USER: PASSWORD, LOCAL_USER: LOCAL_PASSWORD})
        while data := await reader.read(_CHUNK):
            for frame in connection.receive_data(data):
                self.frames += 1
                writer.write(connection.send(self._answer(session, frame)))
                await writer.drain()

    def _answer(self, session: Session, frame: Frame) -> bytes:
        try:
            data = encode(session.answers(decode(frame.data)))
        except Overflow:
            data = b""  # what does not fit in a frame is not answered (SPEC 2)
        return build_frame(data, time=self._time(), crc=frame.crc)

    def _time(self) -> Timestamp:
        """The device's clock; no two frames have the same time."""
        now = Timestamp.of(self._clock.now())
        return Timestamp(now.seconds, now.nanoseconds + self.frames % 1000)
