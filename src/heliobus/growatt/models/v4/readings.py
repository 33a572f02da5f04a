"""What is asked of a device in one poll by V4, by its kind; ``family`` is what the other routes call it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from heliobus.growatt.models.account import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.growatt.models.v4.data import (
        InvData,
        MaxData,
        MinData,
        SpaData,
        SphData,
        SphSData,
        StorageData,
        WitData,
    )
    from heliobus.growatt.models.v4.noah import NoahData


@dataclass(frozen=True, slots=True, kw_only=True)
class V4InvReading(Reading):
    family: ClassVar[str] = "inverter"
    data: InvData


@dataclass(frozen=True, slots=True, kw_only=True)
class V4StorageReading(Reading):
    family: ClassVar[str] = "storage"
    data: StorageData


@dataclass(frozen=True, slots=True, kw_only=True)
class V4MaxReading(Reading):
    family: ClassVar[str] = "max"
    data: MaxData


@dataclass(frozen=True, slots=True, kw_only=True)
class V4SphReading(Reading):
    family: ClassVar[str] = "mix"
    data: SphData


@dataclass(frozen=True, slots=True, kw_only=True)
class V4SpaReading(Reading):
    family: ClassVar[str] = "spa"
    data: SpaData


@dataclass(frozen=True, slots=True, kw_only=True)
class V4MinReading(Reading):
    family: ClassVar[str] = "tlx"
    detail: MinData


@dataclass(frozen=True, slots=True, kw_only=True)
class V4WitReading(Reading):
    family: ClassVar[str] = "wit"
    data: WitData


@dataclass(frozen=True, slots=True, kw_only=True)
class V4SphSReading(Reading):
    family: ClassVar[str] = "sph-s"
    data: SphSData


@dataclass(frozen=True, slots=True, kw_only=True)
class V4NoahReading(Reading):
    family: ClassVar[str] = "noah"
    data: NoahData


READINGS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "inv": V4InvReading,
        "storage": V4StorageReading,
        "max": V4MaxReading,
        "sph": V4SphReading,
        "spa": V4SpaReading,
        "min": V4MinReading,
        "wit": V4WitReading,
        "sph-s": V4SphSReading,
        "noah": V4NoahReading,
    }
)
"""By the kinds of device."""
