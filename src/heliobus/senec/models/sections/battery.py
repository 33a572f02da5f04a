"""The battery: its management, modules and cells, and the battery inverter."""

from __future__ import annotations

from typing import NamedTuple

from heliobus.senec.models.rows import (
    Section,
    Seen,
    anything,
    flag,
    integer,
    integers,
    number,
    numbers,
    places,
    text,
    texts,
    version,
)


class Module(NamedTuple):
    """One battery module in the appliance's units: mV, mWh, °C; an empty place is all 0."""

    place: int
    serial: str | None
    sn: int | None
    soc: float | None
    soh: float | None
    voltage: float | None
    current: float | None
    cycles: int | None
    charged_energy: float | None
    discharged_energy: float | None
    temp_min: float | None
    temp_max: float | None
    cell_voltages: tuple[float | None, ...] | None
    cell_temperatures: tuple[float | None, ...] | None


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
    discharge_current_limit = numbers(4, "A", "allowed now, -", seen=Seen.SHOWN)
    temp_max = numbers(4, "°C", "warmest cell")
    temp_min = numbers(4, "°C", "coldest cell")
    max_cell_voltage = numbers(4, "mV", "highest cell")
    min_cell_voltage = numbers(4, "mV", "lowest cell")
    cell_temperatures_module_a = numbers(6, "°C", "first module", seen=Seen.SHOWN)
    cell_temperatures_module_b = numbers(6, "°C", "second module", seen=Seen.SHOWN)
    cell_temperatures_module_c = numbers(6, "°C", "third module", seen=Seen.SHOWN)
    cell_temperatures_module_d = numbers(6, "°C", "fourth module", seen=Seen.SHOWN)
    cell_voltages_module_a = numbers(14, "mV", "first module; LFP has 16 cells", seen=Seen.SHOWN)
    cell_voltages_module_b = numbers(14, "mV", "second module; LFP has 16 cells", seen=Seen.SHOWN)
    cell_voltages_module_c = numbers(14, "mV", "third module; LFP has 16 cells", seen=Seen.SHOWN)
    cell_voltages_module_d = numbers(14, "mV", "fourth module; LFP has 16 cells")
    status = integers(4, "bits, see MODULE_STATUS_BITS; 1 is healthy")
    alarm_status = integers(4, "bits")
    battery_status = integers(4, "bits")
    sn = integers(4, "serial number")
    serial = texts(4, "serial number, newer modules")
    fw = integers(4, "firmware", seen=Seen.SHOWN)
    bl = integers(4, "boot loader")
    hw_mainboard = integers(4, "hardware")
    hw_extension = integers(4, "hardware", seen=Seen.SHOWN)
    manufacturer = integer("see BATTERY_MAKERS")
    module_count = integer("modules found")
    modules_configured = integer("modules set up")
    nr_installed = integer("modules installed")
    bms_ready_flag = flag("ready")
    error = integer("0 is none", seen=Seen.SHOWN)
    derating = integer("0 is none")
    system_soc = number("0.1 %", "state of charge")
    system_soh = number("0.1 %", "state of health", seen=Seen.LISTED)
    max_temp = number("0.1 °C", "warmest module")
    min_temp = number("0.1 °C", "coldest module")
    total_voltage = number("V", "of the battery")
    total_current = number("A", "of the battery; sign not known")
    nom_chargepower_module = number("W", "nominal, per module")
    nom_dischargepower_module = number("W", "nominal, per module")
    allowrecover = anything("a recovery of the battery is allowed", seen=Seen.LISTED)
    bms_status = integer("bits, see BMS_STATUS_BITS", seen=Seen.SHOWN)
    bms_status_timestamp = integer("when the status was taken: epoch", "s", seen=Seen.SHOWN)
    cell_balance_status = integers(4, "cells being balanced, bits by module", seen=Seen.SHOWN)
    commerrcount = integer("errors on the bus, counted")
    faultlinecount = integer("times that the fault line was pulled", seen=Seen.SHOWN)
    nr_active = anything("modules in use", seen=Seen.LISTED)
    nr_charge = anything("modules that may charge", seen=Seen.LISTED)
    nr_discharge = anything("modules that may discharge", seen=Seen.LISTED)
    protocol = integer("version of the bus protocol")
    recoverlocked = flag("a recovery of the battery is locked")
    start_rl_tst = anything("start of a relay test", seen=Seen.LISTED)
    start_selftest = flag("start of the self-test")
    start_update = flag("start of a firmware update")
    system_charge_current_limit = anything("allowed charge of the whole battery; unit not known", seen=Seen.LISTED)
    system_discharge_current_limit = anything(
        "allowed discharge of the whole battery; unit not known", seen=Seen.LISTED
    )
    tf_error = flag("error of a firmware transfer", seen=Seen.SHOWN)
    wizard_abort = flag("setting up the battery: abort")
    wizard_confdetection = flag("setting up the battery: detection confirmed", seen=Seen.LISTED)
    wizard_confirm = flag("setting up the battery: confirm")
    wizard_dcconnect = flag("setting up the battery: DC side connected")
    wizard_finisheddetection = flag("setting up the battery: detection finished", seen=Seen.LISTED)
    wizard_resdetection = flag("setting up the battery: outcome of the detection", seen=Seen.LISTED)
    wizard_rs485iso_installed = flag("setting up the battery: the bus has its isolator", seen=Seen.LISTED)
    wizard_start = flag("setting up the battery: start")
    wizard_startdetection = flag("setting up the battery: start of the detection", seen=Seen.LISTED)
    wizard_state = integer("setting up the battery, see BATTERY_WIZARD_STATES")
    wizard_timeoutdetection = flag("setting up the battery: the detection timed out", seen=Seen.LISTED)
    wizard_val_status = anything("setting up the battery: outcome", seen=Seen.LISTED)

    @property
    def modules(self) -> tuple[Module, ...]:
        """By place; as many as there are lists for, empty places too."""
        lists = (self.serial, self.sn, self.soc, self.soh, self.voltage, self.current, self.cycles)
        more = (self.charged_energy, self.discharged_energy, self.temp_min, self.temp_max)
        return places(Module, *lists, *more, _sent(self.cell_voltages), _sent(self.cell_temperatures))

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


