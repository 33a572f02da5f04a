"""The JSON documents of the API: times ISO 8601 in UTC, powers W, energies Wh, unknown null."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from heliobus.web.site import sites

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

    from heliobus.model.event import Event
    from heliobus.service.health import SystemStatus
    from heliobus.service.supervisor import Service
    from heliobus.web.site import SiteNow


def stamp(moment: datetime) -> str:
    """Give a time as the API writes it."""
    return moment.astimezone(UTC).isoformat()


def now(service: Service, *, only: Container[str] | None = None) -> dict[str, Any]:
    """Give the present of every system and site; ``only``: of the systems so named and of their sites."""
    systems = service.systems()
    chosen = [one for one in systems if only is None or one.name in only]
    touched = {one.site for one in chosen}
    return {
        "time": stamp(service.clock.now()),
        "systems": {one.name: _system_now(one) for one in chosen},
        "sites": {
            site.key: _site_now(site) for site in sites(service.config, systems) if only is None or site.key in touched
        },
    }


def system(status: SystemStatus) -> dict[str, Any]:
    """Give the health of one source.  The serial number stays out: who looks after the health needs none."""
    device = status.device
    return {
        "name": status.name,
        "site": status.site,
        "vendor": status.vendor,
        "url": status.url,
        "interval_s": status.interval_s,
        "status": status.status,
        "since": stamp(status.since),
        "age_s": status.age_s,
        "error": status.error,
        "remedy": status.remedy,
        "polls": status.polls,
        "failures": status.failures,
        "success_24h": status.success_24h,
        "latency_p50_s": status.latency_p50_s,
        "latency_p95_s": status.latency_p95_s,
        "device": device and {"vendor": device.vendor, "model": device.model, "firmware": device.firmware},
    }


def event(happened: Event) -> dict[str, Any]:
    """Give one event."""
    return {
        "at": stamp(happened.at),
        "system": happened.system,
        "kind": happened.kind.value,
        "text": happened.text,
        "data": dict(happened.data),
    }


def _system_now(status: SystemStatus) -> dict[str, Any]:
    snapshot = status.snapshot
    return {"snapshot": snapshot and snapshot.to_dict(), "age_s": status.age_s, "status": status.status}


def _site_now(site: SiteNow) -> dict[str, Any]:
    grid, battery, wallbox = site.grid, site.battery, site.wallbox
    return {
        "name": site.name,
        "timezone": site.timezone,
        "status": site.status,
        "age_s": site.age_s,
        "pv": {"power": site.pv},
        "grid": {"power": grid, "import_power": _part(grid, 1), "export_power": _part(grid, -1)},
        "battery": battery
        and {
            "power": battery.power,
            "charge_power": battery.charge_power,
            "discharge_power": battery.discharge_power,
            "soc": battery.soc,
            "capacity": battery.capacity,
        },
        "wallbox": wallbox and {"power": wallbox.power},
        "load": {"power": site.load},
        "residual": site.residual,
    }


def _part(power: float | None, sign: int) -> float | None:
    return None if power is None else max(sign * power, 0.0)
