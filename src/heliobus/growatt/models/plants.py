"""Plants, their devices and their history (SPEC A.7).

Recorded: the plant lists of three accounts, plant history of two, the energies of a user; the rest from type maps.
"""

from __future__ import annotations

from heliobus.growatt.models.rows import (
    curves,
    flag,
    integer,
    java_time,
    money,
    number,
    numbers,
    record,
    records,
    text,
    texts,
)
from heliobus.model.records import Record


class Plant(Record):
    """A line of the list of plants; ``current_power`` is "0 W" for many plants with storage."""

    id = text("plantId")
    name = text("plantName")
    income = money("plantMoneyText")
    has_storage = flag("isHaveStorage")
    today_energy = number("todayEnergy", "kWh")
    total_energy = number("totalEnergy", "kWh")
    current_power = number("currentPower", "W")
    storage_charge = number("storagePCharge", "W")
    storage_discharge = number("storagePDisCharge", "W")
    storage_soc = number("storageCapacity", "%")
    storage_status = text("storageStatus")


class PlantTotals(Record):
    """The sums over an account's plants."""

    current_power = number("currentPowerSum", "W")
    co2 = number("CO2Sum", "T")
    has_storage = flag("isHaveStorage")
    income = money("eTotalMoneyText")
    today_energy = number("todayEnergySum", "kWh")
    total_energy = number("totalEnergySum", "kWh")
    storage_import = number("storagePacToUser", "W")
    storage_charge = number("storagePCharge", "W")
    storage_discharge = number("storagePDisCharge", "W")
    storage_soc = number("storageCapacity", "%")


class PlantList(Record):
    plants = records("data", Plant)
    totals = record("totalData", PlantTotals)
    success = flag("success")


class PlantLine(Record):
    """A line of the paged list of plants."""

    id = text("id")
    name = text("plantName")
    nominal_power = number("nominalPower", "W")
    today_energy = number("eToday", "kWh")


class PlantPage(Record):
    plants = records("PlantList", PlantLine)


class PlantHead(Record):
    id = text("plantId")
    name = text("plantName")
    income = money("plantMoneyText")
    energy = number("currentEnergy", "kWh")


class PlantHistory(Record):
    """``values_by_label`` in W at half hours for a day, in kWh by day, month or year for the longer spans."""

    plant = record("plantData", PlantHead)
    values_by_label = numbers("data")
    success = flag("success")


class PlantDashboard(Record):
    """The app's first page of a hybrid.  Of its keys few mean what they say (erratum G2): so few have a name here.

    Of a MIX's curves ``pacToUser`` is the power from the battery, ``userLoad`` the export and ``sysOut`` the load, in
    the order of ``key_names``; what they are for other storage is not known.
    """

    curves = curves("chartData", "kW")
    key_names = texts("keyNames")
    unit = text("chartDataUnit")
    import_energy = number("etouser", "kWh")
    """With what charged the battery."""
    load_from_battery = number("echarge1", "kWh")
    discharge_all_time = number("echargeToat", "kWh")
    load = number("elocalLoad", "kWh")
    load_from_pv = number("photovoltaic", "kWh")


class PlantDevice(Record):
    """A device of a plant; its kind of inverter is in ``family``, which no other answer tells."""

    serial = text("deviceSn")
    family = text("deviceType")
    name = text("deviceAilas")
    status = text("deviceStatus")
    lost = flag("lost")
    datalogger = text("datalogSn")
    location = text("location")
    soc = number("capacity", "%")
    energy = number("energy", "kWh")
    today_energy = number("eToday", "kWh")
    today_charge = number("eChargeToday", "kWh")
    power = number("power", "W")
    charge_power = number("pCharge", "W")
    active_power = number("activePower", "W")
    apparent_power = number("apparentPower")
    storage_type = text("storageType")
    bdc_status = text("bdcStatus")


