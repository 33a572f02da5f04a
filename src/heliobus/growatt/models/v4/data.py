"""What the devices last sent, by their kinds: powers in W, energies in kWh; further fields in ``tables``.

``calendar`` is when the cloud had it, the text ``time`` is in a zone that nobody tells.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.growatt.models.rows import flag, integer, number, text
from heliobus.growatt.models.tlx import TlxDetail
from heliobus.growatt.models.v4 import tables
from heliobus.growatt.models.v4.base import V4Record, millis
from heliobus.growatt.models.v4.blocks import (
    MixOrSpa,
    WithBattery,
    WithCurrents,
    WithMeter,
    WithStrings,
    WithTenStrings,
)
from heliobus.growatt.models.v4.noah import NoahData

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class V4Data(V4Record):
    """What every kind but a NOAH says."""

    own_serial = text("serialNum")
    inverter_id = text("inverterId")
    device_sn = text("deviceSn")
    datalogger = text("dataLogSn")
    time = text("time")
    calendar = millis("calendar")
    time_calendar = millis("timeCalendar")
    status = integer("status")
    status_text = text("statusText")
    lost = flag("lost")
    """Said of samples that came a moment ago, too."""

    @property
    def serial(self) -> str | None:
        """The device's serial number, under whichever name."""
        return self.own_serial or self.device_sn or self.inverter_id

    @property
    def seen(self) -> datetime | None:
        """When the cloud had it."""
        return self.calendar or self.time_calendar


class SphData(WithStrings, MixOrSpa, V4Data, table=tables.SPH):
    """A hybrid SPH (MIX); powers in W."""

    vac2 = number("vac2", "V")
    vac3 = number("vac3", "V")


class SpaData(MixOrSpa, V4Data, table=tables.SPA):
    """A battery beside a solar inverter (SPA), whose power it sees; W."""

    ppv = number("ppvInverter", "W")
    pv_total = number("epvInverterTotal", "kWh")
    vac2 = number("vac2", "V")
    vac3 = number("vac3", "V")


class SphSData(WithCurrents, WithBattery, V4Data, table=tables.SPHS):
    """A hybrid SPH-S; powers in W."""

    pv3_total = number("epv3Total", "kWh")
    vac2 = number("vac2", "V")
    export_total = number("etoGridTotal", "kWh")
    temp1 = number("invTemp", "°C")


class WitData(WithTenStrings, WithMeter, V4Data, table=tables.WIT):
    """A large hybrid (WIT); powers in W."""

    vac2 = number("vac2", "V")
    vac3 = number("vac3", "V")
    battery_power = number("batPower", "W")
    soh = number("soh", "%")
    export_total = number("etoGridTotal", "kWh")
    temp1 = number("temp1", "°C")


class StorageData(V4Data, table=tables.STORAGE):
    """A storage machine (SPF, SP); powers in W."""

    ppv = number("ppv", "W")
    ppv2 = number("ppv2", "W")
    ppv3 = number("ppv3", "W")
    vpv = number("vpv", "V")
    vpv2 = number("vpv2", "V")
    vpv3 = number("vpv3", "V")
    pv_total = number("epvTotal", "kWh")
    pv2_total = number("epvTotal2", "kWh")
    input_power = number("pAcInPut", "W")
    output_power = number("outPutPower", "W")
    import_power = number("pacToUser", "W")
    export_power = number("pacToGrid", "W")
    charge_power = number("pCharge", "W")
    charge_power2 = number("pCharge2", "W")
    discharge_power = number("pDischarge", "W")
    discharge_power2 = number("pDischarge2", "W")
    soc = number("capacity", "%")
    vbat = number("vBat", "V")
    bms_soh = number("bmsSoh", "%")
    grid_voltage = number("vGrid", "V")
    grid_frequency = number("freqGrid", "Hz")
    import_total = number("eToUserTotal", "kWh")
    export_total = number("eToGridTotal", "kWh")
    charge_total = number("eBatChgTotal", "kWh")
    discharge_total = number("eBatDisChargeTotal", "kWh")
    temperature = number("invTemperature", "°C")


class _Solar(V4Record):
    """What inverters without a battery share."""

    vac1 = number("vacr", "V")
    vac2 = number("vacs", "V")
    vac3 = number("vact", "V")
    temperature = number("temperature", "°C")


class InvData(WithCurrents, _Solar, V4Data, table=tables.INV):
    """A solar inverter; powers in W."""

    produced_today = number("powerToday", "kWh")
    produced_total = number("powerTotal", "kWh")


class MaxData(WithTenStrings, _Solar, V4Data, table=tables.MAX):
    """A large solar inverter (MAX); powers in W."""

    ppv11 = number("ppv11", "W")
    vpv11 = number("vpv11", "V")
    ppv12 = number("ppv12", "W")
    vpv12 = number("vpv12", "V")
    ppv13 = number("ppv13", "W")
    vpv13 = number("vpv13", "V")
    ppv14 = number("ppv14", "W")
    vpv14 = number("vpv14", "V")
    ppv15 = number("ppv15", "W")
    vpv15 = number("vpv15", "V")
    ppv16 = number("ppv16", "W")
    vpv16 = number("vpv16", "V")
    ipv11 = number("ipv11", "A")
    ipv12 = number("ipv12", "A")
    ipv13 = number("ipv13", "A")
    ipv14 = number("ipv14", "A")
    ipv15 = number("ipv15", "A")
    ipv16 = number("ipv16", "A")
    pv11_total = number("epv11Total", "kWh")
    pv12_total = number("epv12Total", "kWh")
    pv13_total = number("epv13Total", "kWh")
    pv14_total = number("epv14Total", "kWh")
    pv15_total = number("epv15Total", "kWh")
    pv16_total = number("epv16Total", "kWh")
    produced_today = number("eacToday", "kWh")
    produced_total = number("eacTotal", "kWh")


class MinData(TlxDetail, V4Record, table=tables.MIN):
    """A MIN, MOD or MID (TLX), as the app's detail has it."""

    datalogger = text("dataLogSn")
    seen = millis("calendar")
    """When the cloud had it."""


DATA: Mapping[str, type[V4Data | MinData | NoahData]] = MappingProxyType(
    {
        "sph": SphData,
        "spa": SpaData,
        "sph-s": SphSData,
        "wit": WitData,
        "storage": StorageData,
        "inv": InvData,
        "max": MaxData,
        "min": MinData,
        "noah": NoahData,
    }
)
"""The records by the kinds of device."""
