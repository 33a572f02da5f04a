"""What Growatt's servers said, in their words, signs and units: records with typed fields, ``extra`` for the rest."""

from __future__ import annotations

from heliobus.growatt.models.account import DaySample, Inverter, PlantInfo, Reading, SpanSample
from heliobus.growatt.models.mix import WORK_MODES, MixEnergy, MixInfo, MixReading, MixSettings, MixStatus, MixTotals
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
from heliobus.growatt.models.tlx import TlxDetail, TlxReading, TlxStatus, TlxTotals

__all__ = [
    "WORK_MODES",
    "Datalogger",
    "DaySample",
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
    "PlantInfo",
    "PlantList",
    "PlantSettings",
    "Reading",
    "Record",
    "Row",
    "SpanSample",
    "StorageDetail",
    "StorageParams",
    "StorageTotals",
    "TlxDetail",
    "TlxReading",
    "TlxStatus",
    "TlxTotals",
    "UserEnergies",
]
