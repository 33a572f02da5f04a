"""The families as the OpenAPI V1 tells them: W and kWh throughout, import and export, charge and discharge in pairs.

Sources of the pairs: SPEC C.4 (MIN, SPH) and the recording of a MOD 12KTL3-HU, in which ``ppv`` goes wholly into
``pacToLocalLoad``; the names of a SPA and a SPH are the same.  ``lost`` makes nothing STALE here: that recording has it
of an inverter at work; ``device_time`` tells the age.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.mapping import tlx
from heliobus.growatt.mapping.fields import KILO, Field, Table, Values, kilo, one
from heliobus.growatt.models import WORK_MODES, DaySample, SpanSample, TlxReading
from heliobus.growatt.models.v1 import (
    InverterReading,
    MaxReading,
    MinReading,
    MixLast,
    SpaLast,
    SpaReading,
    SphReading,
    StorageLast,
    StorageReading,
)
from heliobus.growatt.models.v1.last import StringInverter
from heliobus.growatt.protocol import plant_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime, tzinfo
    from typing import Any

    from heliobus.growatt.models import Reading, Record, Row
    from heliobus.growatt.models.v1 import EnergyPoint
    from heliobus.model.snapshot import Snapshot

    Rows = Iterator[tuple[Record, Iterable[Field]]]

_STATES = ("system.state_code", "inverters.1.state_code")


def _nonzero(record: Record, table: Iterable[Field]) -> list[Field]:
    """The fields of what is there: an inverter tells 0 of phases and strings that it does not have."""
    return [field for field in table if field.plus[0].read(record.values.get(field.plus[0].key))]


def _state(reading: Any, values: Values) -> None:
    last = reading.last
    values.setdefault("inverters.1", {}).update(state_code=last.status, state=last.status_text)


def _mode(reading: Any, values: Values) -> None:
    _state(reading, values)
    mode = reading.last.work_mode
    if mode is not None:
        values["system"] = {"state_code": mode, "state": WORK_MODES.get(mode)}


def _time(reading: Any, zone: tzinfo) -> datetime | None:
    return plant_time(reading.last.time, zone)


# -- history


def day_sample(snapshot: Snapshot) -> DaySample | None:
    """A point of a day's curve; None without a time.  Of each pair of powers one is 0."""
    if snapshot.device_time is None:
        return None
    battery = snapshot.battery
    return DaySample(
        time=snapshot.device_time,
        pv=snapshot.pv.power,
        load=snapshot.load.power,
        import_power=snapshot.grid.import_power,
        export_power=snapshot.grid.export_power,
        charge_power=battery.charge_power,
        discharge_power=battery.discharge_power,
        soc=battery.soc,
    )


def span_sample(point: EnergyPoint) -> SpanSample | None:
    """The production of a span; None without a date."""
    if point.day is None:
        return None
    return SpanSample(start=point.day, pv=None if point.energy is None else point.energy * KILO)


# -- MIN: what the app calls its detail


def _as_tlx(reading: MinReading) -> TlxReading:
    return TlxReading(detail=reading.last)


def _finish_min(reading: MinReading, values: Values) -> None:
    tlx.TABLE.finish(_as_tlx(reading), values)
    battery, last = values.get("batteries.1"), reading.last
    if battery is not None and not last.bms_vbat:  # a battery manager that tells nothing but the state of charge
        battery |= {"voltage": last.bdc1_vbat or None, "temperature": None}


_MIN = Table(
    tlx.TABLE.fields,
    lambda reading: tlx.TABLE.rows(_as_tlx(reading)),
    _finish_min,
    states=tlx.TABLE.states,
    time=lambda reading, zone: tlx.TABLE.time(_as_tlx(reading), zone),
)


# -- SPH and SPA: hybrids, with and without modules of their own


def _phases(*rows: Row[float | None]) -> tuple[Field, ...]:
    return tuple([one(f"grid.phases.L{place}", "voltage", row) for place, row in enumerate(rows, 1)])


def _shared(record: type[MixLast | SpaLast]) -> tuple[Field, ...]:
    return (
        one("grid", "power", record.import_power, record.export_power),
        one("load", "power", record.load_power),
        one("batteries.1", "power", record.discharge_power, record.charge_power),
        one("batteries.1", "soc", record.soc),
        one("batteries.1", "voltage", record.vbat),
        one("inverters.1", "power", record.pac),
        one("inverters.1", "temperature", record.temp1),
        one("grid", "frequency", record.fac),
        kilo("grid", "import_energy", record.import_total),
        kilo("grid", "export_energy", record.export_total),
        kilo("load", "energy", record.load_total),
        kilo("batteries.1", "charge_energy", record.charge_total),
        kilo("batteries.1", "discharge_energy", record.discharge_total),
    )


def _manager(record: type[MixLast | SpaLast]) -> tuple[Field, ...]:
    """What a lithium battery's manager tells; of lead there is none, and it is all 0."""
    return (
        one("batteries.1", "soc", record.bms_soc),
        one("batteries.1", "soh", record.bms_soh),
        one("batteries.1", "cycles", record.bms_cycles),
        one("batteries.1", "temperature", record.bms_temperature),
    )


