"""The appliance itself: what it is, how it was set up, its clock, login, firmware and board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.senec.models.rows import (
    Section,
    Seen,
    address,
    anything,
    flag,
    flags,
    integer,
    integers,
    number,
    numbers,
    temperature,
    text,
    texts,
)
from heliobus.senec.protocol import utc_time

if TYPE_CHECKING:
    from datetime import datetime


class Factory(Section):
    """What was built."""

    __slots__ = ()
    sys_type = integer("see SYSTEM_TYPES", seen=Seen.SHOWN)
    bat_type = integer("see INVERTER_TYPES", seen=Seen.SHOWN)
    cell_type = integer("cell chemistry, see CELL_TYPES", seen=Seen.SHOWN)
    country = integer("see COUNTRIES", seen=Seen.SHOWN)
    design_capacity = number("Wh", "of the battery", seen=Seen.SHOWN)
    max_charge_power_dc = number("W", "of the battery", seen=Seen.SHOWN)
    max_discharge_power_dc = number("W", "of the battery", seen=Seen.SHOWN)
    device_id = text("serial number of the appliance (personal data)", seen=Seen.SHOWN)
    aux_type = anything("kind of auxiliary supply", seen=Seen.LISTED)
    beh_flags = anything("behaviour, bits", seen=Seen.LISTED)
    epa_grid_filter = integer("grid filter installed", seen=Seen.SHOWN)
    fac_sanity = integer("the factory's data are whole", seen=Seen.SHOWN)
    pm_type = integer("kind of power meter", seen=Seen.SHOWN)
    temp_type = anything("kind of temperature sensor", seen=Seen.LISTED)


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
    batt_ipu_mismatch = flag("battery and board do not suit each other")
    boot = integer("the controller has started")
    charge_prio = integer("what is charged first")
    config_checksum = integer("checksum of the settings")
    config_loaded = flag("the settings are loaded")
    config_modified_by_user = flag("the settings were changed by the user")
    config_write = flag("store the settings")
    device_battery_enabled = flag("battery inverter in use", seen=Seen.LISTED)
    device_inv_enabled = flags(6, "PV inverter in use")
    device_inv_phases_arr = integers(6, "phase of a PV inverter, 4 for all three")
    device_inv_slave_adress = integers(6, "bus address of a PV inverter")
    device_pm_type = integer("kind of power meter")
    device_wb_type = integer("kind of wallbox")
    featurecode_entered = flag("a code for features was entered")
    generation_meter_sn = integer("serial number of the generation meter")
    grid_connection_type = integer("kind of grid connection")
    heatpump_meter_sn = integer("serial number of the heat pump's meter")
    heat_conn_type = integer("kind of connection of the heating rod")
    insulation_resistance = integer("lowest insulation", "Ohm/V")
    logger_severity = integer("how much goes to the log", seen=Seen.SHOWN)
    mac_address_bytes = integers(6, "MAC address (personal data)")
    master_slave_addresses = integers(6, "addresses of a cascade")
    net_dns_server_ip = address("name server", seen=Seen.LISTED)
    net_gateway_ip = address("gateway", seen=Seen.LISTED)
    net_network_mask = address("network mask", seen=Seen.LISTED)
    net_senec_no_network = flag("runs without a network", seen=Seen.LISTED)
    net_senec_server_ip = address("server of the maker", seen=Seen.LISTED)
    net_senec_static_ip = address("fixed address of the appliance", seen=Seen.LISTED)
    net_senec_use_dhcp = flag("address by DHCP", seen=Seen.LISTED)
    power_meter_serial = integer("serial number of the power meter")
    pv_config = integers(2, "how the strings are connected")
    senec_meter_sn = integer("serial number of the storage's meter")
    setup_agbs_accepted = flag("terms accepted")
    setup_hv_phase = integer("phase of the high voltage inverter")
    setup_pm_grid_adr = integer("bus address of the meter at the grid")
    setup_pm_house_adr = integer("bus address of the meter at the house")
    setup_pv_inv_ip0 = address("address of the first PV inverter")
    setup_pv_inv_ip1 = address("address of the second PV inverter")
    setup_pv_inv_ip2 = address("address of the third PV inverter")
    setup_pv_inv_ip3 = address("address of the fourth PV inverter")
    setup_pv_inv_ip4 = address("address of the fifth PV inverter")
    setup_pv_inv_ip5 = address("address of the sixth PV inverter")
    setup_rcr_steps = numbers(4, "%", "ripple control receiver: feed-in at each step")
    setup_use_drm0 = flag("obeys the grid operator's switch (Australia)")
    setup_use_rcr = flag("obeys a ripple control receiver")
    setup_wallbox_ids = integers(4, "bus address of a wallbox")
    setup_wallbox_max_total_current_by_grid = anything("highest current of all wallboxes", "A", seen=Seen.LISTED)
    setup_wallbox_serial0 = text("serial number of the first wallbox")
    setup_wallbox_serial1 = text("serial number of the second wallbox")
    setup_wallbox_serial2 = text("serial number of the third wallbox")
    setup_wallbox_serial3 = text("serial number of the fourth wallbox")
    sg_ready_enable_overwrite = flag("heat pump contacts: led by hand")
    sg_ready_en_mode1 = integer("heat pump contacts: locking is allowed, 0 or 1")
    sg_ready_overwrite_relay = flags(2, "heat pump contacts: each by hand")
    sg_ready_power_comm = integer("heat pump contacts: power of the order to run", "W", unset=0xFFFF)
    sg_ready_power_normal = integer("heat pump contacts: power of normal operation", "W")
    sg_ready_power_prop = integer("heat pump contacts: power of the proposal to run", "W", unset=0xFFFF)
    sg_ready_time = integer("heat pump contacts: time between two changes", "s")
    tech_bundle_code_sgready = anything("code for the heat pump contacts", seen=Seen.LISTED)
    tech_bundle_code_sockets = anything("code for the sockets", seen=Seen.LISTED)
    tech_bundle_installed = flag("package of features installed", seen=Seen.LISTED)
    test_eg_meter = flag("test of the Econamic Grid meter")
    test_generation_meter = flag("test of the generation meter")
    test_heatpump_meter = flag("test of the heat pump's meter")
    test_senec_meter = flag("test of the storage's meter")
    use_testserver = flag("server of the maker for tests", seen=Seen.LISTED)
    zeromodule = integer("not known")


class Features(Section):
    """What was bought."""

    __slots__ = ()
    car = flag("wallboxes")
    cloudready = flag("SENEC.Cloud")
    ecogridready = flag("Econamic Grid")
    heat = flag("heating rod")
    island = flag("supply in an outage of the grid")
    island_pro = flag("supply of the whole house in an outage of the grid")
    peakshaving = flag("peak shaving")
    sgready = flag("heat pump contacts")
    shkw = flag("electric heater of the former maker")
    sockets = flag("switched sockets")


class SysUpdate(Section):
    """Firmware of the network unit, and the update machine."""

    __slots__ = ()
    npu_image_version = integer("network unit firmware, 2309")
    npu_ver = integer("network unit registers")
    fsm_state = integer("see UPDATE_STATES")
    update_available = flag("an update waits")
    bootloader_version = anything("boot loader", seen=Seen.LISTED)
    boot_report_success = flag("the start was reported to the server")
    feature_overwrite = flag("features are overwritten; some firmware answers it twice")
    misc = integers(6, "not known")
    no_server_conn_time = anything("since when the server is not reached", seen=Seen.LISTED)
    send_interval = anything("time between two reports to the server", seen=Seen.LISTED)
    trigger_bl_update = flag("update of the boot loader asked for")
    user_reboot_device = flag("restart of the appliance, which takes about 5 min", writable=True)
    user_req_inv_update = flag("update of the inverter asked for")
    user_req_na_update = flag("update of the grid protection asked for")
    user_req_update = flag("update asked for")


class Log(Section):
    """The local login."""

    __slots__ = ()
    log_in_butt = flag("log in", writable=True)
    log_in_nok_count = integer("logins that failed", seen=Seen.SHOWN)
    log_out_butt = flag("log out", writable=True)
    password = text("of the local login; reads empty", writable=True)
    username = text("of the local login", writable=True)
    user_level = integer("0 nobody, from 2 on installer; below, some variables are FORBIDDEN")


class Rtc(Section):
    """The appliance's clock."""

    __slots__ = ()
    web_time = integer("local wall clock as epoch seconds", "s")
    utc_offset = integer("east of UTC, with summer time", "min")
    timestamp_ms = integer("running milliseconds, which begin again at 2^32", "ms", seen=Seen.SHOWN)

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
    temp_data_collected = flag("the temperatures were measured")


