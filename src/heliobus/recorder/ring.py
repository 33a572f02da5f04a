"""What is given up when samples wait in memory for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from heliobus.recorder.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")

RING = 6000
"""Samples that wait while the disk refuses: at one a minute, three systems fill it in 33 hours."""
SPACING = 60_000
"""Ms between two samples of a system that the oldest keep."""


def thin(items: Sequence[Item], *, most: int) -> list[Item]:
    """Give up samples, the oldest first, until three quarters of ``most`` are left; what is no sample stays.

    Of the oldest one a minute is kept; only when that does not suffice, one in two minutes, and so on.
    """
    kept = list(items)
    spacing = SPACING
    while len(kept) > most * 3 // 4 and any(isinstance(item, Reading) for item in kept):
        kept = _spaced(kept, spacing, surplus=len(kept) - most * 3 // 4)
        spacing *= 2
    return kept


def _spaced(items: Sequence[Item], spacing: int, *, surplus: int) -> list[Item]:
    last: dict[str, int] = {}
    kept: list[Item] = []
    for item in items:
        if isinstance(item, Reading) and surplus > 0:
            if 0 <= item.at - last.get(item.system, item.at - spacing) < spacing:
                surplus -= 1
                continue
            last[item.system] = item.at
        kept.append(item)
    return kept
