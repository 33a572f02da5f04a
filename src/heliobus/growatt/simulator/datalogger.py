"""A datalogger that connects to whoever listens at the announced address, as the real one connects to Growatt's server.

It announces its inverter, sends a record at once and then one every interval, each after the one before it was
acknowledged, and pings in between.  The records of an outage are sent as buffered ones when somebody listens again.
Source: SPEC F.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import ProtocolError, UsageError
from heliobus.growatt.protocol.datalogger import (
    COMMANDS,
    INTERVAL,
    TIME,
    Answer,
    DataRecord,
    Frame,
    Receiver,
    Type,
    build_answer,
    build_frame,
    build_record,
    command_of,
    put_serial,
)
from heliobus.growatt.simulator.house import Moment
from heliobus.growatt.simulator.records import RECORDS, announcement
from heliobus.simulation.host import cannot_listen
from heliobus.transport.tcp import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

    from heliobus.simulation.plant import Plant
    from heliobus.vendor import SimulationOptions

LOGGER_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "logger-02": "the datalogger speaks protocol 02: plain, without a checksum",
        "logger-05": "the datalogger speaks protocol 05",
        "logger-checksum": "the checksums of the datalogger's records are wrong",
        "logger-noise": "the datalogger's port is used by something that speaks HTTP",
        "logger-silent": "the datalogger connects and says nothing but its announcement",
    }
)
_PROTOCOLS = {"logger-02": 0x02, "logger-05": 0x05}
_DEVICE = 0x01
_RETRY_SECONDS = 0.02
_PINGS_SECONDS = 180.0
_MOST = 2000
"""Records that the datalogger can keep."""
_WAIT_SECONDS = 20
"""Of a machine that is busy with more than this."""
_BELOW_OUTGOING = range(10_240, 32_768)
_TRIES = 20


class DataloggerSimulator:
    """A datalogger with one inverter of the profile's family (mix or tlx).

    ``port`` is the one that it connects to and that a listener can bind; 0 makes it choose a free one.  Making one
    raises UsageError for an unknown profile or fault and for replays, entering for a port that is in use.
    """

    def __init__(self, options: SimulationOptions) -> None:
        self.family = options.profile or next(iter(RECORDS))
        if self.family not in RECORDS:
            raise UsageError(f"no Growatt profile {self.family!r}", remedy=f"Use one of: {', '.join(RECORDS)}.")
        if options.replay is not None:
            raise UsageError("a simulated datalogger cannot replay", remedy="Leave replay out.")
        options.plant.at(options.clock.now())
        self._plant = options.plant
        self._clock = options.clock
        self._host = options.host
        self.port = options.port
        self.faults = options.faults
        seed = options.plant.seed % 10_000_000
        self.logger = f"LOG{seed:07d}"
        self.serial = f"{'SPH' if self.family == 'mix' else 'MIN'}{seed:07d}"
        self.interval = timedelta(minutes=1)
        """Between two records; a server can set it."""
        self.set_time: str | None = None
        """What a server has set the clock to; it does not go wrong without."""
        self._last: datetime | None = None
        self._sequence = 0
        self._acknowledged = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        # The house's counters take seconds when they are first asked for; nobody who waits for a record shall notice.
        self._record(Type.DATA, self._clock.now())
        self.port = free_port(self._host, self.port)
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @property
    def faults(self) -> tuple[str, ...]:
        """What goes wrong from the next record on, by the names of ``LOGGER_FAULTS``; UsageError for others."""
        return self._faults

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        wanted = tuple(names)
        if unknown := sorted(set(wanted) - LOGGER_FAULTS.keys()):
            raise UsageError(
                f"no fault {unknown[0]!r} of a datalogger", remedy=f"Use one of: {', '.join(LOGGER_FAULTS)}."
            )
        self._faults = wanted
        self._protocol = next((_PROTOCOLS[name] for name in wanted if name in _PROTOCOLS), 0x06)

    @property
    def plant(self) -> Plant:
        """The house; a datalogger's commands do not reach it."""
        return self._plant

    def announcement(self) -> dict[str, Any]:
        """Where it connects to, as the URL of a listener: vendor, url, host, port, serial."""
        zone = self._plant.house.timezone
        return {
            "vendor": "growatt",
            "url": f"growatt+datalogger://{address(self._host, self.port)}?zone={zone}&wait={_WAIT_SECONDS}",
            "host": self._host,
            "port": self.port,
            "serial": self.serial,
        }

    # -- the connection

    async def _run(self) -> None:
        while True:
            try:
                reader, writer = await asyncio.open_connection(self._host, self.port)
            except OSError:
                # Whether anybody listens is a matter of this machine's time, not of the house's.
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            self._writer = writer
            tasks = [asyncio.create_task(one) for one in (self._hear(reader), self._tell(), self._ping())]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                writer.close()  # before anything is awaited: the end may come in the midst of it
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        """Take what the server says until it goes, or says what no server says."""
        receiver = Receiver()
        with contextlib.suppress(OSError, ProtocolError):
            while data := await reader.read(4096):
                for frame in receiver.receive_data(data):
                    if frame.type in COMMANDS:
                        self._send(build_answer(frame, self._obey(frame)))
                    else:
                        self._acknowledged.set()

    async def _tell(self) -> None:
        if "logger-noise" in self._faults and self._writer is not None:
            self._writer.write(b"GET / HTTP/1.1\r\nHost: example\r\n\r\n")
            await asyncio.Event().wait()
        await self._say(announcement(self._moment(), logger=self.logger, serial=self.serial, family=self.family))
        if "logger-silent" in self._faults:
            await asyncio.Event().wait()
        for moment in self._missed():
            await self._say(self._record(Type.BUFFERED, moment))
        while True:
            now = self._clock.now()
            await self._say(self._record(Type.DATA, now))
            self._last = now
            await self._clock.sleep(self.interval.total_seconds())

    async def _ping(self) -> None:
        while True:
            await self._clock.sleep(_PINGS_SECONDS)
            self._send(Frame(0, self._protocol, _DEVICE, Type.PING, put_serial(self.logger, self._protocol)))

    async def _say(self, record: DataRecord) -> None:
        """Send a record and wait until it is acknowledged."""
        self._sequence = self._sequence % 0xFFFF + 1
        self._acknowledged.clear()
        self._send(build_record(record, sequence=self._sequence, protocol=self._protocol, device=_DEVICE))
        await self._acknowledged.wait()

    def _send(self, frame: Frame) -> None:
        data = build_frame(frame)
        if "logger-checksum" in self._faults:
            data = data[:-1] + bytes([data[-1] ^ 1])
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    # -- what it says

    def _missed(self) -> Iterator[datetime]:
        """The moments of the records that nobody took, the oldest first."""
        if self._last is None:
            return
        count = min((self._clock.now() - self._last) // self.interval, _MOST)
        for place in range(1, count + 1):
            moment = self._last + place * self.interval
            if moment < self._clock.now():
                yield moment

    def _moment(self, time: datetime | None = None) -> Moment:
        return Moment(self._plant, time or self._clock.now())

    def _record(self, kind: Type, time: datetime) -> DataRecord:
        moment = self._moment(time)
        layout, values = RECORDS[self.family]
        return DataRecord(
            kind=kind,
            logger=self.logger,
            serial=self.serial,
            time=moment.local.replace(tzinfo=None),
            layout=layout,
            values=values(moment),
        )

    def _obey(self, frame: Frame) -> Answer:
        asked = command_of(frame)
        if frame.type == Type.GET_LOGGER:
            text = {INTERVAL: f"{self.interval / timedelta(minutes=1):g}", TIME: self.set_time or ""}
            return asked._replace(logger=self.logger, data=text.get(asked.start, "").encode())
        if frame.type == Type.GET_REGISTER:
            return asked._replace(logger=self.logger, data=bytes(2 * (asked.end - asked.start + 1)))
        if frame.type == Type.SET_LOGGER:
            text_set = asked.data.decode("ascii", "replace")
            if asked.start == TIME:
                self.set_time = text_set
            elif asked.start == INTERVAL:
                with contextlib.suppress(ValueError):
                    self.interval = timedelta(minutes=max(float(text_set), 0.1))
            return Answer(self.logger, asked.start, asked.start)
        return Answer(self.logger, asked.start, asked.end, data=asked.data if frame.type == Type.SET_REGISTER else b"")


def free_port(host: str, port: int = 0) -> int:
    """A port that nobody listens on now, ``port`` if it is one; the listener binds it in a moment.

    It lies below those that outgoing connections are given: one of these could take it meanwhile, even our own, which
    would then be connected to itself.
    """
    if port:
        return _probed(host, port)
    for _ in range(_TRIES):
        with contextlib.suppress(UsageError):
            return _probed(host, random.SystemRandom().choice(_BELOW_OUTGOING))
    return _probed(host, 0)


def _probed(host: str, port: int) -> int:
    """The port that was bound for a moment; UsageError when it cannot be had."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise cannot_listen(host, port, error) from error
        return int(probe.getsockname()[1])
