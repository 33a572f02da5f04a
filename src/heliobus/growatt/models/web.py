"""What the web portal says (SPEC B): powers in kW of a MIX's and SPA's panels, energies in kWh, times in plant time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt import protocol
from heliobus.growatt.models.rows import flag, integer, number, records, text
from heliobus.model.records import Record, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.growatt.protocol import Json


def series(key: str, unit: str = "") -> Row[Mapping[str, tuple[float | None, ...]]]:
    """Lists of numbers by their name, as long as they came; None where nothing was measured."""

    def read(value: Json) -> dict[str, tuple[float | None, ...]]:
        pairs = value.items() if isinstance(value, dict) else ()
        return {
            name: tuple([protocol.number(one, unit) for one in values])
            for name, values in pairs
            if isinstance(values, list)
        }

    return Row(key, read, unit)


def texts(key: str) -> Row[tuple[str, ...]]:
    """A list of texts."""

    def read(value: Json) -> tuple[str, ...]:
        found = [protocol.text(one) for one in value] if isinstance(value, list) else []
        return tuple([one for one in found if one is not None])

    return Row(key, read)


class WebPlantTitle(Record):
    """One of the account's plants."""

    id = text("id")
    name = text("plantName")
    timezone = number("timezone")
    """Hours east of UTC."""


class WebPlant(Record):
    """A plant: where it is, what it costs and has made."""

    id = text("id")
    name = text("plantName")
    account = text("accountName")
    country = text("country")
    city = text("city")
    latitude = number("lat")
    longitude = number("lng")
    timezone = number("timezone")
    created = text("creatDate")
    nominal_power = number("nominalPower", "W")
    pv_total = number("eTotal", "kWh")
    currency = text("moneyUnit")
    currency_sign = text("moneyUnitText")
    price_fixed = number("fixedPowerPrice")
    price_peak = number("peakPeriodPrice")
    price_flat = number("flatPeriodPrice")
    price_valley = number("valleyPeriodPrice")
    co2 = number("co2", "kg")
    coal = number("coal", "kg")
    trees = number("tree")
    formula_co2 = number("formulaCo2")
    formula_coal = number("formulaCoal")
    formula_tree = number("formulaTree")
    formula_money = number("formulaMoney")
    type = text("plantType")
    company = text("designCompany")
    image = text("plantImg")
    location_image = text("locationImg")
    shared = flag("isShare")


class WebDevice(Record):
    """One inverter in the pages of a plant's devices."""

    serial = text("sn")
    alias = text("alias")
    family = text("deviceTypeName")
    type = text("deviceType")
    model = text("deviceModel")
    shown_model = text("showDeviceModel")
    type_code = integer("dtc")
    plant_id = text("plantId")
    plant_name = text("plantName")
    account = text("accountName")
    location = text("location")
    timezone = number("timezone")
    status = integer("status")
    lost = flag("lost")
    datalogger = text("datalogSn")
    datalogger_model = text("datalogTypeTest")
    nominal_power = number("nominalPower", "W")
    pac = number("pac", "W")
    """+ out of the inverter."""
    ac_today = number("eToday", "kWh")
    ac_month = number("eMonth", "kWh")
    ac_total = number("eTotal", "kWh")
    battery_capacity = number("batSysRateEnergy", "kWh")
    updated = text("lastUpdateTime")
    """In plant time."""
    server_time = text("timeServer")
    """In Asia/Shanghai."""
    bdc_status = integer("bdcStatus")
    bct_mode = integer("bctMode")
    pto_status = integer("ptoStatus")


class WebNoah(Record):
    """One NOAH in the pages of a plant's."""

    model = text("model")
    type = text("deviceType")
    type_code = integer("dtc")
    datalogger_type = text("datalogType")
    address = text("address")
    version = text("version")
    communication_version = text("comVersion")
    timezone = number("timezone")
    time = text("sysTime")
    lost = flag("lost")
    work_mode = integer("workMode")
    time1_mode = integer("time1Mode")
    time2_mode = integer("time2Mode")
    nominal_power = number("nominalPower", "W")
    soc = number("soc", "%")
    ppv = number("ppv", "W")
    pac = number("pac", "W")
    ac_today = number("eToday", "kWh")
    ac_month = number("eMonth", "kWh")
    ac_total = number("eTotal", "kWh")


