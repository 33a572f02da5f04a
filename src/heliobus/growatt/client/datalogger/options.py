"""The listener's arguments out of its URL."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from heliobus.errors import UsageError
from heliobus.growatt.client.datalogger.listener import DEFAULT_PORT
from heliobus.url import DeviceURL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

FORM = (
    "Write growatt+datalogger://ADDRESS[:PORT], with ?family=, zone=, logger=, forward=HOST:PORT, commands=yes, wait= "
    "or fresh= where needed."
)


def listening(url: DeviceURL) -> dict[str, Any]:
    """What the URL says, but for its host; UsageError names what it cannot say."""
    unknown = [f"?{name}=" for name in url.options if name not in _OPTIONS]
    unknown += ["a path"] if url.path.strip("/") else []
    unknown += ["a user"] if url.user else []
    if unknown:
        raise UsageError(f"a datalogger's address has no {' and no '.join(unknown)}", remedy=FORM)
    if not url.host:
        raise UsageError("a datalogger's address is the one that heliobus listens on", remedy=FORM)
    options = {name: _OPTIONS[name](text) for name, text in url.options.items()}
    return {"port": DEFAULT_PORT if url.port is None else url.port, **options}


def _zone(text: str) -> tzinfo:
    try:
        return ZoneInfo(text)
    except (OSError, ValueError, KeyError) as error:
        raise _wrong("zone", text, "Write it as Europe/Berlin.") from error


def _forward(text: str) -> tuple[str, int]:
    try:
        url = DeviceURL.parse(f"growatt://{text}")
    except UsageError as error:
        raise _wrong("forward", text, "Write it as server.growatt.com:5279.") from error
    if not url.host or url.user or url.path or url.options:
        raise _wrong("forward", text, "Write it as server.growatt.com:5279.")
    return url.host, DEFAULT_PORT if url.port is None else url.port


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise _wrong("commands", text, "Write yes or no.")
    return text == "yes"


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise _wrong("a time", text, "Write a number of seconds.")
    return seconds


def _wrong(name: str, text: str, remedy: str) -> UsageError:
    return UsageError(f"{name} cannot be {text!r}", remedy=remedy)


_OPTIONS: Mapping[str, Callable[[str], Any]] = {
    "family": str,
    "zone": _zone,
    "logger": str,
    "forward": _forward,
    "commands": _yes,
    "wait": _seconds,
    "fresh": _seconds,
}
