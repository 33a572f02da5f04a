"""SENEC's single sign-on, a Keycloak (SPEC 6, errata S2 to S5): requests and answers as values, no I/O here.

``SignOn`` is the dialogue of one login: it is told each answer and says what to send next.  Every page is judged by the
fields of its form, never by the form's id, and is answered at its own address (``session_code`` and ``execution``
change at each step)::

    GET auth ---> 302 to the redirect address with a code: a session that was kept, no password sent
             ---> 200 form {username, password}, or {username} and then {password}
                      POST ---> 302 with a code
                           ---> 200 form {otp}, POST ---> 302 with a code
                           ---> 200 the same fields again: refused
                           ---> 302 .../required-action?execution=CONFIGURE_TOTP: the account has to be set up
                           ---> 400: the user belongs to another identity provider (ioBroker issue 521)
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from heliobus.errors import AuthenticationError, NotSupported, ProtocolError, TransportError
from heliobus.senec.protocol.forms import Form, forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REALM = "/realms/senec"
AUTHORIZE = f"{REALM}/protocol/openid-connect/auth"
TOKEN = f"{REALM}/protocol/openid-connect/token"
CLIENT = "endcustomer-app-frontend"
REDIRECT = "senec-app-auth://keycloak.prod"
SCOPE = "roles meinsenec"

_OK, _BAD_REQUEST = 200, 400
_REDIRECTS = frozenset({301, 302, 303, 307})
_TOO_MANY, _TIMEOUT, _BROKEN = 429, 408, range(500, 600)
_DOWN = frozenset({"temporarily_unavailable", "server_error"})
_STEPS = 8
"""Answers of a login at most: user, password, one-time code, and some redirects between them."""


class SignOnFailed(AuthenticationError):
    """A login that came to nothing.

    ``failure`` is its class: password, otp (both: not again until the secret is another one), setup, provider, refused
    (the owner must act), form (the pages have changed) or expired.
    """

    def __init__(self, what: str, *, failure: str, remedy: str | None = None) -> None:
        super().__init__(what, remedy=remedy)
        self.failure = failure


class TokenRefused(AuthenticationError):
    """The sign-on no longer takes the refresh token, or the code (invalid_grant)."""


# -- the way in


def challenge(verifier: str) -> str:
    """The PKCE challenge S256 of a verifier (RFC 7636)."""
    return urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


def authorization(*, verifier: str, state: str) -> str:
    """The path and query of the login's first page."""
    query = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": REDIRECT,
        "scope": SCOPE,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        "state": state,
    }
    return f"{AUTHORIZE}?{urlencode(query)}"


def code_of(location: str, *, state: str) -> str:
    """The code in the address that ended the login.  Raises SignOnFailed and ProtocolError."""
    answer = {name: values[-1] for name, values in parse_qs(urlsplit(location).query).items()}
    if answer.get("error") in _DOWN:
        raise TransportError(f"the sign-on is out of order ({answer['error']})", remedy="Wait; it lasts a while.")
    if "error" in answer:
        raise SignOnFailed(
            f"the sign-on refuses the login ({answer['error']})",
            failure="refused",
            remedy="Sign in once with the SENEC app and follow what it asks for; then try again.",
        )
    if answer.get("state", state) != state or "code" not in answer:
        raise ProtocolError("the sign-on ended without a code for this login", remedy="Try again later.")
    return answer["code"]


# -- the dialogue of one login


class Fetch(NamedTuple):
    """Get this address."""

    url: str


class Post(NamedTuple):
    """Send this form."""

    url: str
    form: Mapping[str, str]


class Done(NamedTuple):
    """The login is over: the address to which it leads."""

    location: str


@dataclass(kw_only=True)
class SignOn:
    """One login, from the answer to its first page on; ``home`` begins the address that ends it.

    ``password`` and ``otp`` give the secrets when a page asks for them: ``otp`` None is a user without a one-time code.
    """

    username: str
    password: Callable[[], str]
    otp: Callable[[], str] | None
    home: str = REDIRECT
    _sent: set[str] = field(default_factory=set, repr=False)
    _steps: int = 0

    def receive(self, *, url: str, status: int, body: bytes, location: str | None) -> Fetch | Post | Done:
        """What follows the answer of ``url``.

        Raises SignOnFailed (the owner must act, or the pages have changed), TransportError (an outage) and
        ProtocolError.
        """
        check_outage(status)
        self._steps += 1
        if self._steps > _STEPS:
            raise _changed("it leads in circles")
        if status in _REDIRECTS and location:
            return self._follow(urljoin(url, location), url)
        if status == _BAD_REQUEST and self._sent & {"username"}:
            raise _linked("the sign-on does not take this user's password itself")
        return self._fill(url, status, body)

    def _follow(self, target: str, url: str) -> Fetch | Done:
        if target.startswith(self.home):
            return Done(target)
        action = parse_qs(urlsplit(target).query).get("execution", [""])[-1]
        if "/required-action" in urlsplit(target).path:
            raise _unfinished(action)
        if not _same_origin(target, url):
            raise _linked("the sign-on sends this user to another provider")
        return Fetch(target)

    def _fill(self, url: str, status: int, body: bytes) -> Post:
        found = forms(body)
        form = next((one for one in found if one.asks), None)
        if form is None:
            raise _page_without(status, found, body)
        target = urljoin(url, form.action)
        if not _same_origin(target, url):
            raise _changed("its form leads elsewhere")
        # A second step may bring the user's name along.
        again = form.asks <= self._sent or form.asks & self._sent & {"password", "otp"}
        if again and "otp" in form.asks:
            raise SignOnFailed(
                "the sign-on does not accept the one-time code",
                failure="otp",
                remedy="Check the one-time secret (HELIOBUS_TOTP, totp_file) and this machine's clock.",
            )
        if again:
            raise SignOnFailed(
                "the sign-on does not accept the user name or the password",
                failure="password",
                remedy="Check both: they are those of mein-senec.de.",
            )
        secrets = {name: self._secret(name) for name in form.asks}
        self._sent |= form.asks
        return Post(target, {**form.hidden, **secrets})

    def _secret(self, name: str) -> str:
        if name == "username":
            return self.username
        if name == "password":
            return self.password()
        if self.otp is None:
            raise SignOnFailed(
                "this account has a one-time code",
                failure="otp",
                remedy="Set HELIOBUS_TOTP or totp_file: the otpauth:// secret of its authenticator app.",
            )
        return self.otp()