_SPH = (
    *_shared(MixLast),
    one("pv", "power", MixLast.ppv),
    one("pv.strings.1", "power", MixLast.ppv1),
    one("pv.strings.2", "power", MixLast.ppv2),
    one("pv.strings.3", "power", MixLast.ppv3),
    one("pv.strings.1", "voltage", MixLast.vpv1),
    one("pv.strings.2", "voltage", MixLast.vpv2),
    one("pv.strings.3", "voltage", MixLast.vpv3),
    kilo("pv.strings.1", "energy", MixLast.pv1_total),
    kilo("pv.strings.2", "energy", MixLast.pv2_total),
    kilo("pv", "energy", MixLast.pv_total),
)
_SPH_PHASES = _phases(MixLast.vac1, MixLast.vac2, MixLast.vac3)
_SPA = (
    *_shared(SpaLast),
    # All production that a SPA knows of is that of the inverter beside it.
    one("pv", "power", SpaLast.pv_power),
    one("pv", "external_power", SpaLast.pv_power),
    kilo("pv", "energy", SpaLast.pv_total),
)
_SPA_PHASES = _phases(SpaLast.vac1)


def _sph_rows(reading: SphReading) -> Rows:
    last = reading.last
    yield last, _SPH
    yield last, _nonzero(last, _SPH_PHASES)
    if last.bms_soc:
        yield last, _manager(MixLast)


def _spa_rows(reading: SpaReading) -> Rows:
    last = reading.last
    yield last, _SPA
    yield last, _nonzero(last, _SPA_PHASES)
    if last.bms_soc:
        yield last, _manager(SpaLast)


# -- MAX and plain inverters: modules and the grid's voltage, no meter

_STRING_INVERTER = (
    one("pv", "power", StringInverter.ppv),
    kilo("pv", "energy", StringInverter.pv_total),
    one("inverters.1", "power", StringInverter.pac),
    one("inverters.1", "temperature", StringInverter.temperature),
    one("grid", "frequency", StringInverter.fac),
)
_STRING_PHASES = _phases(StringInverter.vacr, StringInverter.vacs, StringInverter.vact)


def _string(place: int) -> tuple[Field, ...]:
    rows = StringInverter.rows
    return (
        one(f"pv.strings.{place}", "power", rows[f"ppv{place}"]),
        one(f"pv.strings.{place}", "voltage", rows[f"vpv{place}"]),
        one(f"pv.strings.{place}", "current", rows[f"ipv{place}"]),
        kilo(f"pv.strings.{place}", "energy", rows[f"epv{place}Total"]),
    )


_STRINGS = tuple([_string(place) for place in range(1, 9)])


def _string_rows(reading: MaxReading | InverterReading) -> Rows:
    last = reading.last
    yield last, _STRING_INVERTER
    yield last, _nonzero(last, _STRING_PHASES)
    for string in _STRINGS:
        if _nonzero(last, string):  # by day a voltage, at any time an energy
            yield last, string


# -- storage machines: an SP feeds its modules through a battery, an SPF is the grid of its house

_STORAGE = (
    Field("pv", "power", (StorageLast.ppv1, StorageLast.ppv2, StorageLast.ppv3)),
    one("pv.strings.1", "power", StorageLast.ppv1),
    one("pv.strings.2", "power", StorageLast.ppv2),
    one("pv.strings.3", "power", StorageLast.ppv3),
    one("pv.strings.1", "voltage", StorageLast.vpv1),
    one("pv.strings.2", "voltage", StorageLast.vpv2),
    one("pv.strings.3", "voltage", StorageLast.vpv3),
    kilo("pv.strings.1", "energy", StorageLast.pv1_total),
    kilo("pv.strings.2", "energy", StorageLast.pv2_total),
    Field("pv", "energy", (StorageLast.pv1_total, StorageLast.pv2_total), (), KILO),
    Field(
        "batteries.1",
        "power",
        (StorageLast.discharge_power1, StorageLast.discharge_power2),
        (StorageLast.charge_power1, StorageLast.charge_power2),
    ),
    one("batteries.1", "soc", StorageLast.soc),
    one("batteries.1", "voltage", StorageLast.vbat),
    one("inverters.1", "temperature", StorageLast.temperature),
    Field("batteries.1", "charge_energy", (StorageLast.charge_total1, StorageLast.charge_total2), (), KILO),
)
_FED = (
    Field("batteries.1", "discharge_energy", (StorageLast.discharge_total1, StorageLast.discharge_total2), (), KILO),
)
"""Of an SP."""
_OUTPUT = (
    one("load", "power", StorageLast.output_power),
    one("grid", "power", StorageLast.input_power),
    one("grid", "frequency", StorageLast.grid_frequency),
    one("grid.phases.L1", "voltage", StorageLast.vgrid),
    kilo("batteries.1", "discharge_energy", StorageLast.battery_discharge_total),
)
"""Of an SPF.  An SP tells 0 of these; its ``pacToUser`` is what it gives, not what the grid does (sample: 1922.9 W of
2067.1 W from the modules)."""


def _storage_rows(reading: StorageReading) -> Rows:
    last = reading.last
    yield last, _STORAGE
    yield last, _OUTPUT if last.output_frequency else _FED


TABLES: Mapping[type[Reading], Table] = {
    MinReading: _MIN,
    SphReading: Table(
        (*_SPH, *_SPH_PHASES, *_manager(MixLast)), _sph_rows, _mode, states=_STATES, time=_time
    ),
    SpaReading: Table(
        (*_SPA, *_SPA_PHASES, *_manager(SpaLast)), _spa_rows, _mode, states=_STATES, time=_time
    ),
    **dict.fromkeys(
        (MaxReading, InverterReading),
        Table(
            (*_STRING_INVERTER, *_STRING_PHASES, *(field for string in _STRINGS for field in string)),
            _string_rows, _state, states=_STATES[1:], time=_time,
        ),
    ),
    StorageReading: Table((*_STORAGE, *_OUTPUT), _storage_rows, _state, states=_STATES[1:], time=_time),
}  # fmt: skip
"""How the readings of each family become snapshots."""
