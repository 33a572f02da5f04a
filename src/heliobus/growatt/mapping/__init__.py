"""A poll as a snapshot: the only place where Growatt's signs and scales are decided.

* ``fields``: the machinery; one module with a ``TABLE`` per family and route;  ``history``: the past
"""

from __future__ import annotations

import functools
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.growatt.mapping import datalogger, mix, noah, oauth, spa, storage, tlx, v1, v4
from heliobus.growatt.mapping import inverter as plain
from heliobus.growatt.mapping.fields import Table, Values, built, fill
from heliobus.growatt.mapping.v1 import day_sample as day_sample
from heliobus.growatt.mapping.v1 import span_sample as span_sample
from heliobus.growatt.models import (
    InverterReading,
    MaxReading,
    MixReading,
    NexaReading,
    NoahReading,
    SpaReading,
    StorageReading,
    TlxReading,
)
from heliobus.growatt.models.datalogger import DataloggerReading
from heliobus.growatt.models.oauth import OAuthReading
from heliobus.model import fields
from heliobus.model.identity import Device
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from heliobus.growatt.models import Inverter, PlantInfo, Reading

TABLES: Mapping[type[Any], Table] = MappingProxyType(
    {
        MixReading: mix.TABLE,
        TlxReading: tlx.TABLE,
        SpaReading: spa.TABLE,
        StorageReading: storage.TABLE,
        InverterReading: plain.TABLE,
        MaxReading: plain.TABLE,
        NoahReading: noah.TABLE,
        NexaReading: noah.NEXA,
        **v1.TABLES,
        **v4.TABLES,
        OAuthReading: oauth.TABLE,
        DataloggerReading: datalogger.TABLE,
    }
)
"""How the readings of each type become snapshots."""
MODELS: Mapping[str, str] = MappingProxyType(
    {
        "mix": "MIX/SPH",
        "tlx": "TLX/MIN",
        "spa": "SPA",
        "storage": "SPF",
        "inverter": "inverter",
        "max": "MAX",
        "noah": "NOAH",
        "nexa": "NEXA",
        "wit": "WIT",
        "sph-s": "SPH-S",
    }
)
"""The families as people call them."""


def snapshot(
    reading: Reading,
    *,
    received_at: datetime,
    inverter: Inverter | None = None,
    device: Device | None = None,
    route: str = "shine",
) -> Snapshot:
    """Map one poll.

    A value that the answer has a place for and that cannot be read is None and MISSING; one without a place is None.
    What the server last heard from an inverter that it has lost is STALE.
    """
    table = TABLES[type(reading)]
    quality: dict[str, Quality] = {}
    values: Values = {}
    for record, rows in table.rows(reading):
        fill(values, quality, record, rows)
    table.finish(reading, values)
    zone = None if inverter is None else inverter.zone
    found = Snapshot(
        source=f"growatt/{route}",
        received_at=received_at,
        device=device,
        device_time=None if zone is None else table.time(reading, zone),
        quality=MappingProxyType(quality),
        **built(values),
    )
    if table.is_lost(reading):
        quality |= {value.path: Quality.STALE for value in fields.walk(found)}
    return found


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


def plant_device(plant: PlantInfo) -> Device:
    """A plant as a device."""
    return Device(id=plant.id, vendor="growatt", model="plant", name=plant.name)


def carried(snapshot: Snapshot) -> frozenset[str]:
    """The model's paths (``*`` for members) that this snapshot's device carries."""
    missing = (path for path, quality in snapshot.quality.items() if quality is Quality.MISSING)
    return _paths((*(value.path for value in fields.walk(snapshot)), *missing))


@functools.cache
def carriable() -> frozenset[str]:
    """The model's paths that some inverter carries."""
    found = [field.path for table in TABLES.values() for field in table.fields]
    return _paths((*found, *(path for table in TABLES.values() for path in table.states)))


def _paths(paths: Iterable[str]) -> frozenset[str]:
    """Declared paths, with those of the aggregate battery."""
    found = {fields.declared_path(path) for path in paths}
    return frozenset(found | {path.replace("batteries.*", "battery", 1) for path in found})
