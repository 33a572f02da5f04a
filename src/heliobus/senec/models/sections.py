"""The sections of lala.cgi as tables of rows: the vendor's names (in lower case), units and signs.

Source: the library and request that this project started from, SPEC section 4, and the recordings.  Signs and scales
stay as the appliance has them; ``mapping`` translates.  Types may change with the firmware (POWER_RATIO was u3 and is
fl), so a row says what is read, not how it is written on the wire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.senec.models.rows import (
    Section,
    flag,
    flags,
    integer,
    integers,
    number,
    numbers,
    temperature,
    text,
    texts,
    version,
)
from heliobus.senec.protocol import utc_time

if TYPE_CHECKING:
    from datetime import datetime


class Energy(Section):
    """The powers and the state, as on the appliance's own screen."""

    __slots__ = ()
    stat_state = integer("system state, see system_state()")
    stat_state_decode = integer("the same, older firmware")
    gui_inverter_power = number("W", "PV production, >= 0; -0.0 at night")
    gui_grid_pow = number("W", "grid, + import, - export")
    gui_house_pow = number("W", "house without wallboxes; PV + grid - battery, but never below 0")
    gui_bat_data_power = number("W", "battery, + charging, - discharging")
    gui_bat_data_current = number("A", "battery, + charging, - discharging")
    gui_bat_data_voltage = number("V", "battery, DC")
    gui_bat_data_fuel_charge = number("%", "state of charge")
    gui_bat_data_collected = flag("battery data are there")
    gui_bat_data_max_cell_voltage = number("mV", "highest cell")
    gui_bat_data_min_cell_voltage = number("mV", "lowest cell")
    gui_bat_data_oa_charging = number("W", "older firmware")
    gui_charging_info = flag("charging")
    gui_boosting_info = flag("discharging")
    stat_hours_of_operation = integer("since commissioning", "h")
    stat_days_since_maint = integer("since maintenance", "d")
    stat_maint_required = flag("maintenance is due")
    stat_limited_net_skew = flag("limited by load imbalance")
    zero_export = flag("no feed-in at all")
    safe_charge_force = flag("forced charge asked for; falls back to 0")
    safe_charge_prohibit = flag("end of forced charge asked for; falls back to 0")
    safe_charge_running = flag("forced charge is on; follows some seconds late")
    li_storage_mode_start = flag("storage mode asked for")
    li_storage_mode_stop = flag("end of storage mode asked for")
    li_storage_mode_running = flag("storage mode is on")
    offpeak_running = flag("charging at off-peak times")
    offpeak_target = number("%", "state of charge to reach off-peak")
    offpeak_power = number("W", "off-peak charging power")
    offpeak_duration = integer("off-peak")
    vpp_is_active = flag("led by a virtual power plant")
    vpp_target_power = number("W", "of the virtual power plant")


class Statistic(Section):
    """Lifetime counters.  Gone since firmware 0825 (August 2023): VARIABLE_NOT_FOUND by name, ``{}`` as a whole."""

    __slots__ = ()
    current_state = integer("system state, see system_state()")
    live_bat_charge = number("kWh", "into the battery")
    live_bat_charge_master = number("kWh", "into the battery, master of a cascade")
    live_bat_discharge = number("kWh", "out of the battery")
    live_bat_discharge_master = number("kWh", "out of the battery, master of a cascade")
    live_grid_export = number("kWh", "fed into the grid")
    live_grid_import = number("kWh", "drawn from the grid")
    live_house_cons = number("kWh", "house consumption")
    live_pv_gen = number("kWh", "PV production")
    live_pv_gen_master = number("kWh", "PV production, master of a cascade")
    live_wb_energy = numbers(4, "Wh", "per wallbox")
    live_pu_energy = numbers(6, "", "per power unit; unit not known")
    measure_time = integer("when the counters were taken: epoch, in seconds", "s")


