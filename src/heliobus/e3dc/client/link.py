"""The way to a device: carries the items of a request there, and those of its answer back.

::

    no connection --connect--> encrypted --login--> ready --request--> waiting --answer--> ready
          ^                        |                   |                  |
          '------------------------'----- any error, a time-out, a cancelled call, bytes that nobody asked for

A lost or late byte loses the chain of the cipher, so a connection ends with its first fault, and an answer that comes
too late finds nobody.  Source: SPEC 5.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from heliobus.e3dc.models import Batch, container
from heliobus.e3dc.protocol import (
    Cipher,
    Connection,
    ErrorCode,
    Item,
    Timestamp,
    Type,
    build_frame,
    tags,
)
from heliobus.errors import (
    AuthenticationError,
    ConnectionLost,
    Error,
    KeyRejected,
    LockedOut,
    ProtocolError,
    UsageError,
)
from heliobus.transport.tcp import TcpConnection, address, deadline

if TYPE_CHECKING:
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)

IDLE = 30.0
"""Seconds without a request after which the connection is kept alive by one (SPEC 5.8)."""
_TO_CONNECT = 0.5
"""The share of the time for an exchange after which nobody is there."""
_HEARTBEAT = Batch.of([Item(tags.INFO_REQ_UTC_TIME)])
_BUSY = timedelta(seconds=30)
_KEY_OR_NETWORK = (
    "Check the RSCP key (on the device: Personalize, User profile, RSCP password), not the account's password. A device"
    " hangs up in the same way on clients of another subnet and on too many at once."
)


class Link(Protocol):
    """What a client speaks through."""

    source: str
    """The wire, as snapshots name it."""
    address: str
    """Where the device is, for people."""
    opened: int
    """How often the connection was opened."""

    async def exchange(self, batch: Batch, *, repeatable: bool) -> list[Item | None]:
        """Ask everything in ``batch`` at once, and give the answer to each item; None where there is none.

        What is ``repeatable`` changes nothing, and is asked once more after a lost connection.  Raises TransportError,
        ProtocolError, AuthenticationError and LockedOut.
        """
        ...

    async def close(self) -> None:
        """End the connection; the next exchange opens it again."""
        ...


class RscpLink:
    """RSCP over TCP: one connection, one request at a time, ``timeout`` s for each exchange in all."""

    source = "e3dc/rscp"

    def __init__(
        self, host: str, port: int, *, username: str, password: str, key: str, timeout: float, clock: Clock
    ) -> None:
        if not host:
            raise UsageError("an E3/DC system needs a host", remedy="Write e3dc://user@192.168.1.20 with its address.")
        self.address = address(host, port)
        self._place = host, port
        self._cipher = Cipher(key)
        user = Item(tags.RSCP_AUTHENTICATION_USER, Type.CSTRING, username)
        secret = Item(tags.RSCP_AUTHENTICATION_PASSWORD, Type.CSTRING, password)
        self._login = Batch.of([container(tags.RSCP_REQ_AUTHENTICATION, user, secret)])
        self._timeout = timeout
        self._clock = clock
        self._turn = asyncio.Lock()
        self.opened = 0
        self._tcp: TcpConnection | None = None
        self._connection = Connection(self._cipher)
        self._used_at = clock.monotonic()
        self._key_fits = False
        self._closed = False
        """Whether ``close`` was called while an exchange was under way."""
        self._beating: asyncio.Task[None] | None = None

    async def exchange(self, batch: Batch, *, repeatable: bool) -> list[Item | None]:
        async with deadline(self._timeout, peer=self.address), self._turn:
            self._closed = False
            try:
                return await self._exchange(batch)
            except (ConnectionLost, ProtocolError) as error:
                if not repeatable or self._closed:
                    raise
                _log.debug("%s: %s; asking again", self.address, error)
                return await self._exchange(batch)

    async def close(self) -> None:
        self._closed = True
        if self._beating is not None:
            self._beating.cancel()
            self._beating = None
        self._drop()

    async def _exchange(self, batch: Batch) -> list[Item | None]:
        try:
            tcp = self._tcp
            if tcp is None or not tcp.quiet:
                self._drop()
                tcp = await self._open()
            answers = batch.answers(await self._send(tcp, batch.body))
        except BaseException:  # a cancelled call too: its answer would be taken for that of the next
            self._drop()
            raise
        self._used_at = self._clock.monotonic()
        return answers

    def _drop(self) -> None:
        if self._tcp is not None:
            self._tcp.close()
            self._tcp = None

    # -- opening

    async def _open(self) -> TcpConnection:
        self._tcp = tcp = await TcpConnection.open(*self._place, within=_TO_CONNECT * self._timeout)
        self._connection = Connection(self._cipher)
        try:
            (answer,) = self._login.answers(await self._send(tcp, self._login.body))
        except ConnectionLost as error:
            raise self._hung_up() from error
        except ProtocolError as error:
            if self._connection.in_step:
                raise
            raise self._unreadable() from error
        self._key_fits = True
        self._check_login(answer)
        self.opened += 1
        self._used_at = self._clock.monotonic()
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._keep_alive())
        return tcp

    def _hung_up(self) -> Error:
        """The device gives no reason; but a key that fitted before has not changed by itself."""
        if self._key_fits:
            return ConnectionLost(
                f"{self.address} hung up before the login",
                remedy="Try again; the device may be starting, or serving too many other programs.",
            )
        return KeyRejected(
            f"{self.address} hung up at the first message: the RSCP key is wrong", remedy=_KEY_OR_NETWORK
        )

    def _unreadable(self) -> KeyRejected:
        return KeyRejected(
            f"the answer of {self.address} cannot be decrypted: the RSCP key is wrong, or this is no E3/DC system",
            remedy=_KEY_OR_NETWORK,
        )

    def _check_login(self, answer: Item | None) -> None:
        """A user level above 0 is a welcome; a wrong password is 0, in any type, or an error (SPEC 5.3)."""
        if answer is not None and answer.number:
            return
        if answer is not None and answer.error is not None and answer.error.code == ErrorCode.AGAIN:
            raise LockedOut(
                f"{self.address} is busy and lets nobody in", until=self._clock.now() + _BUSY, remedy="Wait a minute."
            )
        raise AuthenticationError(
            f"{self.address} does not accept the user name or the password",
            remedy="Check both: they are those of the E3/DC portal, or local.user with the password set on the device.",
        )

    # -- frames

    async def _send(self, tcp: TcpConnection, data: bytes) -> bytes:
        """Send one frame and take its answer, however it is cut."""
        frame = build_frame(data, time=Timestamp.of(self._clock.now()))
        tcp.send(self._connection.send(frame))
        while True:
            frames = self._connection.receive_data(await tcp.receive())
            if frames:
                if len(frames) > 1 or self._connection.unfinished:
                    raise ProtocolError(f"{self.address} sent more than one answer")
                return frames[0].data

    async def _keep_alive(self) -> None:
        """Ask the time whenever nothing else was asked for a while; ends with the connection."""
        while self._tcp is not None:
            idle = self._clock.monotonic() - self._used_at
            if idle < IDLE:
                await self._clock.sleep(IDLE - idle)
                continue
            try:
                await self.exchange(_HEARTBEAT, repeatable=False)
            except Error as error:
                _log.debug("%s: the connection was not kept: %s", self.address, error)
