"""One question to the App API: its host, the account's token, and the pauses that the cloud asks for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from heliobus.errors import AuthenticationError
from heliobus.senec.client.pause import Pause
from heliobus.senec.protocol.app import Busy, Foreign, Question, TokenDead, content, question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.client.guardian import Guardian
    from heliobus.transport.clock import Clock
    from heliobus.transport.http import HttpTransport

_log = logging.getLogger(__name__)


class AppLink:
    """Asks the services at ``origins`` (``https://host`` by the service's name) with the guardian's tokens."""

    def __init__(
        self, *, guardian: Guardian, transport: HttpTransport, origins: Mapping[str, str], clock: Clock
    ) -> None:
        self._guardian = guardian
        self._transport = transport
        self._origins = origins
        self._pauses = {service: Pause(clock) for service in origins}

    async def ask(self, name: str, *, body: Any = None, **values: str) -> Any:
        """The content of the answer to one call of ``protocol.app.ENDPOINTS``; a token that died is renewed once.

        Raises LockedOut while the service, or the sign-on, wants to be left alone; AuthenticationError, Refused (the
        system is not the account's), NotSupported, TransportError, ProtocolError and UsageError.
        """
        asked = question(name, body=body, **values)
        pause = self._pauses[asked.service]
        pause.check()
        token = await self._guardian.access()
        try:
            try:
                found = await self._exchange(name, asked, token)
            except TokenDead:
                _log.debug("the token was not taken for %s, asking with another one", name)
                found = await self._exchange(name, asked, await self._guardian.access(dead=token))
        except TokenDead as error:
            if "system" in values or body is not None:
                raise Foreign(f"this account may not ask for {name} of this system (HTTP 401)") from error
            raise AuthenticationError(
                "the cloud does not take a token that the sign-on has just given",
                remedy="Sign in once with the SENEC app; if that works, look for a newer heliobus.",
            ) from error
        except Busy as error:
            pause.begin(error.what(), error.seconds)
            raise
        pause.end()
        return found

    def planned(self, name: str, *, body: Any = None, **values: str) -> str:
        """What ``ask`` would send, as one line without a token."""
        asked = question(name, body=body, **values)
        words = [asked.method, self._origins[asked.service] + asked.target]
        return " ".join([*words, asked.body.decode()] if asked.body else words)

    async def _exchange(self, name: str, asked: Question, token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if asked.body is not None:
            headers["Content-Type"] = "application/json"
        answer = await self._transport.request(
            asked.method,
            self._origins[asked.service] + asked.target,
            body=asked.body,
            headers=headers,
            repeatable=asked.method != "PATCH",
        )
        return content(name, status=answer.status, body=answer.body, retry_after=answer.retry_after)
