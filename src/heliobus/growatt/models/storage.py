"""SPF and other storage machines (SPEC A.11).  Powers are W, energies kWh; numbers carry the noise of a binary32."""

from __future__ import annotations

from heliobus.growatt.models.rows import Record, integer, number, record, text


class StorageDetail(Record):
    device_type = integer("deviceType")
    soc = number("capacity", "%")
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
