"""Plain inverters and MAX: the sun, and the voltages where it goes; nothing of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.mapping.fields import Field, Table, Values, kilo, one
from heliobus.growatt.models import InverterDetail, InverterReading
from heliobus.growatt.protocol import plant_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo

    from heliobus.growatt.models import Record

_INVERTER = (
    one("pv", "power", InverterDetail.ppv),
    one("pv.strings.1", "power", InverterDetail.ppv1),
    one("pv.strings.2", "power", InverterDetail.ppv2),
    one("pv.strings.3", "power", InverterDetail.ppv3),
    one("pv.strings.1", "voltage", InverterDetail.vpv1),
    one("pv.strings.2", "voltage", InverterDetail.vpv2),
    one("pv.strings.3", "voltage", InverterDetail.vpv3),
    one("pv.strings.1", "current", InverterDetail.ipv1),
    one("pv.strings.2", "current", InverterDetail.ipv2),
    one("pv.strings.3", "current", InverterDetail.ipv3),
    # The only counter that there is: what came out of the inverter, a few percent less than what went in.
    kilo("pv", "energy", InverterDetail.produced_total),
    one("inverters.1", "power", InverterDetail.pac),
    one("inverters.1", "temperature", InverterDetail.temperature),
    one("grid", "frequency", InverterDetail.fac),
)
_PHASES = (
    one("grid.phases.L1", "voltage", InverterDetail.vacr),
    one("grid.phases.L2", "voltage", InverterDetail.vacs),
    one("grid.phases.L3", "voltage", InverterDetail.vact),
)


def _rows(reading: InverterReading) -> Iterator[tuple[Record, Iterable[Field]]]:
    detail = reading.detail
    yield detail, _INVERTER
    # A single-phase inverter tells 0 V of the phases that it does not have.
    yield detail, [field for field in _PHASES if field.plus[0].read(detail.values.get(field.plus[0].key))]


def _finish(reading: InverterReading, values: Values) -> None:
    detail = reading.detail
    if detail.status is not None:
        values.setdefault("inverters.1", {}).update(state_code=detail.status, state=detail.status_text)


def _time(reading: InverterReading, zone: tzinfo) -> datetime | None:
    return plant_time(reading.detail.time, zone)


TABLE = Table((*_INVERTER, *_PHASES), _rows, _finish, states=("inverters.1.state_code",), time=_time)
