"""What the App API answers (SPEC 7, captures 25 to 33 and 54 to 59): every field that was seen, in its own words.

Powers are W, energies of the dashboard Wh, of the measurements kWh; all are >= 0, each direction has its own field.
``timespan``, ``forecast charging`` and the wallboxes' measurements were never recorded (erratum S11): what they have
beyond these rows is in ``extra``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.model.records import Record
from heliobus.senec.models.records import epoch, flag, integer, number, numbers, record, records, text, texts, time

if TYPE_CHECKING:
    from collections.abc import Mapping

# -- systems


class Product(Record):
    product_id = text("productId")
    system_type = text("systemType")
    battery_type = text("batteryType")
    technical_name = text("technicalName")
    name = text("name")
    hardware_variant = text("hardwareVariant")
    features = texts("features")
    generation = text("generation")
    product_family = text("productFamily")
    product_family_name = text("productFamilyName")
    variant_available_in_countries = texts("variantAvailableInCountries")


class AppSystem(Record):
    """One system of the account; ``id`` is what every other call is asked with."""

    id = text("id")
    control_unit_number = text("controlUnitNumber")
    case_number = text("caseNumber")
    street = text("street")
    house_number = text("houseNumber")
    postal_code = text("postalCode")
    city = text("city")
    country_code = text("countryCode")
    timezone = text("timezoneText")
    wallbox_ids = texts("wallboxIds")
    product = record("product", Product)


class Contact(Record):
    timestamp = time("timestamp")
    severity = text("severity")


class SystemOverview(Record):
    system_id = text("systemId")
    hid = text("hid")
    product_name = text("productName")
    installed = text("installationDateTime")
    exchanged_system_id = text("exchangedSystemId")


class Casing(Record):
    serial = text("serial")
    temperature = number("temperatureInCelsius", "°C")


class UnitState(Record):
    """``name`` is the state's German name in capitals, as LADEN or AKKU_LEER."""

    name = text("name")
    severity = text("severity")
    operating_mode = text("operatingMode")


class ControlUnit(Record):
    serial = text("mainControllerSerial")
    state = record("mainControllerUnitState", UnitState)
    firmware = text("firmwareVersion")
    gui = text("guiVersion")
    last_contact = record("lastContact", Contact)
    ip_address = text("ipAddress")


class Warranty(Record):
    end = text("endDateTime")
    months = integer("warrantyTermInMonths")


class BatteryPack(Record):
    modules = integer("numberOfBatteryModules")
    technology = text("technology")
    soc = number("currentChargingLevelInPercent", "%")
    capacity = number("maxCapacityInKwh", "kWh")


class ModuleState(Record):
    state = text("state")
    severity = text("severity")


class AppModule(Record):
    ordinal = integer("ordinal")
    serial = text("serialNumber")
    state = record("state", ModuleState)
    last_contact = record("lastContact", Contact)
    firmware = text("firmwareVersion")


class Address(Record):
    street = text("street")
    house_number = text("houseNumber")
    postcode = text("postcode")
    city = text("city")
    country_code = text("countryCode")
    region = text("region")
    timezone = text("timezone")


class Installer(Record):
    company = text("companyName")
    email = text("email")
    phone = text("phoneNumber")
    address = record("address", Address)
    online_monitoring_allowed = flag("onlineMonitoringAllowed")
    website = text("website")


class SystemDetails(Record):
    overview = record("systemOverview", SystemOverview)
    casing = record("casing", Casing)
    mcu = record("mcu", ControlUnit)
    warranty = record("warranty", Warranty)
    battery_pack = record("batteryPack", BatteryPack)
    battery_modules = records("batteryModules", AppModule)
    installer = record("installer", Installer)


class SystemStatus(Record):
    name = text("name")
    severity = text("severity")
    firmware = text("firmwareVersion")
    gui = text("guiVersion")
    last_contact = time("lastContact")
    operating_mode = text("operatingMode")


class OnlineState(Record):
    state = text("state")
    since = time("since")
    id = text("id")


class ForecastCharging(Record):
    charging_mode = text("chargingMode")


class Abilities(Record):
    warranty_package = text("warrantyPackage")
    packages = texts("packageTypes")


# -- measurements


class Currently(Record):
    generation = number("powerGenerationInW", "W")
    consumption = number("powerConsumptionInW", "W")
    feed_in = number("gridFeedInInW", "W")
    draw = number("gridDrawInW", "W")
    charge = number("batteryChargeInW", "W")
    discharge = number("batteryDischargeInW", "W")
    battery_level = number("batteryLevelInPercent", "%")
    self_sufficiency = number("selfSufficiencyInPercent", "%")
    wallbox = number("wallboxInW", "W")


