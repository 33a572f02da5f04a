"""A poll as a snapshot: the only place where Growatt's signs and scales are decided.

Growatt has no signed powers: import and export, charge and discharge are pairs, >= 0 (MODEL, "The unified model").
"""

from __future__ import annotations

import functools
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from heliobus.growatt.models import WORK_MODES, MixReading, MixStatus, MixTotals, TlxDetail, TlxReading
from heliobus.growatt.protocol import plant_time
from heliobus.model import fields, parts
from heliobus.model.identity import Device
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from heliobus.growatt.models import Inverter, Plant, Record, Row

Reading: TypeAlias = "MixReading | TlxReading"
_Values: TypeAlias = dict[str, dict[str, Any]]

SOURCE = "growatt/shine"
MODELS = MappingProxyType({"mix": "MIX/SPH", "tlx": "TLX/MIN"})
"""The families that can be read into a snapshot, as people call them."""

_KILO = 1000.0
_ROUNDED = 0.010001  # kW: ``ppv`` has two decimals


class Field(NamedTuple):
    """A value of the model: the sum of ``plus`` less that of ``minus``, times ``scale``.

    The first row of each side has to be there; the further ones count where the answer has them.
    """

    part: str
    name: str
    plus: tuple[Row[float | None], ...]
    minus: tuple[Row[float | None], ...] = ()
    scale: float = 1.0

    @property
    def path(self) -> str:
        return f"{self.part}.{self.name}"


def _kilo(part: str, name: str, plus: Row[float | None], minus: Row[float | None] | None = None) -> Field:
    return Field(part, name, (plus,), () if minus is None else (minus,), _KILO)


_MIX_STATUS = (
    _kilo("pv", "power", MixStatus.ppv),
    Field("pv.strings.1", "power", (MixStatus.ppv1,)),
    Field("pv.strings.2", "power", (MixStatus.ppv2,)),
    Field("pv.strings.3", "power", (MixStatus.ppv3,)),
    Field("pv.strings.4", "power", (MixStatus.ppv4,)),
    Field("pv.strings.1", "voltage", (MixStatus.vpv1,)),
    Field("pv.strings.2", "voltage", (MixStatus.vpv2,)),
    Field("pv.strings.3", "voltage", (MixStatus.vpv3,)),
    Field("pv.strings.4", "voltage", (MixStatus.vpv4,)),
    _kilo("grid", "power", MixStatus.import_power, MixStatus.export_power),
    _kilo("batteries.1", "power", MixStatus.discharge_power, MixStatus.charge_power),
    _kilo("load", "power", MixStatus.load_power),
    Field("batteries.1", "soc", (MixStatus.soc,)),
    Field("batteries.1", "voltage", (MixStatus.vbat,)),
    Field("grid", "frequency", (MixStatus.fac,)),
    Field("grid.phases.L1", "voltage", (MixStatus.vac,)),
)
_MIX_TOTALS = (
    _kilo("pv", "energy", MixTotals.pv_total),
    _kilo("load", "energy", MixTotals.load_total),
    _kilo("grid", "export_energy", MixTotals.export_total),
    _kilo("batteries.1", "charge_energy", MixTotals.charge_total),
    _kilo("batteries.1", "discharge_energy", MixTotals.discharge_total),
)
_TLX_INVERTER = (
    Field("pv", "power", (TlxDetail.ppv,)),
    Field("pv.strings.1", "power", (TlxDetail.ppv1,)),
    Field("pv.strings.2", "power", (TlxDetail.ppv2,)),
    Field("pv.strings.3", "power", (TlxDetail.ppv3,)),
    Field("pv.strings.4", "power", (TlxDetail.ppv4,)),
    Field("pv.strings.1", "voltage", (TlxDetail.vpv1,)),
    Field("pv.strings.2", "voltage", (TlxDetail.vpv2,)),
    Field("pv.strings.3", "voltage", (TlxDetail.vpv3,)),
    Field("pv.strings.4", "voltage", (TlxDetail.vpv4,)),
    Field("pv.strings.1", "current", (TlxDetail.ipv1,)),
    Field("pv.strings.2", "current", (TlxDetail.ipv2,)),
    Field("pv.strings.3", "current", (TlxDetail.ipv3,)),
    Field("pv.strings.4", "current", (TlxDetail.ipv4,)),
    _kilo("pv.strings.1", "energy", TlxDetail.pv1_total),
    _kilo("pv.strings.2", "energy", TlxDetail.pv2_total),
    _kilo("pv.strings.3", "energy", TlxDetail.pv3_total),
    _kilo("pv.strings.4", "energy", TlxDetail.pv4_total),
    _kilo("pv", "energy", TlxDetail.pv_total),
    Field("inverters.1", "power", (TlxDetail.pac,)),
    Field("inverters.1", "temperature", (TlxDetail.temp1,)),
    Field("grid", "frequency", (TlxDetail.fac,)),
)
_TLX_PHASES = (
    Field("grid.phases.L1", "voltage", (TlxDetail.vac1,)),
    Field("grid.phases.L2", "voltage", (TlxDetail.vac2,)),
    Field("grid.phases.L3", "voltage", (TlxDetail.vac3,)),
)
_TLX_METER = (
    Field("grid", "power", (TlxDetail.import_power,), (TlxDetail.export_power,)),
    Field("load", "power", (TlxDetail.load_power,)),
    _kilo("grid", "import_energy", TlxDetail.import_total),
    _kilo("grid", "export_energy", TlxDetail.export_total),
    _kilo("load", "energy", TlxDetail.load_total),
)
_TLX_BATTERY = (
    Field(
        "batteries.1",
        "power",
        (TlxDetail.discharge_power1, TlxDetail.discharge_power2),
        (TlxDetail.charge_power1, TlxDetail.charge_power2),
    ),
    Field("batteries.1", "soc", (TlxDetail.bms_soc,)),
    Field("batteries.1", "soh", (TlxDetail.bms_soh,)),
    Field("batteries.1", "voltage", (TlxDetail.bms_vbat,)),
    Field("batteries.1", "temperature", (TlxDetail.bms_temperature,)),
    _kilo("batteries.1", "charge_energy", TlxDetail.charge_total),
    _kilo("batteries.1", "discharge_energy", TlxDetail.discharge_total),
)
_FAMILIES = {
    "mix": (*_MIX_STATUS, *_MIX_TOTALS),
    "tlx": (*_TLX_INVERTER, *_TLX_PHASES, *_TLX_METER, *_TLX_BATTERY),
}


