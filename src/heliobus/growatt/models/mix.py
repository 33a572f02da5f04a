"""MIX and SPH hybrids (SPEC A.10, errata G1 and G2).  Powers of a status are kW, of its strings W; energies are kWh."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from heliobus.growatt.models.account import Reading
from heliobus.growatt.models.rows import curves, integer, number, record, text
from heliobus.model.records import Record

WORK_MODES = MappingProxyType(
    {
        0: "waiting",
        1: "self-check",
        3: "fault",
        4: "updating firmware",
        5: "PV and battery on grid",
        6: "battery on grid",
        7: "PV off grid",
        8: "battery off grid",
    }
)
"""``uwSysWorkMode``; 2 has no known meaning."""


class MixStatus(Record):
    """What the hybrid does now.  Of each pair of powers one is 0: import and export, charge and discharge."""

    ppv = number("ppv", "kW")
    ppv1 = number("pPv1", "W")
    ppv2 = number("pPv2", "W")
    ppv3 = number("pPv3", "W")
    ppv4 = number("pPv4", "W")
    vpv1 = number("vPv1", "V")
    vpv2 = number("vPv2", "V")
    vpv3 = number("vPv3", "V")
    vpv4 = number("vPv4", "V")
    import_power = number("pactouser", "kW")
    export_power = number("pactogrid", "kW")
    charge_power = number("chargePower", "kW")
    discharge_power = number("pdisCharge1", "kW")
    load_power = number("pLocalLoad", "kW")
    external_power = number("pex", "kW")
    soc = number("SOC", "%")
    vbat = number("vBat", "V")
    battery_type = integer("wBatteryType")
    fac = number("fAc", "Hz")
    vac = number("vAc1", "V")
    vac_again = number("vac1", "V")
    ups_fac = number("upsFac", "Hz")
    ups_vac = number("upsVac1", "V")
    pmax = number("pmax", "kW")
    storage_ppv = number("storagePpv", "kW")
    priority = integer("priorityChoose")
    """0 load, 1 battery, 2 grid first."""
    status = integer("status")
    work_mode = integer("uwSysWorkMode")
    lost = text("lost")
    """A key such as ``mix.status.normal``; ``mix.status.lost`` where the datalogger is offline."""
    device_type = integer("deviceType")
    unit = text("unit")


class MixTotals(Record):
    """Energies of today and of the lifetime; there is none for the import."""

    pv_today = number("epvToday", "kWh")
    pv_total = number("epvTotal", "kWh")
    load_today = number("elocalLoadToday", "kWh")
    load_total = number("elocalLoadTotal", "kWh")
    export_today = number("etoGridToday", "kWh")
    export_total = number("etogridTotal", "kWh")
    charge_today = number("echargetoday", "kWh")
    charge_total = number("echargetotal", "kWh")
    discharge_today = number("edischarge1Today", "kWh")
    discharge_total = number("edischarge1Total", "kWh")
    income_today = number("photovoltaicRevenueToday")
    income_total = number("photovoltaicRevenueTotal")
    currency = text("unit")


class MixInfo(Record):
    """A second view, with powers in W; ``capacity`` is the state of charge again."""

    soc = number("soc", "%")
    capacity = number("capacity", "%")
    vbat = number("vbat", "V")
    vbat_dsp = number("vbatdsp", "V")
    vpv1 = number("vpv1", "V")
    vpv2 = number("vpv2", "V")
    charge_power = number("pCharge1", "W")
    discharge_power = number("pDischarge1", "W")
    is_charging = integer("isCharge")
    ac_charge_power = number("acChargePower", "W")
    ac_charge_today = number("acChargeEnergyToday", "kWh")
    ac_charge_total = number("acChargeEnergyTotal", "kWh")
    charge_today = number("eBatChargeToday", "kWh")
    charge_total = number("eBatChargeTotal", "kWh")
    discharge_today = number("eBatDisChargeToday", "kWh")
    discharge_total = number("eBatDisChargeTotal", "kWh")
    pv_today = number("epvToday", "kWh")
    pv_total = number("epvTotal", "kWh")
    ups_power1 = number("upsPac1", "W")
    ups_power2 = number("upsPac2", "W")
    ups_power3 = number("upsPac3", "W")


class MixEnergy(Record):
    """A span's curves in kW and sums in kWh.

    The keys mislead (G1): ``production`` is self-consumption and export, not PV.
    """

    curves = curves("chartData", "kW")
    export = number("eAcCharge", "kWh")
    production = number("eCharge", "kWh")
    load_from_pv = number("eChargeToday", "kWh")
    load_from_pv_again = number("photovoltaic", "kWh")
    self_consumption = number("eChargeToday1", "kWh")
    self_consumption_of_load = number("eChargeToday2", "kWh")
    load_from_battery = number("echarge1", "kWh")
    discharge_all_time = number("echargeToat", "kWh")
    load = number("elocalLoad", "kWh")
    import_without_charging = number("etouser", "kWh")
    ratio1 = number("ratio1", "%")
    ratio2 = number("ratio2", "%")
    ratio3 = number("ratio3", "%")
    ratio4 = number("ratio4", "%")
    ratio5 = number("ratio5", "%")
    ratio6 = number("ratio6", "%")
    unit = text("unit")
    power_unit = text("unit2")


class MixSettings(Record):
    bean = record("mixBean", Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixReading(Reading):
    family: ClassVar[str] = "mix"

    status: MixStatus
    totals: MixTotals
