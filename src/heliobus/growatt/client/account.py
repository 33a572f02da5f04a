"""The guardian of one account: one login for all clients and processes, kept over restarts, and no lock-outs."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from heliobus.errors import (
    AuthenticationError,
    LockedOut,
    NotSupported,
    ProtocolError,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.growatt.client.ledger import Ledger
from heliobus.growatt.protocol import (
    ENDPOINTS,
    SESSIONS,
    Blocked,
    SessionDead,
    app_fields,
    content,
    hash_password,
    logged_in,
    question,
    text,
)
from heliobus.transport.http import HttpTransport
from heliobus.transport.private import PrivateFile, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    import aiohttp

    from heliobus.growatt.protocol import Endpoint, Question
    from heliobus.transport.clock import Clock
    from heliobus.transport.http import HttpAnswer
    from heliobus.url import Secret

_log = logging.getLogger(__name__)

DEFAULT_SERVER = "openapi.growatt.com"
USER_AGENT = "Dalvik/2.1.0 (Linux; U; Android 12; heliobus)"
"""A phone's, as the app sends it: the servers refuse programs by their names (SPEC A.2)."""

_AHEAD = 10
"""Requests that are counted at once."""

_HOST = re.compile(r"(?:https?://)?(?P<host>(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?)/?", re.ASCII)
_REGIONS = (".growatt.com", ".smten.com", ".atesspower.com")


def checked_host(server: str) -> str:
    """The host[:port] that is meant; UsageError for what is none."""
    named = _HOST.fullmatch(server)
    if named is None:
        raise UsageError(f"{server!r} is no server", remedy="Name a host, such as openapi.growatt.com.")
    return named["host"]


def checked_scheme(scheme: str) -> str:
    if scheme not in ("https", "http"):
        raise UsageError(f"no scheme {scheme!r}", remedy="Use https; http is for simulators.")
    return scheme


class Door(NamedTuple):
    """A login of the server: its call, what to send, and the user's id out of its answer.

    ``admitted`` raises AuthenticationError, Blocked and TransportError.
    """

    name: str
    endpoint: Endpoint
    ask: Callable[[str, str, datetime], Question]
    """Out of the user's name and password and the time."""
    admitted: Callable[[Any], str]
    headers: Mapping[str, str] = MappingProxyType({})
    """What every request has besides."""


APP = Door(
    "app",
    ENDPOINTS["login"],
    lambda user, password, _: question("login", userName=user, password=hash_password(password)),
    logged_in,
)
NEWEST_APP = Door(
    "app",
    ENDPOINTS["login_app"],
    lambda user, password, now: question(
        "login_app", userName=user, password=hash_password(password), **app_fields(user, now)
    ),
    logged_in,
)


