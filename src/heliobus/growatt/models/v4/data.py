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


class SphData(V4Data, table=tables.SPH):
    """A hybrid SPH (MIX); powers in W."""

    ppv = number("ppv", "W")
    ppv1 = number("ppv1", "W")
    vpv1 = number("vpv1", "V")
    ppv2 = number("ppv2", "W")
    vpv2 = number("vpv2", "V")
    ppv3 = number("ppv3", "W")
    vpv3 = number("vpv3", "V")
    pv1_total = number("epv1Total", "kWh")
    pv2_total = number("epv2Total", "kWh")
    pv_total = number("epvTotal", "kWh")
    pac = number("pac", "W")
    fac = number("fac", "Hz")
    vac1 = number("vac1", "V")
    vac2 = number("vac2", "V")
    vac3 = number("vac3", "V")
    import_power = number("pacToUserTotal", "W")
    export_power = number("pacToGridTotal", "W")
    load_power = number("plocalLoadTotal", "W")
    charge_power = number("pcharge1", "W")
    discharge_power = number("pdischarge1", "W")
    soc = number("soc", "%")
    vbat = number("vbat", "V")
    bms_soc = number("bmsSOC", "%")
    bms_soh = number("bmsSOH", "%")
    bms_temperature = number("bmsBatteryTemp", "°C")
    import_total = number("etoUserTotal", "kWh")
    load_total = number("elocalLoadTotal", "kWh")
    charge_total = number("echarge1Total", "kWh")
    discharge_total = number("edischarge1Total", "kWh")
    export_total = number("etogridTotal", "kWh")
    temp1 = number("temp1", "°C")
    work_mode = integer("uwSysWorkMode")


class SpaData(V4Data, table=tables.SPA):
    """A battery beside a solar inverter (SPA), whose power it sees; W."""

    ppv = number("ppvInverter", "W")
    pv_total = number("epvInverterTotal", "kWh")
    pac = number("pac", "W")
    fac = number("fac", "Hz")
    vac1 = number("vac1", "V")
    vac2 = number("vac2", "V")
    vac3 = number("vac3", "V")
    import_power = number("pacToUserTotal", "W")
    export_power = number("pacToGridTotal", "W")
    load_power = number("plocalLoadTotal", "W")
    charge_power = number("pcharge1", "W")
    discharge_power = number("pdischarge1", "W")
    soc = number("soc", "%")
    vbat = number("vbat", "V")
    bms_soc = number("bmsSOC", "%")
    bms_soh = number("bmsSOH", "%")
    bms_temperature = number("bmsBatteryTemp", "°C")
    import_total = number("etoUserTotal", "kWh")
    load_total = number("elocalLoadTotal", "kWh")
    charge_total = number("echarge1Total", "kWh")
    discharge_total = number("edischarge1Total", "kWh")
    export_total = number("etogridTotal", "kWh")
    temp1 = number("temp1", "°C")
    work_mode = integer("uwSysWorkMode")


class SphSData(V4Data, table=tables.SPHS):
    """A hybrid SPH-S; powers in W."""

    ppv = number("ppv", "W")
    ppv1 = number("ppv1", "W")
    vpv1 = number("vpv1", "V")
    ppv2 = number("ppv2", "W")
    vpv2 = number("vpv2", "V")
    ppv3 = number("ppv3", "W")
    vpv3 = number("vpv3", "V")
    ipv1 = number("ipv1", "A")
    ipv2 = number("ipv2", "A")
    ipv3 = number("ipv3", "A")
    pv1_total = number("epv1Total", "kWh")
    pv2_total = number("epv2Total", "kWh")
    pv3_total = number("epv3Total", "kWh")
    pv_total = number("epvTotal", "kWh")
    pac = number("pac", "W")
    fac = number("fac", "Hz")
    vac1 = number("vac1", "V")
    vac2 = number("vac2", "V")
    import_power = number("pacToUserTotal", "W")
    export_power = number("pacToGridTotal", "W")
    load_power = number("plocalLoadTotal", "W")
    charge_power = number("pcharge1", "W")
    discharge_power = number("pdischarge1", "W")
    soc = number("soc", "%")
    vbat = number("vbat", "V")
    bms_soc = number("bmsSOC", "%")
    bms_soh = number("bmsSOH", "%")
    bms_temperature = number("bmsBatteryTemp", "°C")
    import_total = number("etoUserTotal", "kWh")
    load_total = number("elocalLoadTotal", "kWh")
    charge_total = number("echarge1Total", "kWh")
    discharge_total = number("edischarge1Total", "kWh")
    export_total = number("etoGridTotal", "kWh")
    temp1 = number("invTemp", "°C")
    work_mode = integer("uwSysWorkMode")


