"""TLX, MIN, MOD and MID (SPEC A.9, errata G8, G9).  Powers of the detail are W, of the status kW; energies are kWh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliobus.growatt.models.account import Reading
from heliobus.growatt.models.rows import flag, integer, java_time, number, numbers, record, text
from heliobus.model.records import Record


class TlxDetail(Record):
    """All that the inverter last sent.  Without a meter the grid's and the load's values are 0."""

    status = integer("status")
    status_text = text("statusText")
    lost = flag("lost")
    time = text("time")
    """In plant time."""
    calendar = java_time("calendar")
    serial = text("serialNum")
    ppv = number("ppv", "W")
    ppv1 = number("ppv1", "W")
    ppv2 = number("ppv2", "W")
    ppv3 = number("ppv3", "W")
    ppv4 = number("ppv4", "W")
    vpv1 = number("vpv1", "V")
    vpv2 = number("vpv2", "V")
    vpv3 = number("vpv3", "V")
    vpv4 = number("vpv4", "V")
    ipv1 = number("ipv1", "A")
    ipv2 = number("ipv2", "A")
    ipv3 = number("ipv3", "A")
    ipv4 = number("ipv4", "A")
    pv1_total = number("epv1Total", "kWh")
    pv2_total = number("epv2Total", "kWh")
    pv3_total = number("epv3Total", "kWh")
    pv4_total = number("epv4Total", "kWh")
    pv_total = number("epvTotal", "kWh")
    pac = number("pac", "W")
    fac = number("fac", "Hz")
    vac1 = number("vac1", "V")
    vac2 = number("vac2", "V")
    vac3 = number("vac3", "V")
    iac1 = number("iac1", "A")
    import_power = number("pacToUserTotal", "W")
    export_power = number("pacToGridTotal", "W")
    load_power = number("pacToLocalLoad", "W")
    charge_power1 = number("bdc1ChargePower", "W")
    charge_power2 = number("bdc2ChargePower", "W")
    discharge_power1 = number("bdc1DischargePower", "W")
    discharge_power2 = number("bdc2DischargePower", "W")
    bms_soc = number("bmsSoc", "%")
    bms_soh = number("bmsSoh", "%")
    bms_vbat = number("bmsVbat", "V")
    bms_temperature = number("bmsTemp1Bat", "°C")
    bdc1_soc = number("bdc1Soc", "%")
    bdc1_vbat = number("bdc1Vbat", "V")
    temp1 = number("temp1", "°C")
    temp5 = number("temp5", "°C")
    produced_today = number("eacToday", "kWh")
    produced_total = number("eacTotal", "kWh")
    import_today = number("etoUserToday", "kWh")
    import_total = number("etoUserTotal", "kWh")
    export_today = number("etoGridToday", "kWh")
    export_total = number("etoGridTotal", "kWh")
    load_today = number("elocalLoadToday", "kWh")
    load_total = number("elocalLoadTotal", "kWh")
    charge_today = number("echargeToday", "kWh")
    charge_total = number("echargeTotal", "kWh")
    discharge_today = number("edischargeToday", "kWh")
    discharge_total = number("edischargeTotal", "kWh")
    ac_charge_today = number("eacChargeToday", "kWh")
    ac_charge_total = number("eacChargeTotal", "kWh")
    work_mode = integer("uwSysWorkMode")
    working_seconds = number("timeTotal")


class TlxStatus(Record):
    """What it does now, in kW, all texts on the wire."""

    ppv = number("ppv", "kW")
    ppv1 = number("pPv1", "kW")
    ppv2 = number("pPv2", "kW")
    ppv3 = number("pPv3", "kW")
    ppv4 = number("pPv4", "kW")
    vpv1 = number("vPv1", "V")
    vpv2 = number("vPv2", "V")
    vpv3 = number("vPv3", "V")
    vpv4 = number("vPv4", "V")
    pac = number("pac", "kW")
    import_power = number("pactouser", "kW")
    export_power = number("pactogrid", "kW")
    load_power = number("pLocalLoad", "kW")
    charge_power = number("chargePower", "kW")
    charge_power1 = number("chargePower1", "kW")
    charge_power2 = number("chargePower2", "kW")
    discharge_power = number("pdisCharge", "kW")
    discharge_power1 = number("pdisCharge1", "kW")
    discharge_power2 = number("pdisCharge2", "kW")
    external_power = number("pex", "kW")
    soc = number("SOC", "%")
    soc1 = number("soc1", "%")
    soc2 = number("soc2", "%")
    vac1 = number("vAc1", "V")
    vac1_again = number("vac1", "V")
    fac = number("fAc", "Hz")
    vbat = number("vBat", "V")
    ups_vac1 = number("upsVac1", "V")
    ups_fac = number("upsFac", "Hz")
    battery_energy = number("bmsBatteryEnergy", "kWh")
    modules = integer("tbModuleNum")
    pmax = number("pmax", "kW")
    priority = integer("priorityChoose")
    status = integer("status")
    inverter_status = integer("invStatus")
    bdc_status = integer("bdcStatus")
    work_mode = integer("uwSysWorkMode")
    operating_mode = integer("operatingMode")
    battery_type = integer("wBatteryType")
    has_meter = flag("bMerterConnectFlag")
    is_master = flag("isMasterOne")
    lost = text("lost")
    unit = text("unit")
    device_type = text("dType")


class TlxTotals(Record):
    pv_today = number("epvToday", "kWh")
    pv_total = number("epvTotal", "kWh")
    load_today = number("elocalLoadToday", "kWh")
    load_total = number("elocalLoadTotal", "kWh")
    charge_today = number("echargetoday", "kWh")
    charge_total = number("echargetotal", "kWh")
    discharge_today = number("edischargeToday", "kWh")
    discharge_total = number("edischargeTotal", "kWh")
    export_today = number("etoGridToday", "kWh")
    export_total = number("etogridTotal", "kWh")


class TlxDay(Record):
    """A day's output, by "YYYY-MM-DD HH:MM" of the plant; with a battery it is more or less than the sun's."""

    power_by_time = numbers("invPacData", "W")


class TlxParams(Record):
    model = text("inverterType")
    bean = record("newBean", Record)


class TlxSettings(Record):
    bean = record("tlxSetBean", Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlxReading(Reading):
    family: ClassVar[str] = "tlx"

    detail: TlxDetail
