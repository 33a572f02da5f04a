"""Device URLs: ``senec://192.168.1.40``, ``e3dc://me@example.org@192.168.1.20:5033``; secrets never stand in them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, quote, unquote

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORM = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?", re.ASCII
)
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]\s]*)(?::(?P<port>[0-9]{1,5}))?")
_MAX_PORT = 65535
_REMEDY = "Write it as scheme://[user@]host[:port][/path][?option=value], for example senec://192.168.1.40."


class Secret:
    """A value that never shows itself: not in repr, str, format, JSON or comparisons of tracebacks."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    @classmethod
    def of(cls, given: str | Secret | None) -> Secret | None:
        """A secret as a caller may give it: plain, as a secret already, or not at all."""
        return cls(given) if isinstance(given, str) else given

    def reveal(self) -> str:
        """Give the secret; every use of it is found by searching for this name."""
        return self._value

    def __repr__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a device or cloud may ask for; each from a ``*_file`` or the environment, never from a URL."""

    password: Secret | None = None
    key: Secret | None = None
    token: Secret | None = None
    totp: Secret | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """Read HELIOBUS_PASSWORD, HELIOBUS_KEY, HELIOBUS_TOKEN and HELIOBUS_TOTP."""
        found = {name: os.environ.get(f"HELIOBUS_{name.upper()}") for name in ("password", "key", "token", "totp")}
        return cls(**{name: Secret(value) for name, value in found.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceURL:
    """A device's address in parts; ``str()`` gives the URL back."""

    scheme: str
    host: str = ""
    user: str | None = None
    port: int | None = None
    path: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a device URL; UsageError says what is wrong, and why a password in it is refused."""
        form = _FORM.fullmatch(text.strip())
        if form is None:
            raise UsageError("this is not a device URL", remedy=_REMEDY)
        user, separator, location = form["authority"].rpartition("@")
        if ":" in user:
            raise UsageError(
                "a device URL must not hold a password: it would end up in logs and shell histories",
                remedy="Leave ':password' out and set HELIOBUS_PASSWORD or password_file.",
            )
        place = _HOST.fullmatch(location)
        if place is None or (place["port"] and int(place["port"]) > _MAX_PORT):
            raise UsageError(f"no host[:port] in the device URL ({location!r})", remedy=_REMEDY)
        return cls(
            scheme=form["scheme"],
            host=place["host"].strip("[]"),
            user=unquote(user) if separator else None,
            port=int(place["port"]) if place["port"] else None,
            path=form["path"] or "",
            options=_options(form["query"] or ""),
        )

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        user = f"{quote(self.user, safe='@')}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        query = "&".join(f"{name}={quote(value)}" for name, value in self.options.items())
        return f"{self.scheme}://{user}{host}{port}{self.path}{'?' + query if query else ''}"


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    secret = next((name for name in options if name.lower() in ("password", "key", "token", "totp", "secret")), None)
    if secret:
        raise UsageError(
            f"a device URL must not hold a secret ({secret}=...)",
            remedy=f"Set HELIOBUS_{secret.upper()} or {secret}_file.",
        )
    return options
