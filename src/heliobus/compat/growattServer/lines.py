"""The guardians of accounts and tokens, as blocking portals hold them."""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar
from urllib.parse import urlsplit

from heliobus.errors import AuthenticationError, LockedOut, ProtocolError, TransportError
from heliobus.growatt.client.account import Account, Door
from heliobus.growatt.client.route import Access
from heliobus.growatt.client.tokens import TokenAccount
from heliobus.growatt.protocol import ENDPOINTS, logged_in, question
from heliobus.transport.blocking import AsyncContext, Portal
from heliobus.transport.private import PrivateFile, state_folder
from heliobus.url import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

    from heliobus.growatt.protocol import Question
    from heliobus.transport.clock import Clock

_log = logging.getLogger(__name__)
_AGENT = "user-agent"
L = TypeVar("L", bound=AsyncContext)


class Way(NamedTuple):
    """How the server is reached."""

    server_url: str
    headers: tuple[tuple[str, str], ...]
    timeout: float
    clock: Clock

    @property
    def scheme(self) -> str:
        return urlsplit(self.server_url).scheme

    @property
    def server(self) -> str:
        """What stands between the scheme and the last slash: no host of Growatt's has a path."""
        return self.server_url.rpartition("://")[2].rstrip("/")

    @property
    def agent(self) -> str | None:
        return next((value for name, value in reversed(self.headers) if name.lower() == _AGENT), None)

    @property
    def others(self) -> dict[str, str]:
        """All headers but that."""
        return {name: value for name, value in self.headers if name.lower() != _AGENT}


class Lines:
    """Those that are open, one of each kind."""

    def __init__(self) -> None:
        self._open: dict[object, tuple[object, Portal[Any]]] = {}

    def of(self, kind: Callable[..., L], *what: Any) -> Portal[L]:
        """The line of this kind, made anew when anything about it has changed."""
        of, portal = self._open.get(kind, (None, None))
        if portal is None or of != what:
            if portal is not None:
                portal.close()
            portal = Portal(lambda: kind(*what))
            self._open[kind] = what, portal
        return portal

    def close(self) -> None:
        for _, portal in self._open.values():
            portal.close()


class TokenLine:
    """The guardian of a token, which is one of the headers."""

    def __init__(self, way: Way, token: str) -> None:
        access = Access(
            username=None,
            password=None,
            token=Secret(token),
            client_id=None,
            client_secret=None,
            server=way.server,
            plant=None,
            scheme=way.scheme,
            timeout=way.timeout,
            session=None,
            user_agent=way.agent,
            state=None,
            as_app=False,
            clock=way.clock,
        )
        self.account = TokenAccount(access, identity=token, headers=lambda: way.others)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.account.close()


class UserLine:
    """The guardian of an account with a password, and what its server said at the login.

    The password is there as the app's hash of it, all that a program may have.  What the server said is kept beside the
    session, in a file of the same kind, so that a program that logs in at every start is told it again without a login.
    """

    def __init__(self, way: Way, username: str, secret: Secret) -> None:
        door = Door("app", ENDPOINTS["login"], self._question, self._admitted, way.others)
        self.account = Account(
            username=username,
            password=secret,
            server=way.server,
            scheme=way.scheme,
            user_agent=way.agent or "",
            timeout=way.timeout,
            session=None,
            state=None,
            clock=way.clock,
            door=door,
        )
        self._clock = way.clock
        self._secret = secret
        self._said: list[dict[str, Any]] = []
        name = hashlib.sha256(f"{way.server}\n{username}".encode()).hexdigest()[:32]
        self._file = PrivateFile(state_folder() / "growatt" / f"{name}-welcome.json")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.account.close()

    async def login(self) -> dict[str, Any]:
        """What the server says of a login with this password, or said when the session was made that still holds.

        A refusal is told as the server tells it, the ones of the guardian too: 502 for a password that has just been
        refused, 507 while the account wants to be left alone.  Raises TransportError and ProtocolError.
        """
        async with self._file.locked():  # who comes second is told what the first was
            return await self._logged_in(self._welcome(await self._file.load()))

    # -- the login, as the guardian does it

    async def _logged_in(self, known: dict[str, Any] | None) -> dict[str, Any]:
        self._said.clear()
        try:
            await (self.account.renew() if known is None else self.account.user_id())
        except LockedOut as error:
            refused = _locked(error, error.until - self._clock.now())
        except AuthenticationError as error:
            _log.warning("%s", error.line())
            refused = {"msg": "502", "success": False}
        except TransportError:
            if not self._said:
                raise
            refused = {}
        else:
            return await self._keep(self._said[-1]) if self._said else known or {}
        return self._said[-1] if self._said else refused

    def _question(self, username: str, secret: str, _: datetime) -> Question:
        return question("login", userName=username, password=secret)

    def _admitted(self, back: Any) -> str:
        if not isinstance(back, dict):
            raise ProtocolError("the answer to the login is no object")
        self._said.append(back)
        return logged_in(back)

    # -- what was said, without the password's hash in it

    def _welcome(self, kept: Mapping[str, Any]) -> dict[str, Any] | None:
        """What was kept, if it was said to this password."""
        back = kept.get("back")
        salt, digest = (kept.get(name) for name in ("salt", "digest"))
        if not (isinstance(back, dict) and isinstance(back.get("user"), dict)):
            return None
        if not (isinstance(salt, str) and isinstance(digest, str) and hmac.compare_digest(self._digest(salt), digest)):
            return None
        return {**back, "user": {**back["user"], "password": self._secret.reveal()}}

    async def _keep(self, back: dict[str, Any]) -> dict[str, Any]:
        user = {name: value for name, value in back["user"].items() if name != "password"}
        salt = secrets.token_hex(16)
        await self._file.save({"salt": salt, "digest": self._digest(salt), "back": {**back, "user": user}})
        return back

    def _digest(self, salt: str) -> str:
        return hashlib.scrypt(self._secret.reveal().encode(), salt=salt.encode(), n=2**12, r=8, p=1).hex()


def _locked(error: LockedOut, left: timedelta) -> dict[str, Any]:
    hours = math.ceil(left.total_seconds() / 3600)
    return {"msg": "507", "success": False, "lockDuration": str(hours), "error": error.line()}