def _sent(cells: tuple[tuple[float | None, ...], ...]) -> tuple[tuple[float | None, ...], ...]:
    """Without the last modules if nothing came of them."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


class BmsPara(Section):
    """Parameters of the battery management."""

    __slots__ = ()
    force_bms_error = flag("test: an error is pretended", seen=Seen.SHOWN)
    force_op_mode = flag("test: the mode of operation is forced", seen=Seen.SHOWN)
    full_cell_voltage_mv = number("mV", "a cell is full", seen=Seen.SHOWN)
    max_battery_temp_limit_deg = number("°C", "hottest battery allowed", seen=Seen.SHOWN)
    max_module_charge_current_limit_a = number("A", "most that a module may charge", seen=Seen.SHOWN)
    max_module_discharge_current_limit_a = number("A", "most that a module may discharge, -", seen=Seen.SHOWN)
    operational_mode = integer("mode of operation", seen=Seen.SHOWN)
    use_roa_parameter = flag("not known", seen=Seen.SHOWN)


class BmzCurrentLimits(Section):
    """Current limits of modules by BMZ; signed, though other tools show 65512 for -24."""

    __slots__ = ()
    max_current_limit_a = number("A", "most that a module may charge", seen=Seen.SHOWN)
    min_current_limit_a = number("A", "most that a module may discharge, -", seen=Seen.SHOWN)


class CellDeviationRoc(Section):
    """Watch over cells that drift apart."""

    __slots__ = ()
    skip_waiting = flag("do not wait", seen=Seen.SHOWN)


class CurrentImbalanceControl(Section):
    """Watch over modules that share the current unevenly."""

    __slots__ = ()
    threshold_ma = number(
        "mA", "difference between modules from which on it acts", seen=Seen.SHOWN, variable="THRESHOLD_mA"
    )


class Ampace(Section):
    """Battery management of Ampace, in a V3 with an LFP battery; nobody has published an answer of it."""

    __slots__ = ()
    cell_temperatures_module_a = anything("cells of the first module", "0.1 °C", seen=Seen.LFP)
    cell_temperatures_module_b = anything("cells of the second module", "0.1 °C", seen=Seen.LFP)
    module_alarm_state = anything("alarms by module, bits", seen=Seen.LFP)
    module_fault_state = anything("faults by module, bits", seen=Seen.LFP)
    module_max_temp = anything("warmest cell by module", "0.1 °C", seen=Seen.LFP)
    module_min_temp = anything("coldest cell by module", "0.1 °C", seen=Seen.LFP)
    module_warning_state = anything("warnings by module, bits", seen=Seen.LFP)
    product_date = anything("when the battery was made", seen=Seen.LFP)
    product_line = anything("where the battery was made", seen=Seen.LFP)
    rack_alarm_state = anything("alarms of the whole battery, bits", seen=Seen.LFP)
    rack_alarm_state_pos = anything("where the alarm is", seen=Seen.LFP)
    rack_fault_state = anything("faults of the whole battery, bits", seen=Seen.LFP)
    rack_fault_state_pos = anything("where the fault is", seen=Seen.LFP)
    rack_offline_status = anything("modules that do not answer", seen=Seen.LFP)
    rack_reserved_data = anything("kept by the maker for later", seen=Seen.LFP)
    rack_warning_state = anything("warnings of the whole battery, bits", seen=Seen.LFP)
    rack_warning_state_pos = anything("where the warning is", seen=Seen.LFP)


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
    batteries_missing = anything("batteries that were set up and do not answer", seen=Seen.LISTED)
    cei_limit = integer("limit of the Italian grid code; unit not known")
    req_hv_upd = integer("firmware update of the high voltage inverter asked for")
    req_lv_upd = integer("firmware update of the low voltage inverter asked for")
    reset = flag("reset of the battery inverter asked for")
    selftest_act = numbers(8, "", "Italian self-test: measured, by step")
    selftest_limit = numbers(8, "", "Italian self-test: threshold, by step")
    selftest_off = numbers(8, "", "Italian self-test: where it switched off, by step")
    selftest_overall_state = integer("Italian self-test, see SELFTEST_STATES")
    selftest_state = integers(8, "Italian self-test by step, see SELFTEST_STATES")
    selftest_step = texts(8, "Italian self-test: name of the step")
    selftest_time = integers(8, "Italian self-test: time taken, by step")
    trig_italy_self = integer("start of the Italian self-test")


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
    adr = anything("bus address", seen=Seen.LISTED)
    bms_alarm_status = anything("battery management of an old V2: alarms", seen=Seen.LISTED)
    bms_battery_soc = anything("battery management of an old V2: state of charge by module", "%", seen=Seen.LISTED)
    bms_battery_status = anything("battery management of an old V2: state by module", seen=Seen.LISTED)
    bms_max_temp = anything("battery management of an old V2: warmest cell", "0.1 °C", seen=Seen.LISTED)
    bms_min_temp = anything("battery management of an old V2: coldest cell", "0.1 °C", seen=Seen.LISTED)
    bms_nr_active = anything("battery management of an old V2: modules in use", seen=Seen.LISTED)
    bms_nr_charge = anything("battery management of an old V2: modules that may charge", seen=Seen.LISTED)
    bms_nr_discharge = anything("battery management of an old V2: modules that may discharge", seen=Seen.LISTED)
    bms_nr_installed = anything("battery management of an old V2: modules installed", seen=Seen.LISTED)
    bms_sw_ver = anything("battery management of an old V2: firmware", seen=Seen.LISTED)
    bms_system_soc = anything("battery management of an old V2: state of charge", "0.1 %", seen=Seen.LISTED)
    bms_total_current = anything("battery management of an old V2: current", "A", seen=Seen.LISTED)
    bms_total_voltage = anything("battery management of an old V2: voltage", "V", seen=Seen.LISTED)
    comm = integer("state of the bus")
    enabled = flag("in use", seen=Seen.LISTED)
    error = anything("error of the battery inverter", seen=Seen.LISTED)
    inv_cycle = anything("not known", seen=Seen.LISTED)
    i_dc_max = anything("highest current at the DC side", "A", seen=Seen.LISTED)
    special_timeout = anything("not known", seen=Seen.LISTED)
    state = anything("state of the battery inverter", seen=Seen.LISTED)