class WitData(V4Data, table=tables.WIT):
    """A large hybrid (WIT); powers in W."""

    ppv = number("ppv", "W")
    ppv1 = number("ppv1", "W")
    vpv1 = number("vpv1", "V")
    ppv2 = number("ppv2", "W")
    vpv2 = number("vpv2", "V")
    ppv3 = number("ppv3", "W")
    vpv3 = number("vpv3", "V")
    ppv4 = number("ppv4", "W")
    vpv4 = number("vpv4", "V")
    ppv5 = number("ppv5", "W")
    vpv5 = number("vpv5", "V")
    ppv6 = number("ppv6", "W")
    vpv6 = number("vpv6", "V")
    ppv7 = number("ppv7", "W")
    vpv7 = number("vpv7", "V")
    ppv8 = number("ppv8", "W")
    vpv8 = number("vpv8", "V")
    ppv9 = number("ppv9", "W")
    vpv9 = number("vpv9", "V")
    ppv10 = number("ppv10", "W")
    vpv10 = number("vpv10", "V")
    ipv1 = number("ipv1", "A")
    ipv2 = number("ipv2", "A")
    ipv3 = number("ipv3", "A")
    ipv4 = number("ipv4", "A")
    ipv5 = number("ipv5", "A")
    ipv6 = number("ipv6", "A")
    ipv7 = number("ipv7", "A")
    ipv8 = number("ipv8", "A")
    ipv9 = number("ipv9", "A")
    ipv10 = number("ipv10", "A")
    pv1_total = number("epv1Total", "kWh")
    pv2_total = number("epv2Total", "kWh")
    pv3_total = number("epv3Total", "kWh")
    pv4_total = number("epv4Total", "kWh")
    pv5_total = number("epv5Total", "kWh")
    pv6_total = number("epv6Total", "kWh")
    pv7_total = number("epv7Total", "kWh")
    pv8_total = number("epv8Total", "kWh")
    pv9_total = number("epv9Total", "kWh")
    pv10_total = number("epv10Total", "kWh")
    pv_total = number("epvTotal", "kWh")
    pac = number("pac", "W")
    fac = number("fac", "Hz")
    vac1 = number("vac1", "V")
    vac2 = number("vac2", "V")
    vac3 = number("vac3", "V")
    import_power = number("pacToUserTotal", "W")
    export_power = number("pacToGridTotal", "W")
    load_power = number("plocalLoadTotal", "W")
    battery_power = number("batPower", "W")
    soc = number("soc", "%")
    soh = number("soh", "%")
    vbat = number("vbat", "V")
    import_total = number("etoUserTotal", "kWh")
    export_total = number("etoGridTotal", "kWh")
    load_total = number("elocalLoadTotal", "kWh")
    charge_total = number("echarge1Total", "kWh")
    discharge_total = number("edischarge1Total", "kWh")
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


class InvData(V4Data, table=tables.INV):
    """A solar inverter; powers in W."""

    ppv = number("ppv", "W")
    ppv1 = number("ppv1", "W")
    vpv1 = number("vpv1", "V")
    ppv2 = number("ppv2", "W")
    vpv2 = number("vpv2", "V")
    ppv3 = number("ppv3", "W")
    vpv3 = number("vpv3", "V")
    ipv1 = number("ipv1", "A")
    ipv2 = number("ipv2", "A")
    ipv3 = number("ipv3", "A")
    pv1_total = number("epv1Total", "kWh")
    pv2_total = number("epv2Total", "kWh")
    pv_total = number("epvTotal", "kWh")
    pac = number("pac", "W")
    fac = number("fac", "Hz")
    vac1 = number("vacr", "V")
    vac2 = number("vacs", "V")
    vac3 = number("vact", "V")
    produced_today = number("powerToday", "kWh")
    produced_total = number("powerTotal", "kWh")
    temperature = number("temperature", "°C")


class MaxData(V4Data, table=tables.MAX):
    """A large solar inverter (MAX); powers in W."""

    ppv = number("ppv", "W")
    ppv1 = number("ppv1", "W")
    vpv1 = number("vpv1", "V")
    ppv2 = number("ppv2", "W")
    vpv2 = number("vpv2", "V")
    ppv3 = number("ppv3", "W")
    vpv3 = number("vpv3", "V")
    ppv4 = number("ppv4", "W")
    vpv4 = number("vpv4", "V")
    ppv5 = number("ppv5", "W")
    vpv5 = number("vpv5", "V")
    ppv6 = number("ppv6", "W")
    vpv6 = number("vpv6", "V")
    ppv7 = number("ppv7", "W")
    vpv7 = number("vpv7", "V")
    ppv8 = number("ppv8", "W")
    vpv8 = number("vpv8", "V")
    ppv9 = number("ppv9", "W")
    vpv9 = number("vpv9", "V")
    ppv10 = number("ppv10", "W")
    vpv10 = number("vpv10", "V")
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
    ipv1 = number("ipv1", "A")
    ipv2 = number("ipv2", "A")
    ipv3 = number("ipv3", "A")
    ipv4 = number("ipv4", "A")
    ipv5 = number("ipv5", "A")
    ipv6 = number("ipv6", "A")
    ipv7 = number("ipv7", "A")
    ipv8 = number("ipv8", "A")
    ipv9 = number("ipv9", "A")
    ipv10 = number("ipv10", "A")
    ipv11 = number("ipv11", "A")
    ipv12 = number("ipv12", "A")
    ipv13 = number("ipv13", "A")
    ipv14 = number("ipv14", "A")
    ipv15 = number("ipv15", "A")
    ipv16 = number("ipv16", "A")
    pv1_total = number("epv1Total", "kWh")
    pv2_total = number("epv2Total", "kWh")
    pv3_total = number("epv3Total", "kWh")
    pv4_total = number("epv4Total", "kWh")
    pv5_total = number("epv5Total", "kWh")
    pv6_total = number("epv6Total", "kWh")
    pv7_total = number("epv7Total", "kWh")
    pv8_total = number("epv8Total", "kWh")
    pv9_total = number("epv9Total", "kWh")
    pv10_total = number("epv10Total", "kWh")
    pv11_total = number("epv11Total", "kWh")
    pv12_total = number("epv12Total", "kWh")
    pv13_total = number("epv13Total", "kWh")
    pv14_total = number("epv14Total", "kWh")
    pv15_total = number("epv15Total", "kWh")
    pv16_total = number("epv16Total", "kWh")
    pv_total = number("epvTotal", "kWh")
    pac = number("pac", "W")
    fac = number("fac", "Hz")
    vac1 = number("vacr", "V")
    vac2 = number("vacs", "V")
    vac3 = number("vact", "V")
    produced_today = number("eacToday", "kWh")
    produced_total = number("eacTotal", "kWh")
    temperature = number("temperature", "°C")


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
