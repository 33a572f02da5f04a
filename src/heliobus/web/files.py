"""The files beside the page: read once, found by their exact name, never by a path from a request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: Final = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served; ``etag`` changes with its content."""

    content: bytes
    media_type: str
    etag: str


def manifest() -> Mapping[str, Asset]:
    """Give every served file by its name."""
    found = {}
    for entry in files("heliobus.web").joinpath("assets").iterdir():
        media_type = _TYPES.get(entry.name[entry.name.rfind(".") :])
        if media_type:
            content = entry.read_bytes()
            found[entry.name] = Asset(content, media_type, f'"{hashlib.sha256(content).hexdigest()[:16]}"')
    return found
