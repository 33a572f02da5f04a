"""How long to leave a device alone after a failed poll.

Network trouble and garbled answers pass by themselves: such a device is asked again after at most two intervals, so
that it is back soon after the fault ends.  What somebody has to mend (a wrong password, a wrong configuration, a bug)
doubles up to five minutes, so that no account is locked by our trying.  A lock-out is waited for.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from heliobus.errors import LockedOut, ProtocolError, TransportError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from heliobus.errors import Error

_LIMIT_SECONDS = 300.0
_LIMIT_PASSING_INTERVALS = 2
_LONGEST_LOCK_SECONDS = 25 * 3600.0  # clouds lock for 24 h; a wrong clock must not silence a system for years
_JITTER = 0.25


class Backoff:
    """Waits after failures in a row; ``interval`` in s is the shortest.  ``jitter`` gives numbers from 0 to 1."""

    def __init__(self, *, interval: float, jitter: Callable[[], float] = random.random) -> None:
        self._interval = interval
        self._jitter = jitter
        self._failures = 0

    def reset(self) -> None:
        """Note a success."""
        self._failures = 0

    def after(self, error: Error, *, now: datetime) -> float:
        """Note a failure and give the seconds to wait."""
        self._failures += 1
        if isinstance(error, LockedOut):
            locked = (error.until - now).total_seconds() + self._jitter() * self._interval
            return min(max(locked, self._interval), _LONGEST_LOCK_SECONDS)
        doubled = self._interval * 2.0 ** min(self._failures - 1, 20)
        wait = min(doubled, max(self._limit(error), self._interval))
        return max(wait * (1 - _JITTER * self._jitter()), self._interval)

    def _limit(self, error: Error) -> float:
        if isinstance(error, TransportError | ProtocolError):
            return min(_LIMIT_PASSING_INTERVALS * self._interval, _LIMIT_SECONDS)
        return _LIMIT_SECONDS
