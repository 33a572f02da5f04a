"""One local day of one site, as recorded: what the day picture, the sums and the table show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from heliobus.model.aggregate import sum_or_none
from heliobus.recorder.calendar import midnight, zone_of
from heliobus.recorder.query import Energies
from heliobus.web.plain.flows import Taps, flows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from heliobus.recorder.query import Columns, History
    from heliobus.service.config import Config, SiteConfig

STEP = 300
"""Seconds of a point of the picture: about three pixels of a wide screen."""
_MINUTE = 60
_KINDS = {
    "pv.power": "sun",
    "battery.power": "store",
    "grid.power": "grid",
    "load.power": "house",
    "battery.soc": "soc",
}

Column = list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """An hour of the local day: its beginning and its energies."""

    start: datetime
    energies: Energies


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """``start`` and ``end`` are the local midnights in s since 1970, ``until`` how far it has come.

    ``taps`` and ``soc`` (%) are means of ``STEP`` s from ``start`` on, up to ``until``; ``energies`` are those of the
    day so far, ``coverage`` (0 to 1) of the time so far.
    """

    date: date
    zone: ZoneInfo
    start: int
    end: int
    until: int
    taps: Sequence[Taps]
    soc: Sequence[float | None]
    energies: Energies
    coverage: float
    hours: Sequence[Hour]

    @property
    def peak(self) -> float:
        """The most power in W that came from all sources together."""
        directed = (flows(tap) for tap in self.taps)
        return max((sum(one.given.values()) for one in directed if one), default=0.0)

    @property
    def recorded(self) -> bool:
        """Whether anything at all is known of it."""
        return any(any(value is not None for value in _values(tap)) for tap in self.taps)


def read_day(history: History, config: Config, site: SiteConfig, date: date, *, now: datetime) -> Day:
    """Read a day of a site.  Blocks on the disk.  Raises StorageError."""
    zone = zone_of(site.timezone)
    start, end = midnight(date, zone), midnight(date + timedelta(days=1), zone)
    until = max(start, min(end, int(now.timestamp())))
    taps, soc = read_series(history, config, site, start, until) if until > start else ([], [])
    buckets = history.energy(_time(start), _time(end), by="day")
    energies = next(
        (one.sites[site.key] for one in buckets if one.start == _time(start) and site.key in one.sites), None
    )
    energies = energies or Energies()
    return Day(
        date=date,
        zone=zone,
        start=start,
        end=end,
        until=until,
        taps=taps,
        soc=soc,
        energies=energies,
        coverage=min(1.0, energies.coverage * (end - start) / (until - start)) if until > start else 0.0,
        hours=_hours(history, site, start, until) if until > start else [],
    )


def read_series(
    history: History, config: Config, site: SiteConfig, start: int, until: int, *, step: int = STEP
) -> tuple[list[Taps], list[float | None]]:
    """Draw the powers and the charge of the systems that the site had in [start, until) s: means of each ``step`` s.

    ``step`` is whole minutes.  Blocks on the disk.  Raises StorageError.
    """
    carried = _carried(history, config, site, start, until)
    wanted = [f"{name}/{path}" for name, paths in carried.items() for path in paths]
    if not wanted:
        return [], []
    count = -(-(until - start) // step)
    minutes = history.history(_time(start), _time(until), resolution="1min", channels=wanted)
    steps = {name: _steps(minutes, name, start, count, step // _MINUTE) for name in wanted}

    def columns(kind: str) -> list[Column]:
        return [steps[name] for name in wanted if _kind(name.rpartition("/")[2]) == kind]

    sun, store, car = (_added(columns(kind)) or [0.0] * count for kind in ("sun", "store", "car"))
    house = columns("house")[0] if len(carried) == 1 and columns("house") else [None] * count
    grid = _meter(config, site, carried)
    taps = [
        Taps(*values)
        for values in zip(sun, store, steps[f"{grid}/grid.power"] if grid else [None] * count, house, car, strict=True)
    ]
    socs = columns("soc")
    # The charge of several batteries of unknown sizes is no mean of anything.
    soc: Column = socs[0] if len(socs) == 1 else [None] * count
    return taps if len(carried) == 1 else [_closed(tap) for tap in taps], soc


def _carried(history: History, config: Config, site: SiteConfig, start: int, until: int) -> dict[str, list[str]]:
    """Give the systems that the site had in [start, until) with those of their channels that are drawn.

    One that is configured is part of the site even while it is silent; another is as long as it was recorded.
    """
    configured = {system.name for system in config.systems_of(site)}
    return {
        one.name: [channel.path for channel in history.channels(one.name) if _kind(channel.path)]
        for one in history.systems()
        if one.site == site.key and one.first and one.last
        if one.first < _time(until) and (one.name in configured or one.last >= _time(start))
    }


def _kind(path: str) -> str | None:
    """Say what a channel is in the picture; None if it is not drawn."""
    box = path.split(".")
    if box[0] == "wallboxes" and box[2:] == ["power"]:
        return "car"
    return _KINDS.get(path)


def _meter(config: Config, site: SiteConfig, carried: Mapping[str, Sequence[str]]) -> str | None:
    """Choose the system whose grid is the site's: the configured one, or the only one there was."""
    measuring = [name for name, paths in carried.items() if "grid.power" in paths]
    authority = config.grid_authority(site)
    if authority and authority.name in measuring:
        return authority.name
    return measuring[0] if len(measuring) == 1 else None


def _steps(minutes: Columns, channel: str, start: int, count: int, per: int) -> Column:
    """Draw the minutes of a channel together to ``count`` steps of ``per`` minutes from ``start`` on."""
    skip = round((minutes.t[0] - start) / _MINUTE)  # the grid of minutes begins at or before the day
    values = minutes.columns[channel]
    return [_mean(values[max(0, at * per - skip) : (at + 1) * per - skip]) for at in range(count)]


def _closed(tap: Taps) -> Taps:
    """Over several systems the house is what closes the balance."""
    if tap.sun is None or tap.store is None or tap.grid is None or tap.car is None:
        return tap
    return Taps(tap.sun, tap.store, tap.grid, tap.sun + tap.store + tap.grid - tap.car, tap.car)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _added(columns: Sequence[Column]) -> Column:
    """Add up; a part that is unknown makes the sum unknown.  Of nothing it is empty."""
    return [sum_or_none(cells) for cells in zip(*columns, strict=True)]


def _values(tap: Taps) -> tuple[float | None, ...]:
    return tap.sun, tap.store, tap.grid, tap.house


def _hours(history: History, site: SiteConfig, start: int, until: int) -> list[Hour]:
    """Energies by local hours: quarters of an hour fit every offset."""
    quarters = history.energy(_time(start), _time(until), by="15min")
    zone = zone_of(site.timezone)
    grouped: dict[datetime, list[Energies]] = {}
    hour = quarters[0].start
    for quarter in quarters:
        if quarter.start.astimezone(zone).minute == 0:
            hour = quarter.start
        grouped.setdefault(hour, []).append(quarter.sites.get(site.key, Energies()))
    return [Hour(start=hour, energies=_joined(parts)) for hour, parts in grouped.items()]


def _joined(parts: Sequence[Energies]) -> Energies:
    """Add up the quarters of which something is known."""

    def total(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    return Energies(
        pv=total(one.pv for one in parts),
        import_=total(one.import_ for one in parts),
        export=total(one.export for one in parts),
        charge=total(one.charge for one in parts),
        discharge=total(one.discharge for one in parts),
        load=total(one.load for one in parts),
        ev=total(one.ev for one in parts),
        coverage=sum(one.coverage for one in parts) / len(parts),
    )


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
