"""SPF and other storage machines, and SPA (SPEC A.10, A.11).

Powers are W, energies kWh; numbers carry the noise of a binary32.  What the keys mean is as Home Assistant labels them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from heliobus.growatt.models.account import Reading
from heliobus.growatt.models.rows import integer, number, record, text
from heliobus.model.records import Record

if TYPE_CHECKING:
    from heliobus.growatt.models.plants import PlantDevice


class StorageInfo(Record):
    """A shorter view, all texts."""

    ppv_charge1 = number("pCharge1", "W")
    ppv_charge2 = number("pCharge2", "W")
    vpv1 = number("vpv1", "V")
    vpv2 = number("vpv2", "V")
    charge_current1 = number("iChargePV1", "A")
    charge_current2 = number("iChargePV2", "A")
    vbat = number("vbat", "V")
    soc = number("capacity", "%")
    output_power = number("outPutPower", "W")
    output_voltage = number("outPutVolt", "V")
    output_frequency = number("freqOutPut", "Hz")
    load_share = number("loadPercent", "%")
    active_power = number("activePower", "W")
    apparent_power = number("apparentPower")
    grid_voltage = number("vGrid", "V")
    grid_frequency = number("freqGrid", "Hz")
    pv_today = number("epvToday", "kWh")
    pv_total = number("epvTotal", "kWh")
    charge_today = number("eBatChargeToday", "kWh")
    charge_total = number("eBatChargeTotal", "kWh")
    discharge_today = number("eBatDisChargeToday", "kWh")
    discharge_total = number("eBatDisChargeTotal", "kWh")
    battery_serial = text("batSn")


class StorageDetail(Record):
    device_type = integer("deviceType")
    soc = number("capacity", "%")
    ppv1 = number("ppv", "W")
    ppv2 = number("ppv2", "W")
    ppv3 = number("ppv3", "W")
    """Of a third string, which an SPF does not have; named as its second one."""
    vpv1 = number("vpv", "V")
    vpv2 = number("vpv2", "V")
    vpv3 = number("vpv3", "V")
    battery_power = number("pCharge", "W")
    """Charging, less than 0 discharging."""
    import_power = number("pAcInPut", "W")
    """What it draws at its input."""
    apparent_power = number("rateVA")
    grid_voltage = number("vGrid", "V")
    grid_frequency = number("freqGrid", "Hz")
    output_voltage = number("outPutVolt", "V")
    output_frequency = number("freqOutPut", "Hz")
    load_share = number("loadPercent", "%")
    ac_charge_current = number("iAcCharge", "A")
    charge_current1 = number("iChargePV1", "A")
    charge_current2 = number("iChargePV2", "A")
    charge_current = number("chgCurr", "A")
    battery_discharge_today = number("eBatDisChargeToday", "kWh")
    battery_discharge_total = number("eBatDisChargeTotal", "kWh")
    ac_charge_today = number("eacChargeToday", "kWh")
    ac_charge_total = number("eacChargeTotal", "kWh")
    ac_discharge_today = number("eacDisChargeToday", "kWh")
    ac_discharge_total = number("eacDisChargeTotal", "kWh")
    output_today = number("eopDischrToday", "kWh")
    output_total = number("eopDischrTotal", "kWh")
    import_today = number("eToUserToday", "kWh")
    status_text = text("statusText")
    vbat = number("vBat", "V")
    vbus = number("vBus", "V")
    output_power = number("outPutPower", "W")
    output_current = number("outPutCurrent", "A")
    system_output = number("sysOut", "W")
    temperature = number("buck2_NTCTemperature", "°C")
    pv_today = number("epvToday", "kWh")
    pv_total = number("epvTotal", "kWh")
    charge_today = number("eChargeToday", "kWh")
    charge_total = number("eChargeTotal", "kWh")
    discharge_today = number("eDischargeToday", "kWh")
    discharge_total = number("eDischargeTotal", "kWh")
    import_total = number("eToUserTotal", "kWh")
    warning = text("warnText")


class StorageParams(Record):
    bean = record("storageBean", Record)
    detail = record("storageDetailBean", StorageDetail)


class StorageTotals(Record):
    """A machine was seen with an ``eToGridToday`` beyond its total: the server mixes keys up (PLCHome/growatt#34)."""

    device_type = integer("deviceType")
    pv_today = number("epvToday", "kWh")
    pv_total = number("epvTotal", "kWh")
    used_today = number("useEnergyToday", "kWh")
    used_total = number("useEnergyTotal", "kWh")
    charge_today = number("chargeToday", "kWh")
    charge_total = number("chargeTotal", "kWh")
    charge_today_too = number("eChargeToday", "kWh")
    charge_total_too = number("eChargeTotal", "kWh")
    discharge_today = number("eDischargeToday", "kWh")
    discharge_total = number("eDischargeTotal", "kWh")
    import_today = number("eToUserToday", "kWh")
    import_total = number("eToUserTotal", "kWh")
    export_today = number("eToGridToday", "kWh")
    export_total = number("eToGridTotal", "kWh")


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageReading(Reading):
    family: ClassVar[str] = "storage"

    params: StorageParams
    totals: StorageTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaReading(Reading):
    """An SPA's own answers in this route have never been recorded: they stay as they came (erratum G9)."""

    family: ClassVar[str] = "spa"

    device: PlantDevice
    """The line of the plant's list."""
    status: Record
    energy: Record
