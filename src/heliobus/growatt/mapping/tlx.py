"""TLX, MIN, MOD and MID: one record in W and kWh, of which the meter's and the battery's parts may be mere zeros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.mapping.fields import Field, Table, Values, kilo, one
from heliobus.growatt.models import WORK_MODES, TlxDetail, TlxReading
from heliobus.growatt.protocol import plant_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo

    from heliobus.growatt.models import Record

_INVERTER = (
    one("pv", "power", TlxDetail.ppv),
    one("pv.strings.1", "power", TlxDetail.ppv1),
    one("pv.strings.2", "power", TlxDetail.ppv2),
    one("pv.strings.3", "power", TlxDetail.ppv3),
    one("pv.strings.4", "power", TlxDetail.ppv4),
    one("pv.strings.1", "voltage", TlxDetail.vpv1),
    one("pv.strings.2", "voltage", TlxDetail.vpv2),
    one("pv.strings.3", "voltage", TlxDetail.vpv3),
    one("pv.strings.4", "voltage", TlxDetail.vpv4),
    one("pv.strings.1", "current", TlxDetail.ipv1),
    one("pv.strings.2", "current", TlxDetail.ipv2),
    one("pv.strings.3", "current", TlxDetail.ipv3),
    one("pv.strings.4", "current", TlxDetail.ipv4),
    kilo("pv.strings.1", "energy", TlxDetail.pv1_total),
    kilo("pv.strings.2", "energy", TlxDetail.pv2_total),
    kilo("pv.strings.3", "energy", TlxDetail.pv3_total),
    kilo("pv.strings.4", "energy", TlxDetail.pv4_total),
    kilo("pv", "energy", TlxDetail.pv_total),
    one("inverters.1", "power", TlxDetail.pac),
    one("inverters.1", "temperature", TlxDetail.temp1),
    one("grid", "frequency", TlxDetail.fac),
)
_PHASES = (
    one("grid.phases.L1", "voltage", TlxDetail.vac1),
    one("grid.phases.L2", "voltage", TlxDetail.vac2),
    one("grid.phases.L3", "voltage", TlxDetail.vac3),
)
_METER = (
    one("grid", "power", TlxDetail.import_power, TlxDetail.export_power),
    one("load", "power", TlxDetail.load_power),
    kilo("grid", "import_energy", TlxDetail.import_total),
    kilo("grid", "export_energy", TlxDetail.export_total),
    kilo("load", "energy", TlxDetail.load_total),
)
_BATTERY = (
    Field(
        "batteries.1",
        "power",
        (TlxDetail.discharge_power1, TlxDetail.discharge_power2),
        (TlxDetail.charge_power1, TlxDetail.charge_power2),
    ),
    one("batteries.1", "soc", TlxDetail.bms_soc),
    one("batteries.1", "soh", TlxDetail.bms_soh),
    one("batteries.1", "voltage", TlxDetail.bms_vbat),
    one("batteries.1", "temperature", TlxDetail.bms_temperature),
    kilo("batteries.1", "charge_energy", TlxDetail.charge_total),
    kilo("batteries.1", "discharge_energy", TlxDetail.discharge_total),
)


def _rows(reading: TlxReading) -> Iterator[tuple[Record, Iterable[Field]]]:
    detail = reading.detail
    yield detail, _INVERTER
    # A single-phase inverter tells 0 V of the phases that it does not have.
    yield detail, [field for field in _PHASES if field.plus[0].read(detail.values.get(field.plus[0].key))]
    if _has_meter(detail):
        yield detail, _METER
    if _has_battery(detail):
        yield detail, _BATTERY


def _has_meter(detail: TlxDetail) -> bool:
    """Without a meter everything that it would say is 0, and so unknown."""
    powers = detail.import_power, detail.export_power, detail.load_power
    return any(powers) or any((detail.import_total, detail.export_total, detail.load_total))


def _has_battery(detail: TlxDetail) -> bool:
    return any((detail.bms_soc, detail.bms_vbat, detail.bdc1_vbat, detail.charge_total, detail.discharge_total))


def _finish(reading: TlxReading, values: Values) -> None:
    detail = reading.detail
    values.setdefault("inverters.1", {}).update(state_code=detail.status, state=detail.status_text)
    mode = detail.work_mode
    if mode is not None:
        values["system"] = {"state_code": mode, "state": WORK_MODES.get(mode)}


def _is_lost(reading: TlxReading) -> bool:
    return reading.detail.lost is True


def _time(reading: TlxReading, zone: tzinfo) -> datetime | None:
    return plant_time(reading.detail.time, zone)


TABLE = Table(
    (*_INVERTER, *_PHASES, *_METER, *_BATTERY),
    _rows,
    _finish,
    states=("system.state_code", "inverters.1.state_code"),
    is_lost=_is_lost,
    time=_time,
)
