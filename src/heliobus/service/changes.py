"""What changed at a device from one poll to the next, beside its values: fields, firmware, state."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.model import fields
from heliobus.model.event import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot

_POLLS = 3  # good polls in a row without a value; one or two may be answers that were cut off
_HOLD = 2  # polls for which a state must last, so that flapping is no news
_NAMED = 8
_IDENTITY = ("serial", "model", "firmware")


class Change(NamedTuple):
    """The parts of an Event."""

    kind: EventKind
    text: str
    data: dict[str, Any]


class Changes:
    """Compares each snapshot and each identity of one system with those before.

    The snapshots must be of one detail: what only ``full`` tells has not vanished from ``live``.
    """

    def __init__(self) -> None:
        self._last_told: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
        self._silent: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._identity: dict[str, str] = {}
        self._state: str | None = None
        self._next_state: tuple[str, int] = ("", 0)

    def of(self, snapshot: Snapshot, *, way: str = "") -> Iterator[Change]:
        """Give what is new with this snapshot; what one ``way`` to the device tells, another need not."""
        yield from self._vanished(snapshot, way)
        yield from self._changed_state(snapshot)

    def of_device(self, device: Device) -> Iterator[Change]:
        """Give what is new about who the device is; what it does not tell this time is no change."""
        now = {name: value for name in _IDENTITY if (value := getattr(device, name)) is not None}
        changed = {name: (self._identity[name], value) for name, value in now.items() if self._differs(name, value)}
        self._identity.update(now)
        if "serial" in changed:
            old, new = changed["serial"]
            changed["serial"] = (_short(old), _short(new))
        if changed:
            text = "; ".join(f"{name} {old} is now {new}" for name, (old, new) in changed.items())
            data = {name: {"old": old, "new": new} for name, (old, new) in changed.items()}
            yield Change(EventKind.DEVICE_CHANGED, text, data)

    def _differs(self, name: str, value: str) -> bool:
        return self._identity.get(name, value) != value

    def _vanished(self, snapshot: Snapshot, way: str) -> Iterator[Change]:
        told, last_told, before = set(fields.told(snapshot)), self._last_told[way], self._silent[way]
        silent = {path: before.get(path, 0) + 1 for path in last_told.keys() - told}
        last_told.update(dict.fromkeys(told, snapshot.received_at))
        gone = sorted(path for path, polls in silent.items() if polls >= _POLLS)
        since = min((last_told.pop(path) for path in gone), default=None)
        self._silent[way] = {path: polls for path, polls in silent.items() if polls < _POLLS}
        if since is not None:
            more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
            text = f"the device does not tell any more: {', '.join(gone[:_NAMED])}{more}"
            yield Change(EventKind.FIELD_VANISHED, text, {"fields": gone, "last_told": since.isoformat()})

    def _changed_state(self, snapshot: Snapshot) -> Iterator[Change]:
        state = snapshot.system.state
        if state is None:
            return
        self._next_state = (state, self._next_state[1] + 1 if state == self._next_state[0] else 1)
        before = self._state
        if before is None or (state != before and self._next_state[1] >= _HOLD):
            self._state = state
            if before is not None:
                yield Change(EventKind.STATE_CHANGED, f"{state}, before {before}", {"old": before, "new": state})


def _short(serial: str) -> str:
    """A serial number is half a secret (``heliobus.model.identity``)."""
    return f"...{serial[-4:]}"
