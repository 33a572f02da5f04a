"""What an account has, the same by every route: plants, inverters, a day's curve and the energies of spans."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from heliobus.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantInfo:
    """A plant of an account; ``zone`` None where it does not tell it."""

    id: str
    name: str | None = None
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverter:
    """An inverter of an account and the plant that it belongs to; ``zone`` None where the plant does not tell it."""

    serial: str
    family: str
    name: str | None
    plant_id: str
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySample:
    """One point of a day's curve: mean powers in W, all >= 0, and the state of charge in %; None is unknown."""

    time: datetime
    """UTC."""
    pv: float | None = None
    load: float | None = None
    import_power: float | None = None
    export_power: float | None = None
    charge_power: float | None = None
    discharge_power: float | None = None
    soc: float | None = None
    length: timedelta = timedelta(minutes=5)
    """For how long it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanSample:
    """The energies of a day, month or year of the plant: Wh, all >= 0; None is unknown."""

    start: date
    """Its first day."""
    pv: float | None = None
    load: float | None = None
    grid_import: float | None = None
    grid_export: float | None = None
    charge: float | None = None
    discharge: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is asked of an inverter in one poll: its fields are records, None for one that was not to be had."""

    family: ClassVar[str]

    def records(self) -> Mapping[str, Record]:
        """The records by the family's and their own name."""
        named = {f"{self.family}_{field.name}": getattr(self, field.name) for field in fields(self)}
        return {name: one for name, one in named.items() if isinstance(one, Record)}
