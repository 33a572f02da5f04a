"""The rows that several kinds of device share, in V1 and in V4: powers in W, energies in kWh."""

from __future__ import annotations

from heliobus.growatt.models.rows import integer, number
from heliobus.growatt.models.v4.base import V4Record


class WithAc(V4Record):
    """The side of the grid."""

    pac = number("pac", "W")
    fac = number("fac", "Hz")


class WithStrings(WithAc):
    """Up to three strings of modules."""

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


class WithCurrents(WithStrings):
    """Up to three strings and their currents."""

    ipv1 = number("ipv1", "A")
    ipv2 = number("ipv2", "A")
    ipv3 = number("ipv3", "A")


class WithEightStrings(WithCurrents):
    """Up to eight strings."""

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
    ipv4 = number("ipv4", "A")
    ipv5 = number("ipv5", "A")
    ipv6 = number("ipv6", "A")
    ipv7 = number("ipv7", "A")
    ipv8 = number("ipv8", "A")
    pv3_total = number("epv3Total", "kWh")
    pv4_total = number("epv4Total", "kWh")
    pv5_total = number("epv5Total", "kWh")
    pv6_total = number("epv6Total", "kWh")
    pv7_total = number("epv7Total", "kWh")
    pv8_total = number("epv8Total", "kWh")


class WithTenStrings(WithEightStrings):
    """Up to ten strings."""

    ppv9 = number("ppv9", "W")
    vpv9 = number("vpv9", "V")
    ppv10 = number("ppv10", "W")
    vpv10 = number("vpv10", "V")
    ipv9 = number("ipv9", "A")
    ipv10 = number("ipv10", "A")
    pv9_total = number("epv9Total", "kWh")
    pv10_total = number("epv10Total", "kWh")


class WithMeter(WithAc):
    """A battery's inverter with a meter where the house meets the grid."""

    vac1 = number("vac1", "V")
    import_power = number("pacToUserTotal", "W")
    export_power = number("pacToGridTotal", "W")
    load_power = number("plocalLoadTotal", "W")
    soc = number("soc", "%")
    vbat = number("vbat", "V")
    import_total = number("etoUserTotal", "kWh")
    load_total = number("elocalLoadTotal", "kWh")
    charge_total = number("echarge1Total", "kWh")
    discharge_total = number("edischarge1Total", "kWh")


class WithBattery(WithMeter):
    """The same with the battery's powers and its own manager (BMS)."""

    charge_power = number("pcharge1", "W")
    discharge_power = number("pdischarge1", "W")
    bms_soc = number("bmsSOC", "%")
    bms_soh = number("bmsSOH", "%")
    bms_temperature = number("bmsBatteryTemp", "°C")
    work_mode = integer("uwSysWorkMode")


class MixOrSpa(WithBattery):
    """What SPH (MIX) and SPA share."""

    export_total = number("etogridTotal", "kWh")
    temp1 = number("temp1", "°C")
