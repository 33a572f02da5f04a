"""NOAH and NEXA: a balcony's battery between its modules and its inverter.

Sources: a recording (captures v4/noah_queryLastData), SPEC A.12, and the vendor's description of the fields, whose bits
are as it says: charging status BIT0 charging, BIT1 discharging; status 1 normal, 4 fault, 5 heating.
"""

from __future__ import annotations

from typing import NamedTuple

from heliobus.growatt.models.rows import flag, integer, number, text
from heliobus.growatt.models.v4.base import V4Record, millis
from heliobus.growatt.protocol import integer as whole
from heliobus.growatt.protocol import number as real
from heliobus.growatt.protocol import text as plain

MOST_PACKS = 4
_PACK = ("SerialNum", "Soc", "Temp", "WarnStatus", "ProtectStatus")
CHARGING, DISCHARGING = 1, 2
"""Bits of ``charging_status``."""
STATES = {1: "normal", 4: "fault", 5: "heating", 6: "normal"}
"""By the status; 6 is what a NEXA says while it works."""
WORK_MODES = {0: "load first", 1: "battery first", 2: "smart"}

_DATA = """
text timeStr
int  isAgain settableTimePeriod acCoupleWarnStatus acCoupleProtectStatus ctFlag onOffGrid batteryCycles
     battery{1-4}WarnStatus battery{1-4}ProtectStatus
W    totalHouseholdLoad householdLoadApartFromGroplug ctSelfPower
V    pv{1-4}Voltage maxCellVoltage minCellVoltage
A    pv{1-4}Current
°C   pv{1-4}Temp systemTemp battery{1-4}Temp
num  battery{1-4}TempF
%    battery{1-4}Soc batterySoh chargeSocLimit dischargeSocLimit
text battery{1-4}SerialNum
"""
_INFO = """
int  address level model dtc groupId id plantId tempType time{1-9}Mode time{1-9}Enable
     allowGridCharging gridConnectionControl
flag lost
text alias associatedInvSn bmsVersion datalogSn fwVersion innerVersion location lastUpdateTimeText modelText
     mpptVersion ebmOrderNum pdVersion portName sysTime statusText version time{1-9}Start time{1-9}End parentID treeID
     treeName userName smartSocketPower otaDeviceTypeCodeHigh otaDeviceTypeCodeLow
ms   lastUpdateTime
W    time{1-9}Power componentPower
"""

_LISTED = """
text sysTime version comVersion
int  address deviceType datalogType time1Mode time2Mode
"""


class NoahPack(NamedTuple):
    """One of up to four battery packs: %, °C, and bits as the vendor describes them."""

    place: int
    serial: str
    soc: float | None
    temperature: float | None
    warnings: int | None
    protections: int | None


class NoahData(V4Record, table=_DATA):
    """All that it last sent.  Powers in W; ``pac`` is what it gives to the inverter, ``eac_*`` the energy of it."""

    serial = text("deviceSn")
    datalogger = text("datalogSn")
    time = millis("time")
    """When the cloud had it."""
    status = integer("status")
    ppv = number("ppv", "W")
    pac = number("pac", "W")
    work_mode = integer("workMode")
    charging_power = number("totalBatteryPackChargingPower", "W")
    """Its sign, or else ``charging_status``, tells the direction; + and 1 are charging."""
    charging_status = integer("totalBatteryPackChargingStatus")
    soc = number("totalBatteryPackSoc", "%")
    quantity = integer("batteryPackageQuantity")
    produced_today = number("eacToday", "kWh")
    produced_month = number("eacMonth", "kWh")
    produced_year = number("eacYear", "kWh")
    produced_total = number("eacTotal", "kWh")
    heating = integer("heatingStatus")
    faults = integer("faultStatus")
    mppt_protections = integer("mpptProtectStatus")
    pd_warnings = integer("pdWarnStatus")
    load_power = number("totalHouseholdLoad", "W")

    @property
    def packs(self) -> tuple[NoahPack, ...]:
        """The packs that are there: a missing one has no serial number and zeros."""
        found = []
        for place in range(1, MOST_PACKS + 1):
            own = {
                key: self.values.get(f"battery{place}{key}") for key in ("Soc", "Temp", "WarnStatus", "ProtectStatus")
            }
            serial = plain(self.values.get(f"battery{place}SerialNum"))
            if serial is not None:
                bits = whole(own["WarnStatus"]), whole(own["ProtectStatus"])
                found.append(NoahPack(place, serial, real(own["Soc"], "%"), real(own["Temp"], "°C"), *bits))
        return tuple(found)


class NoahInfo(V4Record, table=_INFO):
    """What it is and how it is set."""

    serial = text("deviceSn")
    name = text("alias")
    soc_high = number("chargingSocHighLimit", "%")
    soc_low = number("chargingSocLowLimit", "%")
    default_power = number("defaultPower", "W")
    work_mode = integer("workMode")
    status = integer("status")


class NoahListed(V4Record, table=_LISTED):
    """A row of the portal's list (captures noah/web_getNoahList): W, kWh, %; numbers are texts there."""

    name = text("model")
    dtc = integer("dtc")
    lost = flag("lost")
    zone_hours = number("timezone")
    soc = number("soc", "%")
    work_mode = integer("workMode")
    ppv = number("ppv", "W")
    pac = number("pac", "W")
    nominal_power = number("nominalPower", "W")
    produced_today = number("eToday", "kWh")
    produced_month = number("eMonth", "kWh")
    produced_total = number("eTotal", "kWh")
