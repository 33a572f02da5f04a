"""The guardian of one SENEC account: one sign-on for all clients and processes, kept over restarts, and no lock-outs.

::

    access token holds for 90 s more ------------------------------> use it
    refresh token ---> new tokens, the newest are kept ------------> use them
       | outage: the access token as long as it holds, else the error
       | invalid_grant
    full login, at most one per cause and hour --------------------> new tokens
       | a session that the sign-on kept: no password is sent, not counted
       | outage before the password was looked at: not counted
       | wrong password or one-time code: never again with these
       | anything else: again after an hour, then later and later
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from heliobus.errors import (
    AuthenticationError,
    ConnectionLost,
    DeadlineExceeded,
    Error,
    LockedOut,
    NotSupported,
    ProtocolError,
    TransportError,
)
from heliobus.senec.client.ledger import FOR_GOOD, Ledger
from heliobus.senec.protocol import sso, totp
from heliobus.transport.private import PrivateFile, state_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from heliobus.senec.protocol.sso import Tokens
    from heliobus.transport.clock import Clock
    from heliobus.transport.http import HttpAnswer, HttpTransport
    from heliobus.url import Secret

_log = logging.getLogger(__name__)

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Guardian:
    """Gives access tokens for one user of the sign-on at ``origin`` (``https://sso.senec.com``).

    Whoever makes a second one for the same user and sign-on, in this process or another one, shares tokens, back-off
    and failures through the file at ``state``.  ``transport`` keeps cookies: a session that the sign-on still knows
    needs no password.  Making one does no I/O; raises UsageError for a one-time secret that is none.
    """

    def __init__(
        self,
        *,
        username: str,
        password: Secret | None,
        totp_secret: Secret | None,
        origin: str,
        transport: HttpTransport,
        state: Path | None,
        clock: Clock,
    ) -> None:
        self._username = username
        self._password = password
        self._key = None if totp_secret is None else totp.secret_of(totp_secret.reveal())
        self._origin = origin
        self._transport = transport
        self._clock = clock
        name = hashlib.sha256(f"{origin}\n{username}".encode()).hexdigest()[:32]
        self._file = PrivateFile(state or state_folder() / "senec" / f"{name}.json")

    async def access(self, *, dead: str | None = None) -> str:
        """A token that holds for a while yet; with ``dead`` another one than this, which was not taken.

        Raises LockedOut, AuthenticationError, TransportError (an outage of the sign-on), ProtocolError, NotSupported
        and StorageError.
        """
        async with self._file.locked():
            ledger = await self._kept()
            if not ledger.is_fresh(self._clock.now()) or ledger.access == dead:
                ledger = await self._renewed(ledger, dead)
                await self._file.save(ledger.to_json())
            return ledger.access

    async def _renewed(self, ledger: Ledger, dead: str | None) -> Ledger:
        now = self._clock.now()
        if not ledger.can_renew(now):
            return await self._log_in(ledger)
        try:
            return ledger.with_tokens(await self._tokens(sso.renewal(ledger.refresh)), now)
        except sso.TokenRefused:
            _log.info("the sign-on no longer takes the refresh token, logging in again")
        except (TransportError, ProtocolError):
            if ledger.access != dead and ledger.is_valid(now):
                return ledger
            raise
        ledger = ledger.without_tokens("refused")
        await self._file.save(ledger.to_json())
        return await self._log_in(ledger)

    # -- a full login

    async def _log_in(self, ledger: Ledger) -> Ledger:
        if self._password is None:
            raise AuthenticationError(
                "a SENEC account needs its password", remedy="Set HELIOBUS_PASSWORD or password_file."
            )
        secret = f"{self._password.reveal()}\n{'' if self._key is None else self._key.hex()}"
        ledger.check(self._clock.now(), secret)
        ledger.check_code(self._clock.now())
        try:
            tokens = await self._sign_on(ledger, self._password)
        except (sso.SignOnFailed, sso.TokenRefused, ProtocolError, NotSupported) as error:
            raise await self._failure(error, secret) from error
        _log.debug("logged in at %s", self._origin)
        return (await self._kept()).with_tokens(tokens, self._clock.now())

    async def _sign_on(self, ledger: Ledger, password: Secret) -> Tokens:
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        url = self._origin + sso.authorization(verifier=verifier, state=state)
        location = await self._talk(ledger, password, url, await self._get(url))
        code = sso.code_of(location, state=state)
        return await self._tokens(sso.exchange(code, verifier=verifier))

    async def _talk(
        self, ledger: Ledger, password: Secret, url: str, answer: HttpAnswer, *, home: str = sso.REDIRECT
    ) -> str:
        """Go through the sign-on's forms from its first ``answer``; gives where it leads to: ``home``, with a code."""
        key, clock = self._key, self._clock
        dialogue = sso.SignOn(
            username=self._username,
            password=password.reveal,
            otp=None if key is None else lambda: totp.code(key, clock.now()),
            home=home,
        )
        while True:
            step = dialogue.receive(url=url, status=answer.status, body=answer.body, location=answer.location)
            match step:
                case sso.Done(location):
                    return location
                case sso.Fetch(url):
                    answer = await self._get(url)
                case sso.Post(url, form):
                    if "otp" in form:
                        used = replace(await self._kept(), code_until=totp.end(clock.now()))
                        await self._file.save(used.to_json())
                    send = self._show_password(ledger, url, form) if "password" in form else self._post(url, form)
                    answer = await send

    async def _show_password(self, ledger: Ledger, url: str, form: Mapping[str, str]) -> HttpAnswer:
        """Send the password; it counts, even if we die in the middle of it, unless nobody can have looked at it."""
        await self._file.save(ledger.with_login(self._clock.now()).to_json())
        try:
            answer = await self._post(url, form)
            sso.check_outage(answer.status)
        except TransportError as error:
            if not isinstance(error, DeadlineExceeded | ConnectionLost):
                await self._file.save(ledger.to_json())
            raise
        return answer

    async def _failure(self, error: Error, secret: str) -> Error:
        """Remember a failure, with the lock held, and give it as it will be told from now on."""
        now = self._clock.now()
        kind = error.failure if isinstance(error, sso.SignOnFailed) else "form"
        remedy = error.remedy
        if kind in FOR_GOOD:
            remedy += f" These are not tried again (or remove {self._file.path})."
        ledger = (await self._kept()).after(kind, now, secret=secret, why=error.what(), remedy=remedy)
        await self._file.save(ledger.to_json())
        if kind in FOR_GOOD:
            return AuthenticationError(error.what(), remedy=remedy)
        return LockedOut(error.what(), until=now + ledger.restraint.left(now), remedy=remedy)

    # -- exchanges

    async def _kept(self) -> Ledger:
        return Ledger.from_json(await self._file.load())

    async def send(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        """One exchange; a subclass may do more about it."""
        return await self._transport.request(method, url, body=body, headers=headers, repeatable=method == "GET")

    async def _get(self, url: str) -> HttpAnswer:
        return await self.send("GET", url)

    async def _post(self, url: str, form: Mapping[str, str]) -> HttpAnswer:
        return await self.send("POST", url, body=urlencode(form).encode(), headers=_FORM)

    async def _tokens(self, form: Mapping[str, str]) -> Tokens:
        answer = await self._post(self._origin + sso.TOKEN, form)
        return sso.tokens(status=answer.status, body=answer.body)
