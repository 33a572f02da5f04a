"""What inverters and meters say through a datalogger, by Grott's names of the fields (``protocol.datalogger``).

Numbers come divided: V, A, Hz, W, kWh and degC.  One class per meaning of the fields; what has no row is in ``extra``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from heliobus.growatt.models.account import Reading
from heliobus.growatt.models.rows import integer, number
from heliobus.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class LoggerInverter(Record):
    """What every inverter says of its sun and its AC side; families add to it."""

    status = integer("pvstatus")
    """0 waiting, 1 normal, 3 fault; a hybrid says its work mode."""
    ppv = number("pvpowerin", "W")
    vpv1 = number("pv1voltage", "V")
    ipv1 = number("pv1current", "A")
    ppv1 = number("pv1watt", "W")
    vpv2 = number("pv2voltage", "V")
    ipv2 = number("pv2current", "A")
    ppv2 = number("pv2watt", "W")
    vpv3 = number("pv3voltage", "V")
    ipv3 = number("pv3current", "A")
    ppv3 = number("pv3watt", "W")
    vpv4 = number("pv4voltage", "V")
    ipv4 = number("pv4current", "A")
    ppv4 = number("pv4watt", "W")
    pac = number("pvpowerout", "W")
    """+ out of the inverter."""
    fac = number("pvfrequentie", "Hz")
    vac1 = number("pvgridvoltage", "V")
    iac1 = number("pvgridcurrent", "A")
    pac1 = number("pvgridpower", "W")
    """The inverter's, not the connection's."""
    vac2 = number("pvgridvoltage2", "V")
    iac2 = number("pvgridcurrent2", "A")
    pac2 = number("pvgridpower2", "W")
    vac3 = number("pvgridvoltage3", "V")
    iac3 = number("pvgridcurrent3", "A")
    pac3 = number("pvgridpower3", "W")
    ac_today = number("pvenergytoday", "kWh")
    ac_total = number("pvenergytotal", "kWh")
    hours = number("totworktime")
    """Hours of operation."""
    temperature = number("pvtemperature", "°C")
    ipm_temperature = number("pvipmtemperature", "°C")
    pv_total = number("epvtotal", "kWh")
    pv1_today = number("epv1today", "kWh")
    pv1_total = number("epv1total", "kWh")
    pv2_today = number("epv2today", "kWh")
    pv2_total = number("epv2total", "kWh")
    pv3_today = number("epv3today", "kWh")
    pv3_total = number("epv3total", "kWh")
    pv4_today = number("epv4today", "kWh")
    pv4_total = number("epv4total", "kWh")
    fault = integer("faultcode")


class LoggerMax(LoggerInverter):
    """MAX: up to eight trackers."""

    vpv5 = number("pv5voltage", "V")
    ipv5 = number("pv5current", "A")
    ppv5 = number("pv5watt", "W")
    vpv6 = number("pv6voltage", "V")
    ipv6 = number("pv6current", "A")
    ppv6 = number("pv6watt", "W")
    vpv7 = number("pv7voltage", "V")
    ipv7 = number("pv7current", "A")
    ppv7 = number("pv7watt", "W")
    vpv8 = number("pv8voltage", "V")
    ipv8 = number("pv8current", "A")
    ppv8 = number("pv8watt", "W")
    ac_today = number("eactoday", "kWh")
    ac_total = number("eactotal", "kWh")


class LoggerSph(LoggerInverter):
    """MIX and SPH."""

    ac_total = number("eactotal", "kWh")
    charge_power = number("p1charge1", "W")
    discharge_power = number("pdischarge1", "W")
    vbat = number("vbat", "V")
    soc = number("SOC")
    """A share: the layout divides the register's % by 100."""
    import_power = number("pactousertot", "W")
    export_power = number("pactogridtot", "W")
    load_power = number("plocaloadtot", "W")
    import_today = number("etouser_tod", "kWh")
    import_total = number("etouser_tot", "kWh")
    export_today = number("etogrid_tod", "kWh")
    export_total = number("etogrid_tot", "kWh")
    discharge_today = number("edischarge1_tod", "kWh")
    discharge_total = number("edischarge1_tot", "kWh")
    charge_today = number("eharge1_tod", "kWh")
    charge_total = number("eharge1_tot", "kWh")
    load_today = number("elocalload_tod", "kWh")
    load_total = number("elocalload_tot", "kWh")
    ac_charge_today = number("eacharge_today", "kWh")
    ac_charge_total = number("eacharge_total", "kWh")
    battery_type = integer("batterytype")
    work_mode = integer("uwsysworkmode")


