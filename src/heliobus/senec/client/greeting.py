"""What network firmware 2411 may want before it answers: a greeting, whose answer sets a cookie (SPEC 3.4).

Most such appliances answer without, so it is a last resort for one that is silent::

    silent --> greet --> ask again --> an empty answer, and the greeting set no cookie
                                         --> log out, wait 5 s, greet, ask a last time

A log-out is a write, so an answer that is only late is no reason for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from heliobus.errors import DeadlineExceeded, Error, Refused
from heliobus.senec.control.login import LOG_OUT
from heliobus.senec.protocol import EmptyAnswer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from heliobus.senec.protocol import Request
    from heliobus.transport.clock import Clock

SILENT = (EmptyAnswer, DeadlineExceeded)
"""The errors of an appliance that takes a request and says nothing."""

_GREETING: Request = {"FACTORY": {"SYS_TYPE": "", "COUNTRY": "", "DEVICE_ID": ""}}
_AFTER_LOGOUT = 5.0  # s
_PAUSE = 60.0  # s between two tries; a silent appliance is rather busy or off

T = TypeVar("T")


class Greeted(Protocol):
    @property
    def cookies(self) -> Collection[str]: ...


class Send(Protocol):
    async def __call__(self, request: Request, /) -> Greeted: ...


class Greeting:
    """``send`` carries a request over the link."""

    def __init__(self, send: Send, *, clock: Clock) -> None:
        self._send = send
        self._clock = clock
        self._next = clock.monotonic()

    async def retry(self, ask: Callable[[], Awaitable[T]], silence: Error) -> T:
        """Greet, and give what ``ask`` gives then; raises ``silence`` where that does not help."""
        if self._clock.monotonic() < self._next:
            raise silence
        self._next = self._clock.monotonic() + _PAUSE
        try:
            greeted = bool((await self._send(_GREETING)).cookies)
        except Error:
            raise silence from None
        try:
            return await ask()
        except EmptyAnswer:
            if greeted:
                raise
        try:
            await self._send(LOG_OUT)  # a session of its own page
        except SILENT:
            pass  # the retry tells whether it was heard
        except Refused:  # not the known appliance: nothing is written to it
            raise silence from None
        await self._clock.sleep(_AFTER_LOGOUT)
        await self._send(_GREETING)
        return await ask()
