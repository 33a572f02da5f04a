"""The files beside the page: read once, found by their exact name, never by a path from a request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served; ``etag`` changes with its content."""

    content: bytes
    media_type: str
    etag: str


ASSETS: Final = files("heliobus.web").joinpath("assets")
BUILT: Final = files("heliobus.web").joinpath("static")
"""The front end as ``make frontend`` builds it and the wheel brings it; a checkout without npm has none."""


def manifest(folder: Traversable) -> Mapping[str, Asset]:
    """Give every served file of a folder by its name; of a folder that is not there none."""
    found: dict[str, Asset] = {}
    for entry in folder.iterdir() if folder.is_dir() else ():
        media_type = _TYPES.get(entry.name[entry.name.rfind(".") :])
        if media_type:
            content = entry.read_bytes()
            found[entry.name] = Asset(content, media_type, f'"{hashlib.sha256(content).hexdigest()[:16]}"')
    return found
