"""One local day of one site, as recorded: what the day picture, the sums and the table show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from heliobus.model.aggregate import weighted
from heliobus.recorder.calendar import midnight, zone_of
from heliobus.recorder.query import Energies
from heliobus.recorder.sites import WALLBOX
from heliobus.web.plain.flows import Taps, flows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from heliobus.recorder.query import Columns, History
    from heliobus.service.config import SiteConfig

STEP = 300
"""Seconds of a point of the picture: about three pixels of a wide screen."""
_MINUTE = 60
_TAPS = ("pv.power", "battery.power", "grid.power", "load.power", WALLBOX)
"""The site's channels in the order of ``Taps``."""
_OPTIONAL = {"battery.power": ("store", "battery."), WALLBOX: ("car", "wallboxes.")}
"""What a house may well not have: its tap, and how every channel begins that tells that it has it."""
_CHARGE, _CAPACITY = "battery.soc", "battery.capacity"

Column = list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """An hour of the local day: its beginning and its energies."""

    start: datetime
    energies: Energies


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """``taps`` and ``soc`` (%) are means of ``step`` s from ``start`` (s since 1970) on.

    ``absent`` names the taps that the site never had: they are 0 in ``taps`` and nowhere shown.
    """

    start: int
    step: int = STEP
    taps: Sequence[Taps] = ()
    soc: Sequence[float | None] = ()
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """``start`` and ``end`` are the local midnights in s since 1970, ``until`` how far it has come.

    ``curves`` end at ``until``; ``energies`` are those of the day so far, ``coverage`` (0 to 1) of the time so far.
    """

    date: date
    zone: ZoneInfo
    start: int
    end: int
    until: int
    curves: Curves
    energies: Energies
    coverage: float
    hours: Sequence[Hour]

    @property
    def taps(self) -> Sequence[Taps]:
        return self.curves.taps

    @property
    def soc(self) -> Sequence[float | None]:
        return self.curves.soc

    @property
    def peak(self) -> float:
        """The most power in W that came from all sources together."""
        directed = (flows(tap) for tap in self.taps)
        return max((sum(one.given.values()) for one in directed if one), default=0.0)

    @property
    def recorded(self) -> bool:
        """Whether anything at all is known of it."""
        return any(any(value is not None for value in _values(tap)) for tap in self.taps)


def read_day(history: History, site: SiteConfig, date: date, *, now: datetime) -> Day:
    """Read a day of a site.  Blocks on the disk.  Raises StorageError."""
    zone = zone_of(site.timezone)
    start, end = midnight(date, zone), midnight(date + timedelta(days=1), zone)
    until = max(start, min(end, int(now.timestamp())))
    curves = read_curves(history, site, start, until) if until > start else Curves(start=start)
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
        curves=curves,
        energies=energies,
        coverage=min(1.0, energies.coverage * (end - start) / (until - start)) if until > start else 0.0,
        hours=_hours(history, site, start, until) if until > start else [],
    )


def read_curves(history: History, site: SiteConfig, start: int, until: int, *, step: int = STEP) -> Curves:
    """Draw the powers and the charge that the site had in [start, until) s: means of each ``step`` s.

    ``step`` is whole minutes.  Blocks on the disk.  Raises StorageError.
    """
    span = _time(start), _time(until)
    systems = history.parts(*span, site=site.key)
    if not systems:
        return Curves(start=start, step=step)
    stores = [name for name, paths in systems.items() if _CHARGE in paths]
    wanted = [*_TAPS, *(f"{name}/{path}" for name in stores for path in (_CHARGE, _CAPACITY))]
    minutes = history.history(*span, resolution="1min", channels=wanted, site=site.key)
    count = -(-(until - start) // step)
    steps = {name: _steps(minutes, name, start, count, step // _MINUTE) for name in wanted}
    recorded = [path for paths in systems.values() for path in paths]
    absent = {
        path: name for path, (name, prefix) in _OPTIONAL.items() if not any(one.startswith(prefix) for one in recorded)
    }
    steps |= {path: [0.0] * count for path in absent}
    taps = [Taps(*values) for values in zip(*(steps[path] for path in _TAPS), strict=True)]
    charge = _charge([(steps[f"{name}/{_CHARGE}"], steps[f"{name}/{_CAPACITY}"]) for name in stores])
    return Curves(start=start, step=step, taps=taps, soc=charge or [None] * count, absent=frozenset(absent.values()))


def _charge(stores: Sequence[tuple[Column, Column]]) -> Column:
    """Join the charges of batteries by their capacities, which are read now and then; of none it is empty."""
    if len(stores) == 1:
        return stores[0][0]
    capacities = [next((one for one in reversed(column) if one is not None), None) for _, column in stores]
    return [weighted(cells, capacities) for cells in zip(*(charge for charge, _ in stores), strict=True)]


def _steps(minutes: Columns, channel: str, start: int, count: int, per: int) -> Column:
    """Draw the minutes of a channel together to ``count`` steps of ``per`` minutes from ``start`` on."""
    skip = round((minutes.t[0] - start) / _MINUTE)  # the grid of minutes begins at or before the day
    values = minutes.columns[channel]
    return [_mean(values[max(0, at * per - skip) : (at + 1) * per - skip]) for at in range(count)]


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


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
