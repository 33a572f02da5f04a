"""The guardian of one token: what it was asked, by all clients and processes, is remembered over restarts.

The servers refuse a request that comes again within its interval, so that it is refused here first, until the moment at
which it may come.  The file is the same kind of ledger as that of an account with a password.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from heliobus.errors import AuthenticationError, Error, LockedOut, TransportError, Unreachable
from heliobus.growatt.client.account import DEFAULT_SERVER, USER_AGENT, checked_host, checked_scheme
from heliobus.growatt.client.ledger import Ledger
from heliobus.growatt.protocol import Blocked, Frequent
from heliobus.transport.http import HttpAnswer, HttpTransport
from heliobus.transport.private import PrivateFile, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.growatt.client.route import Access
    from heliobus.growatt.protocol import Question

T = TypeVar("T")

_log = logging.getLogger(__name__)

GRACE = 10.0
"""Seconds; what comes a moment too early, as a poller's next question after a slow answer, waits instead of failing."""


class TokenAccount:
    """Asks the server with a token, which goes nowhere but into ``headers``.

    Whoever makes a second one for the same ``identity`` and server shares its budgets and locks through the file at
    ``Access.state``.  With ``renews`` a refused token is exchanged for another one, so that its refusal is not kept.
    Making one does no I/O; it raises UsageError for what is no server.
    """

    def __init__(
        self, access: Access, *, identity: str, headers: Callable[[], Mapping[str, str]], renews: bool = False
    ) -> None:
        self._renews = renews
        self._host = DEFAULT_SERVER if access.server is None else checked_host(access.server)
        self._scheme = checked_scheme(access.scheme)
        self._headers = headers
        self._user_agent = access.user_agent or USER_AGENT
        self._clock = access.clock
        self._transport = HttpTransport(session=access.session, timeout=access.timeout, cookies=False)
        self._timeout = access.timeout
        self._known: tuple[Mapping[str, Any], Ledger] = {}, Ledger()
        name = hashlib.sha256(f"{self._host}\n{identity}".encode()).hexdigest()[:32]
        self._file = PrivateFile(access.state or state_folder() / "growatt" / f"{name}.json")

    async def close(self) -> None:
        await self._transport.close()

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
        """What ``judge`` makes of the answer; the same question is not asked again within ``seconds``.

        These count from the answer on: the server counts from when the question reached it, which nobody here knows.
        Of a program that ends before the answer it is known that this would have come within the timeout.
        With ``repeats`` whoever asks a read again earlier, in this process or another one, is told what came to it
        before: the server would refuse, and has nothing newer.  That the token is refused is said again to everybody.
        None is for what may be asked at once again, as writes.

        ``key`` is what makes questions the same where it is not their page and parameters; one that comes up to
        ``patience`` s too early waits.  Raises LockedOut, what the transport raises, and what ``judge`` does; its
        Frequent locks this question, its Blocked the token.
        """
        key = None if seconds is None else key or _key(asked)
        seconds = seconds or 0.0
        try:
            ledger = await self._counted(key, seconds + self._timeout, patience)
        except LockedOut:
            again = await self._again(key)
            if again is None:
                raise
            found = judge(again)
            if not repeats:
                raise
            return found
        http = await self._answer(asked, key, seconds)
        try:
            found = judge(http)
        except Frequent as error:
            raise await self._refused(error, key or _key(asked)) from error
        except Blocked as error:
            raise await self._blocked(error) from error
        except AuthenticationError:
            if not self._renews:
                await self._answered(ledger, key, http, seconds)
            raise
        except Error:
            await self._seen(key, seconds)
            raise
        await self._answered(ledger, key, http if repeats else None, seconds)
        return found

    async def _answer(self, asked: Question, key: str | None, seconds: float) -> HttpAnswer:
        try:
            return await self._sent(asked)
        except Unreachable:  # nobody has seen the question
            await self._change(lambda kept: kept.without_question(key))
            raise
        except TransportError:
            await self._seen(key, seconds)
            raise

    async def _seen(self, key: str | None, seconds: float) -> None:
        """Count the seconds to the next such question from now on."""
        if key is not None:
            now = self._clock.now()
            await self._change(lambda kept: kept.refused_question(now, key, seconds=seconds))

    async def _answered(self, ledger: Ledger, key: str | None, http: HttpAnswer | None, seconds: float) -> None:
        """The same, and keep the answer that may be said again."""
        if key is not None:
            now = self._clock.now()
            answer = None if http is None else (http.status, http.body.decode("latin-1"))  # any bytes there and back
            await self._change(lambda kept: kept.answered(now, key, answer, seconds=seconds))
        elif ledger.strikes:
            await self._change(lambda kept: replace(kept, strikes=0))

    async def _again(self, key: str | None) -> HttpAnswer | None:
        """The answer that came to the same question within its interval."""
        if key is None:
            return None
        async with self._file.locked():
            ledger = Ledger.from_json(await self._file.load())
        answer = ledger.answer(self._clock.now(), key)
        if answer is None:
            return None
        status, body = answer
        return HttpAnswer(status=status, body=body.encode("latin-1"), content_type="")

    async def _sent(self, asked: Question) -> HttpAnswer:
        headers = {"User-Agent": self._user_agent, **self._headers()}
        body = asked.body
        if body is not None:
            headers["Content-Type"] = asked.content_type
        elif asked.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(asked.form).encode()
        url = f"{self._scheme}://{self._host}/{asked.page}"
        return await self._transport.request(
            asked.method,
            f"{url}?{urlencode(asked.query)}" if asked.query else url,
            body=body,
            headers=headers,
            repeatable=False,  # the second one would come too early
        )

    async def _counted(self, key: str | None, seconds: float, patience: float) -> Ledger:
        while True:
            try:
                return await self._change(lambda kept: kept.with_question(self._clock.now(), key, seconds=seconds))
            except LockedOut as refusal:
                left = (refusal.until - self._clock.now()).total_seconds()
                if left > patience:
                    raise
            # A timer may wake a moment too early, and others may come first.
            patience -= max(left, 0.0)
            await self._clock.sleep(left)

    async def _change(self, change: Callable[[Ledger], Ledger]) -> Ledger:
        ledger = Ledger()

        def changed(kept: dict[str, Any]) -> dict[str, Any]:
            nonlocal ledger
            known, before = self._known
            if kept is known:
                ledger = change(before)
                made = {**kept, **ledger.to_json(since=before)}
            else:
                ledger = change(Ledger.from_json(kept))
                made = ledger.to_json()
            self._known = made, ledger
            return made

        await self._file.change(changed)
        return ledger

    async def _refused(self, error: Frequent, key: str) -> LockedOut:
        _log.info("%s", error.what())
        now = self._clock.now()
        ledger = await self._change(lambda kept: kept.refused_question(now, key, seconds=error.seconds))
        return LockedOut(error.what(), until=ledger.questions[key][1], remedy=error.remedy)

    async def _blocked(self, error: Blocked) -> LockedOut:
        now = self._clock.now()
        ledger = await self._change(lambda kept: kept.blocked(now, seconds=error.seconds, why=error.what()))
        return LockedOut(error.what(), until=ledger.blocked_until, remedy=error.remedy)


def _key(asked: Question) -> str:
    """What makes two questions identical, besides the token: the path and all parameters (erratum G11)."""
    parameters = sorted({**asked.query, **(asked.form or {})}.items())
    return hashlib.sha256(f"{asked.page}\n{parameters}".encode()).hexdigest()[:24]
