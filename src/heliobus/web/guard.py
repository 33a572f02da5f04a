"""What every request passes before anything else looks at it, and what every answer carries.

A page on the internet can make the owner's browser send requests into the home, by a name that it lets point there
(DNS rebinding).  Such a request still carries the foreign name, so the Host header decides first: 421, before any
routing.  Then the method: GET and HEAD change nothing; POST is for the few named addresses, and only from our own page
(what the browser says of the sender decides) or a program, as JSON, which no foreign form can send.  The answers'
headers keep the browser from running, framing, sniffing or sharing what it got (design: SECURITY 3.4, 4).
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import secrets
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, MutableMapping

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

_LOG = logging.getLogger(__name__)

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "svelte-trusted-html",
}
"""Only our own files, nothing inline; markup from strings only by the one policy of the front end's framework."""

_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")

HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "cache-control": "no-store",
}
"""Set on every answer that does not say otherwise itself."""

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]@/\s]+)(?::[0-9]{1,5})?", re.ASCII)
_MISDIRECTED, _NOT_ALLOWED, _INTERNAL = 421, 405, 500
_FORBIDDEN, _UNSUPPORTED, _TOO_LONG = 403, 415, 413
_LONGEST_BODY = 4096
_REMEDY_HOST = "Open it by its IP address or as localhost, or add the name to allowed_hosts in [web]."


class Guard:
    """ASGI middleware around the whole application.

    ``allowed_hosts`` are names beside those of this machine, ``changing`` the paths that take POST.
    """

    def __init__(self, app: App, *, allowed_hosts: Iterable[str] = (), changing: Collection[str] = ()) -> None:
        self._app = app
        self._changing = changing
        own = socket.gethostname().lower()
        self._names = {"localhost", own, own.partition(".")[0], *(name.lower() for name in allowed_hosts)}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"only HTTP is served here, not {scope['type']}")
        answer = _Answer(send)
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            await refuse(
                answer, _MISDIRECTED, "this server is not known under the name in the Host header", _REMEDY_HOST
            )
        elif scope["method"] == "HEAD":
            # No route has to know HEAD: the server leaves the body out, and nobody stays for a stream.
            await self._run({**scope, "method": "GET"}, _gone, answer)
        elif scope["method"] == "POST" and scope["path"] in self._changing:
            await self._change(scope, receive, answer, host=hosts[0])
        elif scope["method"] != "GET":
            await refuse(answer, _NOT_ALLOWED, "nothing can be changed here", "Use GET.", {"allow": "GET, HEAD"})
        else:
            await self._run(scope, receive, answer)

    async def _change(self, scope: Message, receive: Receive, answer: _Answer, *, host: str) -> None:
        headers = {name: value.decode("latin-1").lower() for name, value in scope["headers"]}
        length = headers.get(b"content-length", "")
        if not _is_own_page(headers, host.lower()):
            await refuse(answer, _FORBIDDEN, "another site's page sent this", "Use the page of heliobus itself.")
        elif headers.get(b"content-type", "").partition(";")[0].strip() != "application/json":
            await refuse(answer, _UNSUPPORTED, "the body is not JSON", "Send application/json.")
        elif b"transfer-encoding" in headers or not _is_short(length):  # chunks need not keep to a length beside them
            await refuse(answer, _TOO_LONG, f"the body is longer than {_LONGEST_BODY} bytes", "Send one command.")
        else:
            await self._run(scope, receive, answer)

    async def _run(self, scope: Message, receive: Receive, answer: _Answer) -> None:
        try:
            await self._app(scope, receive, answer)
        except Exception:
            number = secrets.token_hex(4)
            _LOG.exception("error %s while answering %r", number, scope["path"])
            if answer.started:
                raise
            await refuse(
                answer, _INTERNAL, f"internal error {number}", "Look for this number in the log and report it."
            )

    def _is_ours(self, host: str) -> bool:
        form = _HOST.fullmatch(host)
        if form is None:
            return False
        name = form["name"].lower()
        return name in self._names or name.endswith(".local") or _is_address(name.strip("[]"))


def _is_short(length: str) -> bool:
    return length.isascii() and length.isdigit() and int(length) <= _LONGEST_BODY


def _is_own_page(headers: Mapping[bytes, str], host: str) -> bool:
    """Whether a browser says that our page sent it; what says nothing is no browser of these years."""
    if b"sec-fetch-site" in headers:
        return headers[b"sec-fetch-site"] in {"same-origin", "none"}
    origin = headers.get(b"origin")
    return origin is None or origin.partition("://")[2] == host


async def refuse(send: Send, status: int, error: str, remedy: str, headers: dict[str, str] | None = None) -> None:
    """Answer with an error in the one form that all errors have."""
    body = json.dumps({"error": error, "remedy": remedy}).encode()
    given = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _is_address(name: str) -> bool:
    """An address literal cannot be pointed elsewhere; 0177.0.0.1 and 2130706433 are no literals."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class _Answer:
    """Sends on, with the headers that every answer carries."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            given = list(message.get("headers", ()))
            named = {name.lower() for name, _ in given}
            given += [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in named]
            message = {**message, "headers": given}
        await self._send(message)


async def _gone() -> Message:
    """Nobody waits for a body: a stream that is asked by HEAD ends at once."""
    return {"type": "http.disconnect"}
