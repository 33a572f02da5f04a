"""How long a cloud's service that has no answer is left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.errors import LockedOut

if TYPE_CHECKING:
    from heliobus.transport.clock import Clock

_SHORTEST, _LONGEST = 60.0, 1800.0
"""Seconds: at first, then twice as long each time in a row, and at most."""
_DAY = 86_400.0
_MOST_STRIKES = 10


class Pause:
    """The pause of one service; there is none at first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until, self._strikes, self._why = 0.0, 0, ""

    def check(self) -> None:
        """Raise LockedOut as long as the pause lasts."""
        left = self._until - self._clock.monotonic()
        if left > 0:
            raise LockedOut(self._why, until=self._clock.now() + timedelta(seconds=left))

    def begin(self, why: str, seconds: float | None = None) -> None:
        """Leave the service alone, for as long as it said itself (up to a day) if that is longer."""
        wanted = min(_SHORTEST * 2.0**self._strikes, _LONGEST)
        wanted = wanted if seconds is None else min(max(wanted, seconds), _DAY)
        self._until = self._clock.monotonic() + wanted
        self._strikes, self._why = min(self._strikes + 1, _MOST_STRIKES), why

    def end(self) -> None:
        """The service has answered."""
        self._strikes = 0
