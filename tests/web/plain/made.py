"""Recorded days for the tests of the page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from heliobus.recorder.query import History
from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig
from heliobus.url import DeviceURL
from heliobus.web.plain.day import Day, read_day
from tests.recorder.made import record, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ORDINARY = date(2026, 6, 21)
LONG = date(2026, 10, 25)
SHORT = date(2026, 3, 29)

Powers = dict[str, Any]
"""What ``tests.recorder.made.snapshot`` takes: pv, grid, battery, load, soc."""


def config(folder: Path, *systems: str, zone: str = "Europe/Berlin") -> Config:
    names = systems or ("roof",)
    return Config(
        sites=(SiteConfig(name="Home", timezone=zone),),
        systems=tuple(
            SystemConfig(name=name, url=DeviceURL.parse("senec://127.0.0.1"), grid=len(names) > 1 and number == 0)
            for number, name in enumerate(names)
        ),
        recorder=RecorderConfig(path=folder / "record.db"),
    )


def steady(local: datetime) -> Powers | None:
    """The same all day: 1.2 kW of sun, 300 W for the house, 500 W into the battery, 400 W into the grid."""
    del local
    return {"pv": 1200.0, "load": 300.0, "battery": -500.0, "grid": -400.0, "soc": 50.0}


def keep(
    folder: Path,
    day: date,
    powers: Callable[[datetime], Powers | None] = steady,
    *,
    zone: str = "Europe/Berlin",
    name: str = "roof",
    every: int = 60,
) -> None:
    """Record a local day from just before it on, a sample every ``every`` s; none where ``powers`` gives None."""
    tz = ZoneInfo(zone)
    at = datetime(day.year, day.month, day.day, tzinfo=tz).astimezone(UTC) - timedelta(seconds=every)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), tz).astimezone(UTC)
    samples = []
    while at <= end:
        values = powers(at.astimezone(tz))
        if values is not None:
            samples.append(snapshot(at.timestamp(), **values))
        at += timedelta(seconds=every)
    record(folder / "record.db", samples, timezone=zone, interval=float(every), name=name)


def day_of(folder: Path, day: date, *systems: str, zone: str = "Europe/Berlin", now: datetime | None = None) -> Day:
    configured = config(folder, *systems, zone=zone)
    late = now or datetime(2027, 1, 1, tzinfo=UTC)
    return read_day(History(folder / "record.db"), configured.sites[0], day, now=late)
