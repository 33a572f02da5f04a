"""A source that listens: dataloggers connect that have this machine as their server; their last records are read."""

from __future__ import annotations

import asyncio
import errno
import logging
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import DeadlineExceeded, Error, NotSupported, UsageError
from heliobus.growatt import mapping, models
from heliobus.growatt.client.datalogger.session import Session
from heliobus.growatt.client.datalogger.shelf import Kept, Shelf
from heliobus.growatt.client.datalogger.upstream import Upstream
from heliobus.growatt.models.datalogger import LOGGER_FAMILIES, LOGGER_RECORDS, DataloggerReading, LoggerMeter
from heliobus.growatt.protocol.datalogger import FAMILIES
from heliobus.model.capabilities import Capabilities
from heliobus.model.identity import Device
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.tcp import address

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from heliobus.growatt.protocol.datalogger import DataRecord
    from heliobus.model.command import Command, Outcome
    from heliobus.model.snapshot import Snapshot
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)
DEFAULT_PORT = 5279
_DETAILS = ("live", "full")
_SESSIONS = 32
_ROUTE = "datalogger"


class Listener:
    """Stands in for Growatt's server on ``host`` and ``port``, and on nothing else, from entering to closing.

    ``family`` names the layout of the records where they do not tell it (``FAMILIES``); ``zone`` is the plant's, in
    which the dataloggers' clocks are set (None: this machine's); ``logger`` the only datalogger that is let in;
    ``forward`` the real server that gets everything too, and ``commands`` lets its commands through to the datalogger.
    ``wait`` is how long ``read`` waits for a first record, ``fresh`` how old one may be, both in seconds.

    The protocol has no authentication: who reaches the port can tell any values.  Making one does no I/O; entering
    raises UsageError when the address cannot be had.  Source: SPEC F.1.
    """

    def __init__(
        self,
        host: str,
        *,
        port: int = DEFAULT_PORT,
        family: str | None = None,
        zone: tzinfo | None = None,
        logger: str | None = None,
        forward: tuple[str, int] | None = None,
        commands: bool = False,
        wait: float = 30.0,
        fresh: float = 900.0,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if not host:
            raise UsageError(
                "a datalogger needs an address to connect to", remedy="Name this machine's, such as 0.0.0.0."
            )
        if family not in (None, *FAMILIES):
            raise UsageError(f"no layout for the family {family!r}", remedy=f"Use one of: {', '.join(FAMILIES)}.")
        if commands and forward is None:
            raise UsageError("commands come from a server that is forwarded to", remedy="Name it with forward.")
        self._host = host
        self._port = port
        self._family = family
        self._zone = zone
        self._logger = logger
        self._forward = forward
        self._commands = commands
        self._wait = wait
        self._fresh = timedelta(seconds=fresh)
        self._clock = clock
        self._shelf = Shelf()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._spoken = asyncio.Event()
        self._refusal: Error | None = None
        self._last: Snapshot | None = None

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop to listen and end every conversation; what was heard is kept, and a later call listens again."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def capabilities(self) -> Capabilities:
        """What the inverter that was read last reports; before, what any can.  No commands."""
        return Capabilities(fields=mapping.carriable() if self._last is None else mapping.carried(self._last))

    async def devices(self) -> tuple[Device, ...]:
        """The inverters that were heard; waits for a first one."""
        await self._heard()
        return tuple(mapping.device(self._inverter(serial)) for serial in self._shelf.serials)

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Give the last record of one inverter in the unified model; both details are the same.

        ``received_at`` is when it came.  What is older than it may be is STALE.  Raises UsageError for an inverter that
        was not heard, DeadlineExceeded when none is heard in time, NotSupported for a record whose fields are unknown.
        """
        serial = await self._meant(device, detail)
        one = self._shelf.inverters[serial]
        assert one.last is not None  # noqa: S101 - that is what heard means
        self._last = self._snapshot(one.last, meter=one.meter)
        return self._last

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Give the same in Grott's words, with what the inverter announced of itself."""
        one = self._shelf.inverters[await self._meant(device, detail)]
        kept = {"record": one.last, "meter": one.meter, "announcement": one.announcement}
        return {name: _plain(found) for name, found in kept.items() if found is not None}

    async def history(self, device: str | Device | None = None) -> tuple[Snapshot, ...]:
        """Give the records that an inverter sent late, after an outage: by their ``device_time``, the oldest first."""
        one = self._shelf.inverters[await self._meant(device, "full")]
        return tuple(self._snapshot(kept) for kept in one.late)

    async def execute(
        self,
        command: Command,
        *,
        device: str | Device | None = None,  # noqa: ARG002, the contract
        dry_run: bool = False,  # noqa: ARG002
    ) -> Outcome:
        """Raise NotSupported: dataloggers take no commands from heliobus."""
        self.capabilities.require(command)
        raise NotSupported("dataloggers take no commands")

    # -- listening

    async def _listen(self) -> None:
        if self._server is not None:
            return
        try:
            server = await asyncio.start_server(self._serve, self._host, self._port, start_serving=False)
            self._server = server
            await server.start_serving()
        except (OSError, OverflowError) as error:
            self._server = None
            raise self._no_address(error) from error

    def _no_address(self, error: Exception) -> UsageError:
        where = address(self._host, self._port)
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            return UsageError(
                f"{where} is in use by another program",
                remedy="End it (another heliobus or Grott?), or choose another port here and in the datalogger.",
            )
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return UsageError(f"cannot listen on {where}: {reason}", remedy="Name an address of this machine.")

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # What was accepted before the end may be told only after it.
        if self._server is None or len(self._tasks) >= _SESSIONS:
            writer.transport.abort()
            return
        task = asyncio.create_task(self._converse(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # A task that is cancelled before its first step does not get to end its connection.
        task.add_done_callback(lambda _: writer.close())

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream = None
        if self._forward is not None:
            upstream = Upstream(*self._forward, commands=self._commands, clock=self._clock)
        session = Session(
            reader,
            writer,
            take=self._take,
            local=self._local,
            clock=self._clock,
            family=self._family,
            logger=self._logger,
            upstream=upstream,
        )
        try:
            await session.run()
        except Error as error:
            # One line says it; a peer that comes again only repeats it.
            repeated = self._refusal is not None and self._refusal.what() == error.what()
            level = logging.DEBUG if repeated else logging.WARNING
            _log.log(level, "a peer of the datalogger's port was refused: %s", error.what())
            self._refusal = error

    def _take(self, record: DataRecord) -> None:
        self._shelf.add(Kept(record, self._utc(record.time), self._clock.now()))
        if self._shelf.serials:
            self._spoken.set()

    def _local(self) -> datetime:
        return self._clock.now().astimezone(self._zone)

    def _utc(self, time: datetime | None) -> datetime | None:
        if time is None:
            return None
        try:
            return (time if self._zone is None else time.replace(tzinfo=self._zone)).astimezone(UTC)
        except (OverflowError, OSError, ValueError):
            return None

    # -- reading

    async def _heard(self) -> None:
        """Wait until an inverter was heard."""
        await self._listen()
        try:
            async with asyncio.timeout(self._wait):
                await self._spoken.wait()
        except TimeoutError as error:
            refusal, self._refusal = self._refusal, None
            raise refusal or self._silence() from error

    def _silence(self) -> DeadlineExceeded:
        where = address(self._host, self._port)
        if self._tasks:
            return DeadlineExceeded(f"a datalogger is connected to {where}, but no record came within {self._wait:g} s")
        return DeadlineExceeded(
            f"no datalogger connected to {where} within {self._wait:g} s",
            remedy="Set this address as the datalogger's server, and wait for its interval.",
        )

    async def _meant(self, device: str | Device | None, detail: str) -> str:
        if detail not in _DETAILS:
            raise UsageError(f"no detail {detail!r}", remedy=f"Use one of: {', '.join(_DETAILS)}.")
        await self._heard()
        wanted = device.id if isinstance(device, Device) else device
        serials = self._shelf.serials
        meant = [serial for serial in serials if wanted in (None, serial)]
        if len(meant) == 1:
            return meant[0]
        problem = "several inverters are meant" if meant else f"no inverter {wanted!r} was heard"
        raise UsageError(problem, remedy=f"Use one of: {', '.join(serials)}.")

    def _inverter(self, serial: str) -> models.Inverter:
        kept = self._shelf.inverters[serial].last
        assert kept is not None  # noqa: S101 - that is what heard means
        layout = kept.record.layout
        return models.Inverter(
            serial=serial,
            family=LOGGER_FAMILIES.get(layout, layout),
            name=None,
            plant_id=kept.record.logger,
            zone=UTC,
        )

    def _snapshot(self, kept: Kept, *, meter: Kept | None = None) -> Snapshot:
        inverter = self._inverter(kept.record.serial or "")
        kind = LOGGER_RECORDS.get(kept.record.layout)
        if kind is None:
            raise NotSupported(f"records of the layout {kept.record.layout!r} have no place in the model")
        reading = DataloggerReading(
            record=kind(dict(kept.record.values)),
            meter=None if meter is None else LoggerMeter(dict(meter.record.values)),
            time=kept.time,
            old=self._clock.now() - kept.received_at > self._fresh,
        )
        return mapping.snapshot(
            reading,
            received_at=kept.received_at,
            inverter=inverter,
            device=mapping.device(inverter),
            route=_ROUTE,
        )


def _plain(kept: Kept) -> dict[str, Any]:
    record = kept.record
    return {
        "logger": record.logger,
        "serial": record.serial,
        "time": None if record.time is None else record.time.isoformat(),
        "layout": record.layout,
        "values": dict(record.values),
    }
