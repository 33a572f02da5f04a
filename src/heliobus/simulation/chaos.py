"""A TCP proxy that spoils what goes through it, in the words of toxiproxy.

It knows no protocol.  Toxics act on what the device answers, and add up::

    latency=200ms    each piece comes so much later       jitter=50ms      ... and up to so much more, at random
    bandwidth=10     so many kB/s                         slicer=1         in pieces of so many bytes
    limit_data=100   the connection closes after so many bytes
    reset_peer=0ms   ... is reset after so long           timeout=0        nothing comes any more, nor a close
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import socket
import struct
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import UsageError
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from heliobus.simulation.plant import Plant
    from heliobus.transport.clock import Clock
    from heliobus.vendor import Simulator

_CHUNK = 65_536
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, 0 s; closing then resets
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(ms|s)?", re.ASCII)


_UNITS = {
    **dict.fromkeys(("latency", "jitter", "reset_peer", "timeout"), "ms"),
    **dict.fromkeys(("slicer", "limit_data"), "bytes"),
    "bandwidth": "kB/s",
}
"""What a bare number after each word means."""
TOXICS = tuple(_UNITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Toxics:
    """What is wrong with a connection: times in s, ``bandwidth`` in kB/s, sizes in bytes; None is nothing.

    ``timeout`` is a black hole: data vanishes, and after that time the connection closes (0: never).
    """

    latency: float | None = None
    jitter: float | None = None
    bandwidth: float | None = None
    slicer: float | None = None
    limit_data: float | None = None
    reset_peer: float | None = None
    timeout: float | None = None

    @classmethod
    def parse(cls, words: Iterable[str]) -> Self:
        """Read ``latency=200ms`` and the like; raises UsageError for what is not one, or has no amount."""
        return cls(**dict(_toxic(word) for word in words))


def is_toxic(word: str) -> bool:
    """Whether a fault's name means one of these rather than a device's own."""
    return word.partition("=")[0] in _UNITS


class Chaos:
    """Listens while entered, on ``host`` and ``port`` (0: a free one), and passes everything on to ``target``.

    ``toxics`` may be exchanged at any time and holds for open connections too; ``cut`` ends these.  While ``down``
    nobody is listening, as behind a router that starts anew.
    """

    def __init__(
        self,
        target: tuple[str, int] = ("127.0.0.1", 0),
        *,
        toxics: Toxics | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock = SYSTEM_CLOCK,
        seed: int = 1,
    ) -> None:
        self.target = target
        self.toxics = toxics or Toxics()
        self.host = host
        self.port = port
        self.passed = 0
        """Bytes that the device's answers have brought through."""
        self._clock = clock
        self._random = random.Random(seed)  # noqa: S311 - the same chaos every time
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        try:
            self._server = await asyncio.start_server(self._serve, self.host, self.port)
        except OSError as error:
            raise UsageError(f"cannot listen on {self.host} port {self.port}: {error.strerror}") from error
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self.cut()

    @property
    def address(self) -> tuple[str, int]:
        return self.host, self.port

    @property
    def listening(self) -> bool:
        """Whether it is up."""
        return self._server is not None

    async def down(self) -> None:
        """Stop to listen, and end what is open; ``up`` begins again on the same port."""
        await self.__aexit__(None, None, None)

    async def up(self) -> None:
        await self.__aenter__()

    async def cut(self) -> None:
        """End every open connection now."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.ensure_future(self._connect(reader, writer))
        self._tasks.add(connection)
        try:
            await asyncio.wait({connection})
        finally:
            connection.cancel()
            self._tasks.discard(connection)
            await _abort(writer)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            device_reader, device_writer = await asyncio.open_connection(*self.target)
        except OSError:  # the device is off
            return
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._forward(reader, device_writer))
                both.create_task(self._back(device_reader, writer))
        except* OSError:  # one side is gone, and so is the connection
            pass
        finally:
            await _abort(device_writer)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        raise ConnectionAbortedError

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry answers, spoilt.  A connection's toxics are read anew for each piece."""
        carried = 0
        while data := await reader.read(_CHUNK):
            toxics = self.toxics
            if toxics.timeout is not None:
                await self._vanish(toxics.timeout)
            if toxics.reset_peer is not None:
                await self._clock.sleep(toxics.reset_peer)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                break
            for piece in _pieces(data, toxics.slicer):
                left = piece if toxics.limit_data is None else piece[: max(int(toxics.limit_data) - carried, 0)]
                await self._delay(toxics, len(left))
                writer.write(left)
                await writer.drain()
                carried += len(left)
                self.passed += len(left)
                if toxics.limit_data is not None and carried >= toxics.limit_data:
                    await _close(writer)
                    raise ConnectionAbortedError
        else:
            await _close(writer)
        raise ConnectionAbortedError

    async def _delay(self, toxics: Toxics, size: int) -> None:
        seconds = (toxics.latency or 0.0) + self._random.uniform(0, toxics.jitter or 0.0)
        if toxics.bandwidth:
            seconds += size / 1000 / toxics.bandwidth
        if seconds:
            await self._clock.sleep(seconds)

    async def _vanish(self, seconds: float) -> None:
        if seconds:
            await self._clock.sleep(seconds)
        else:
            await asyncio.Event().wait()
        raise ConnectionAbortedError


class ThroughChaos:
    """A simulated device whose address is that of a ``proxy`` before it."""

    def __init__(self, simulator: Simulator, proxy: Chaos) -> None:
        self.proxy = proxy
        self._simulator = simulator
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with self._open as opened:
            await opened.enter_async_context(self._simulator)
            told = self._simulator.announcement()
            self.proxy.target = (told["host"], told["port"])
            await opened.enter_async_context(self.proxy)
            self._open = opened.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    @property
    def plant(self) -> Plant:
        return self._simulator.plant

    @property
    def faults(self) -> tuple[str, ...]:
        """The device's own."""
        return self._simulator.faults

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        self._simulator.faults = names

    def announcement(self) -> dict[str, Any]:
        """Give the device's, with the proxy's address in every place."""
        told = self._simulator.announcement()
        before, now = (_authority(*address) for address in ((told["host"], told["port"]), self.proxy.address))
        addresses = {name: str(told[name]).replace(before, now) for name in ("url", "base_url") if name in told}
        return told | addresses | {"host": self.proxy.host, "port": self.proxy.port}


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def _abort(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _close(writer: asyncio.StreamWriter) -> None:
    """Close in order, so that what was written arrives."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def _pieces(data: bytes, size: float | None) -> list[bytes]:
    if size is None:
        return [data]
    return [data[start : start + int(size)] for start in range(0, len(data), int(size))]


def _toxic(word: str) -> tuple[str, float]:
    name, _, text = word.partition("=")
    unit, amount = _UNITS.get(name), _AMOUNT.fullmatch(text)
    if unit is None or amount is None or (amount[2] and unit != "ms"):
        forms = ", ".join(f"{name}=<{unit}>" for name, unit in _UNITS.items())
        raise UsageError(f"{word!r} is no fault of a connection", remedy=f"Write one of: {forms}.")
    value = float(amount[1])
    if (name == "slicer" and value < 1) or (name == "bandwidth" and not value):
        raise UsageError(f"{word!r}: nothing would ever arrive", remedy="Write timeout=0 for that.")
    return name, value / 1000 if unit == "ms" and amount[2] != "s" else value
