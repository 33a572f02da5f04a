"""NOAH and NEXA, batteries at the balcony (SPEC A.12): powers in W, energies in kWh, numbers mostly as texts."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from heliobus.growatt import protocol
from heliobus.growatt.models.account import Reading
from heliobus.growatt.models.rows import flag, integer, labelled, number, read_curves, record, records, text, texts
from heliobus.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

NOAH_MODES = MappingProxyType({0: "load first", 1: "battery first", 2: "smart"})
"""``workMode``."""


class PlantNoah(Record):
    """Whether a plant has a NOAH or NEXA, and which."""

    is_noah_plant = flag("isPlantNoahSystem")
    has_noah = flag("isPlantHaveNoah")
    has_nexa = flag("isPlantHaveNexa")
    serial = text("deviceSn")
    plant_id = text("plantId")
    plant_name = text("plantName")


class NoahStatus(Record):
    """What a NOAH does now.  One of both battery powers is 0; ``output_power`` is what it gives to the house."""

    ppv = number("ppv", "W")
    output_power = number("pac", "W")
    charge_power = number("chargePower", "W")
    discharge_power = number("disChargePower", "W")
    soc = number("soc", "%")
    work_mode = integer("workMode")
    status = integer("status")
    batteries = integer("batteryNum")
    inverter = text("associatedInvSn")
    """The inverter that it feeds."""
    today = number("eacToday", "kWh")
    total = number("eacTotal", "kWh")
    income_today = number("profitToday")
    income_total = number("profitTotal")
    currency = text("moneyUnit")
    alias = text("alias")
    plant_id = text("plantId")


class NexaStatus(NoahStatus):
    """A NEXA has an inverter and may have a meter; its ``output_power`` is less than 0 when it gives."""

    load_power = number("loadPower", "W")
    grid_power = number("gridPower", "W")
    """The meter's, + is import."""
    other_power = number("otherPower", "W")
    plug_power = number("groplugPower", "W")
    plugs = integer("groplugNum")
    has_meter = flag("isHaveCt")
    meter_status = text("eastronStatus")
    can_couple = flag("acCoupleEnable")
    on_off_grid = integer("onOffGrid")


class NoahSettings(Record):
    """``segments`` are texts as "mode_h:m_h:m_power_enable" by ``time_segment1`` to 9."""

    segments = labelled("time_segment")
    batteries = texts("batSns")
    soc_high = number("chargingSocHighLimit", "%")
    soc_low = number("chargingSocLowLimit", "%")
    default_power = number("defaultPower", "W")
    version = text("version")
    price = number("formulaMoney")
    currency = text("moneyUnitText")
    temperature_unit = text("tempType")
    model = text("model")
    alias = text("alias")


class NoahInfo(Record):
    noah = record("noah", NoahSettings)


class NoahBattery(Record):
    serial = text("serialNum")
    soc = number("soc", "%")
    temperature = number("temp")
    """In the unit of the whole."""


class NoahBatteries(Record):
    time = text("time")
    temperature_unit = text("tempType")
    batteries = records("batter", NoahBattery)


class NoahChart(Record):
    """A day by the time of day."""

    @property
    def curves(self) -> Mapping[str, Mapping[str, float | None]]:
        """``ppv``, ``pac`` and ``load`` in W; a NEXA's load below 0 comes as 65,536 more (SPEC A.12)."""
        return read_curves(dict(self.values), "W")


class NoahEnergies(Record):
    """Energies of spans."""

    @property
    def energy_by_label(self) -> Mapping[str, float | None]:
        """In kWh."""
        return {label: protocol.number(value, "kWh") for label, value in self.values.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoahReading(Reading):
    family: ClassVar[str] = "noah"

    status: NoahStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NexaReading(Reading):
    family: ClassVar[str] = "nexa"

    status: NexaStatus
