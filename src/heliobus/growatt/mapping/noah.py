"""NOAH and NEXA: charge and discharge are a pair; what a NEXA gives is negative, and its meter's import positive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.mapping.fields import Field, Table, Values, one
from heliobus.growatt.models import NOAH_MODES, NexaReading, NexaStatus, NoahReading, NoahStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.growatt.models import Record

_BOTH = (
    one("pv", "power", NoahStatus.ppv),
    one("batteries.1", "power", NoahStatus.discharge_power, NoahStatus.charge_power),
    one("batteries.1", "soc", NoahStatus.soc),
)
_NOAH = (*_BOTH, one("inverters.1", "power", NoahStatus.output_power))
_NEXA = (*_BOTH, Field("inverters.1", "power", (), (NexaStatus.output_power,)))
_METER = (one("grid", "power", NexaStatus.grid_power), one("load", "power", NexaStatus.load_power))


def _noah(reading: NoahReading) -> Iterator[tuple[Record, tuple[Field, ...]]]:
    yield reading.status, _NOAH


def _nexa(reading: NexaReading) -> Iterator[tuple[Record, tuple[Field, ...]]]:
    yield reading.status, _NEXA
    # Without a meter everything that it would say is 0, and so unknown.
    if reading.status.has_meter is not False:
        yield reading.status, _METER


def _finish(reading: NoahReading | NexaReading, values: Values) -> None:
    mode = reading.status.work_mode
    if mode is not None:
        values["system"] = {"state_code": mode, "state": NOAH_MODES.get(mode)}


_STATES = ("system.state_code",)
TABLE = Table(_NOAH, _noah, _finish, states=_STATES)
NEXA = Table((*_NEXA, *_METER), _nexa, _finish, states=_STATES)
