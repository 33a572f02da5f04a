"""The sign-on as a server: one user of a Keycloak realm, on the paths of the real one (SPEC 6, errata S2 to S5).

Its pages are our own words around the fields that tell them; every page has a new address, and needs its cookie.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from heliobus.senec.protocol import sso, totp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from heliobus.transport.clock import Clock

ACCESS = timedelta(seconds=300)
REFRESH = timedelta(days=30)
_CODE = timedelta(seconds=60)
_SESSION = timedelta(hours=10)
"""How long the sign-on knows a browser: a guess, Keycloak's default."""
_ACT = f"{sso.REALM}/login-actions/authenticate"
_PAGE_COOKIE, _KEPT_COOKIE = "AUTH_SESSION_ID", "KEYCLOAK_IDENTITY"

FAULTS: Mapping[str, str] = {
    "sso-outage": "the sign-on is down (HTTP 503)",
    "sso-two-steps": "user name and password on two pages",
    "sso-otp": "the account has a one-time code",
    "sso-changed-form": "the pages ask for something else",
    "sso-setup": "the account has to set up a one-time code first",
    "sso-provider": "the account is linked to another identity provider (HTTP 400)",
    "sso-expired": "every page has expired when it is answered",
    "sso-error": "the login ends with an error instead of a code",
    "sso-forgetful": "no session is kept: each login asks for the password",
    "sso-revoked": "refresh tokens are refused",
}


@dataclass
class _Visit:
    """One login under way."""

    query: Mapping[str, str]
    code: str = ""
    """Of the page that may be answered now."""
    stages: list[tuple[str, ...]] = field(default_factory=list)


