"""How often the OpenAPIs let themselves be asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Pace:
    """Lets the same thing pass once in an interval; what was refused does not prolong it."""

    def __init__(self) -> None:
        self._passed: dict[str, datetime] = {}
        self.refused = 0

    def wait(self, now: datetime, key: str, seconds: float) -> timedelta | None:
        """None lets it pass; else how long it still has to wait."""
        last = self._passed.get(key)
        if last is not None and timedelta(0) <= now - last < timedelta(seconds=seconds):
            self.refused += 1
            return timedelta(seconds=seconds) - (now - last)
        self._passed[key] = now
        return None
