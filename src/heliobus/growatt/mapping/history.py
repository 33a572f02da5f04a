"""The past, as curves of a day and energies of spans: where it comes from in the app's answers, and its units.

A curve's point stands for the time from it until the next; its energy is that power for so long, and no more exact.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from heliobus.growatt.mapping.fields import KILO
from heliobus.growatt.models import DaySample, SpanSample
from heliobus.growatt.protocol import plant_time
from heliobus.model.spans import EnergySpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from heliobus.growatt.models import InverterDay, MixEnergy, PlantHistory

_HALF_HOUR = timedelta(minutes=30)
_HOUR = timedelta(hours=1)
_MIX_CURVES = {
    "ppv": "pv",
    "sysOut": "load",
    "pacToUser": "import_power",
    "pacToGrid": "export_power",
    "pdischarge": "discharge_power",
}
"""Curves of a hybrid's day (SPEC A.10, erratum G1); there is none of the charging.  Its import leaves out what charges
the battery."""


def mix_day(energy: MixEnergy, *, day: date, zone: tzinfo) -> tuple[DaySample, ...]:
    """A hybrid's day, in kW by five minutes."""
    points: dict[str, dict[str, Any]] = {}
    for key, name in _MIX_CURVES.items():
        for label, value in energy.curves.get(key, {}).items():
            points.setdefault(label, {})[name] = None if value is None else value * KILO
    timed = ((_moment(f"{day} {label}", zone), powers) for label, powers in sorted(points.items()))
    return tuple([DaySample(time=time, **powers) for time, powers in timed if time is not None])


def inverter_day(curve: InverterDay, *, zone: tzinfo) -> tuple[DaySample, ...]:
    """What a plain inverter gave, in W by five minutes: it is the sun's."""
    timed = ((_moment(label, zone), power) for label, power in sorted(curve.power_by_time.items()))
    return tuple([DaySample(time=time, pv=power) for time, power in timed if time is not None])


def plant_day(history: PlantHistory, *, day: date, zone: tzinfo) -> tuple[DaySample, ...]:
    """A plant's production in W by half hours."""
    timed = ((_moment(f"{day} {label}", zone), power) for label, power in sorted(history.values_by_label.items()))
    return tuple([DaySample(time=time, pv=power, length=_HALF_HOUR) for time, power in timed if time is not None])


def plant_spans(history: PlantHistory, *, resolution: str, of: date) -> tuple[SpanSample, ...]:
    """A plant's production by ``day`` of a month, ``month`` of a year, or ``year``, in kWh by their numbers."""
    dated = ((_first(label, resolution, of), energy) for label, energy in history.values_by_label.items())
    found = {start: energy for start, energy in dated if start is not None}
    return tuple(
        [
            SpanSample(start=start, pv=None if energy is None else energy * KILO)
            for start, energy in sorted(found.items())
        ]
    )


def sampled(sample: DaySample, now: datetime) -> EnergySpan:
    """The energies behind a point of a curve."""
    hours = sample.length / _HOUR
    return EnergySpan(
        start=sample.time,
        end=sample.time + sample.length,
        complete=sample.time + sample.length <= now,
        pv=_over(sample.pv, hours),
        load=_over(sample.load, hours),
        grid_import=_over(sample.import_power, hours),
        grid_export=_over(sample.export_power, hours),
        charge=_over(sample.charge_power, hours),
        discharge=_over(sample.discharge_power, hours),
        soc=sample.soc,
    )


def spanned(sample: SpanSample | None, start: datetime, end: datetime, now: datetime) -> EnergySpan:
    """The energies of a span; without a sample all are unknown."""
    if sample is None:
        return EnergySpan(start=start, end=end, complete=end <= now)
    return EnergySpan(
        start=start,
        end=end,
        complete=end <= now,
        pv=sample.pv,
        load=sample.load,
        grid_import=sample.grid_import,
        grid_export=sample.grid_export,
        charge=sample.charge,
        discharge=sample.discharge,
    )


def by_start(samples: Iterable[SpanSample]) -> Mapping[date, SpanSample]:
    """Samples by their first days."""
    return {sample.start: sample for sample in samples}


def _over(power: float | None, hours: float) -> float | None:
    return None if power is None else power * hours


def _first(label: str, resolution: str, of: date) -> date | None:
    """The first day of the span with this number; None for a label that is none."""
    if not label.isdecimal():
        return None
    number = int(label)
    try:
        if resolution == "day":
            return of.replace(day=number)
        return of.replace(month=number, day=1) if resolution == "month" else date(number, 1, 1)
    except ValueError:
        return None


def _moment(written: str, zone: tzinfo) -> datetime | None:
    """A time of the plant in UTC; None for one that its clock shows never or twice, as which it is cannot be known."""
    found = plant_time(written, zone)
    if found is None:
        return None
    local = found.astimezone(zone)
    never = local.replace(tzinfo=UTC, fold=0) != plant_time(written, UTC)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return None if never or twice else found