def _same_origin(one: str, other: str) -> bool:
    return urlsplit(one)[:2] == urlsplit(other)[:2]


def _linked(what: str) -> SignOnFailed:
    return SignOnFailed(
        f"{what}: the account is linked to another identity provider",
        failure="provider",
        remedy="Give the SENEC account a password of its own (mein-senec.de, forgot password).",
    )


def _unfinished(action: str) -> SignOnFailed:
    if action.upper() == "CONFIGURE_TOTP":
        return SignOnFailed(
            "the sign-on wants this account to set up a one-time code first",
            failure="setup",
            remedy="Sign in with the SENEC app, set it up, keep its otpauth:// secret and give it as HELIOBUS_TOTP.",
        )
    return SignOnFailed(
        f"the sign-on wants something done first ({action or 'no name'})",
        failure="setup",
        remedy="Sign in once with the SENEC app and follow what it asks for; then try again.",
    )


def _page_without(status: int, found: list[Form], body: bytes) -> SignOnFailed:
    if any(form.fields >= {"totp", "totpSecret"} for form in found) or b"configure_totp" in body.lower():
        return _unfinished("CONFIGURE_TOTP")
    if b"login-actions/restart" in body or b"loginRestartLink" in body:
        return SignOnFailed(
            "the sign-on's page has expired", failure="expired", remedy="Wait; a new login follows by itself."
        )
    if found:
        return _changed("no form asks for a user, a password or a one-time code")
    return _changed(f"HTTP {status} without a form")


def _changed(how: str) -> SignOnFailed:
    return SignOnFailed(
        f"the sign-on's pages have changed: {how}",
        failure="form",
        remedy="Look for a newer heliobus; it asks again by itself, each time later.",
    )


def check_outage(status: int) -> None:
    """Raise TransportError for an answer that says nothing but that the sign-on is down."""
    if status in _BROKEN or status in {_TIMEOUT, _TOO_MANY}:
        raise TransportError(f"the sign-on is out of order (HTTP {status})", remedy="Wait; it lasts minutes to hours.")


# -- tokens


class Tokens(NamedTuple):
    """The answer of the token address; lives in s."""

    access: str
    lives: float
    refresh: str | None
    refresh_lives: float | None

    def __repr__(self) -> str:
        return f"Tokens(lives={self.lives:g})"


def exchange(code: str, *, verifier: str) -> dict[str, str]:
    """The form that gets tokens for a code."""
    form = {"grant_type": "authorization_code", "client_id": CLIENT, "code": code}
    return {**form, "code_verifier": verifier, "redirect_uri": REDIRECT}


def renewal(refresh: str) -> dict[str, str]:
    """The form that gets tokens for a refresh token."""
    return {"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": refresh}


def tokens(*, status: int, body: bytes) -> Tokens:
    """Read the answer.  Raises TokenRefused, TransportError (an outage), NotSupported and ProtocolError."""
    check_outage(status)
    answer = _object(body)
    if status != _OK:
        error = str(answer.get("error", f"HTTP {status}"))
        if error == "invalid_grant":
            raise TokenRefused("the sign-on no longer takes the token", remedy="A new login follows by itself.")
        raise NotSupported(f"the sign-on does not serve this program any more ({error})", remedy=_NEWER)
    access, lives = answer.get("access_token"), _seconds(answer.get("expires_in"))
    if not isinstance(access, str) or not access or lives is None:
        raise ProtocolError("the sign-on answered without a token", remedy=_NEWER)
    refresh = answer.get("refresh_token")
    return Tokens(
        access, lives, refresh if isinstance(refresh, str) else None, _seconds(answer.get("refresh_expires_in"))
    )


_NEWER = "Try again later; if it stays so, look for a newer heliobus."


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProtocolError("the sign-on answered a web page instead of a token", remedy=_NEWER)
    return found


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
