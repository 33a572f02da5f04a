"""What an appliance can be told, as typed commands beside those of the unified model; a field that is None stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from heliobus.model.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time


class SocketMode(StrEnum):
    """How a socket is switched (SPEC 5.4)."""

    OFF = "off"
    ON = "on"
    AUTOMATIC = "automatic"
    """By the surplus, or by the time if one is set."""


class WallboxMode(StrEnum):
    """How a wallbox charges (SPEC 5.6), by the names that snapshots have."""

    LOCKED = "locked"
    SOLAR = "solar"
    """Without interruptions; since January 2026 it charges as fast as ``FAST`` for some owners (ha-senec-v3 #193)."""
    SOLAR_INTERRUPTED = "solar with interruptions"
    FAST = "fast"


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketSettings(Command):
    """What socket ``id`` (1 or 2) is set to; ``mode`` is a ``SocketMode`` or its text.

    ``upper_limit`` W is the surplus that switches it on once it has lasted ``surplus_minutes``; below ``lower_limit`` W
    it is switched off.  It stays on for ``minutes_on``.  ``start`` is the local time at which it is switched on where
    ``use_time``; giving it says ``use_time=True`` too.
    """

    id: str
    mode: str | None = None
    upper_limit: float | None = None
    lower_limit: float | None = None
    surplus_minutes: int | None = None
    minutes_on: int | None = None
    start: time | None = None
    use_time: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WallboxSettings(Command):
    """What wallbox ``id`` (1 to 4) is set to; ``mode`` is a ``WallboxMode`` or its text.

    Currents in A per phase, 6 to 32 and no more than the box is rated for.  ``allow_intercharge`` lets cars drain the
    house's battery while charging fast; it holds for all wallboxes.
    """

    id: str
    mode: str | None = None
    max_current: float | None = None
    min_current: float | None = None
    default_current: float | None = None
    allow_intercharge: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore(Command):
    """Sockets or wallboxes as they were: values by the path that outcomes have (places counted from 0)."""

    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reboot(Command):
    """Start the appliance anew: it is away for about five minutes, and a forced charge ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageMode(Command):
    """Put the lithium battery into its storage mode, or end it.

    PV production stops too, and an insulation test follows when it ends.  Carried out with ``dangerous`` only.
    """

    on: bool
    dangerous: bool = False


OWN = (SocketSettings, WallboxSettings, Restore, Reboot, StorageMode)
"""The commands that the unified model does not have."""