class Datalogger(Record):
    serial = text("datalog_sn")
    model = text("device_type")
    lost = flag("lost")
    interval = number("update_interval")
    """Minutes."""
    updated = text("update_time")


class PlantDevices(Record):
    """A plant with its devices.  ``income`` carries its currency behind a slash ("2.4/€")."""

    devices = records("deviceList", PlantDevice)
    dataloggers = records("datalogList", Datalogger)
    income = money("plantMoneyText")
    total_income = money("totalMoneyText")
    today_energy = number("todayEnergy", "kWh")
    total_energy = number("totalEnergy", "kWh")
    nominal_power = number("nominalPower", "W")
    nominal_power_old = number("nominal_Power", "W")
    inverter_today = number("invTodayPpv", "kWh")
    storage_today = number("storageTodayPpv")
    storage_user_power = number("storagePuser", "W")
    storage_grid_power = number("storagePgrid", "W")
    used_energy = number("useEnergy", "kWh")
    today_discharge = number("todayDischarge", "kWh")
    has_optimizer = flag("isHaveOptimizer")
    optimizer_type = integer("optimizerType")
    has_pump = text("isHavePumper")
    meter_type = text("ammeterType")
    co2 = number("Co2Reduction", "kg")


class PlantSettings(Record):
    """What a plant is set to; of its hundred fields those that can be set, and where and when it is."""

    id = text("id")
    name = text("plantName")
    timezone = text("timezone")
    """Hours east of UTC."""
    country = text("country")
    city = text("city")
    address = text("plantAddress")
    latitude = number("plant_lat")
    longitude = number("plant_lng")
    kind = integer("plantType")
    account = text("userAccount")
    nominal_power = number("nominalPower", "W")
    currency = text("formulaMoneyUnitId")
    price = number("formulaMoneyStr")
    """Of a kWh; so are the following."""
    peak_price = number("peakPeriodPrice")
    flat_price = number("flatPeriodPrice")
    valley_price = number("valleyPeriodPrice")
    fixed_price = number("fixedPowerPrice")
    co2 = number("formulaCo2")
    coal = number("formulaCoal")
    so2 = number("formulaSo2")
    created = java_time("createDate")
    created_text = text("createDateText")


class PlantStatusCount(Record):
    online = integer("onlineNum")
    offline = integer("offline")
    faulty = integer("faultNum")


class DeviceCount(Record):
    storage = integer("STORAGE")
    tlx = integer("TLXH")
    mix = integer("MIX")
    spa = integer("SPA")


class UserEnergies(Record):
    """The energies of a user's plants, each twice: a value, and a text with its unit."""

    plant_count = integer("plantNumber")
    plant_type = integer("plantType")
    plant_status = integer("plantStatus")
    power = number("powerValue", "kW")
    power_text = number("powerValueStr", "kW")
    nominal_power = number("nominalPowerValue", "W")
    nominal_power_text = number("nominalPowerStr", "Wp")
    today = number("todayValue", "kWh")
    today_text = number("todayStr", "kWh")
    today_unit = text("todayUnit")
    month = number("monthValue", "kWh")
    month_text = number("monthStr", "kWh")
    year = number("yearValue", "kWh")
    year_text = number("yearStr", "kWh")
    total = number("totalValue", "kWh")
    total_text = number("totalStr", "kWh")
    today_income = money("todayProfitStr")
    month_income = money("monthProfitStr")
    total_income = money("totalProfitStr")
    has_income = flag("isHaveFormulaMoney")
    trees = number("treeValue")
    trees_text = number("treeStr")
    co2 = number("formulaCo2Vlue", "kg")
    co2_text = number("formulaCo2Str", "kg")
    coal = number("formulaCoalValue", "kg")
    coal_text = number("formulaCoalStr", "kg")
    alarms = integer("alarmValue")
    status = record("statusMap", PlantStatusCount)
    devices = record("deviceTypeMap", DeviceCount)