class LoggerMin(LoggerInverter):
    """MIN, TLX and their hybrids; the meter's and the battery's part are zeros where there is none."""

    vac12 = number("vacrs", "V")
    vac23 = number("vacst", "V")
    vac31 = number("vactr", "V")
    import_power = number("ptousertotal", "W")
    export_power = number("ptogridtotal", "W")
    load_power = number("ptoloadtotal", "W")
    import_today = number("etousertoday", "kWh")
    import_total = number("etousertotal", "kWh")
    export_today = number("etogridtoday", "kWh")
    export_total = number("etogridtotal", "kWh")
    load_today = number("eloadtoday", "kWh")
    load_total = number("eloadtotal", "kWh")
    discharge_today = number("edischrtoday", "kWh")
    discharge_total = number("edischrtotal", "kWh")
    charge_today = number("echrtoday", "kWh")
    charge_total = number("echrtotal", "kWh")
    ac_charge_today = number("eacchrtoday", "kWh")
    ac_charge_total = number("eacchrtotal", "kWh")
    priority = integer("priority")
    """0 load, 1 battery, 2 grid first."""
    discharge_power1 = number("bdc1_pdischr", "W")
    discharge_power2 = number("bdc2_pdischr", "W")
    charge_power1 = number("bdc1_pchr", "W")
    charge_power2 = number("bdc2_pchr", "W")
    bms_soc = number("bms_soc", "%")
    bms_soh = number("bms_soh", "%")
    bms_voltage = number("bms_batteryvolt", "V")
    """By the layout; the one recorded, of a battery of 400 V, is a tenth of it."""
    bms_cycles = integer("bms_cyclecnt")
    warning = integer("warningcode")


class LoggerMod(LoggerMin):
    """The same registers as MIN's, with other names of some."""

    system_power = number("pvpowerout", "W")
    """PV and battery together, at the DC side."""
    pac = number("pac", "W")
    fac = number("pvfrequency", "Hz")
    pv_today = number("epvtoday", "kWh")
    discharge_power1 = number("pdischr", "W")
    charge_power1 = number("pchr", "W")
    bms_soc = number("bmssoc", "%")
    bms_soh = number("bmssoh", "%")
    bms_voltage = number("bmsbatteryvolt", "V")
    bms_cycles = integer("bmscyclecnt")


class LoggerSpf(Record):
    """SPF, an off-grid inverter with a battery: the grid is an input of it, and never an outlet."""

    status = integer("pvstatus")
    vpv1 = number("vpv1", "V")
    ipv1 = number("buck1curr", "A")
    ppv1 = number("ppv1", "W")
    vpv2 = number("vpv2", "V")
    ipv2 = number("buck2curr", "A")
    ppv2 = number("ppv2", "W")
    load_power = number("op_watt", "W")
    ac_charge_power = number("acchr_watt", "W")
    import_power = number("AC_InWatt", "W")
    battery_power = number("BatWatt", "W")
    """+ is discharge."""
    vbat = number("bat_Volt", "V")
    soc = number("batterySoc", "%")
    vac = number("grid_volt", "V")
    fac = number("line_freq", "Hz")
    temperature = number("invtemp", "°C")
    pv_today = number("epvtoday", "kWh")
    pv_total = number("epvtotal", "kWh")
    discharge_today = number("ebatDischarToday", "kWh")
    discharge_total = number("ebatDischarTotal", "kWh")
    ac_charge_today = number("eacCharToday", "kWh")
    ac_charge_total = number("eacCharTotal", "kWh")


class LoggerMeter(Record):
    """A meter at the grid connection, three phases; powers + are drawn from the grid."""

    vac1 = number("voltage_l1", "V")
    vac2 = number("voltage_l2", "V")
    vac3 = number("voltage_l3", "V")
    iac1 = number("Current_l1", "A")
    iac2 = number("Current_l2", "A")
    iac3 = number("Current_l3", "A")
    pac1 = number("act_power_l1", "W")
    pac2 = number("act_power_l2", "W")
    pac3 = number("act_power_l3", "W")
    power = number("pos_rev_act_power", "W")
    apparent_power = number("app_power")
    reactive_power = number("react_power")
    power_factor = number("powerfactor")
    fac = number("frequency", "Hz")
    import_total = number("pos_act_energy", "kWh")
    export_total = number("rev_act_energy", "kWh")


LOGGER_RECORDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "inverter": LoggerInverter,
        "long": LoggerInverter,
        "tl3": LoggerInverter,
        "max": LoggerMax,
        "sph": LoggerSph,
        "min": LoggerMin,
        "mod": LoggerMod,
        "spf": LoggerSpf,
        "spf05": LoggerSpf,
        "meter": LoggerMeter,
    }
)
"""The records by the layouts' names; an announcement and a meter's text have none."""
LOGGER_FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "inverter": "inverter",
        "long": "tlx",
        "tl3": "inverter",
        "max": "max",
        "sph": "mix",
        "min": "tlx",
        "mod": "tlx",
        "spf": "storage",
        "spf05": "storage",
    }
)
"""The families, as the clouds call them, by the layouts' names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataloggerReading(Reading):
    """The last record of an inverter, and the last of the meter that its datalogger reads for it."""

    family: ClassVar[str] = "datalogger"
    record: Record
    meter: LoggerMeter | None = None
    time: datetime | None = None
    """UTC, by the datalogger's clock."""
    old: bool = False
    """Whether nothing newer came for too long."""
