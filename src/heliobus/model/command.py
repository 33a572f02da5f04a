"""What may be asked of a device, and what came of it.

Commands are named by what they limit, not by moods.  Powers are >= 0: the name carries the direction.  ``None`` for a
power means "as much as the device does by itself".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta


class Durability(StrEnum):
    """What a write leaves behind in the device."""

    VOLATILE = "volatile"
    """Gone with a restart or a time-out of the device."""
    PERSISTENT = "persistent"
    """Kept in flash, which wears: spent from a daily budget."""


class Status(StrEnum):
    """How a command ended."""

    PLANNED = "planned"
    """Dry run: ``sent`` is what would have been written; some devices are read for it."""
    ACCEPTED = "accepted"
    """The device took it; its effect was not seen within the device's lag."""
    APPLIED = "applied"
    """Read back: the device is in the requested state."""
    REJECTED = "rejected"
    """The device, or a rule of heliobus, said no."""
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    """The lease ended and the device was returned to automatic."""
    UNKNOWN = "unknown"
    """It was sent, but whether it arrived cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """The root of all commands.  ``lease``: after this time the command is taken back (None: until it is replaced)."""

    lease: timedelta | None = None

    @property
    def kind(self) -> str:
        """The name under which capabilities, audit and interfaces know the command."""
        return type(self).__name__


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge(Command):
    """Charge the battery with ``power`` W, from the grid if the sun does not suffice."""

    power: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge(Command):
    """Discharge the battery with ``power`` W."""

    power: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCharge(Command):
    """Charge with at most ``power`` W; 0 forbids charging."""

    power: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitDischarge(Command):
    """Discharge with at most ``power`` W; 0 holds the charge."""

    power: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Auto(Command):
    """Give the battery back to the device's own control."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReserve(Command):
    """Keep ``soc`` % in the battery for a power cut."""

    soc: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSwitch(Command):
    """Switch the output ``id`` on or off."""

    id: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WallboxLimit(Command):
    """Let wallbox ``id`` charge with at most ``current`` A per phase; 0 pauses it."""

    id: str
    current: float


KINDS: Mapping[str, type[Command]] = MappingProxyType(
    {
        cls.__name__: cls
        for cls in (Charge, Discharge, LimitCharge, LimitDischarge, Auto, SetReserve, SetSwitch, WallboxLimit)
    }
)
"""Every command by its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a command.

    ``before``, ``requested`` and ``read_back`` hold the device's own words (section.variable to value) so that they can
    be compared; ``sent`` the messages; ``effect`` what changed in the unified model (path to value after), as far as
    it was seen; ``undo`` the command that takes it back.
    """

    command: Command
    status: Status
    at: datetime
    before: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    requested: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    read_back: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    effect: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    sent: tuple[str, ...] = ()
    undo: Command | None = None
    note: str | None = None
