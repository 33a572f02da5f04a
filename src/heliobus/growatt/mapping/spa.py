"""SPA: of its own answers nobody has recorded one by this route, so only the plant's list of devices counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.mapping.fields import Field, Table, one
from heliobus.growatt.models import PlantDevice, SpaReading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.growatt.models import Record

_DEVICE = (one("batteries.1", "soc", PlantDevice.soc),)


def _rows(reading: SpaReading) -> Iterator[tuple[Record, tuple[Field, ...]]]:
    yield reading.device, _DEVICE


def _is_lost(reading: SpaReading) -> bool:
    return reading.device.lost is True


TABLE = Table(_DEVICE, _rows, is_lost=_is_lost)
