"""What a house does now: the systems at one grid connection taken together (design: MODEL, "Site").

Exactly one system measures the grid.  PV, battery and wallbox powers add up over the systems, each physical device
once (by serial).  A part that cannot be told makes its sum unknown, never smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.errors import UsageError
from heliobus.model import fields
from heliobus.model.aggregate import aggregate
from heliobus.model.parts import Battery

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from heliobus.model.snapshot import Snapshot
    from heliobus.service.config import Config, SiteConfig
    from heliobus.service.health import State, SystemStatus

_WORST_FIRST: tuple[State, ...] = ("lost", "late", "connecting", "ok")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNow:
    """The powers of one site in W with the model's signs; None is unknown.

    ``battery`` is None where there is none, ``wallbox`` likewise.  ``status`` is the worst of its systems, ``age_s``
    and ``as_of`` those of its oldest values; ``ages`` says the same of each part: pv, grid, battery, wallbox, load.
    ``residual`` is what the balance leaves open; it is known only where one system measures everything: over several
    systems the load is what closes the balance.
    """

    key: str
    name: str
    timezone: str
    status: State
    age_s: float | None
    as_of: datetime | None
    ages: Mapping[str, Age]
    pv: float | None
    grid: float | None
    load: float | None
    residual: float | None
    battery: Battery | None
    wallbox: Wallboxes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How old a part of a site is: the worst state of the systems that it comes from, and the age of their oldest."""

    status: State
    age_s: float | None

    @classmethod
    def of(cls, systems: Iterable[SystemStatus]) -> Age:
        known = list(systems)
        return cls(
            status=min((one.status for one in known), key=_WORST_FIRST.index, default="connecting"),
            age_s=max((one.age_s for one in known if one.age_s is not None), default=None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallboxes:
    """All wallboxes of a site: ``power`` in W."""

    power: float | None


def sites(config: Config, systems: Sequence[SystemStatus]) -> tuple[SiteNow, ...]:
    """Give the state of each configured site."""
    return tuple(_site(config, site, [one for one in systems if one.site == site.key]) for site in config.sites)


def site_of(config: Config, key: str | None) -> SiteConfig:
    """Find a configured site by its key, the first without one; UsageError if there is none."""
    for site in config.sites:
        if key in (None, site.key):
            return site
    raise UsageError("no such site", remedy=f"Use one of: {', '.join(site.key for site in config.sites)}.")


def _site(config: Config, site: SiteConfig, systems: Sequence[SystemStatus]) -> SiteNow:
    parts = _each_device_once(systems)
    authority = config.grid_authority(site)
    measuring = [one for one in systems if authority and one.name == authority.name]
    meter = _live(measuring[0]) if measuring else None
    pv = _total(parts, "pv.power")
    grid = meter.grid.power if meter else None
    batteries = _batteries(parts)
    battery = aggregate(batteries) if batteries else None
    wallbox = _wallboxes(parts)
    alone = _live(parts[0]) if len(parts) == 1 else None
    whole = Age.of(systems)
    return SiteNow(
        key=site.key,
        name=site.name,
        timezone=site.timezone,
        status=whole.status,
        age_s=Age.of(parts).age_s,
        as_of=min((one.snapshot.received_at for one in parts if one.snapshot), default=None),
        ages={
            "pv": Age.of(one for one in parts if one.snapshot is None or _carries(one.snapshot, "pv.power")),
            "grid": Age.of(measuring),
            "battery": Age.of(one for one in parts if one.snapshot and one.snapshot.batteries),
            "wallbox": Age.of(one for one in parts if one.snapshot and one.snapshot.wallboxes),
            "load": Age.of(parts),
        },
        pv=pv,
        grid=grid,
        load=alone.load.power if alone else _closing_load(parts, pv, grid, battery, wallbox),
        residual=alone.residual if alone else None,
        battery=battery,
        wallbox=wallbox,
    )


def _live(status: SystemStatus) -> Snapshot | None:
    """Late values are shown with their age; those of a lost system say nothing about now."""
    return None if status.status == "lost" else status.snapshot


def _each_device_once(systems: Iterable[SystemStatus]) -> list[SystemStatus]:
    """Leave out what reads a box that another system reads as well."""
    seen: set[str] = set()
    parts = []
    for one in systems:
        device = one.snapshot.device if one.snapshot else one.device
        serial = f"{device.vendor}/{device.serial}" if device and device.serial else f"system {one.name}"
        if serial not in seen:
            parts.append(one)
        seen.add(serial)
    return parts


def _total(parts: Sequence[SystemStatus], path: str) -> float | None:
    """Add up a value over the systems that carry it."""
    total, carriers = 0.0, 0
    for one in parts:
        if one.snapshot is None:
            return None
        if not _carries(one.snapshot, path):
            continue
        value = fields.get(one.snapshot, path)
        if value is None or _live(one) is None:
            return None
        total += value
        carriers += 1
    return total if carriers else None


def _carries(snapshot: Snapshot, path: str) -> bool:
    """Say whether the device has such a thing at all, be it known at present or not."""
    return fields.get(snapshot, path) is not None or path in snapshot.quality


def _batteries(parts: Iterable[SystemStatus]) -> list[Battery]:
    """Each battery of the site; of a lost system it is known that there is one, and nothing else."""
    return [
        battery if _live(one) else Battery(id=battery.id)
        for one in parts
        if one.snapshot
        for battery in one.snapshot.batteries
    ]


def _wallboxes(parts: Iterable[SystemStatus]) -> Wallboxes | None:
    powers = [box.power if _live(one) else None for one in parts if one.snapshot for box in one.snapshot.wallboxes]
    if not powers:
        return None
    known = [power for power in powers if power is not None]
    return Wallboxes(power=sum(known) if len(known) == len(powers) else None)


def _closing_load(
    parts: Sequence[SystemStatus],
    pv: float | None,
    grid: float | None,
    battery: Battery | None,
    wallbox: Wallboxes | None,
) -> float | None:
    """What the house must use so that the balance of several systems closes."""
    stored = battery.power if battery else 0.0
    charging = wallbox.power if wallbox else 0.0
    if pv is None and all(one.snapshot and not _carries(one.snapshot, "pv.power") for one in parts):
        pv = 0.0  # none of them has any
    if len(parts) < 2 or pv is None or grid is None or stored is None or charging is None:  # noqa: PLR2004
        return None
    return pv + grid + stored - charging