class Account:
    """Asks the server as one user.

    Whoever makes a second one for the same user and server, in this process or another one, shares its session, its
    lock-outs and its budgets through the file at ``state``.  Making one does no I/O.
    """

    def __init__(
        self,
        *,
        username: str,
        password: Secret | None,
        server: str | None,
        scheme: str,
        user_agent: str,
        as_app: bool = False,
        timeout: float,
        session: aiohttp.ClientSession | None,
        state: Path | None,
        clock: Clock,
        door: Door = APP,
    ) -> None:
        self._door = NEWEST_APP if as_app else door
        self._username = username
        self._password = password
        self._server = None if server is None else checked_host(server)
        self._scheme = checked_scheme(scheme)
        self._user_agent = user_agent
        self._clock = clock
        self._transport = HttpTransport(session=session, timeout=timeout, cookies=False)
        self._ahead = 0
        self._known: Ledger | None = None
        self._stamp: object = None
        name = hashlib.sha256(f"{self._server or 'auto'}\n{username}".encode()).hexdigest()[:32]
        self._file = PrivateFile(state or state_folder() / "growatt" / f"{name}.json")

    async def close(self) -> None:
        """End the connection; the session goes on."""
        await self._transport.close()

    async def user_id(self) -> str:
        """The number that the server has for the user."""
        return (await self._admitted(None)).user_id or ""

    async def renew(self) -> None:
        """Log in though a session may hold, for what only the answer to a login tells; it counts as every login."""
        await self._admitted(None, anew=True)

    async def ask(self, name: str, **values: str) -> Any:
        """The content of the answer to one call; a session that has died is renewed once.

        Raises LockedOut, AuthenticationError, TransportError, ProtocolError, NotSupported and UsageError.
        """
        asked = question(name, **values)
        if name in SESSIONS:
            raise UsageError(f"{name} is the client's own business", remedy="Ask something; a login comes by itself.")
        return await self.send(ENDPOINTS[name], asked)

    async def send(self, endpoint: Endpoint, asked: Question) -> Any:
        """The same for a call that stands in another table than ``ENDPOINTS``."""
        ledger = await self._admitted(None)
        try:
            found, cookies = await self._exchange(ledger, endpoint, asked)
        except SessionDead:
            _log.info("the session has ended, logging in again")
            ledger = await self._admitted(ledger)
            found, cookies = await self._exchange(ledger, endpoint, asked)
        await self._keep(ledger, cookies)
        return found

    async def logout(self) -> None:
        """End the session, for all that share it."""
        async with self._file.locked():
            ledger = await self._kept()
            if not ledger.has_session:
                return
            await self._file.save(replace(ledger, cookies={}, user_id=None).to_json())
            try:
                await self._exchange(ledger, ENDPOINTS["logout"], question("logout"), locked=True)
            except SessionDead:
                _log.debug("logged out")
            except Blocked as error:
                raise await self._blocked(error) from error

    # -- the account's one session

    async def _kept(self) -> Ledger:
        return Ledger.from_json(await self._file.load()).through(self._door.name)

    async def _admitted(self, dead: Ledger | None, *, anew: bool = False) -> Ledger:
        """Count a request and give the session for it, by a login if there is none, or still the ``dead`` one.

        Several are counted ahead, so that not each costs a look into the file; those that are left over at the end of
        the program count as asked.
        """
        if dead is None and not anew and self._ahead and self._known and self._file.stamp() == self._stamp:
            self._known.check(self._clock.now())
            self._ahead -= 1
            return self._known
        ledger = await self._counted()
        if not anew and ledger.has_session and (dead is None or ledger.generation != dead.generation):
            return ledger
        async with self._file.locked():
            ledger = await self._kept()
            if anew or not ledger.has_session or (dead is not None and ledger.generation == dead.generation):
                try:
                    ledger = await self._login(ledger)
                except Blocked as error:
                    raise await self._blocked(error) from error
                await self._file.save(ledger.to_json())
            self._known, self._stamp = ledger, self._file.stamp()
        return ledger

    async def _counted(self) -> Ledger:
        ledger = Ledger()

        def counted(kept: dict[str, Any]) -> dict[str, Any]:
            nonlocal ledger
            found = Ledger.from_json(kept).through(self._door.name)
            ledger = found.with_request(self._clock.now(), count=_AHEAD)
            return ledger.to_json()

        self._stamp = await self._file.change(counted)
        self._known, self._ahead = ledger if ledger.has_session else None, _AHEAD - 1
        return ledger

    async def _login(self, ledger: Ledger) -> Ledger:
        if self._password is None:
            raise AuthenticationError(
                "a Growatt account needs its password", remedy="Set HELIOBUS_PASSWORD or password_file."
            )
        secret = hash_password(self._password.reveal())
        ledger.check_refusal(self._clock.now(), f"{self._server}\n{secret}")
        is_known = (self._server or ledger.server) is not None
        if not is_known:
            ledger = replace(ledger, server=await self._region(ledger) or DEFAULT_SERVER)
        before, ledger = ledger, ledger.with_login(self._clock.now())
        await self._file.save(ledger.to_json())  # counted even if we die in the middle of it
        try:
            asked = self._door.ask(self._username, self._password.reveal(), self._clock.now())
            answer, cookies = await self._exchange(ledger, self._door.endpoint, asked, locked=True)
            user_id = self._door.admitted(answer)
        except Unreachable:  # nobody has seen this login
            await self._file.save(before.to_json())
            raise
        except AuthenticationError as error:
            refused = ledger.with_refusal(self._clock.now(), f"{self._server}\n{secret}")
            # An account that has moved is looked for again.
            await self._file.save(replace(refused, server=None).to_json())
            moved = await self._elsewhere(ledger) if is_known else None
            if moved is None:
                raise
            if self._server is not None:
                raise _lives_on(moved) from error
            _log.info("the account has moved, logging in at %s", moved)
            return await self._login(replace(ledger, server=moved))
        _log.debug("logged in at %s", self._host(ledger))
        return ledger.with_session(user_id=user_id, cookies=cookies)

    async def _keep(self, ledger: Ledger, cookies: Mapping[str, str]) -> None:
        """Take over what a good answer set, if the session is still this one; and forget earlier strikes."""
        if not ledger.strikes and all(ledger.cookies.get(name) == value for name, value in cookies.items()):
            return
        async with self._file.locked():
            kept = await self._kept()
            if kept.generation == ledger.generation:
                await self._file.save(replace(kept, strikes=0, cookies={**kept.cookies, **cookies}).to_json())

    async def _blocked(self, error: Blocked) -> LockedOut:
        """Note, with the lock held, that the server wants us to stay away."""
        ledger = await self._kept()
        ledger = ledger.blocked(self._clock.now(), seconds=error.seconds, why=error.what())
        await self._file.save(ledger.to_json())
        return LockedOut(error.what(), until=ledger.blocked_until, remedy=error.remedy)

    # -- regions

    async def _region(self, ledger: Ledger) -> str | None:
        """The host on which the account lives, as far as the server can be trusted to name it."""
        for name in ("server_of", "server_of_user"):
            try:
                asked = question(name, userName=self._username)
                answer, _ = await self._exchange(ledger, ENDPOINTS[name], asked, locked=True)
            except (ProtocolError, NotSupported, SessionDead):
                continue  # the shape of these answers is a guess (SPEC A.1)
            named = _HOST.fullmatch(text(answer.get("msg")) or "") if isinstance(answer, dict) else None
            if named is not None and _is_trusted(named["host"], asked=self._host(ledger)):
                return named["host"]
        return None

    async def _elsewhere(self, ledger: Ledger) -> str | None:
        """Of a refused login: the other host on which the account lives, as far as that can be found out."""
        try:
            host = await self._region(ledger if self._server is not None else replace(ledger, server=None))
        except TransportError as failure:
            if isinstance(failure, Blocked):
                raise
            return None
        return None if host == self._host(ledger) else host

    def _host(self, ledger: Ledger) -> str:
        return self._server or ledger.server or DEFAULT_SERVER

    # -- exchanges

    async def _exchange(
        self, ledger: Ledger, endpoint: Endpoint, asked: Question, *, locked: bool = False
    ) -> tuple[Any, Mapping[str, str]]:
        """The content and the cookies of one answer; ``locked`` when the file's lock is held already."""
        url = f"{self._scheme}://{self._host(ledger)}/{asked.page}"
        headers = {"User-Agent": self._user_agent, **self._door.headers}
        if ledger.cookies:
            headers["Cookie"] = "; ".join(f"{one}={value}" for one, value in ledger.cookies.items())
        if asked.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif asked.body is not None:
            headers["Content-Type"] = asked.content_type
        body = asked.body if asked.form is None else urlencode(asked.form).encode()
        http = await self._transport.request(
            asked.method,
            f"{url}?{urlencode(asked.query)}" if asked.query else url,
            body=body,
            headers=headers,
            repeatable=endpoint is not self._door.endpoint and endpoint.name not in SESSIONS,
        )
        try:
            return _judged(endpoint, http), http.cookies
        except Blocked as error:
            if locked:
                raise
            async with self._file.locked():
                raise await self._blocked(error) from error


def _judged(endpoint: Endpoint, http: HttpAnswer) -> Any:
    return content(endpoint, status=http.status, body=http.body, location=http.location, retry_after=http.retry_after)


def _lives_on(host: str) -> AuthenticationError:
    return AuthenticationError(
        f"the server does not know this user: the account lives on {host}",
        remedy=f"Use the server {host}, or name none to have it looked up.",
    )


def _is_trusted(host: str, *, asked: str) -> bool:
    """A server may name Growatt's hosts, or itself at another port; a password goes nowhere else."""
    name = host.rpartition(":")[0] or host
    return name.endswith(_REGIONS) or name == (asked.rpartition(":")[0] or asked)
