"""What a system carries, told from what it said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heliobus.model import fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heliobus.model.snapshot import Snapshot

_MEMBER = re.compile(r"\b(batteries|modules|strings|phases|wallboxes|inverters|meters|switches)\.[^.]+")
_LIVE = frozenset(
    (
        *("pv.power", "pv.external_power", "grid.power", "load.power", "system.state_code"),
        *(f"batteries.*.{name}" for name in ("power", "soc", "voltage", "current", "capacity")),
        *(f"wallboxes.*.{name}" for name in ("power", "energy", "current_limit", "car_soc")),
    )
)
_PHASE = ("voltage", "power")
_FULL = _LIVE | frozenset(
    (
        *("grid.frequency", "grid.feed_in_limit", "system.feed_in_limit_share"),
        *(f"grid.phases.*.{name}" for name in _PHASE),
        *(f"pv.strings.*.{name}" for name in ("power", "voltage", "current", "energy")),
        *(f"batteries.*.{name}" for name in ("temperature", "cycles", "soh", "remaining_energy")),
        *(f"batteries.*.limits.{name}" for name in ("max_charge", "max_discharge", "reserve_soc")),
        *(f"batteries.*.modules.*.{name}" for name in ("soc", "soh", "voltage", "current", "cycles")),
        *(f"batteries.*.modules.*.temperature_{name}" for name in ("min", "max")),
        *("inverters.*.power", "inverters.*.temperature", "meters.*.power"),
        *(f"meters.*.phases.*.{name}" for name in _PHASE),
    )
)


def _with_aggregate(paths: Iterable[str]) -> frozenset[str]:
    """With the battery that all batteries together are."""
    known = frozenset(paths)
    return known | {path.replace("batteries.*", "battery", 1) for path in known}


FIELDS = {"live": _with_aggregate(_LIVE), "full": _with_aggregate(_FULL)}
"""The model's paths that some system carries, by the level of detail."""


def carried(seen: Snapshot) -> frozenset[str]:
    """The model's paths (``*`` for members) of which the device told something, or should have."""
    paths = {value.path for value in fields.walk(seen)} | seen.quality.keys()
    return _with_aggregate(_MEMBER.sub(r"\1.*", path) for path in paths)
