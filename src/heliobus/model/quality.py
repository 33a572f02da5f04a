"""How far a value can be trusted, and how trust adds up."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Quality(IntEnum):
    """From best to worst; a sum is as bad as its worst mandatory part."""

    GOOD = 0
    """Read now."""
    DERIVED = 1
    """Computed from GOOD parts."""
    ESTIMATED = 2
    """Integrated, interpolated or back-filled."""
    STALE = 3
    """Older than its freshness budget."""
    SUSPECT = 4
    """Failed a plausibility rule: kept, but left out of totals."""
    MISSING = 5
    """No value."""

    @property
    def counts(self) -> bool:
        """Whether the value counts as coverage of a recorded bucket."""
        return self <= Quality.DERIVED


def worst(parts: Iterable[Quality]) -> Quality:
    """Give the quality of something that is made of ``parts``; of nothing it is MISSING."""
    return max(parts, default=Quality.MISSING)