def snapshot(
    reading: Reading, *, received_at: datetime, inverter: Inverter | None = None, device: Device | None = None
) -> Snapshot:
    """Map one poll.

    A value that the answer has a place for and that cannot be read is None and MISSING; one without a place is None.
    What the server last heard from an inverter that it has lost is STALE.
    """
    quality: dict[str, Quality] = {}
    values: _Values = {}
    for record, table in _tables(reading):
        _fill(values, quality, record, table)
    if isinstance(reading, MixReading):
        _refine_pv(values)
    found = Snapshot(
        source=SOURCE,
        received_at=received_at,
        device=device,
        device_time=_device_time(reading, inverter),
        pv=parts.PV(**values.get("pv", {}), strings=_members(parts.PVString, values, "pv.strings")),
        grid=parts.Grid(**values.get("grid", {}), phases=_members(parts.Phase, values, "grid.phases")),
        load=parts.Load(**values.get("load", {})),
        system=_system(reading),
        batteries=_members(parts.Battery, values, "batteries"),
        inverters=_inverters(reading, values.get("inverters.1", {})),
    )
    if _is_lost(reading):
        quality |= {value.path: Quality.STALE for value in fields.walk(found)}
    return replace(found, quality=MappingProxyType(quality))


def device(inverter: Inverter) -> Device:
    """An inverter as a device."""
    family = inverter.family
    return Device(
        id=inverter.serial,
        vendor="growatt",
        model=MODELS.get(family, family),
        serial=inverter.serial,
        name=inverter.name,
    )


def plant_device(plant: Plant) -> Device:
    """A plant as a device."""
    return Device(id=plant.id or "plant", vendor="growatt", model="plant", name=plant.name)


def carried(snapshot: Snapshot) -> frozenset[str]:
    """The model's paths (``*`` for members) that this snapshot's device carries."""
    missing = (path for path, quality in snapshot.quality.items() if quality is Quality.MISSING)
    return _paths((*(value.path for value in fields.walk(snapshot)), *missing))


