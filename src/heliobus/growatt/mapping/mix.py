"""MIX and SPH: powers of the status in kW, of its strings in W; no lifetime import, and no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.mapping.fields import Field, Table, Values, kilo, one, refine_pv
from heliobus.growatt.models import WORK_MODES, MixReading, MixStatus, MixTotals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.growatt.models import Record

_STATUS = (
    kilo("pv", "power", MixStatus.ppv),
    one("pv.strings.1", "power", MixStatus.ppv1),
    one("pv.strings.2", "power", MixStatus.ppv2),
    one("pv.strings.3", "power", MixStatus.ppv3),
    one("pv.strings.4", "power", MixStatus.ppv4),
    one("pv.strings.1", "voltage", MixStatus.vpv1),
    one("pv.strings.2", "voltage", MixStatus.vpv2),
    one("pv.strings.3", "voltage", MixStatus.vpv3),
    one("pv.strings.4", "voltage", MixStatus.vpv4),
    kilo("grid", "power", MixStatus.import_power, MixStatus.export_power),
    kilo("batteries.1", "power", MixStatus.discharge_power, MixStatus.charge_power),
    kilo("load", "power", MixStatus.load_power),
    one("batteries.1", "soc", MixStatus.soc),
    one("batteries.1", "voltage", MixStatus.vbat),
    one("grid", "frequency", MixStatus.fac),
    one("grid.phases.L1", "voltage", MixStatus.vac),
)
_TOTALS = (
    kilo("pv", "energy", MixTotals.pv_total),
    kilo("load", "energy", MixTotals.load_total),
    kilo("grid", "export_energy", MixTotals.export_total),
    kilo("batteries.1", "charge_energy", MixTotals.charge_total),
    kilo("batteries.1", "discharge_energy", MixTotals.discharge_total),
)


def _rows(reading: MixReading) -> Iterator[tuple[Record, tuple[Field, ...]]]:
    yield reading.status, _STATUS
    yield reading.totals, _TOTALS


def _finish(reading: MixReading, values: Values) -> None:
    refine_pv(values)
    mode = reading.status.work_mode
    if mode is not None:
        values["system"] = {"state_code": mode, "state": WORK_MODES.get(mode)}


def _is_lost(reading: MixReading) -> bool:
    return (reading.status.lost or "").endswith(".lost")


TABLE = Table((*_STATUS, *_TOTALS), _rows, _finish, states=("system.state_code",), is_lost=_is_lost)
