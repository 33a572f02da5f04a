"""The settings of an answer made flat, as the tables name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.protocol import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.growatt.protocol import Json

_PARTS = ("mode", "start", "end", "power", "enable")
_SEGMENTS = "time_segment"


def bean(answer: Json) -> Mapping[str, Json]:
    """The settings inside an answer: its ``tlxSetBean``, ``mixBean``, ``storageBean``; else the answer itself."""
    if not isinstance(answer, dict):
        return {}
    beans = {name: one for name, one in answer.items() if name.lower().endswith("bean") and isinstance(one, dict)}
    plain = [name for name in beans if "detail" not in name.lower()]
    return beans[plain[0]] if plain else answer


def noah_settings(noah: Json) -> Mapping[str, Json]:
    """A NOAH's settings with its segments taken apart: ``"0_8:0_12:30_300_1"`` (SPEC A.12).

    Without the last part a segment is enabled: only those that are come without it.
    """
    if not isinstance(noah, dict):
        return {}
    flat = {name: value for name, value in noah.items() if name != _SEGMENTS}
    listed = noah.get(_SEGMENTS)
    for one in listed if isinstance(listed, list) else [listed]:
        for name, value in one.items() if isinstance(one, dict) else ():
            parts = (text(value) or "").split("_")
            if len(parts) in (4, 5):
                flat |= {f"{name}_{part}": word for part, word in zip(_PARTS, (*parts, "1")[:5], strict=True)}
    return flat