class WebPage(Record):
    """A page of a list."""

    page = integer("currPage")
    pages = integer("pages")
    page_size = integer("pageSize")
    count = integer("count")
    index = integer("ind")
    whole = flag("notPager")


class WebDevicePage(WebPage):
    """A page of a plant's devices."""

    devices = records("datas", WebDevice)


class WebNoahPage(WebPage):
    """A page of a plant's NOAHs."""

    devices = records("datas", WebNoah)


class WebDatalogger(Record):
    """A datalogger."""

    serial = text("sn")
    model = text("deviceType")
    model_code = integer("deviceTypeIndicate")
    firmware = text("firmwareVersion")
    interval = number("interval")
    """Minutes."""
    signal = number("simSignal")
    """DBm."""
    peer = text("ipAndPort")
    """Its public address, as the server sees it."""


class WebPanelDevice(Record):
    """The device that the plant's panel shows."""

    serial = text("sn")
    family = text("panelType")


class WebTotals(Record):
    """Energies of today and the lifetime of a MIX or SPA."""

    pv_today = number("epvToday", "kWh")
    pv_total = number("epvTotal", "kWh")
    pv_inverter_today = number("epvInverterToday", "kWh")
    pv_inverter_total = number("epvInverterTotal", "kWh")
    own_today = number("eselfToday", "kWh")
    """Solar and battery to the load."""
    own_total = number("eselfTotal", "kWh")
    load_today = number("elocalLoadToday", "kWh")
    load_total = number("elocalLoadTotal", "kWh")
    import_today = number("gridPowerToday", "kWh")
    import_total = number("gridPowerTotal", "kWh")
    export_today = number("etoGridToday", "kWh")
    export_total = number("etogridTotal", "kWh")
    discharge_today = number("edischarge1Today", "kWh")
    discharge_total = number("edischarge1Total", "kWh")
    external_today = number("eexToday", "kWh")
    external_total = number("eexTotal", "kWh")
    revenue_today = number("photovoltaicRevenueToday")
    revenue_total = number("photovoltaicRevenueTotal")
    currency = text("unit")


class WebChart(Record):
    """Curves of a day, 288 values in kW, or the energies of a month, year or all in kWh; and their sums in kWh."""

    curves = series("charts")
    import_sum = number("etouser", "kWh")
    export_sum = number("eAcCharge", "kWh")
    production_sum = number("eCharge", "kWh")
    """Own use and export, not the sun's (erratum G1)."""
    own_sum = number("eChargeToday1", "kWh")
    own_sum2 = number("eChargeToday2", "kWh")
    load_sum = number("elocalLoad", "kWh")


class WebBatteryChart(Record):
    """The battery: the state of charge of a day, and the energies of the seven days that end with it."""

    day = text("date")
    days = texts("cdsTitle")
    battery_type = integer("wBatteryType")
    battery_type_mix = integer("batType")
    soc_curves = series("socChart", "%")
    """``soc``: 288 values."""
    energies = series("cdsData", "kWh")
    """``cd_charge`` and ``cd_disCharge``, a value per day."""


class WebInverterSettings(Record):
    """What a plain inverter is set to, out of its settings page."""

    on = text("onOff")
    active_rate = number("activeRate", "%")
    power_factor = number("pf")
    voltage_high = number("voltageHighLimit", "V")
    voltage_low = number("voltageLowLimit", "V")
    nominal_power = number("nominalPower", "W")
    firmware = text("fwVersion")
    inner_version = text("innerVersion")
    time = text("sysTime")
    timezone = number("timezone")
    status = integer("status")
    lost = flag("lost")


class WebMinParameters(Record):
    """All that a MIN says of its settings when it is asked itself; recorded in part."""

    communication_version = text("communicationVersion")
    nominal_power = number("nominalPower", "W")
    charge_power = number("chargePowerCommand", "%")
    loading_rate = number("loadingRate", "%")
    year_time1 = text("yearTime1")
    dry_contact_on = number("dryContactOnRate", "%")
    charge_start_voltage = number("vbatStartforCharge")
    lvrt2 = number("uwLVRT2EE")
