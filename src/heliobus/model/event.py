"""Things that happen, beside the values: lost and regained sources, commands, changes of the device."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class EventKind(StrEnum):
    """What an event is about."""

    SOURCE_LOST = "source_lost"
    SOURCE_BACK = "source_back"
    STATE_CHANGED = "state_changed"
    FIELD_VANISHED = "field_vanished"
    DEVICE_CHANGED = "device_changed"
    """Another box, or the same one with other firmware."""
    PEER_CHANGED = "peer_changed"
    """A device proves itself otherwise: another certificate, or http instead of https or the other way round."""
    COMMAND = "command"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """``system`` is the configured name; ``text`` one English line without a secret; ``data`` its parameters."""

    at: datetime
    system: str
    kind: EventKind
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