class Pv1(Section):
    """The PV inverter and its MPP trackers."""

    __slots__ = ()
    mpp_avail = integer("number of MPP trackers")
    mpp_cur = numbers(3, "A", "per MPP tracker")
    mpp_power = numbers(3, "W", "per MPP tracker, >= 0")
    mpp_vol = numbers(3, "V", "per MPP tracker")
    power_ratio = number("%", "feed-in limit in effect")
    power_ratio_l1 = number("%", "feed-in limit in effect")
    power_ratio_l2 = number("%", "feed-in limit in effect")
    power_ratio_l3 = number("%", "feed-in limit in effect")
    p_total = number("W", "AC side; negative while producing on a V3 duo (capture 39)")
    pv_missing = flag("no inverter found")
    state_int = integers(2, "per internal inverter, see INVERTER_STATES")
    error_state_int = integers(2, "per internal inverter")
    internal_pv_avail = integer("number of internal inverters")
    internal_md_avail = flags(2, "internal inverter, low and high voltage")
    internal_md_manufacturer = texts(2, "internal inverter")
    internal_md_model = texts(2, "internal inverter")
    internal_md_serial = texts(2, "internal inverter")
    internal_md_version = texts(2, "firmware of the internal inverter")
    internal_inv_state = integers(2, "internal inverter")
    internal_inv_error_text = texts(2, "internal inverter")
    inv_model = texts(2, "inverter; as many as there are")
    inv_serial = texts(2, "inverter; as many as there are")
    inv_versions = texts(2, "inverter; as many as there are")
    type = integer("model of the inverter")


class PowerMeter(Section):
    """PM1OBJ1, the meter at the grid, and PM1OBJ2, at the house: all 0 when that one is not there."""

    __slots__ = ()
    adr = integer("bus address")
    enabled = flag("in use")
    freq = number("Hz", "frequency")
    u_ac = numbers(3, "V", "per phase")
    i_ac = numbers(3, "A", "per phase, >= 0")
    p_ac = numbers(3, "W", "per phase, + import")
    p_total = number("W", "+ import")


class Bms(Section):
    """Battery management: lists have a place per module (4, LFP may send 2), single values are the whole's."""

    __slots__ = ()
    soc = numbers(4, "%", "state of charge")
    soh = numbers(4, "%", "state of health")
    current = numbers(4, "A", "+ charging, - discharging")
    voltage = numbers(4, "V", "of the module")
    cycles = integers(4, "as the module counts")
    charged_energy = numbers(4, "mWh", "lifetime; other tools label it Wh")
    discharged_energy = numbers(4, "mWh", "lifetime; exceeds the charged energy in capture 37")
    charge_current_limit = numbers(4, "A", "allowed now, +")
    discharge_current_limit = numbers(4, "A", "allowed now, -")
    temp_max = numbers(4, "°C", "warmest cell")
    temp_min = numbers(4, "°C", "coldest cell")
    max_cell_voltage = numbers(4, "mV", "highest cell")
    min_cell_voltage = numbers(4, "mV", "lowest cell")
    cell_temperatures_module_a = numbers(6, "°C", "first module")
    cell_temperatures_module_b = numbers(6, "°C", "second module")
    cell_temperatures_module_c = numbers(6, "°C", "third module")
    cell_temperatures_module_d = numbers(6, "°C", "fourth module")
    cell_voltages_module_a = numbers(14, "mV", "first module; LFP has 16 cells")
    cell_voltages_module_b = numbers(14, "mV", "second module; LFP has 16 cells")
    cell_voltages_module_c = numbers(14, "mV", "third module; LFP has 16 cells")
    cell_voltages_module_d = numbers(14, "mV", "fourth module; LFP has 16 cells")
    status = integers(4, "bits")
    alarm_status = integers(4, "bits")
    battery_status = integers(4, "bits")
    sn = integers(4, "serial number")
    serial = texts(4, "serial number, newer modules")
    fw = integers(4, "firmware")
    bl = integers(4, "boot loader")
    hw_mainboard = integers(4, "hardware")
    hw_extension = integers(4, "hardware")
    manufacturer = integer("see BATTERY_MAKERS")
    module_count = integer("modules found")
    modules_configured = integer("modules set up")
    nr_installed = integer("modules installed")
    bms_ready_flag = flag("ready")
    error = integer("0 is none")
    derating = integer("0 is none")
    system_soc = number("0.1 %", "state of charge")
    system_soh = number("0.1 %", "state of health")
    max_temp = number("0.1 °C", "warmest module")
    min_temp = number("0.1 °C", "coldest module")
    total_voltage = number("V", "of the battery")
    total_current = number("A", "of the battery; sign not known")
    nom_chargepower_module = number("W", "nominal, per module")
    nom_dischargepower_module = number("W", "nominal, per module")

    @property
    def cell_temperatures(self) -> tuple[tuple[float | None, ...], ...]:
        """In °C, by module."""
        return (
            self.cell_temperatures_module_a,
            self.cell_temperatures_module_b,
            self.cell_temperatures_module_c,
            self.cell_temperatures_module_d,
        )

    @property
    def cell_voltages(self) -> tuple[tuple[float | None, ...], ...]:
        """In mV, by module."""
        return (
            self.cell_voltages_module_a,
            self.cell_voltages_module_b,
            self.cell_voltages_module_c,
            self.cell_voltages_module_d,
        )


