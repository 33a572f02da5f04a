"""What the OAuth2 OpenAPI says (SPEC E; captures oauth/): powers in W, energies in kWh, times in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from heliobus.growatt import protocol
from heliobus.growatt.models.account import Reading
from heliobus.growatt.models.rows import flag, integer, number, record, records, text
from heliobus.model.records import Record, Row

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

STATES: Mapping[int, str] = MappingProxyType(
    {
        0: "standby",
        1: "checking",
        3: "fault",
        4: "upgrading",
        5: "PV on grid",
        6: "battery on grid",
        7: "PV and battery off grid",
        8: "battery off grid",
        9: "bypass",
    }
)
"""By the status of the telemetry."""
BATTERY_STATES: Mapping[int, str] = MappingProxyType(
    {0: "standby", 1: "disconnected", 2: "charging", 3: "discharging", 4: "fault", 5: "upgrading"}
)


def _utc(key: str) -> Row[datetime | None]:
    return Row(key, lambda value: protocol.plant_time(value, UTC))


class Tokens(Record):
    """What a grant gives.  Never shown: its values are secrets."""

    access = text("access_token")
    refresh = text("refresh_token")
    """Only of the grant with a code; a new one comes with each refresh."""
    kind = text("token_type")
    lasts = number("expires_in")
    """Seconds."""
    refresh_lasts = number("refresh_expires_in")


class BatteryInfo(Record):
    serial = text("batterySn")
    model = text("batteryModel")
    capacity = number("batteryCapacity", "Wh")
    nominal_power = number("batteryNominalPower", "W")


class CloudDevice(Record):
    """A device of the list, or all that is known of one."""

    serial = text("deviceSn")
    kind = text("deviceTypeName")
    model = text("model")
    nominal_power = number("nominalPower", "W")
    datalogger = text("datalogSn")
    datalogger_kind = text("datalogDeviceTypeName")
    datalogger_version = text("datalogVersion")
    dtc = integer("dtc")
    firmware = text("communicationVersion")
    version = text("deviceVersion")
    api_version = text("unifiedAPIver")
    has_battery = flag("existBattery")
    battery_serial = text("batterySn")
    battery_model = text("batteryModel")
    battery_capacity = number("batteryCapacity", "Wh")
    battery_power = number("batteryNominalPower", "W")
    is_authorised = flag("authFlag")
    """Whether its owner lets us ask."""
    batteries = records("batteryList", BatteryInfo)


class BatteryTelemetry(Record):
    """One battery; ``current`` + is charging."""

    index = integer("index")
    status = integer("status")
    soc = number("soc", "%")
    soh = number("soh", "%")
    voltage = number("vbat", "V")
    current = number("ibat", "A")
    charge_power = number("chargePower", "W")
    discharge_power = number("dischargePower", "W")
    charge_today = number("echargeToday", "kWh")
    charge_total = number("echargeTotal", "kWh")
    discharge_today = number("edischargeToday", "kWh")
    discharge_total = number("edischargeTotal", "kWh")


class Telemetry(Record):
    """What a device does now.  ``battery_power`` + is charging, ``meter_power`` + is import."""

    serial = text("deviceSn")
    own_serial = text("serialNum")
    time = _utc("utcTime")
    status = integer("status")
    priority = integer("priority")
    ppv = number("ppv", "W")
    pac = number("pac", "W")
    load_power = number("payLoadPower", "W")
    battery_power = number("batPower", "W")
    meter_power = number("meterPower", "W")
    reactive_power = number("reactivePower")
    backup_power = number("backupPower", "W")
    external_power = number("pexPower", "W")
    generator_power = number("genPower", "W")
    smart_load_power = number("smartLoadPower", "W")
    max_charge_power = number("maxChargePower", "W")
    max_discharge_power = number("maxDischargePower", "W")
    active_power = number("activePower", "W")
    """Import, as older answers tell it."""
    reverse_power = number("reverActivePower", "W")
    soc = number("soc", "%")
    fac = number("fac", "Hz")
    vac1 = number("vac1", "V")
    vac2 = number("vac2", "V")
    vac3 = number("vac3", "V")
    pv_today = number("epvToday", "kWh")
    pv_total = number("epvTotal", "kWh")
    import_today = number("etoUserToday", "kWh")
    import_total = number("etoUserTotal", "kWh")
    export_today = number("etoGridToday", "kWh")
    export_total = number("etoGridTotal", "kWh")
    battery_status = integer("batteryStatus")
    fault = integer("faultCode")
    sub_fault = integer("faultSubCode")
    protection = integer("protectCode")
    sub_protection = integer("protectSubCode")
    batteries = records("batteryList", BatteryTelemetry)


class Push(Record):
    """What the cloud sends to an application's own address."""

    kind = text("dataType")
    data = record("data", Telemetry)


class DayEnergies(Record):
    """The energies of one day, kWh."""

    date = text("date")
    pv = number("epv", "kWh")
    grid_import = number("etoUser", "kWh")
    grid_export = number("etoGrid", "kWh")
    charge = number("echarge", "kWh")
    discharge = number("edischarge", "kWh")


class Statistics(Record):
    serial = text("deviceSn")
    days = records("list", DayEnergies)


class Samples(Record):
    serial = text("deviceSn")
    samples = records("list", Telemetry)


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthReading(Reading):
    """What is asked of a device in one poll: one form for all families."""

    family: ClassVar[str] = "oauth"
    telemetry: Telemetry