@functools.cache
def carriable() -> frozenset[str]:
    """The model's paths that some inverter carries."""
    tables = (field.path for table in _FAMILIES.values() for field in table)
    return _paths((*tables, "system.state_code", "inverters.1.state_code"))


def _paths(paths: Iterable[str]) -> frozenset[str]:
    """Declared paths, with those of the aggregate battery."""
    found = {fields.declared_path(path) for path in paths}
    return frozenset(found | {path.replace("batteries.*", "battery", 1) for path in found})


# -- what applies


def _tables(reading: Reading) -> Iterator[tuple[Record, Iterable[Field]]]:
    if isinstance(reading, MixReading):
        yield reading.status, _MIX_STATUS
        yield reading.totals, _MIX_TOTALS
        return
    detail = reading.detail
    yield detail, _TLX_INVERTER
    # A single-phase inverter tells 0 V of the phases that it does not have.
    yield detail, [field for field in _TLX_PHASES if field.plus[0].read(detail.values.get(field.plus[0].key))]
    if _has_meter(detail):
        yield detail, _TLX_METER
    if _has_battery(detail):
        yield detail, _TLX_BATTERY


def _has_meter(detail: TlxDetail) -> bool:
    """Without a meter everything that it would say is 0, and so unknown."""
    powers = detail.import_power, detail.export_power, detail.load_power
    return any(powers) or any((detail.import_total, detail.export_total, detail.load_total))


def _has_battery(detail: TlxDetail) -> bool:
    return any((detail.bms_soc, detail.bms_vbat, detail.bdc1_vbat, detail.charge_total, detail.discharge_total))


def _is_lost(reading: Reading) -> bool:
    if isinstance(reading, TlxReading):
        return reading.detail.lost is True
    return (reading.status.lost or "").endswith(".lost")


# -- what becomes of it


def _fill(values: _Values, quality: dict[str, Quality], record: Record, table: Iterable[Field]) -> None:
    for field in table:
        first = (*field.plus[:1], *field.minus[:1])
        if not any(row.key in record.values for row in first):
            continue
        rows = [*first, *(row for row in (*field.plus[1:], *field.minus[1:]) if row.key in record.values)]
        read = {row.key: row.read(record.values.get(row.key)) for row in rows}
        part = values.setdefault(field.part, {})
        if None in read.values():
            part[field.name] = None
            quality[field.path] = Quality.MISSING
            continue
        part[field.name] = (_sum(read, field.plus) - _sum(read, field.minus)) * field.scale + 0.0  # never -0.0


def _sum(read: Mapping[str, float | None], rows: Iterable[Row[float | None]]) -> float:
    return sum(value for row in rows if (value := read.get(row.key)) is not None)


def _refine_pv(values: _Values) -> None:
    """The strings' powers have tenths of a watt where ``ppv`` has 10 W; they stand for it while both agree."""
    pv = values.get("pv", {})
    powers: list[Any] = [part.get("power") for path, part in values.items() if path.startswith("pv.strings.")]
    if pv.get("power") is None or not powers or None in powers:
        return
    total = float(sum(powers))
    if abs(total - pv["power"]) <= _ROUNDED * _KILO:
        pv["power"] = total


def _members(kind: Any, values: _Values, path: str) -> tuple[Any, ...]:
    parts_of = sorted(name for name in values if name.startswith(f"{path}."))
    return tuple([kind(id=name.rpartition(".")[2], **values[name]) for name in parts_of])


def _inverters(reading: Reading, values: Mapping[str, Any]) -> tuple[parts.Inverter, ...]:
    if not isinstance(reading, TlxReading):
        return ()
    detail = reading.detail
    return (parts.Inverter(id="1", **values, state_code=detail.status, state=detail.status_text),)


def _system(reading: Reading) -> parts.System:
    mode = reading.status.work_mode if isinstance(reading, MixReading) else reading.detail.work_mode
    return parts.System(state_code=mode, state=None if mode is None else WORK_MODES.get(mode))


def _device_time(reading: Reading, inverter: Inverter | None) -> datetime | None:
    """A MIX says no time; a TLX says it in its plant's zone."""
    if isinstance(reading, MixReading) or inverter is None or inverter.zone is None:
        return None
    return plant_time(reading.detail.time, inverter.zone)