class Debug(Section):
    """What the makers look at."""

    __slots__ = ()
    charge_target = number("W", "charging power aimed at")
    dc_target = number("W", "power aimed at on the DC side")
    dc_target_pid_kd = number("", "controller of the DC power: differential part")
    dc_target_pid_ki = number("", "controller of the DC power: integral part")
    dc_target_pid_kp = number("", "controller of the DC power: proportional part")
    eg_pot_boost_cap = number("Wh", "Econamic Grid: energy that could be given")
    eg_pot_boost_pow = number("W", "Econamic Grid: power that could be given")
    eg_pot_charge_cap = number("Wh", "Econamic Grid: energy that could be taken")
    eg_pot_charge_pow = anything("Econamic Grid: power that could be taken", "W", seen=Seen.LISTED)
    ex_dump = anything("error memory asked for", seen=Seen.LISTED)
    ex_dump_file = anything("file of the error memory", seen=Seen.LISTED)
    feed_target = number("W", "feed-in aimed at", seen=Seen.SHOWN)
    info_dump = flag("state written to the log", seen=Seen.LISTED)
    pu_avail = flag("power units are there", seen=Seen.SHOWN)
    ram_dump = flag("memory written to the log", seen=Seen.LISTED)
    sections = texts(29, "sections that can be asked for; more answer than are listed")
    stack_monitor = flag("the stack is watched", seen=Seen.LISTED)