class Bat1(Section):
    """The battery inverter."""

    __slots__ = ()
    type = integer("see INVERTER_TYPES")
    serial = text("serial number")
    spare_capacity = number("%", "kept for an outage of the grid; set in the portal only")
    island_enable = flag("can supply the house in an outage")
    nsp_fw = integer("grid protection firmware")
    nsp2_fw = integer("grid protection firmware")
    drm0_assert = flag("switched off by the grid operator (Australia)")


class Bat1Obj1(Section):
    """The battery inverter's measurements."""

    __slots__ = ()
    u_dc = number("V", "DC side")
    i_dc = number("A", "DC side; sign not known")
    p = number("W", "AC side; sign not known")
    q = number("var", "AC side")
    s = number("VA", "AC side")
    temp1 = number("°C", "place not known; 0 when there is none")
    temp2 = number("°C", "place not known; 0 when there is none")
    temp3 = number("°C", "place not known; 0 when there is none")
    temp4 = number("°C", "place not known; 0 when there is none")
    temp5 = number("°C", "place not known; 0 when there is none")
    sw_version = version("HMI")
    sw_version2 = version("PU")
    sw_version3 = version("BDC")


class Factory(Section):
    """What was built."""

    __slots__ = ()
    sys_type = integer("see SYSTEM_TYPES")
    bat_type = integer("see INVERTER_TYPES")
    cell_type = integer("cell chemistry")
    country = integer("see COUNTRIES")
    design_capacity = number("Wh", "of the battery")
    max_charge_power_dc = number("W", "of the battery")
    max_discharge_power_dc = number("W", "of the battery")
    device_id = text("serial number of the appliance (personal data)")


class Rtc(Section):
    """The appliance's clock."""

    __slots__ = ()
    web_time = integer("local wall clock as epoch seconds", "s")
    utc_offset = integer("east of UTC, with summer time", "min")

    @property
    def utc(self) -> datetime | None:
        """The clock in UTC; None when the offset is missing or the clock was never set."""
        return utc_time(self.web_time, self.utc_offset)


class TempMeasure(Section):
    """Temperatures of the cabinet."""

    __slots__ = ()
    battery_temp = temperature("battery")
    case_temp = temperature("inside the case")
    mcu_temp = temperature("controller")


