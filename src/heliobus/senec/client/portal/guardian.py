"""The portal's session: cookies that are kept over restarts, got by the account's sign-on under its one guardian.

Wrong secrets, back-off and the time of the last full login stand in the same file as the app's tokens, so the portal
adds one cause of a full login to the account (at most one an hour) and no second memory of failures.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urljoin, urlsplit

from heliobus.errors import TransportError
from heliobus.senec.client.guardian import Guardian
from heliobus.senec.protocol import sso
from heliobus.transport.private import PrivateFile
from heliobus.transport.restraint import Restraint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.client.ledger import Ledger
    from heliobus.senec.protocol.sso import Tokens
    from heliobus.transport.http import HttpAnswer
    from heliobus.url import Secret

_log = logging.getLogger(__name__)

_CAUSE = "portal"
_STEPS = 8
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One login at the portal; ``cookies`` by host and name."""

    id: str = ""
    cookies: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept; a file that does not fit is as good as none."""
        try:
            cookies = {
                str(host): {str(name): str(value) for name, value in jar.items()}
                for host, jar in kept["cookies"].items()
            }
            return cls(id=str(kept["id"]), cookies=cookies)
        except (KeyError, TypeError, AttributeError):
            return cls()


class PortalGuardian(Guardian):
    """Gives sessions of the portal at ``portal`` (``https://mein-senec.de``); its transport keeps no cookies itself."""

    def __init__(self, *, portal: str, **account: Any) -> None:
        super().__init__(**account)
        self._portal = portal
        self._sessions = PrivateFile(self._file.path.with_suffix(".portal.json"))
        self._current = Session()
        self._cookies: dict[str, dict[str, str]] = {}

    async def session(self, *, dead: Session | None = None) -> Session:
        """A session that was kept, or a new one; with ``dead`` another one than this, which has ended.

        Raises LockedOut, AuthenticationError, TransportError, ProtocolError and StorageError.
        """
        async with self._file.locked():
            kept = Session.from_json(await self._sessions.load())
            if kept.id and (dead is None or kept.id != dead.id):
                self._use(kept)
                return kept
            # What the sign-on itself remembers may save the password; what the portal gave is of no use any more.
            own = urlsplit(self._portal).netloc
            shared = own == urlsplit(self._origin).netloc  # a simulator is both
            self._cookies = {host: jar for host, jar in _copied(kept.cookies).items() if shared or host != own}
            ledger = await self._kept()
            try:
                await self._log_in(replace(ledger, cause=_CAUSE))
            finally:
                await self._file.save(replace(await self._kept(), cause=ledger.cause).to_json())
            await self._file.save(replace(await self._kept(), restraint=Restraint()).to_json())
            made = Session(id=secrets.token_hex(8), cookies=self._cookies)
            await self._sessions.save({"id": made.id, "cookies": made.cookies})
            self._current = made
            return made

    def _use(self, kept: Session) -> None:
        """Take over a session that another client has got; our own has the newer cookies here."""
        if kept.id != self._current.id:
            self._current, self._cookies = kept, _copied(kept.cookies)

    async def send(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        """One exchange with the cookies of its host, which it may change."""
        jar = self._cookies.setdefault(urlsplit(url).netloc, {})
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())} if jar else {}
        answer = await super().send(method, url, body=body, headers={**(headers or {}), **cookie})
        for name, value in answer.cookies.items():
            jar.pop(name, None)
            if value:
                jar[name] = value
        return answer

    # -- a full login, as the base class makes one for the app

    async def _sign_on(self, ledger: Ledger, password: Secret) -> Tokens:
        url, answer = await self._walk(f"{self._portal}/")
        if _leads_to(self._portal, url) and not urlsplit(url).path.startswith(sso.REALM):
            return _NO_TOKENS  # it knew us still
        query = {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
        if not _leads_to(self._origin, url) or not _leads_to(self._portal, query.get("redirect_uri", "")):
            raise sso.SignOnFailed("the portal's way to the sign-on has changed", failure="form", remedy=_NEWER)
        home, state = query["redirect_uri"], query.get("state", "")
        location = await self._talk(ledger, password, url, answer, home=home)
        sso.code_of(location, state=state)
        await self._arrive(location)
        return _NO_TOKENS

    async def _walk(self, url: str) -> tuple[str, HttpAnswer]:
        """Follow the portal's redirects up to the first page of the sign-on, or of the portal itself."""
        for _ in range(_STEPS):
            answer = await self._get(url)
            sso.check_outage(answer.status)
            if answer.status not in _REDIRECTS or not answer.location:
                return url, answer
            target = urljoin(url, answer.location)
            if urlsplit(url).path.startswith(sso.REALM):
                return url, answer  # the sign-on's own redirect is its dialogue's business
            if not _leads_to(self._portal, target) and not _leads_to(self._origin, target):
                raise sso.SignOnFailed("the portal leads to another sign-on", failure="form", remedy=_NEWER)
            url = target
        raise sso.SignOnFailed("the portal leads in circles", failure="form", remedy=_NEWER)

    async def _arrive(self, location: str) -> None:
        """Bring the code to the portal, which then knows us."""
        url, answer = await self._walk(location)
        if not _leads_to(self._portal, url) or urlsplit(url).path.startswith(sso.REALM):
            raise sso.SignOnFailed("the portal sends a new login back to the sign-on", failure="form", remedy=_NEWER)
        if answer.status >= _BAD:
            raise TransportError(f"the portal does not let a login in (HTTP {answer.status})", remedy="Wait a while.")


_BAD = 400
_NEWER = "Look for a newer heliobus; it asks again by itself, each time later."
_NO_TOKENS = sso.Tokens("", 0.0, None, None)
"""The portal lives by cookies."""


def _leads_to(origin: str, url: str) -> bool:
    return urlsplit(url)[:2] == urlsplit(origin)[:2]


def _copied(cookies: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {host: dict(jar) for host, jar in cookies.items()}