class Today(Record):
    generation = number("powerGenerationInWh", "Wh")
    consumption = number("powerConsumptionInWh", "Wh")
    feed_in = number("gridFeedInInWh", "Wh")
    draw = number("gridDrawInWh", "Wh")
    charge = number("batteryChargeInWh", "Wh")
    discharge = number("batteryDischargeInWh", "Wh")
    battery_level = number("batteryLevelInPercent", "%")
    self_sufficiency = number("selfSufficiencyInPercent", "%")
    wallbox = number("wallboxInWh", "Wh")


class Dashboard(Record):
    """What the system does now, up to five minutes ago; ``consumption`` is without the wallboxes."""

    currently = record("currently", Currently)
    today = record("today", Today)
    timestamp = time("timestamp")
    car_connected = flag("electricVehicleConnected")
    wallboxes = integer("numberOfWallboxes")
    system_id = text("systemId")
    system_type = text("systemType")
    storage_state = text("storageDeviceState")


class BucketValues(Record):
    duration = number("durationInSeconds", "s")
    values_in_order = numbers("values")


class Bucket(Record):
    """``date`` is where it begins; days and longer begin at local midnight."""

    date = time("date")
    measurements = record("measurements", BucketValues)


class Measurements(Record):
    """A history: ``columns`` name the values of each bucket, energies in kWh and shares in %."""

    columns = texts("measurements")
    series = records("timeSeries", Bucket)
    car_connected = flag("electricVehicleConnected")

    def values_of(self, bucket: Bucket) -> Mapping[str, float | None]:
        """A bucket's values by the columns' names."""
        pairs = zip(self.columns, bucket.measurements.values_in_order, strict=False)
        return {name: value for name, value in pairs if name is not None}


class Timespan(Record):
    start = epoch("periodStartDateInMilliseconds")
    end = epoch("periodEndDateInMilliseconds")


# -- wallboxes


class WallboxState(Record):
    car_connected = flag("electricVehicleConnected")
    has_error = flag("hasError")
    temperature = number("temperatureInCelsius", "°C")
    is_charging = flag("isCharging")
    status_code = text("statusCode")


class FastSettings(Record):
    allow_intercharge = flag("allowIntercharge")


class ComfortSettings(Record):
    allow_intercharge = flag("allowIntercharge")
    compatibility_mode = flag("compatibilityMode")
    current = number("configuredChargingCurrent", "A")
    weekdays = texts("activeWeekDays")
    use_dynamic_tariffs = flag("useDynamicTariffs")
    grid_hours = number("chargingPeriodFromGridInH", "h")
    price_limit = number("priceLimitInCtPerKwh", "ct/kWh")
    prevent_interruptions = flag("preventInterruptions")


class SolarSettings(Record):
    compatibility_mode = flag("compatibilityMode")
    prevent_interruptions = flag("preventInterruptions")
    min_current = number("minChargingCurrentInA", "A")
    use_dynamic_tariffs = flag("useDynamicTariffs")
    price_limit = number("priceLimitInCtPerKwh", "ct/kWh")


class ChargingMode(Record):
    type = text("type")
    """SOLAR, FAST or COMFORT."""
    allow_intercharge = flag("allowIntercharge")
    compatibility_mode = flag("compatibilityMode")
    fast = record("fastChargingSettings", FastSettings)
    comfort = record("comfortChargeSettings", ComfortSettings)
    solar = record("solarOptimizeSettings", SolarSettings)


class ChargingCurrents(Record):
    least = number("minPossibleCharging", "A")
    configured = number("configuredChargingCurrent", "A")
    apparent_power = number("currentApparentChargingPowerInKw", "kVA")


class PowerRange(Record):
    least = number("min", "kW")
    most = number("max", "kW")


class ChargingPowers(Record):
    one_phase = record("phase1", PowerRange)
    two_phases = record("phase2", PowerRange)
    three_phases = record("phase3", PowerRange)
    phases_used = integer("numberOfPhasesUsed")


class AppWallbox(Record):
    """One wallbox: ``id`` is 1 to 4 on V1 to V3, a UUID on V4."""

    id = text("id")
    product_family = text("productFamily")
    controller_id = text("controllerId")
    name = text("name")
    locked = flag("prohibitUsage")
    can_intercharge = flag("isInterchargeAvailable")
    can_solar = flag("isSolarChargingAvailable")
    type = text("type")
    state = record("state", WallboxState)
    mode = record("chargingMode", ChargingMode)
    currents = record("chargingCurrents", ChargingCurrents)
    powers = record("chargingPowerStats", ChargingPowers)
    disconnected = flag("disconnected")
