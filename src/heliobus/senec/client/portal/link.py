"""One question to the portal: its session, and the pauses that it wants."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from heliobus.errors import LockedOut, TransportError
from heliobus.senec.protocol import portal
from heliobus.senec.protocol.app import Busy

if TYPE_CHECKING:
    from heliobus.senec.client.portal.guardian import PortalGuardian
    from heliobus.senec.protocol.portal import Question
    from heliobus.transport.clock import Clock
    from heliobus.transport.http import HttpAnswer

_log = logging.getLogger(__name__)

_PAUSE, _LONGEST = 60.0, 1800.0
"""Seconds: how long the portal is left alone, twice as long each time in a row, and at most."""
_DAY = 86_400.0


class PortalLink:
    """Asks the portal at ``origin`` with the guardian's session."""

    def __init__(self, *, guardian: PortalGuardian, origin: str, clock: Clock) -> None:
        self._guardian = guardian
        self._origin = origin
        self._clock = clock
        self._until, self._strikes, self._why = 0.0, 0, ""

    async def ask(self, name: str, *, body: Any = None, **values: str) -> Any:
        """The content of the answer to one call of ``protocol.portal.CALLS``; a session that ended is renewed once.

        Raises LockedOut while the portal, or the sign-on, wants to be left alone; AuthenticationError, Refused,
        NotSupported, TransportError, ProtocolError and UsageError.
        """
        return await self._ask(name, portal.content, body, values)

    async def fetch(self, name: str, **values: str) -> bytes:
        """The same for a file: the body as it is."""
        found: bytes = await self._ask(name, portal.payload, None, values)
        return found

    def planned(self, name: str, *, body: Any = None, **values: str) -> str:
        """What ``ask`` would send, as one line."""
        asked = portal.question(name, body=body, **values)
        words = [asked.method, self._origin + unquote(asked.target)]
        return " ".join([*words, asked.body.decode()] if asked.body else words)

    async def _ask(self, name: str, judge: Any, body: Any, values: dict[str, str]) -> Any:
        asked = portal.question(name, body=body, **values)
        left = self._until - self._clock.monotonic()
        if left > 0:
            raise LockedOut(self._why, until=self._clock.now() + timedelta(seconds=left))
        session = await self._guardian.session()
        try:
            try:
                found = self._judged(judge, name, await self._exchange(asked))
            except portal.SessionEnded:
                _log.debug("the portal's session has ended before %s", name)
                await self._guardian.session(dead=session)
                found = self._judged(judge, name, await self._exchange(asked))
        except portal.SessionEnded as error:
            self._pause(f"the portal shows a page instead of an answer to {name}", None)
            raise TransportError(self._why, remedy="Wait; it may be maintenance.") from error
        except Busy as error:
            self._pause(error.what(), error.seconds)
            raise
        self._strikes = 0
        return found

    def _judged(self, judge: Any, name: str, answer: HttpAnswer) -> Any:
        return judge(name, status=answer.status, body=answer.body, retry_after=answer.retry_after)

    async def _exchange(self, asked: Question) -> HttpAnswer:
        headers = {"Accept": "application/json, text/plain, */*"}
        if asked.body is not None:
            headers["Content-Type"] = "application/json"
        return await self._guardian.send(asked.method, self._origin + asked.target, body=asked.body, headers=headers)

    def _pause(self, why: str, seconds: float | None) -> None:
        wanted = min(_PAUSE * 2.0**self._strikes, _LONGEST)
        wanted = wanted if seconds is None else min(max(wanted, seconds), _DAY)
        self._until = self._clock.monotonic() + wanted
        self._strikes, self._why = min(self._strikes + 1, 10), why
