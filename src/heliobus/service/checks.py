"""The types of configuration values: each says in one sentence what is wrong with a bad one, and what is near it.

Validators raise ValueError because pydantic adds the key's path to nothing else.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, ValidationInfo
from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function

from heliobus.errors import UsageError
from heliobus.model.command import KINDS
from heliobus.url import DeviceURL
from heliobus.vendor import vendor_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(ms|s|min|h|d)", re.ASCII)
_NAME = re.compile(r"[^\W_](?:[\w .-]{0,62}[\w.-])?")
_BIND = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:]+):(?P<port>[0-9]{1,5})", re.ASCII)
_MAX_PORT = 65_535
_OTHERS = 0o077
_METADATA = frozenset(map(ipaddress.ip_address, ("169.254.169.254", "fd00:ec2::254")))
"""Where clouds hand out secrets to whoever asks from inside; no device of a home lives there."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """Give ``; did you mean 'x'?`` for the most similar known word, or nothing."""
    names = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), names, n=1)
    return f"; did you mean {names[close[0]]!r}?" if close else ""


def no_system(name: str, known: Iterable[str]) -> UsageError:
    """Make the error for a system that is not configured."""
    known = tuple(known)
    remedy = f"Use one of: {', '.join(known)}." if known else "Add a system to the configuration file."
    return UsageError(f"no system is called {name!r}{suggestion(name, known)}", remedy=remedy)


def seconds(value: Any) -> Any:
    """Read a duration such as ``10s``, ``5min`` or ``1h`` into s; what is not text is left as it is.  ValueError."""
    if not isinstance(value, str):
        return value
    found = _DURATION.fullmatch(value.strip())
    if not found:
        raise ValueError(f'{value!r} is not a duration; write for example "10s", "5min" or "1h"')
    return float(found[1]) * _UNITS[found[2]]


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(f"{value!r} is not a name: 1 to 64 letters, digits, spaces, '-', '_' and '.'")
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        zones = sorted(available_timezones())
        city = value.rpartition("/")[2].replace(" ", "_").casefold()
        same_city = [zone for zone in zones if zone.rpartition("/")[2].casefold() == city]
        raise ValueError(
            f"{value!r} is not in the tz database{suggestion(same_city[0] if same_city else value, zones)}"
        ) from None
    return value


def _address(value: Any) -> DeviceURL:
    if not isinstance(value, str | DeviceURL):
        raise ValueError('must be a device URL in quotes such as "senec://192.168.1.40"')  # noqa: TRY004
    try:
        _, address = vendor_of(value)
    except UsageError as error:
        raise ValueError(error.line().removesuffix(".")) from error
    if _ip(address.host) in _METADATA:
        raise ValueError(f"{address.host} is the metadata service of a cloud, not a device")
    return address


class _AsAddress:
    """Keeps pydantic from looking into DeviceURL, whose annotations are not there at run time."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        del source, handler
        return no_info_plain_validator_function(_address)


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _path(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return value
    return Path((info.context or {}).get("folder", ""), Path(value).expanduser())


def _secret_file(path: Path) -> Path:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}") from error
    if os.name == "posix" and mode & _OTHERS:
        raise ValueError(f"others may read {path}; run: chmod 600 {path}")
    return path


def _kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"{value!r} is not a command{suggestion(value, KINDS)}")
    return value


def split_bind(value: str) -> tuple[str, int]:
    """Split ``host:port`` or ``[host]:port``; ValueError if it is neither."""
    form = _BIND.fullmatch(value)
    if not form or int(form["port"]) > _MAX_PORT:
        raise ValueError(f'{value!r} is not host:port; write for example "127.0.0.1:8765"')
    return form["host"].strip("[]"), int(form["port"])


def _bind(value: str) -> str:
    host, _ = split_bind(value)
    address = _ip(host)
    if host != "localhost" and not (address and address.is_loopback):
        raise ValueError(
            f"{value!r} is refused: the page has no login yet, so only this machine may open it; write 127.0.0.1 or ::1"
        )
    return value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


AsTuple = BeforeValidator(_tuple)
"""TOML has lists; a frozen table holds tuples."""
Seconds = Annotated[float, BeforeValidator(seconds)]
Name = Annotated[str, AfterValidator(_name)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Address = Annotated[DeviceURL, _AsAddress()]
File = Annotated[Path, BeforeValidator(_path)]
SecretFile = Annotated[Path, BeforeValidator(_path), AfterValidator(_secret_file)]
Kind = Annotated[str, AfterValidator(_kind)]
Bind = Annotated[str, AfterValidator(_bind)]
