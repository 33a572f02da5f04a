"""Records of a datalogger: a table per meaning of the fields; powers in W and energies in kWh.

Signs as the published records show them: with 390 W discharged and 310 W of sun an SPH feeds a load of 700 W; a MOD
draws 809.9 W from the grid while the meter beside it says + 809.8 W.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.mapping.fields import Field, Table, Values, kilo, one
from heliobus.growatt.models import WORK_MODES
from heliobus.growatt.models.datalogger import (
    DataloggerReading,
    LoggerInverter,
    LoggerMax,
    LoggerMeter,
    LoggerMin,
    LoggerMod,
    LoggerSpf,
    LoggerSph,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo

    from heliobus.growatt.models import Record

_PERCENT = 100.0

_INVERTER = (
    one("pv", "power", LoggerInverter.ppv),
    one("pv.strings.1", "power", LoggerInverter.ppv1),
    one("pv.strings.2", "power", LoggerInverter.ppv2),
    one("pv.strings.3", "power", LoggerInverter.ppv3),
    one("pv.strings.4", "power", LoggerInverter.ppv4),
    one("pv.strings.1", "voltage", LoggerInverter.vpv1),
    one("pv.strings.2", "voltage", LoggerInverter.vpv2),
    one("pv.strings.3", "voltage", LoggerInverter.vpv3),
    one("pv.strings.4", "voltage", LoggerInverter.vpv4),
    one("pv.strings.1", "current", LoggerInverter.ipv1),
    one("pv.strings.2", "current", LoggerInverter.ipv2),
    one("pv.strings.3", "current", LoggerInverter.ipv3),
    one("pv.strings.4", "current", LoggerInverter.ipv4),
    kilo("pv.strings.1", "energy", LoggerInverter.pv1_total),
    kilo("pv.strings.2", "energy", LoggerInverter.pv2_total),
    kilo("pv.strings.3", "energy", LoggerInverter.pv3_total),
    kilo("pv.strings.4", "energy", LoggerInverter.pv4_total),
    kilo("pv", "energy", LoggerInverter.pv_total),
    one("inverters.1", "temperature", LoggerInverter.temperature),
)
_AC = (one("inverters.1", "power", LoggerInverter.pac), one("grid", "frequency", LoggerInverter.fac))
_MOD_AC = (one("inverters.1", "power", LoggerMod.pac), one("grid", "frequency", LoggerMod.fac))
_PHASES = (
    one("grid.phases.L1", "voltage", LoggerInverter.vac1),
    one("grid.phases.L2", "voltage", LoggerInverter.vac2),
    one("grid.phases.L3", "voltage", LoggerInverter.vac3),
)
_MAX = (
    one("pv.strings.5", "power", LoggerMax.ppv5),
    one("pv.strings.6", "power", LoggerMax.ppv6),
    one("pv.strings.7", "power", LoggerMax.ppv7),
    one("pv.strings.8", "power", LoggerMax.ppv8),
    one("pv.strings.5", "voltage", LoggerMax.vpv5),
    one("pv.strings.6", "voltage", LoggerMax.vpv6),
    one("pv.strings.7", "voltage", LoggerMax.vpv7),
    one("pv.strings.8", "voltage", LoggerMax.vpv8),
    one("pv.strings.5", "current", LoggerMax.ipv5),
    one("pv.strings.6", "current", LoggerMax.ipv6),
    one("pv.strings.7", "current", LoggerMax.ipv7),
    one("pv.strings.8", "current", LoggerMax.ipv8),
)
_SPH = (
    one("grid", "power", LoggerSph.import_power, LoggerSph.export_power),
    one("batteries.1", "power", LoggerSph.discharge_power, LoggerSph.charge_power),
    one("load", "power", LoggerSph.load_power),
    Field("batteries.1", "soc", (LoggerSph.soc,), scale=_PERCENT),
    one("batteries.1", "voltage", LoggerSph.vbat),
    kilo("grid", "import_energy", LoggerSph.import_total),
    kilo("grid", "export_energy", LoggerSph.export_total),
    kilo("load", "energy", LoggerSph.load_total),
    kilo("batteries.1", "charge_energy", LoggerSph.charge_total),
    kilo("batteries.1", "discharge_energy", LoggerSph.discharge_total),
)
_MIN_METER = (
    one("grid", "power", LoggerMin.import_power, LoggerMin.export_power),
    one("load", "power", LoggerMin.load_power),
    kilo("grid", "import_energy", LoggerMin.import_total),
    kilo("grid", "export_energy", LoggerMin.export_total),
    kilo("load", "energy", LoggerMin.load_total),
)
_MIN_ENERGIES = (
    kilo("batteries.1", "charge_energy", LoggerMin.charge_total),
    kilo("batteries.1", "discharge_energy", LoggerMin.discharge_total),
)
# The BMS' voltage is left out: in the record of a battery of 400 V it is a tenth of that.
_MIN_BATTERY = (
    Field(
        "batteries.1",
        "power",
        (LoggerMin.discharge_power1, LoggerMin.discharge_power2),
        (LoggerMin.charge_power1, LoggerMin.charge_power2),
    ),
    one("batteries.1", "soc", LoggerMin.bms_soc),
    one("batteries.1", "soh", LoggerMin.bms_soh),
)
_MOD_BATTERY = (
    one("batteries.1", "power", LoggerMod.discharge_power1, LoggerMod.charge_power1),
    one("batteries.1", "soc", LoggerMod.bms_soc),
    one("batteries.1", "soh", LoggerMod.bms_soh),
)
_SPF = (
    Field("pv", "power", (LoggerSpf.ppv1, LoggerSpf.ppv2)),
    one("pv.strings.1", "power", LoggerSpf.ppv1),
    one("pv.strings.2", "power", LoggerSpf.ppv2),
    one("pv.strings.1", "voltage", LoggerSpf.vpv1),
    one("pv.strings.2", "voltage", LoggerSpf.vpv2),
    one("pv.strings.1", "current", LoggerSpf.ipv1),
    one("pv.strings.2", "current", LoggerSpf.ipv2),
    one("load", "power", LoggerSpf.load_power),
    one("grid", "power", LoggerSpf.import_power),
    one("grid", "frequency", LoggerSpf.fac),
    one("grid.phases.L1", "voltage", LoggerSpf.vac),
    one("batteries.1", "power", LoggerSpf.battery_power),
    one("batteries.1", "voltage", LoggerSpf.vbat),
    one("batteries.1", "soc", LoggerSpf.soc),
    one("inverters.1", "temperature", LoggerSpf.temperature),
    kilo("pv", "energy", LoggerSpf.pv_total),
    kilo("batteries.1", "discharge_energy", LoggerSpf.discharge_total),
)
_METER = (
    one("grid", "power", LoggerMeter.power),
    one("grid", "frequency", LoggerMeter.fac),
    one("grid.phases.L1", "power", LoggerMeter.pac1),
    one("grid.phases.L2", "power", LoggerMeter.pac2),
    one("grid.phases.L3", "power", LoggerMeter.pac3),
    one("grid.phases.L1", "current", LoggerMeter.iac1),
    one("grid.phases.L2", "current", LoggerMeter.iac2),
    one("grid.phases.L3", "current", LoggerMeter.iac3),
    one("grid.phases.L1", "voltage", LoggerMeter.vac1),
    one("grid.phases.L2", "voltage", LoggerMeter.vac2),
    one("grid.phases.L3", "voltage", LoggerMeter.vac3),
    kilo("grid", "import_energy", LoggerMeter.import_total),
    kilo("grid", "export_energy", LoggerMeter.export_total),
)


def _rows(reading: DataloggerReading) -> Iterator[tuple[Record, Iterable[Field]]]:
    # The meter's first: what the inverter says itself is as old as the rest of the snapshot.
    if reading.meter is not None:
        yield reading.meter, _METER
    record = reading.record
    if isinstance(record, LoggerSpf):
        yield record, _SPF
    if not isinstance(record, LoggerInverter):
        return
    yield record, _INVERTER
    yield record, _MOD_AC if isinstance(record, LoggerMod) else _AC
    # A single-phase inverter tells 0 V of the phases that it does not have.
    yield record, [field for field in _PHASES if field.plus[0].read(record.values.get(field.plus[0].key))]
    if isinstance(record, LoggerMax):
        yield record, _MAX
    if isinstance(record, LoggerSph):
        yield record, _SPH
    if isinstance(record, LoggerMin):
        yield from _min_rows(record)


def _min_rows(record: LoggerMin) -> Iterator[tuple[Record, Iterable[Field]]]:
    """Without a meter or a battery everything that it would say is 0, and so unknown."""
    powers = record.import_power, record.export_power, record.load_power
    if any(powers) or any((record.import_total, record.export_total, record.load_total)):
        yield record, _MIN_METER
    if any((record.bms_soc, record.bms_voltage, record.charge_total, record.discharge_total)):
        yield record, _MOD_BATTERY if isinstance(record, LoggerMod) else _MIN_BATTERY
        yield record, _MIN_ENERGIES


def _finish(reading: DataloggerReading, values: Values) -> None:
    record = reading.record
    if isinstance(record, (LoggerInverter, LoggerSpf)):
        values.setdefault("inverters.1", {})["state_code"] = record.status
    if isinstance(record, LoggerSph) and record.work_mode is not None:
        values["system"] = {"state_code": record.work_mode, "state": WORK_MODES.get(record.work_mode)}


def _is_old(reading: DataloggerReading) -> bool:
    return reading.old


def _time(reading: DataloggerReading, _zone: tzinfo) -> datetime | None:
    return reading.time


TABLE = Table(
    (
        *(*_INVERTER, *_AC, *_MOD_AC, *_PHASES, *_MAX, *_SPH, *_MIN_METER, *_MIN_ENERGIES),
        *(*_MIN_BATTERY, *_MOD_BATTERY, *_SPF, *_METER),
    ),
    _rows,
    _finish,
    states=("system.state_code", "inverters.1.state_code"),
    is_lost=_is_old,
    time=_time,
)
