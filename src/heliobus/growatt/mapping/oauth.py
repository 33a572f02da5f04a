"""The OAuth route's telemetry as a snapshot: one form for all families (SPEC E; captures oauth/08_api_device_data_01).

``meterPower`` is + import as the model has it; ``batPower`` is + charging, the model's battery is + discharging.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from heliobus.growatt.mapping.fields import Table, Values, kilo, one
from heliobus.growatt.models import DaySample, SpanSample
from heliobus.growatt.models.oauth import BATTERY_STATES, STATES, Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo

    from heliobus.growatt.mapping.fields import Field
    from heliobus.growatt.models import Record
    from heliobus.growatt.models.oauth import BatteryTelemetry, DayEnergies, OAuthReading

_KILO = 1000.0

_COMMON = (
    one("pv", "power", Telemetry.ppv),
    one("grid", "power", Telemetry.meter_power),
    one("load", "power", Telemetry.load_power),
    one("grid", "frequency", Telemetry.fac),
    kilo("grid", "import_energy", Telemetry.import_total),
    kilo("grid", "export_energy", Telemetry.export_total),
    one("inverters.1", "power", Telemetry.pac),
)
_OLDER = (one("grid", "power", Telemetry.active_power, Telemetry.reverse_power),)
"""Answers without ``meterPower`` have the pair."""
_PV = (kilo("pv", "energy", Telemetry.pv_total),)
_PHASES = (
    one("grid.phases.L1", "voltage", Telemetry.vac1),
    one("grid.phases.L2", "voltage", Telemetry.vac2),
    one("grid.phases.L3", "voltage", Telemetry.vac3),
)
_BATTERY = ("power", "soc", "soh", "voltage", "current", "charge_energy", "discharge_energy")


def _rows(reading: OAuthReading) -> Iterator[tuple[Record, Iterable[Field]]]:
    told = reading.telemetry
    yield told, _COMMON
    if told.meter_power is None and told.active_power is not None:
        yield told, _OLDER
    if told.pv_total:  # a recording has 0 beside 270 kWh of export: not counted there
        yield told, _PV
    yield told, [field for field in _PHASES if field.plus[0].read(told.values.get(field.plus[0].key))]


def _finish(reading: OAuthReading, values: Values) -> None:
    told = reading.telemetry
    values.setdefault("inverters.1", {}).update(
        state_code=told.status, state=None if told.status is None else STATES.get(told.status)
    )
    batteries = told.batteries
    for place, battery in enumerate(batteries, 1):
        number = place if battery.index is None else battery.index
        values[f"batteries.{number}"] = _battery(battery)
    if len(batteries) <= 1 and told.battery_power is not None:
        only = next((part for path, part in values.items() if path.startswith("batteries.")), None)
        if only is None:
            only = values.setdefault("batteries.1", {})
        only["power"] = -told.battery_power + 0.0
        if told.soc is not None:
            only.setdefault("soc", told.soc)


def _battery(told: BatteryTelemetry) -> dict[str, Any]:
    pair = told.discharge_power, told.charge_power
    return {
        "power": None if pair[0] is None or pair[1] is None else pair[0] - pair[1] + 0.0,
        "soc": told.soc,
        "soh": told.soh,
        "voltage": told.voltage,
        "current": None if told.current is None else -told.current + 0.0,
        "charge_energy": None if told.charge_total is None else told.charge_total * _KILO,
        "discharge_energy": None if told.discharge_total is None else told.discharge_total * _KILO,
        "mode": None if told.status is None else BATTERY_STATES.get(told.status),
    }


def _time(reading: OAuthReading, _zone: tzinfo) -> datetime | None:
    return reading.telemetry.time


TABLE = Table(
    (*_COMMON, *_PV, *_PHASES),
    _rows,
    _finish,
    states=("inverters.1.state_code", *(f"batteries.1.{name}" for name in _BATTERY)),
    time=_time,
)


# -- history


def day_samples(curve: Iterable[Telemetry]) -> tuple[DaySample, ...]:
    """The points of a day's curve in order; what has no time is left out."""
    points = [_sample(told) for told in curve]
    return tuple(sorted((point for point in points if point is not None), key=lambda point: point.time))


def span_samples(days: Iterable[DayEnergies]) -> tuple[SpanSample, ...]:
    """The energies of days in order; what has no date is left out."""
    spans = [_span(told) for told in days]
    return tuple(sorted((span for span in spans if span is not None), key=lambda span: span.start))


def _sample(told: Telemetry) -> DaySample | None:
    if told.time is None:
        return None
    grid, battery = told.meter_power, told.battery_power
    return DaySample(
        time=told.time,
        pv=told.ppv,
        load=told.load_power,
        import_power=None if grid is None else max(grid, 0.0),
        export_power=None if grid is None else max(-grid, 0.0),
        charge_power=None if battery is None else max(battery, 0.0),
        discharge_power=None if battery is None else max(-battery, 0.0),
        soc=told.soc,
    )


def _span(told: DayEnergies) -> SpanSample | None:
    try:
        start = date.fromisoformat(told.date or "")
    except ValueError:
        return None

    def watts(value: float | None) -> float | None:
        return None if value is None else value * _KILO

    return SpanSample(
        start=start,
        pv=watts(told.pv),
        grid_import=watts(told.grid_import),
        grid_export=watts(told.grid_export),
        charge=watts(told.charge),
        discharge=watts(told.discharge),
    )
