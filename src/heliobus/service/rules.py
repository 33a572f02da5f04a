"""The safety rules of the gatekeeper, without I/O.

Sources: design SECURITY 3.5 (off by default, allow-list, rates, leases) and RELIABILITY R12.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.errors import OutOfBounds, Refused
from heliobus.model.command import (
    Auto,
    Charge,
    Command,
    Discharge,
    LimitCharge,
    LimitDischarge,
    SetReserve,
    SetSwitch,
    WallboxLimit,
)

if TYPE_CHECKING:
    from heliobus.service.config import ControlConfig

BATTERY = "battery"
LONGEST_LEASE = timedelta(hours=24)
SHORTEST_GAP = 10.0
"""Seconds between two commands to one system; devices write some of them to flash."""
PER_DAY = 60
UNSENT_PER_DAY = 200
"""Plans and refusals of one system that go on record within a day: about 0.5 MB at the most."""
_DAY = 86_400.0

_UPPER = {
    Charge: ("power", "max_charge"),
    LimitCharge: ("power", "max_charge"),
    Discharge: ("power", "max_discharge"),
    LimitDischarge: ("power", "max_discharge"),
}


def part_of(command: Command) -> str:
    """Name what a command holds: of two commands to the same part the later one replaces the earlier."""
    if isinstance(command, SetSwitch | WallboxLimit):
        return f"{command.kind} {command.id}"
    return command.kind if isinstance(command, SetReserve) else BATTERY


def with_lease(command: Command, control: ControlConfig) -> Command:
    """Give the command with its lease: its own, else the configured one.  ``Auto`` has none: it ends the others'."""
    if isinstance(command, Auto):
        return replace(command, lease=None)
    lease = timedelta(seconds=control.lease) if command.lease is None else command.lease
    if not timedelta(0) < lease <= LONGEST_LEASE:
        raise OutOfBounds(f"{command.kind}: a lease of {lease} is outside 0 to 24 h")
    return replace(command, lease=lease)


def check_enabled(command: Command, control: ControlConfig, *, read_only: bool) -> None:
    """Refuse what the owner has not allowed; ``read_only`` is the switch that beats everything."""
    if read_only:
        raise Refused("HELIOBUS_READONLY is set: no command is sent", remedy="Unset it and start heliobus again.")
    if not control.enabled:
        raise Refused(
            "control is switched off", remedy="Write enabled = true under [control] in the configuration file."
        )
    if control.commands is not None and command.kind not in (*control.commands, "Auto"):
        raise Refused(
            f"{command.kind} is not among the allowed commands", remedy="Add it to control.commands in the file."
        )


def check_bounds(command: Command, control: ControlConfig) -> None:
    """Refuse values beyond the configured bounds; one that the device would choose itself cannot be bounded."""
    attribute, key = _UPPER.get(type(command), (None, None))
    if attribute and key and getattr(control, key) is not None:
        value, bound = getattr(command, attribute), getattr(control, key)
        if value is None:
            raise OutOfBounds(f"{command.kind}: without a power it may pass control.{key} ({bound:g} W)")
        _require_inside(command, attribute, value, 0, bound)
    if isinstance(command, SetReserve) and control.min_reserve is not None:
        _require_inside(command, "soc", command.soc, control.min_reserve, 100)


def _require_inside(command: Command, name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # so that NaN is refused too
        raise OutOfBounds(f"{command.kind}: {name} {value:g} is outside the configured {low:g} to {high:g}")


class Rate:
    """The commands of one system in the last day, on the monotonic clock."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def check(self, now: float) -> None:
        """Refuse one more at ``now`` if it comes too soon or is too many."""
        while self._times and self._times[0] <= now - _DAY:
            self._times.popleft()
        if self._times and now - self._times[-1] < SHORTEST_GAP:
            wait = SHORTEST_GAP - (now - self._times[-1])
            raise Refused("the last command was sent moments ago", remedy=f"Wait {math.ceil(wait)} s.")
        if len(self._times) >= PER_DAY:
            wait = (self._times[0] + _DAY - now) / 60
            raise Refused(f"{PER_DAY} commands were sent within a day", remedy=f"Wait {math.ceil(wait)} min.")

    def spend(self, now: float) -> None:
        self._times.append(now)


class Ration:
    """At most ``most`` of something within a day, on the monotonic clock."""

    def __init__(self, most: int) -> None:
        self._times: deque[float] = deque(maxlen=most)

    @property
    def used_up(self) -> bool:
        """Whether the last one of a day was taken; an older one may have become free since."""
        return len(self._times) == self._times.maxlen

    def take(self, now: float) -> bool:
        """Take one at ``now`` if there is one left."""
        if self.used_up and self._times[0] > now - _DAY:
            return False
        self._times.append(now)
        return True
