"""Plain inverters and the large ones, MAX (SPEC A.8): powers in W, energies in kWh.  They see nothing but the sun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliobus.growatt.models.account import Reading
from heliobus.growatt.models.rows import integer, number, numbers, text
from heliobus.model.records import Record


class InverterDetail(Record):
    """All that the inverter last sent."""

    status = integer("status")
    status_text = text("statusText")
    time = text("time")
    """In plant time."""
    ppv = number("ppv", "W")
    ppv1 = number("ppv1", "W")
    ppv2 = number("ppv2", "W")
    ppv3 = number("ppv3", "W")
    vpv1 = number("vpv1", "V")
    vpv2 = number("vpv2", "V")
    vpv3 = number("vpv3", "V")
    ipv1 = number("ipv1", "A")
    ipv2 = number("ipv2", "A")
    ipv3 = number("ipv3", "A")
    pac = number("pac", "W")
    pacr = number("pacr", "W")
    pacs = number("pacs", "W")
    pact = number("pact", "W")
    vacr = number("vacr", "V")
    vacs = number("vacs", "V")
    vact = number("vact", "V")
    iacr = number("iacr", "A")
    iacs = number("iacs", "A")
    iact = number("iact", "A")
    fac = number("fac", "Hz")
    temperature = number("temperature", "°C")
    ipm_temperature = number("ipmTemperature", "°C")
    produced_today = number("powerToday", "kWh")
    """Energy, whatever the key says."""
    produced_total = number("powerTotal", "kWh")


class InverterDay(Record):
    """A day's power, by "YYYY-MM-DD HH:MM" of the plant."""

    power_by_time = numbers("invPacData", "W")


@dataclass(frozen=True, slots=True, kw_only=True)
class InverterReading(Reading):
    family: ClassVar[str] = "inverter"

    detail: InverterDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxReading(InverterReading):
    family: ClassVar[str] = "max"
