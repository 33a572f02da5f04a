"""V4's last data as snapshots, by the kinds of device (SPEC D).

Powers are W, import and export, charge and discharge are pairs >= 0; a NOAH has one power of its packs, + charging.
The moment is when the cloud had the data (``calendar``), whatever the plant's zone.  ``lost`` says nothing here: all
samples have it true.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.growatt.mapping import tlx
from heliobus.growatt.mapping.fields import Field, Table, Values, kilo, one
from heliobus.growatt.models import WORK_MODES, DaySample
from heliobus.growatt.models.v4 import (
    InvData,
    MaxData,
    MinData,
    NoahData,
    SpaData,
    SphData,
    SphSData,
    StorageData,
    V4InvReading,
    V4MaxReading,
    V4MinReading,
    V4NoahReading,
    V4SpaReading,
    V4SphReading,
    V4SphSReading,
    V4StorageReading,
    V4WitReading,
    WitData,
)
from heliobus.growatt.models.v4.noah import CHARGING, DISCHARGING, STATES
from heliobus.growatt.models.v4.noah import WORK_MODES as NOAH_MODES
from heliobus.model.parts import BatteryModule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime, tzinfo

    from heliobus.growatt.models import Reading, Record

_MANY = 3
"""Trackers that any inverter may have; further ones count when they have ever given something."""


def _strings(kind: Any, places: int, *, currents: bool = False, energies: int | None = None) -> tuple[Field, ...]:
    found = []
    for place in range(1, places + 1):
        part = f"pv.strings.{place}"
        found += [one(part, "power", getattr(kind, f"ppv{place}")), one(part, "voltage", getattr(kind, f"vpv{place}"))]
        if currents:
            found.append(one(part, "current", getattr(kind, f"ipv{place}")))
        if place <= (places if energies is None else energies):
            found.append(kilo(part, "energy", getattr(kind, f"pv{place}_total")))
    return tuple(found)


def _phases(kind: Any, places: int = 3) -> tuple[Field, ...]:
    return tuple(
        one(f"grid.phases.L{place}", "voltage", getattr(kind, f"vac{place}")) for place in range(1, places + 1)
    )


def _inverter(kind: Any, temperature: str = "temp1") -> tuple[Field, ...]:
    return (
        one("pv", "power", kind.ppv),
        kilo("pv", "energy", kind.pv_total),
        one("grid", "frequency", kind.fac),
        one("inverters.1", "power", kind.pac),
        one("inverters.1", "temperature", getattr(kind, temperature)),
    )


def _meter(kind: Any) -> tuple[Field, ...]:
    return (
        one("grid", "power", kind.import_power, kind.export_power),
        one("load", "power", kind.load_power),
        kilo("grid", "import_energy", kind.import_total),
        kilo("grid", "export_energy", kind.export_total),
        kilo("load", "energy", kind.load_total),
    )


def _battery(kind: Any) -> tuple[Field, ...]:
    return (
        one("batteries.1", "power", kind.discharge_power, kind.charge_power),
        one("batteries.1", "soc", kind.soc),
        one("batteries.1", "voltage", kind.vbat),
        kilo("batteries.1", "charge_energy", kind.charge_total),
        kilo("batteries.1", "discharge_energy", kind.discharge_total),
    )


def _bms(kind: Any) -> tuple[Field, ...]:
    return (
        one("batteries.1", "soh", kind.bms_soh),
        one("batteries.1", "temperature", kind.bms_temperature),
    )


# An SPA has no trackers: what it sees is another inverter's.
_SPA_PV = (one("pv", "external_power", SpaData.ppv),)
_SPH = (*_inverter(SphData), *_strings(SphData, 3, energies=2), *_phases(SphData), *_meter(SphData), *_battery(SphData))
_SPA = (*_inverter(SpaData), *_SPA_PV, *_phases(SpaData), *_meter(SpaData), *_battery(SpaData))
_SPHS = (
    *_inverter(SphSData),
    *_strings(SphSData, 3, currents=True),
    *_phases(SphSData, 2),
    *_meter(SphSData),
    *_battery(SphSData),
)
# The sign of a WIT's ``batPower`` is documented nowhere, so its battery has no power here.
_WIT = (
    *_inverter(WitData),
    *_strings(WitData, 10, currents=True),
    *_phases(WitData),
    *_meter(WitData),
    one("batteries.1", "soc", WitData.soc),
    one("batteries.1", "soh", WitData.soh),
    one("batteries.1", "voltage", WitData.vbat),
    kilo("batteries.1", "charge_energy", WitData.charge_total),
    kilo("batteries.1", "discharge_energy", WitData.discharge_total),
)
_INV = (
    *_inverter(InvData, "temperature"),
    *_strings(InvData, 3, currents=True, energies=2),
    *_phases(InvData),
)
_MAX = (*_inverter(MaxData, "temperature"), *_strings(MaxData, 16, currents=True), *_phases(MaxData))
_STORAGE = (
    Field("pv", "power", (StorageData.ppv, StorageData.ppv2, StorageData.ppv3)),
    Field("pv", "energy", (StorageData.pv_total, StorageData.pv2_total), scale=1000.0),
    one("pv.strings.1", "power", StorageData.ppv),
    one("pv.strings.1", "voltage", StorageData.vpv),
    one("pv.strings.2", "power", StorageData.ppv2),
    one("pv.strings.2", "voltage", StorageData.vpv2),
    one("pv.strings.3", "power", StorageData.ppv3),
    one("pv.strings.3", "voltage", StorageData.vpv3),
    one("grid", "power", StorageData.import_power, StorageData.export_power),
    one("grid", "frequency", StorageData.grid_frequency),
    one("grid.phases.L1", "voltage", StorageData.grid_voltage),
    kilo("grid", "import_energy", StorageData.import_total),
    kilo("grid", "export_energy", StorageData.export_total),
    one("load", "power", StorageData.output_power),
    Field(
        "batteries.1",
        "power",
        (StorageData.discharge_power, StorageData.discharge_power2),
        (StorageData.charge_power, StorageData.charge_power2),
    ),
    one("batteries.1", "soc", StorageData.soc),
    one("batteries.1", "voltage", StorageData.vbat),
    kilo("batteries.1", "charge_energy", StorageData.charge_total),
    kilo("batteries.1", "discharge_energy", StorageData.discharge_total),
    one("inverters.1", "temperature", StorageData.temperature),
)
_NOAH = (
    one("pv", "power", NoahData.ppv),
    one("batteries.1", "soc", NoahData.soc),
    one("inverters.1", "power", NoahData.pac),
)


# -- what applies to this device


def _applying(data: Record, table: Iterable[Field]) -> Iterator[Field]:
    """Without the phases and further trackers that it does not have, which it tells as 0."""
    idle = {field.part for field in table if field.part.startswith(("grid.phases.L2", "grid.phases.L3"))}
    idle |= {field.part for field in table if _place(field.part) > _MANY}
    alive = {
        field.part for field in table if field.part in idle and field.plus[0].read(data.values.get(field.plus[0].key))
    }
    return (field for field in table if field.part not in idle - alive)


def _place(part: str) -> int:
    return int(part.rpartition(".")[2]) if part.startswith("pv.strings.") else 0


def _table(table: tuple[Field, ...], bms: tuple[Field, ...] = (), state: Mapping[int, str] | None = None) -> Table:
    def rows(reading: Any) -> Iterator[tuple[Record, Iterable[Field]]]:
        yield reading.data, tuple(_applying(reading.data, table))
        if bms and reading.data.bms_soc:  # without a BMS everything of it is 0
            yield reading.data, bms

    def finish(reading: Any, values: Values) -> None:
        data = reading.data
        values.setdefault("inverters.1", {}).update(state_code=data.status, state=data.status_text)
        if state is not None and data.work_mode is not None:
            values["system"] = {"state_code": data.work_mode, "state": state.get(data.work_mode)}

    states = ("inverters.1.state_code", *(() if state is None else ("system.state_code",)))
    return Table((*table, *bms), rows, finish, states=states, time=_time)


def _time(reading: Any, _zone: tzinfo) -> datetime | None:
    seen: datetime | None = reading.data.seen
    return seen


# -- NOAH


def _noah_rows(reading: V4NoahReading) -> Iterator[tuple[Record, Iterable[Field]]]:
    yield reading.data, _NOAH


def _noah_finish(reading: V4NoahReading, values: Values) -> None:
    data = reading.data
    battery = values.setdefault("batteries.1", {})
    battery["power"] = noah_power(data)
    battery["modules"] = tuple(
        BatteryModule(
            id=str(pack.place),
            serial=pack.serial,
            soc=pack.soc,
            temperature_min=pack.temperature,
            temperature_max=pack.temperature,
        )
        for pack in data.packs
    )
    values.setdefault("inverters.1", {}).update(
        state_code=data.status, state=None if data.status is None else STATES.get(data.status)
    )
    if data.work_mode is not None:
        values["system"] = {"state_code": data.work_mode, "state": NOAH_MODES.get(data.work_mode)}


def noah_power(data: NoahData) -> float | None:
    """The packs' power with the model's sign, + discharging.

    Devices differ in whether the number has a sign (recordings have only charging), so the status bits decide where
    they are set.
    """
    power, status = data.charging_power, data.charging_status
    if power is None:
        return None
    if status is not None and status & CHARGING:
        return -abs(power) + 0.0
    if status is not None and status & DISCHARGING:
        return abs(power)
    return -power + 0.0


def _noah_time(reading: V4NoahReading, _zone: tzinfo) -> datetime | None:
    return reading.data.time


_MODULES = ("soc", "temperature_min", "temperature_max")
NOAH = Table(
    _NOAH,
    _noah_rows,
    _noah_finish,
    states=(
        *("batteries.1.power", "system.state_code", "inverters.1.state_code"),
        *(f"batteries.1.modules.1.{name}" for name in _MODULES),
    ),
    time=_noah_time,
)


def _min_time(reading: V4MinReading, _zone: tzinfo) -> datetime | None:
    return reading.detail.seen


TABLES: Mapping[type[Reading], Table] = MappingProxyType(
    {
        V4SphReading: _table(_SPH, _bms(SphData), WORK_MODES),
        V4SpaReading: _table(_SPA, _bms(SpaData), WORK_MODES),
        V4SphSReading: _table(_SPHS, _bms(SphSData)),
        V4WitReading: _table(_WIT),
        V4StorageReading: _table(_STORAGE),
        V4InvReading: _table(_INV),
        V4MaxReading: _table(_MAX),
        V4MinReading: tlx.TABLE._replace(time=_min_time, is_lost=lambda _reading: False),
        V4NoahReading: NOAH,
    }
)


# -- a day


def day_samples(curve: Iterable[Any]) -> tuple[DaySample, ...]:
    """The points of a day's curve in order; what has no time is left out."""
    points = [_noah_sample(data) if isinstance(data, NoahData) else _sample(data) for data in curve]
    return tuple(sorted((point for point in points if point is not None), key=lambda point: point.time))


def _sample(data: Any) -> DaySample | None:
    if data.seen is None:
        return None
    names = ("import_power", "export_power", "charge_power", "discharge_power", "soc")
    told: dict[str, Any] = {name: getattr(data, name, None) for name in names}
    if isinstance(data, MinData):
        told |= {"charge_power": data.charge_power1, "discharge_power": data.discharge_power1, "soc": data.bms_soc}
    load = data.output_power if isinstance(data, StorageData) else getattr(data, "load_power", None)
    return DaySample(time=data.seen, pv=data.ppv, load=load, **told)


def _noah_sample(data: NoahData) -> DaySample | None:
    if data.time is None:
        return None
    power = noah_power(data)
    return DaySample(
        time=data.time,
        pv=data.ppv,
        charge_power=None if power is None else max(-power, 0.0),
        discharge_power=None if power is None else max(power, 0.0),
        soc=data.soc,
    )
