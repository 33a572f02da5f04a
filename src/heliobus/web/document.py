"""The JSON documents of the API: times ISO 8601 in UTC, powers W, energies Wh, unknown null."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heliobus.recorder.calendar import zone_of
from heliobus.web.plain.balance import autarky, balance, self_consumption, used_here
from heliobus.web.plain.day import STEP
from heliobus.web.plain.flows import SINKS, SOURCES, flows
from heliobus.web.plain.now import taps_of
from heliobus.web.plain.sentence import say
from heliobus.web.site import sites
from heliobus.web.sun import daylight, place_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from datetime import date

    from heliobus.errors import Error
    from heliobus.model.event import Event
    from heliobus.recorder.query import Energies
    from heliobus.service.health import SystemStatus
    from heliobus.service.supervisor import Service
    from heliobus.service.tables import SiteConfig
    from heliobus.web.plain.day import Curves, Day
    from heliobus.web.plain.flows import Flows
    from heliobus.web.site import SiteNow

_WORDS = {"sun": "pv", "store": "battery", "grid": "grid", "house": "load", "car": "wallbox"}
"""What the taps of the pictures are called in the API."""


def stamp(moment: datetime) -> str:
    """Give a time as the API writes it."""
    return moment.astimezone(UTC).isoformat()


def now(service: Service, *, only: Container[str] | None = None) -> dict[str, Any]:
    """Give the present of every system and site; ``only``: of the systems so named and of their sites."""
    systems = service.systems()
    chosen = [one for one in systems if only is None or one.name in only]
    touched = {one.site for one in chosen}
    moment = service.clock.now()
    return {
        "time": stamp(moment),
        "systems": {one.name: _system_now(one) for one in chosen},
        "sites": {
            site.key: _site_now(site, configured, moment)
            for configured, site in zip(service.config.sites, sites(service.config, systems), strict=True)
            if only is None or site.key in touched
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
        "answers_24h": list(status.answers_24h),
        "latency_p50_s": status.latency_p50_s,
        "latency_p95_s": status.latency_p95_s,
        "device": device and {"vendor": device.vendor, "model": device.model, "firmware": device.firmware},
    }


def problem(error: Error | None) -> dict[str, str] | None:
    """Give what is wrong, in the one form that all errors have."""
    return None if error is None else {"error": error.what(), "remedy": error.remedy}


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


def _site_now(site: SiteNow, configured: SiteConfig, moment: datetime) -> dict[str, Any]:
    grid, battery, wallbox, taps = site.grid, site.battery, site.wallbox, taps_of(site)
    ages = {name: {"status": age.status, "age_s": age.age_s} for name, age in site.ages.items()}
    return {
        "name": site.name,
        "timezone": site.timezone,
        "status": site.status,
        "age_s": site.age_s,
        "as_of": None if site.as_of is None else stamp(site.as_of),
        "pv": {"power": site.pv, **ages["pv"]},
        "grid": {"power": grid, "import_power": _part(grid, 1), "export_power": _part(grid, -1), **ages["grid"]},
        "battery": battery
        and {
            "power": battery.power,
            "charge_power": battery.charge_power,
            "discharge_power": battery.discharge_power,
            "soc": battery.soc,
            "capacity": battery.capacity,
            "reserve_soc": battery.limits.reserve_soc,
            **ages["battery"],
        },
        "wallbox": wallbox and {"power": wallbox.power, **ages["wallbox"]},
        "load": {"power": site.load, **ages["load"]},
        "residual": site.residual,
        "flows": _flows(flows(taps)),
        "sentence": [said.to_dict() for said in say(taps)],
        "sun": _sun(configured, moment.astimezone(zone_of(site.timezone)).date()),
    }


def _part(power: float | None, sign: int) -> float | None:
    return None if power is None else max(sign * power, 0.0)


def _flows(directed: Flows | None) -> dict[str, dict[str, float]] | None:
    if directed is None:
        return None
    return {
        _WORDS[source]: {_WORDS[sink]: directed.of_source(source, sink) for sink in SINKS if sink != source}
        for source in SOURCES
    }


def _sun(site: SiteConfig, day: date) -> dict[str, str] | None:
    place = place_of(site)
    up = place and daylight(day, place)
    return {"rise": stamp(up.rise), "set": stamp(up.set)} if up else None


# -- the record


def energies(one: Energies) -> dict[str, float | None]:
    """Give the energies of a span."""
    return {
        "pv": one.pv,
        "import": one.import_,
        "export": one.export,
        "charge": one.charge,
        "discharge": one.discharge,
        "load": one.load,
        "ev": one.ev,
        "coverage": one.coverage,
    }


def series(curves: Curves) -> dict[str, Any]:
    """Give powers (W, the model's signs), the flows between them and the charge (%), one value each ``step`` s."""
    directed = [flows(tap) for tap in curves.taps]
    between: dict[str, Sequence[float | None]] = {
        f"{_WORDS[source]}_{_WORDS[sink]}": [one.of_source(source, sink) if one else None for one in directed]
        for source in SOURCES
        for sink in SINKS
        if sink != source
    }
    return {
        "start": curves.start,
        "step": curves.step,
        **dict.fromkeys(_WORDS.values()),
        **{word: [_watts(getattr(tap, name)) for tap in curves.taps] for name, word in _shown(curves).items()},
        "split": {name: [_watts(value) for value in values] for name, values in between.items() if any(values)},
        "soc": [value if value is None else round(value, 2) for value in curves.soc],
    }


def _shown(curves: Curves) -> dict[str, str]:
    return {name: word for name, word in _WORDS.items() if name not in curves.absent}


def day(one: Day, *, site: SiteConfig, battery: bool) -> dict[str, Any]:
    """Give a recorded day of a site; ``battery`` says whether it has one."""
    sides = balance(one.energies, battery=battery or one.energies.charge is not None)
    return {
        "site": site.key,
        "date": one.date.isoformat(),
        "timezone": one.zone.key,
        "start": one.start,
        "end": one.end,
        "until": one.until,
        "coverage": one.coverage,
        "peak": one.peak,
        "sun": _sun(site, one.date),
        "series": series(one.curves),
        "energies": energies(one.energies),
        "autarky": autarky(one.energies),
        "self_consumption": self_consumption(one.energies),
        "used_here": used_here(one.energies),
        "balance": {
            "given": _side(sides.given),
            "taken": _side(sides.taken),
            "consumption": sides.consumption,
            "total": sides.total,
            "digits": sides.digits,
        },
        "hours": [{"start": stamp(hour.start), "energies": energies(hour.energies)} for hour in one.hours],
    }


def day_csv(one: Day) -> str:
    """Give what the picture of a day is drawn from, a row per step: W, with + for import and discharge, and %."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    shown = _shown(one.curves)
    rows.writerow(["time", *(f"{word}_w" for word in shown.values()), "soc_percent"])
    for index, (tap, soc) in enumerate(zip(one.taps, one.soc, strict=True)):
        moment = datetime.fromtimestamp(one.start + index * STEP, one.zone)
        powers = [_watts(getattr(tap, name)) for name in shown]
        rows.writerow([moment.isoformat(), *powers, soc if soc is None else round(soc, 2)])
    return out.getvalue()


def _side(side: Mapping[str, float | None]) -> dict[str, float | None]:
    return {_WORDS.get(name, name): value for name, value in side.items()}


def _watts(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
