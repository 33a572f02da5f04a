"""The guardian of an application at the OAuth2 OpenAPI: its tokens, granted, refreshed and shared through one file.

::

    authorise(code) -> access + refresh token -> ... too old, or refused -> refresh -> a new pair, the old one is void
    id and secret alone -> access token       -> ... too old, or refused -> another one

A refresh token works once, so the newest pair is on the disk before it is used, and the file's lock is held meanwhile.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from heliobus.errors import AuthenticationError, LockedOut, Unreachable, UsageError
from heliobus.growatt.client.ledger import Ledger
from heliobus.growatt.client.tokens import GRACE, TokenAccount
from heliobus.growatt.models.oauth import Tokens
from heliobus.growatt.protocol import Blocked, oauth
from heliobus.growatt.protocol.codes import TokenRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.growatt.client.route import Access
    from heliobus.growatt.protocol import Question
    from heliobus.transport.http import HttpAnswer

T = TypeVar("T")

_log = logging.getLogger(__name__)

_EARLY = 300.0
"""Seconds before its end that a token is renewed; clocks differ."""
_LASTS, _REFRESH_LASTS = 3600.0, 86_400.0
"""Seconds, where a grant does not say."""
_AGAIN = "Authorise the application again (client.oauth.authorise) with a new code of the owner."


class OAuthAccount(TokenAccount):
    """Asks the server as an application, with a token of its own or as ``Access.token`` has it."""

    def __init__(self, access: Access) -> None:
        if access.token is None and not (access.client_id and access.client_secret):
            raise UsageError(
                "the OAuth route needs an application's id and secret, or a token",
                remedy="Give client_id= and client_secret=, as Growatt gave them to you.",
            )
        server = access.server or oauth.DEFAULT_SERVER
        given = access.token.reveal() if access.token else None
        super().__init__(
            replace(access, server=server),
            identity=f"oauth\n{given or access.client_id}",
            headers=lambda: {"Authorization": f"Bearer {self._bearer}"} if self._bearer else {},
            renews=given is None,
        )
        self._given = given
        self._bearer = given or ""
        self._client_id = access.client_id or ""
        self._client_secret = access.client_secret

    async def authorise(self, code: str, *, redirect_uri: str) -> None:
        """Exchange an owner's code for tokens, which last for all later clients of this application."""
        if self._given is not None:
            raise UsageError("a client with a token of its own needs no code", remedy="Leave token= out.")
        async with self._file.locked():
            ledger = Ledger.from_json(await self._file.load())
            await self._grant(ledger, "authorization_code", code=code, redirect_uri=redirect_uri)

    async def ask(
        self,
        asked: Question,
        judge: Callable[[HttpAnswer], T],
        *,
        seconds: float | None,
        key: str | None = None,
        patience: float = GRACE,
        repeats: bool = True,
    ) -> T:
        """The same as of a token; one that the server does not take any more is renewed once."""
        ledger = await self._admitted(None)
        try:
            return await super().ask(asked, judge, seconds=seconds, key=key, patience=patience, repeats=repeats)
        except TokenRefused:
            if ledger is None:
                raise
            _log.info("the token is not taken any more, getting another one")
        # It was refused before anybody looked at the question.
        await self._change(lambda kept: kept.without_question(key))
        await self._admitted(ledger)
        return await super().ask(asked, judge, seconds=seconds, key=key, patience=patience, repeats=repeats)

    # -- grants

    async def _admitted(self, dead: Ledger | None) -> Ledger | None:
        """See to it that there is a token other than the ``dead`` one; None where a token was given."""
        if self._given is not None:
            return None
        async with self._file.locked():
            ledger = Ledger.from_json(await self._file.load())
            is_dead = dead is not None and dead.generation == ledger.generation
            if is_dead or not ledger.access_token or ledger.access_until <= self._clock.now():
                ledger = await self._renewed(ledger)
        self._bearer = ledger.access_token
        return ledger

    async def _renewed(self, ledger: Ledger) -> Ledger:
        if not ledger.refresh_token:
            return await self._grant(ledger, "client_credentials")
        if ledger.refresh_until <= self._clock.now():
            raise AuthenticationError("the owner's leave has ended", remedy=_AGAIN)
        try:
            return await self._grant(ledger, "refresh_token", refresh_token=ledger.refresh_token)
        except AuthenticationError as error:
            raise AuthenticationError(f"the owner's leave has ended: {error.what()}", remedy=_AGAIN) from error

    async def _grant(self, ledger: Ledger, kind: str, **values: str) -> Ledger:
        """Ask for tokens with the lock held, and keep them."""
        now = self._clock.now()
        secret = self._client_secret.reveal() if self._client_secret else ""
        proof = f"{kind}\n{self._client_id}\n{secret}\n{values}"
        ledger.check_refusal(now, proof)
        counted = ledger.with_login(now)
        await self._file.save(counted.to_json())  # counted even if we die in the midst of it
        self._bearer = ""
        try:
            http = await self._sent(oauth.grant(kind, client_id=self._client_id, client_secret=secret, **values))
            tokens = _tokens(http)
        except Unreachable:  # nobody has seen it
            await self._file.save(ledger.to_json())
            raise
        except AuthenticationError:
            await self._file.save(replace(counted, access_token="").with_refusal(now, proof).to_json())
            raise
        except Blocked as error:
            blocked = counted.blocked(now, seconds=error.seconds, why=error.what())
            await self._file.save(blocked.to_json())
            raise LockedOut(error.what(), until=blocked.blocked_until, remedy=error.remedy) from error
        return await self._kept(counted, tokens)

    async def _kept(self, ledger: Ledger, tokens: Tokens) -> Ledger:
        lasts = _LASTS if tokens.lasts is None else tokens.lasts
        kept = ledger.with_tokens(
            self._clock.now(),
            access=tokens.access or "",
            seconds=lasts - min(_EARLY, lasts / 2),
            # A refresh that names no new one leaves the old one in force.
            refresh=tokens.refresh or ledger.refresh_token,
            refresh_seconds=_REFRESH_LASTS if tokens.refresh_lasts is None else tokens.refresh_lasts,
        )
        await self._file.save(kept.to_json())
        return kept


def _tokens(http: HttpAnswer) -> Tokens:
    return Tokens(
        oauth.granted(status=http.status, body=http.body, location=http.location, retry_after=http.retry_after)
    )
