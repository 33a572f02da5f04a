"""From the portal's words to the unified model: the only place with its signs and scales.

Every direction has its own value, >= 0; ``accuexport`` goes into the battery (SPEC 7).  ``now`` is taken for kW, as one
project does; another one takes it for W.  No house has more than ``_MOST`` kW, so beyond that the powers are SUSPECT.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, BatteryLimits, Grid, Load
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot
from heliobus.model.spans import EnergySpan
from heliobus.senec.protocol import control_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from heliobus.senec.models.portal import AccuState, Navigation, NowToday, Overview
    from heliobus.senec.protocol.portal import WeekFile

SOURCE = "senec/portal"
OLD = timedelta(minutes=15)
_KILO = 1000.0
_MOST = 60.0  # kW
_LIVE = frozenset(
    {"pv.power", "grid.power", "load.power", "battery.power", "battery.soc", "batteries.*.power", "batteries.*.soc"}
)
_FULL = frozenset(
    f"{part}.{name}" for part in ("battery", "batteries.*") for name in ("voltage", "capacity", "limits.reserve_soc")
)
CARRIED = _LIVE | _FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalReading:
    """What one poll brought; the battery's state and the reserve (%) only with detail "full"."""

    navigation: Navigation
    overview: Overview
    accu: AccuState | None = None
    reserve: int | None = None


def device(navigation: Navigation) -> Device:
    """One plant, known by its control unit's number: its index may change when another one is added."""
    serial = navigation.serial or ""
    return Device(id=serial, vendor="senec", model=navigation.product, serial=control_unit(serial))


def snapshot(reading: PortalReading, *, received_at: datetime) -> Snapshot:
    """Map one poll.  What did not come is None and MISSING; what is older than ``OLD`` is STALE."""
    now, accu = reading.overview, reading.accu
    made = Snapshot(
        source=SOURCE,
        received_at=received_at,
        device=device(reading.navigation),
        device_time=now.updated,
        pv=PV(power=_watts(now.generated)),
        grid=Grid(power=_net(now.grid_import, now.grid_export)),
        load=Load(power=_watts(now.consumption)),
        batteries=(
            Battery(
                power=_net(now.out_of_battery, now.into_battery),
                soc=now.battery_level.now,
                voltage=None if accu is None else accu.voltage,
                capacity=None if accu is None or accu.capacity is None else accu.capacity * _KILO,
                limits=BatteryLimits(reserve_soc=None if reading.reserve is None else float(reading.reserve)),
            ),
        ),
    )
    return replace(made, quality=_qualities(made, now))


def _watts(told: NowToday) -> float | None:
    return None if told.now is None else told.now * _KILO


def _net(into: NowToday, out_of: NowToday) -> float | None:
    """Into the house bus is positive."""
    return None if into.now is None or out_of.now is None else (into.now - out_of.now) * _KILO


def _qualities(made: Snapshot, told: Overview) -> Mapping[str, Quality]:
    powers = {
        "pv.power": made.pv.power,
        "grid.power": made.grid.power,
        "load.power": made.load.power,
        "batteries.1.power": made.batteries[0].power,
    }
    stale = told.updated is not None and made.received_at - told.updated > OLD
    suspect = any(value is not None and abs(value) > _MOST * _KILO for value in powers.values())
    quality = {}
    for path, value in {**powers, "batteries.1.soc": made.batteries[0].soc}.items():
        if value is None:
            quality[path] = Quality.MISSING
        elif suspect and path in powers:
            quality[path] = Quality.SUSPECT
        elif stale:
            quality[path] = Quality.STALE
    return MappingProxyType(quality)


# -- week files

_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "Stromerzeugung": "pv",
        "Stromverbrauch": "load",
        "Netzbezug": "grid_import",
        "Netzeinspeisung": "grid_export",
        "Akkubeladung": "charge",
        "Akkuentnahme": "discharge",
    }
)
_LEVEL = "Akku Füllstand [%]"
_LONGEST = timedelta(minutes=15)
"""A row holds until the next one, but not longer: then nobody knows."""
_ROW = timedelta(minutes=5)


def week_spans(file: WeekFile, zone: ZoneInfo, *, now: datetime) -> tuple[EnergySpan, ...]:
    """The energies of a week file's rows, about five minutes each, in Wh.

    A row's powers are taken to hold from its time until the next row's: which side of it they belong to was never
    recorded.  Local times that come twice in autumn are told apart by the order of the rows.
    """
    rows = dict(_timed(file, zone))
    moments = sorted(rows)
    spans = []
    for begin, following in pairwise([*moments, datetime.max.replace(tzinfo=UTC)]):
        end = following if following - begin <= _LONGEST else begin + _ROW
        spans.append(_span(file.columns, rows[begin], begin, end, complete=end <= now))
    return tuple(spans)


def _timed(file: WeekFile, zone: ZoneInfo) -> Iterable[tuple[datetime, tuple[float | None, ...]]]:
    last: datetime | None = None
    for local, values in file.rows:
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        if last is not None and moment <= last:
            later = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
            moment = later if later > last and later - last <= timedelta(hours=1) else moment
        last = moment
        yield moment, values


def _span(
    columns: tuple[str, ...], values: tuple[float | None, ...], start: datetime, end: datetime, *, complete: bool
) -> EnergySpan:
    hours = (end - start) / timedelta(hours=1)
    found: dict[str, float | None] = {}
    for title, value in zip(columns, values, strict=True):
        name, _, unit = title.partition(" [")
        kind = _COLUMNS.get(name.replace("-B", "b").replace("-E", "e"))  # older files: Akku-Beladung
        if kind is not None and unit in ("kW]", "kWh]"):  # the same values, whatever the title says
            found[kind] = None if value is None or value < 0 else value * _KILO * hours
        elif title == _LEVEL:
            found["soc"] = value
    return EnergySpan(start=start, end=end, complete=complete, **found)
