"""How often what upsets an appliance may be written; remembered by the client, in monotonic time."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


class Pace(NamedTuple):
    """At most ``most`` within ``seconds``, and why."""

    most: int
    seconds: float
    why: str


PACES: Mapping[str, Pace] = MappingProxyType(
    {
        "reboot": Pace(1, 300.0, "a reboot takes some five minutes"),  # SPEC 5.3
        # Repeated changes have crashed the web server and started insulation tests (SPEC 5.6); how many is not known.
        "wallbox": Pace(6, 600.0, "wallbox settings that change too often make the appliance hang"),
        "login": Pace(3, 600.0, "the appliance counts failed logins"),
    }
)


class Paces:
    """What was written when, by the names of ``PACES``."""

    def __init__(self) -> None:
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def check(self, name: str | None, now: float) -> None:
        """Raise Refused if one more at ``now`` is too much; nothing has no pace."""
        if name is None:
            return
        pace, times = PACES[name], self._times[name]
        while times and times[0] <= now - pace.seconds:
            times.popleft()
        if len(times) >= pace.most:
            wait = math.ceil(times[0] + pace.seconds - now)
            raise Refused(f"{pace.why}: at most {pace.most} within {pace.seconds:g} s", remedy=f"Wait {wait} s.")

    def spend(self, name: str | None, now: float) -> None:
        """Count one at ``now``."""
        if name is not None:
            self._times[name].append(now)