class SignOnServer:
    """The realm; ``faults`` gives what goes wrong now."""

    def __init__(
        self, *, clock: Clock, username: str, password: str, key: bytes, faults: Callable[[], Collection[str]]
    ) -> None:
        self._clock = clock
        self._username = username
        self.password = password
        self._key = key
        self._faults = faults
        self.passwords: list[datetime] = []
        """When a password was looked at, right or wrong: a full login."""
        self._visits: dict[str, _Visit] = {}
        self._kept: dict[str, datetime] = {}
        self._codes: dict[str, tuple[str, datetime]] = {}
        self._access: dict[str, datetime] = {}
        self._refresh: dict[str, datetime] = {}
        self._used: set[str] = set()

    def route(self, router: web.UrlDispatcher) -> None:
        router.add_get(sso.AUTHORIZE, self._authorize)
        router.add_get(_ACT, self._act)
        router.add_post(_ACT, self._act)
        router.add_post(sso.TOKEN, self._token)

    def knows(self, token: str) -> bool:
        """Whether an access token holds."""
        until = self._access.get(token)
        return until is not None and self._clock.now() < until

    def expire(self) -> None:
        """End all access tokens."""
        self._access.clear()

    def revoke(self) -> None:
        """End all tokens and sessions, as a change of the password does."""
        self._access.clear()
        self._refresh.clear()
        self._kept.clear()

    # -- pages

    async def _authorize(self, request: web.Request) -> web.Response:
        if self._has("outage"):
            return _page(503, "Service Unavailable")
        query = request.query
        wanted = {"response_type": "code", "client_id": sso.CLIENT, "redirect_uri": sso.REDIRECT}
        if (
            any(query.get(name) != value for name, value in wanted.items())
            or query.get("code_challenge_method") != "S256"
        ):
            return _page(400, "We are sorry... Invalid request")
        visit = _Visit(dict(query))
        if self._is_kept(request.cookies.get(_KEPT_COOKIE, "")):
            return self._arrived(visit)
        visit.stages = [("username",), ("password",)] if self._has("two-steps") else [("username", "password")]
        visit.stages += [("otp",)] if self._has("otp") else []
        name = secrets.token_hex(16)
        self._visits[name] = visit
        response = self._ask(visit)
        response.set_cookie(_PAGE_COOKIE, name, path=sso.REALM + "/", httponly=True)
        return response

    def _is_kept(self, cookie: str) -> bool:
        until = self._kept.get(cookie)
        return until is not None and self._clock.now() < until and not self._has("forgetful")

    async def _act(self, request: web.Request) -> web.Response:
        visit = self._visits.get(request.cookies.get(_PAGE_COOKIE, ""))
        if obstacle := self._obstacle(visit, request.query.get("session_code")):
            return obstacle
        assert visit is not None  # noqa: S101 - without one there is an obstacle
        form = {name: str(value) for name, value in (await request.post()).items()}
        if self._passes(visit.stages[0], form):
            visit.stages.pop(0)
        if visit.stages:
            return self._ask(visit)
        if self._has("setup"):
            query = urlencode({"execution": "CONFIGURE_TOTP", "client_id": sso.CLIENT})
            return _redirect(f"{sso.REALM}/login-actions/required-action?{query}")
        return self._arrived(visit)

    def _obstacle(self, visit: _Visit | None, code: str | None) -> web.Response | None:
        """What is answered to a form before anybody reads it."""
        if self._has("outage"):
            return _page(503, "Service Unavailable")
        if self._has("provider"):
            return _page(400, "We are sorry... Unexpected error when authenticating with identity provider")
        if visit is None:
            return _page(400, "We are sorry... Cookie not found")
        if self._has("expired") or code != visit.code or not visit.stages:
            return _page(200, '<a id="loginRestartLink" href="/realms/senec/login-actions/restart">Start again</a>')
        return None

    def _passes(self, stage: tuple[str, ...], form: Mapping[str, str]) -> bool:
        if "otp" in stage:
            return self._takes_code(form.get("otp", ""))
        if "password" not in stage:
            return bool(form.get("username"))
        self.passwords.append(self._clock.now())
        return form.get("password") == self.password and form.get("username", self._username) == self._username

    def _takes_code(self, given: str) -> bool:
        """A code of this half minute or its neighbours, once."""
        steps = (timedelta(seconds=totp.PERIOD * step) for step in (-1, 0, 1))
        right = {totp.code(self._key, self._clock.now() + step) for step in steps}
        if given not in right - self._used:
            return False
        self._used = (self._used & right) | {given}
        return True

    def _ask(self, visit: _Visit) -> web.Response:
        visit.code = secrets.token_urlsafe(24)
        action = f"{_ACT}?{urlencode({'session_code': visit.code, 'execution': 'x', 'tab_id': 't'})}"
        fields = ("email", "pin") if self._has("changed-form") else visit.stages[0]
        kinds = {"password": "password"}
        inputs = "".join(f'<input type="{kinds.get(name, "text")}" name="{name}" value="">' for name in fields)
        escaped = action.replace("&", "&amp;")
        return _page(200, f'<form id="kc-form-login" action="{escaped}" method="post">{inputs}<button></button></form>')

    def _arrived(self, visit: _Visit) -> web.Response:
        state = visit.query.get("state", "")
        if self._has("error"):
            return _redirect(f"{sso.REDIRECT}?{urlencode({'error': 'access_denied', 'state': state})}")
        code = secrets.token_urlsafe(24)
        self._codes[code] = (visit.query.get("code_challenge", ""), self._clock.now() + _CODE)
        kept = secrets.token_hex(16)
        self._kept[kept] = self._clock.now() + _SESSION
        response = _redirect(f"{sso.REDIRECT}?{urlencode({'state': state, 'session_state': 's', 'code': code})}")
        response.set_cookie(_KEPT_COOKIE, kept, path=sso.REALM + "/", httponly=True)
        return response

    # -- tokens

    async def _token(self, request: web.Request) -> web.Response:
        if self._has("outage"):
            return _page(503, "Service Unavailable")
        form = {name: str(value) for name, value in (await request.post()).items()}
        if form.get("client_id") != sso.CLIENT:
            return web.json_response({"error": "invalid_client"}, status=401)
        kind = form.get("grant_type")
        if kind == "authorization_code":
            good = self._takes_grant(form)
        else:
            until = self._refresh.pop(form.get("refresh_token", ""), None)  # each is good for once
            good = until is not None and self._clock.now() < until and not self._has("revoked")
        if not good:
            return web.json_response({"error": "invalid_grant", "error_description": "Token is not active"}, status=400)
        return web.json_response(self._tokens())

    def _takes_grant(self, form: Mapping[str, str]) -> bool:
        told, until = self._codes.pop(form.get("code", ""), ("", self._clock.now()))
        proven = bool(told) and sso.challenge(form.get("code_verifier", "")) == told
        return proven and form.get("redirect_uri") == sso.REDIRECT and self._clock.now() < until

    def _tokens(self) -> dict[str, object]:
        access, refresh, now = secrets.token_urlsafe(48), secrets.token_urlsafe(48), self._clock.now()
        self._access = {token: until for token, until in self._access.items() if now < until} | {access: now + ACCESS}
        self._refresh[refresh] = now + REFRESH
        return {
            "access_token": access,
            "expires_in": int(ACCESS.total_seconds()),
            "refresh_expires_in": int(REFRESH.total_seconds()),
            "refresh_token": refresh,
            "token_type": "Bearer",
            "not-before-policy": 0,
            "session_state": secrets.token_hex(16),
            "scope": sso.SCOPE,
        }

    def _has(self, fault: str) -> bool:
        return f"sso-{fault}" in self._faults()


def _page(status: int, words: str) -> web.Response:
    text = f"<!DOCTYPE html><html><head><title>Sign in to SENEC</title></head><body>{words}</body></html>"
    return web.Response(status=status, text=text, content_type="text/html")


def _redirect(location: str) -> web.Response:
    return web.Response(status=302, headers={"Location": location})