class Wallbox(Section):
    """Up to four wallboxes, one place each; places without a box are 0."""

    __slots__ = ()
    state = integers(4, "see WALLBOX_STATES")
    ev_connected = flags(4, "a vehicle is plugged in")
    apparent_charging_power = numbers(4, "VA", "charging")
    l1_charging_current = numbers(4, "A", "charging")
    l2_charging_current = numbers(4, "A", "charging")
    l3_charging_current = numbers(4, "A", "charging")
    l1_used = flags(4, "phase in use")
    l2_used = flags(4, "phase in use")
    l3_used = flags(4, "phase in use")
    phases_used = integers(4, "number of phases")
    prohibit_usage = flags(4, "locked")
    smart_charge_active = integers(4, "0 fast, 3 solar without interruption, 4 solar with interruptions")
    set_icmax = numbers(4, "A", "highest current, as set")
    set_idefault = numbers(4, "A", "usual current, as set")
    min_charging_current = numbers(4, "A", "lowest current")
    max_charging_current_ic = numbers(4, "A", "highest current now")
    max_charging_current_icmax = numbers(4, "A", "highest current")
    max_charging_current_rated = numbers(4, "A", "highest current of the box")
    max_charging_current_default = numbers(4, "A", "usual current")
    max_phase_current_by_grid = number("A", "all boxes")
    max_total_current_by_grid = number("A", "all boxes")
    allow_intercharge = flag("the vehicle may drain the house battery, all boxes")
    load_imbalance_detected = flags(4, "reduced by load imbalance")
    additional_error = integers(4, "0 is none")
    serial_number = texts(4, "serial number")
    uid = integers(4, "serial number")
    hw_type = integers(4, "hardware")
    major_rev = integers(4, "firmware")
    minor_rev = integers(4, "firmware")


class Wizard(Section):
    """What the installer set, and the versions."""

    __slots__ = ()
    application_version = text('main controller firmware, "0826"')
    application_hash = text("main controller firmware")
    interface_version = text('web pages, "0966"')
    firmware_version = text("inverter firmware")
    device_battery_type = integer("see INVERTER_TYPES")
    device_inverter_type = integer("model of the inverter")
    device_pm_grid_enabled = flag("meter at the grid")
    device_pm_house_enabled = flag("meter at the house")
    pwrcfg_peak_pv_power = number("W", "installed PV")
    setup_power_rule = number("%", "feed-in limit, as set")
    setup_abs_power = number("W", "feed-in limit, as set")
    setup_use_abs_power = flag("the limit in W counts")
    setup_number_wallboxes = integer("wallboxes installed")
    setup_used_phase = integer("phase of the battery inverter")
    master_slave_mode = flag("part of a cascade")
    ps_enable = flag("peak shaving")
    ps_reservoir = number("%", "kept free for peak shaving")
    ps_hour = integer("end of peak shaving", "h")
    ps_minute = integer("end of peak shaving", "min")
    sg_ready_enabled = flag("heat pump contacts")
    sg_ready_curr_mode = integer("heat pump contacts")
    gui_lang = integer("0 German, 1 English, 2 Italian")


class SysUpdate(Section):
    """Firmware of the network unit, and the update machine."""

    __slots__ = ()
    npu_image_version = integer("network unit firmware, 2309")
    npu_ver = integer("network unit registers")
    fsm_state = integer("see UPDATE_STATES")
    update_available = flag("an update waits")


class Sockets(Section):
    """Two switched sockets, one place each."""

    __slots__ = ()
    number_of_sockets = integer("how many there are")
    enable = flags(2, "automatic")
    force_on = flags(2, "on for good")
    power_on = flags(2, "on now")
    use_time = flags(2, "switched by time")
    switch_on_hour = integers(2, "local time", "h")
    switch_on_minute = integers(2, "local time", "min")
    time_limit = integers(2, "stays on", "min")
    time_rem = integers(2, "remaining", "min")
    upper_limit = numbers(2, "W", "on above this surplus")
    lower_limit = numbers(2, "W", "off below this surplus")
    power_on_time = integers(2, "the surplus must last", "min")


class FanSpeed(Section):
    """Fans of the V3 inverters."""

    __slots__ = ()
    inv_lv = integer("low voltage inverter, 0 or 1")
    inv_hv = integer("high voltage inverter, 0 or 1")


class PwrUnit(Section):
    """Up to six heating rods or sockets with a meter, one place each."""

    __slots__ = ()
    type = integers(6, "0 none, 1 Solarinvert SHKW, 2 SENEC.Heat")
    power = numbers(6, "W", "consumption")
    power_l1 = numbers(6, "W", "consumption")
    power_l2 = numbers(6, "W", "consumption")
    power_l3 = numbers(6, "W", "consumption")
    status = integers(6, "bits")
