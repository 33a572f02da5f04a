"""One question to the portal: its session, and the pauses that it wants."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from heliobus.errors import TransportError
from heliobus.senec.client.pause import Pause
from heliobus.senec.protocol import portal
from heliobus.senec.protocol.app import Busy

if TYPE_CHECKING:
    from heliobus.senec.client.portal.guardian import PortalGuardian
    from heliobus.senec.protocol.portal import Question
    from heliobus.transport.clock import Clock
    from heliobus.transport.http import HttpAnswer

_log = logging.getLogger(__name__)


class PortalLink:
    """Asks the portal at ``origin`` with the guardian's session."""

    def __init__(self, *, guardian: PortalGuardian, origin: str, clock: Clock) -> None:
        self._guardian = guardian
        self._origin = origin
        self._pause = Pause(clock)

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
        self._pause.check()
        session = await self._guardian.session()
        try:
            try:
                found = self._judged(judge, name, await self._exchange(asked))
            except portal.SessionEnded:
                _log.debug("the portal's session has ended before %s", name)
                await self._guardian.session(dead=session)
                found = self._judged(judge, name, await self._exchange(asked))
        except portal.SessionEnded as error:
            why = f"the portal shows a page instead of an answer to {name}"
            self._pause.begin(why)
            raise TransportError(why, remedy="Wait; it may be maintenance.") from error
        except Busy as error:
            self._pause.begin(error.what(), error.seconds)
            raise
        self._pause.end()
        return found

    def _judged(self, judge: Any, name: str, answer: HttpAnswer) -> Any:
        return judge(name, status=answer.status, body=answer.body, retry_after=answer.retry_after)

    async def _exchange(self, asked: Question) -> HttpAnswer:
        headers = {"Accept": "application/json, text/plain, */*"}
        if asked.body is not None:
            headers["Content-Type"] = "application/json"
        return await self._guardian.send(asked.method, self._origin + asked.target, body=asked.body, headers=headers)
