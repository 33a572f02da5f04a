"""One local day of one site, as recorded: what the day picture, the sums and the table show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from heliobus.recorder.calendar import midnight, zone_of
from heliobus.recorder.query import Energies
from heliobus.web.plain.flows import Taps, flows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from heliobus.recorder.query import Columns, History
    from heliobus.service.config import Config, SiteConfig

STEP = 300
"""Seconds of a point of the picture: about three pixels of a wide screen."""
_MINUTE = 60
_PATHS = {"sun": "pv.power", "store": "battery.power", "grid": "grid.power", "house": "load.power"}
_SOC = "battery.soc"

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
    """Read the means of the site's taps and of its charge over each ``step`` s (whole minutes) of [start, until).

    Blocks on the disk.  Raises StorageError.
    """
    recorded = {one.name for one in history.systems()}
    names = [system.name for system in config.systems_of(site) if system.name in recorded]
    carried = {name: {channel.path for channel in history.channels(name)} for name in names}
    wanted = [f"{name}/{path}" for name in names for path in carried[name] if _is_drawn(path)]
    if not wanted:
        return [], []
    columns = history.history(_time(start), _time(until), resolution="1min", channels=wanted)
    pick = _picker(columns, start, until, step)

    def added(*paths: str) -> Column:
        return _added([pick(f"{name}/{path}") for name in names for path in paths if path in carried[name]])

    count = -(-(until - start) // step)
    authority = config.grid_authority(site)
    meter = authority and f"{authority.name}/{_PATHS['grid']}"
    sun, store = added(_PATHS["sun"]), added(_PATHS["store"])
    car = added(*{path for paths in carried.values() for path in paths if path.startswith("wallboxes.")})
    grid = pick(meter) if meter in wanted else [None] * count
    sun, store, car = (column or [0.0] * count for column in (sun, store, car))
    taps = [Taps(*values) for values in zip(sun, store, grid, _house(names, carried, pick, count), car, strict=True)]
    if len(names) > 1:
        taps = [_closed(tap) for tap in taps]
    socs = [pick(f"{name}/{_SOC}") for name in names if _SOC in carried[name]]
    # The charge of several batteries of unknown sizes is no mean of anything.
    return taps, socs[0] if len(socs) == 1 else [None] * count


def _is_drawn(path: str) -> bool:
    return path in _PATHS.values() or path == _SOC or (path.startswith("wallboxes.") and path.endswith(".power"))


def _picker(columns: Columns, start: int, until: int, step: int) -> Callable[[str], Column]:
    """Give a function that draws a channel's minutes together to steps."""
    skip = round((columns.t[0] - start) / _MINUTE)  # the grid of minutes begins at or before the day
    per = step // _MINUTE
    count = -(-(until - start) // step)

    def pick(channel: str) -> Column:
        minutes = columns.columns[channel]
        return [_mean(minutes[max(0, at * per - skip) : (at + 1) * per - skip]) for at in range(count)]

    return pick


def _house(names: Sequence[str], carried: Mapping[str, set[str]], pick: Callable[[str], Column], count: int) -> Column:
    """What the house uses, where one system measures everything."""
    if len(names) == 1 and _PATHS["house"] in carried[names[0]]:
        return pick(f"{names[0]}/{_PATHS['house']}")
    return [None] * count


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
    return [_sum(cells) for cells in zip(*columns, strict=True)]


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total


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