class ProductionTest(Section):
    """Production test; empty on every appliance that was recorded."""

    __slots__ = ()
    enable = flag("production test is on", seen=Seen.LISTED)
    input = anything("production test: inputs", seen=Seen.LISTED)
    output = anything("production test: outputs", seen=Seen.LISTED)
    result = anything("production test: outcome", seen=Seen.LISTED)
    start = anything("production test: start", seen=Seen.LISTED)
    type = anything("production test: which", seen=Seen.LISTED)


class SenecIoInput(Section):
    """Inputs of the board, 0 or 1."""

    __slots__ = ()
    ac_error_ipu_v3 = integer("error at the AC side, board 3", seen=Seen.SHOWN)
    dc_hk_status_ipu_v5 = integer("auxiliary contact of the DC switch, board 5", seen=Seen.SHOWN)
    dry_contact_in_ipu_v5 = integer("dry contact, board 5", seen=Seen.SHOWN)
    faultline = integer("fault line of the battery", seen=Seen.SHOWN)
    faultline_delayed = integer("fault line of the battery, delayed", seen=Seen.SHOWN)
    hid0 = integer("hardware of the board, bit 0", seen=Seen.SHOWN)
    hid1 = integer("hardware of the board, bit 1", seen=Seen.SHOWN)
    hid2_ipu_v5 = integer("hardware of the board, bit 2, board 5", seen=Seen.SHOWN)
    hid3_ipu_v5 = integer("hardware of the board, bit 3, board 5", seen=Seen.SHOWN)
    isoguard_status = integer("insulation monitor", seen=Seen.SHOWN)
    power_status = integer("supply of the board", seen=Seen.SHOWN)
    rcd_dc_ipu_v3 = integer("residual current sensor: DC, board 3", seen=Seen.SHOWN)
    rcd_error_ipu_v3 = integer("residual current sensor: error, board 3", seen=Seen.SHOWN)
    rcd_rms_ipu_v3 = integer("residual current sensor: AC, board 3", seen=Seen.SHOWN)
    status_ac_switch_ipu_v3 = integer("AC switch, board 3", seen=Seen.SHOWN)
    status_dc_switch_ipu_v5 = integer("DC switch, board 5", seen=Seen.SHOWN)


class SenecIoOutput(Section):
    """Outputs of the board."""

    __slots__ = ()
    ac_switch_ipu_v3 = flag("AC switch, board 3", seen=Seen.SHOWN)
    bat_module_enable_ampace = flag("modules of Ampace are on", seen=Seen.LISTED)
    bat_module_enable_bmz = flag("modules of BMZ are on", seen=Seen.SHOWN)
    bat_module_enable_detection = flag("modules are on for their detection", seen=Seen.LISTED)
    bat_module_enable_samsung_ipu_v5 = flag("modules of Samsung are on, board 5", seen=Seen.SHOWN)
    bms_enable = flag("battery management is on; older firmware", seen=Seen.LISTED, variable="BMS_enable")
    dc_switch = flag("DC switch", seen=Seen.SHOWN)
    dc_coil = anything("coil of the DC switch; older firmware", seen=Seen.LISTED, variable="DC_coil")
    dry_contact_out_ipu_v5 = flag("dry contact, board 5", seen=Seen.SHOWN)
    faultline_delayed_dualuse = flag("fault line of the battery, delayed, as an output", seen=Seen.LISTED)
    isoguard_enable = flag("insulation monitor is on", seen=Seen.SHOWN)
    killswitch = flag("emergency stop", seen=Seen.SHOWN)
    killswitch_2 = flag("emergency stop; older firmware", seen=Seen.LISTED, variable="Killswitch")
    rcd_reset_ipu_v3 = flag("residual current sensor: reset, board 3", seen=Seen.SHOWN)
    rcd_test_ipu_v3 = flag("residual current sensor: test, board 3", seen=Seen.SHOWN)
    relay_1 = integer("first relay, 0 or 1", seen=Seen.SHOWN, variable="Relay_1")
    relay_2 = integer("second relay, 0 or 1", seen=Seen.SHOWN, variable="Relay_2")
    relay_3 = integer("third relay, 0 or 1", seen=Seen.SHOWN, variable="Relay_3")
    relay_4 = integer("fourth relay, 0 or 1", seen=Seen.SHOWN, variable="Relay_4")
    steca_bus_enable = flag("bus of the inverters is on", seen=Seen.LISTED)
