"""SPF and other storage machines: all in W, and signed, unlike anything else of Growatt's.

An export counter is told and not mapped: machines were seen with one that is not theirs (PLCHome/growatt#34).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.mapping.fields import Field, Table, Values, kilo, one
from heliobus.growatt.models import StorageDetail, StorageReading, StorageTotals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.growatt.models import Record

_DETAIL = (
    Field("pv", "power", (StorageDetail.ppv1, StorageDetail.ppv2, StorageDetail.ppv3)),
    one("pv.strings.1", "power", StorageDetail.ppv1),
    one("pv.strings.2", "power", StorageDetail.ppv2),
    one("pv.strings.3", "power", StorageDetail.ppv3),
    one("pv.strings.1", "voltage", StorageDetail.vpv1),
    one("pv.strings.2", "voltage", StorageDetail.vpv2),
    one("pv.strings.3", "voltage", StorageDetail.vpv3),
    kilo("pv", "energy", StorageDetail.pv_total),
    Field("batteries.1", "power", (), (StorageDetail.battery_power,)),
    one("batteries.1", "soc", StorageDetail.soc),
    one("batteries.1", "voltage", StorageDetail.vbat),
    kilo("batteries.1", "charge_energy", StorageDetail.charge_total),
    kilo("batteries.1", "discharge_energy", StorageDetail.battery_discharge_total),
    one("grid", "power", StorageDetail.import_power),
    one("grid", "frequency", StorageDetail.grid_frequency),
    one("grid.phases.L1", "voltage", StorageDetail.grid_voltage),
    one("load", "power", StorageDetail.output_power),
)
_TOTALS = (
    kilo("grid", "import_energy", StorageTotals.import_total),
    kilo("load", "energy", StorageTotals.used_total),
)


def _rows(reading: StorageReading) -> Iterator[tuple[Record, tuple[Field, ...]]]:
    detail = reading.params.detail
    if detail is not None:
        yield detail, _DETAIL
    yield reading.totals, _TOTALS


def _finish(reading: StorageReading, values: Values) -> None:
    detail = reading.params.detail
    if detail is not None and detail.status_text is not None:
        values["system"] = {"state": detail.status_text}


TABLE = Table((*_DETAIL, *_TOTALS), _rows, _finish)
