"""What Growatt's servers said, in their words, signs and units: records with typed fields, ``extra`` for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.growatt.models.mix import WORK_MODES, MixEnergy, MixInfo, MixSettings, MixStatus, MixTotals
from heliobus.growatt.models.plants import (
    Datalogger,
    Plant,
    PlantDevice,
    PlantDevices,
    PlantHistory,
    PlantList,
    PlantSettings,
    UserEnergies,
)
from heliobus.growatt.models.rows import Record, Row
from heliobus.growatt.models.storage import StorageDetail, StorageParams, StorageTotals
from heliobus.growatt.models.tlx import TlxDetail, TlxStatus, TlxTotals

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = [
    "WORK_MODES",
    "Datalogger",
    "Inverter",
    "MixEnergy",
    "MixInfo",
    "MixReading",
    "MixSettings",
    "MixStatus",
    "MixTotals",
    "Plant",
    "PlantDevice",
    "PlantDevices",
    "PlantHistory",
    "PlantList",
    "PlantSettings",
    "Record",
    "Row",
    "StorageDetail",
    "StorageParams",
    "StorageTotals",
    "TlxDetail",
    "TlxReading",
    "TlxStatus",
    "TlxTotals",
    "UserEnergies",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverter:
    """An inverter of an account and the plant that it belongs to; ``zone`` None where the plant does not tell it."""

    serial: str
    family: str
    name: str | None
    plant_id: str
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixReading:
    """What is asked of a MIX in one poll."""

    status: MixStatus
    totals: MixTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class TlxReading:
    """What is asked of a TLX in one poll."""

    detail: TlxDetail
