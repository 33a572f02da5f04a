"""The meters, and the rules of the grid."""

from __future__ import annotations

from typing import NamedTuple

from heliobus.senec.models.rows import Section, Seen, anything, flag, integer, integers, number, numbers, places


class MeterPhase(NamedTuple):
    """One phase of a meter, in V, A and W."""

    place: int
    voltage: float | None
    current: float | None
    power: float | None


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

    @property
    def phases(self) -> tuple[MeterPhase, ...]:
        return places(MeterPhase, self.u_ac, self.i_ac, self.p_ac)


class Pm1(Section):
    """The bus of the power meters."""

    __slots__ = ()
    mb_sl2ma_conn = integer("cascade: a slave is connected to the master", seen=Seen.SHOWN)
    mb_slaves_count = integer("cascade: slaves", seen=Seen.SHOWN)
    pwr_meters_missing = integer("meters that were set up and do not answer", seen=Seen.SHOWN)
    type = integer("kind of power meter", seen=Seen.SHOWN)


class GridConfig(Section):
    """Rules of the grid operators: Germany (VDE), Italy (CEI), Australia (AS 4777, 2015 and 2020).

    The bounds of VDE_VOLT are labelled V elsewhere; their values (45, 80, 110, 125) are shares of the nominal voltage.
    """

    __slots__ = ()
    au2020_active_register = anything("Australia 2020: register in use", seen=Seen.LISTED)
    au2020_cosphimode = anything("Australia 2020: kind of power factor control", seen=Seen.LISTED)
    au2020_fixedfactor = anything("Australia 2020: fixed power factor", seen=Seen.LISTED)
    au2020_fllco = anything("Australia 2020: lower frequency of continuous operation", seen=Seen.LISTED)
    au2020_fllco_max = anything("Australia 2020: highest allowed FLLCO", seen=Seen.LISTED)
    au2020_fllco_min = anything("Australia 2020: lowest allowed FLLCO", seen=Seen.LISTED)
    au2020_fpmax = anything("Australia 2020: frequency of full charging", seen=Seen.LISTED)
    au2020_fpmax_max = anything("Australia 2020: highest allowed FPMAX", seen=Seen.LISTED)
    au2020_fpmax_min = anything("Australia 2020: lowest allowed FPMAX", seen=Seen.LISTED)
    au2020_fpmin = anything("Australia 2020: frequency of no output", seen=Seen.LISTED)
    au2020_fpmin_max = anything("Australia 2020: highest allowed FPMIN", seen=Seen.LISTED)
    au2020_fpmin_min = anything("Australia 2020: lowest allowed FPMIN", seen=Seen.LISTED)
    au2020_fstopch = anything("Australia 2020: frequency at which charging stops", seen=Seen.LISTED)
    au2020_fstopch_max = anything("Australia 2020: highest allowed FSTOPCH", seen=Seen.LISTED)
    au2020_fstopch_min = anything("Australia 2020: lowest allowed FSTOPCH", seen=Seen.LISTED)
    au2020_ftransition = anything("Australia 2020: frequency of transition", seen=Seen.LISTED)
    au2020_ftransition_max = anything("Australia 2020: highest allowed FTRANSITION", seen=Seen.LISTED)
    au2020_ftransition_min = anything("Australia 2020: lowest allowed FTRANSITION", seen=Seen.LISTED)
    au2020_fulco = anything("Australia 2020: upper frequency of continuous operation", seen=Seen.LISTED)
    au2020_fulco_max = anything("Australia 2020: highest allowed FULCO", seen=Seen.LISTED)
    au2020_fulco_min = anything("Australia 2020: lowest allowed FULCO", seen=Seen.LISTED)
    au2020_hexport = anything("Australia 2020: hard feed-in limit", seen=Seen.LISTED)
    au2020_hexport_enabled = flag("Australia 2020: the hard feed-in limit counts", seen=Seen.LISTED)
    au2020_not_default = flag("Australia 2020: settings differ from those of the region", seen=Seen.LISTED)
    au2020_reactivepower = anything("Australia 2020: reactive power, as the sources label it", "W", seen=Seen.LISTED)
    au2020_reactivepower_max = anything("Australia 2020: highest allowed REACTIVEPOWER", "W", seen=Seen.LISTED)
    au2020_reactivepower_min = anything("Australia 2020: lowest allowed REACTIVEPOWER", "W", seen=Seen.LISTED)
    au2020_response_modes = anything("Australia 2020: responses that are on, bits", seen=Seen.LISTED)
    au2020_selected_region = anything("Australia 2020: region of the grid", seen=Seen.LISTED)
    au2020_vnommax_max = anything("Australia 2020: highest allowed limit of the ten-minute voltage", seen=Seen.LISTED)
    au2020_vnommax_min = anything("Australia 2020: lowest allowed limit of the ten-minute voltage", seen=Seen.LISTED)
    au2020_vnommax_range = anything("Australia 2020: limit of the ten-minute voltage", seen=Seen.LISTED)
    au2020_vvar_percent = anything("Australia 2020: reactive power by voltage, power at each point", seen=Seen.LISTED)
    au2020_vvar_pmax = anything("Australia 2020: reactive power by voltage, highest powers", seen=Seen.LISTED)
    au2020_vvar_pmin = anything("Australia 2020: reactive power by voltage, lowest powers", seen=Seen.LISTED)
    au2020_vvar_vmax = anything("Australia 2020: reactive power by voltage, highest voltages", seen=Seen.LISTED)
    au2020_vvar_vmin = anything("Australia 2020: reactive power by voltage, lowest voltages", seen=Seen.LISTED)
    au2020_vvar_voltage = anything("Australia 2020: reactive power by voltage, voltage at each point", seen=Seen.LISTED)
    au2020_vwc_percent = anything("Australia 2020: charging by voltage, power at each point", seen=Seen.LISTED)
    au2020_vwc_pmax = anything("Australia 2020: charging by voltage, highest powers", seen=Seen.LISTED)
    au2020_vwc_pmin = anything("Australia 2020: charging by voltage, lowest powers", seen=Seen.LISTED)
    au2020_vwc_vmax = anything("Australia 2020: charging by voltage, highest voltages", seen=Seen.LISTED)
    au2020_vwc_vmin = anything("Australia 2020: charging by voltage, lowest voltages", seen=Seen.LISTED)
    au2020_vwc_voltage = anything("Australia 2020: charging by voltage, voltage at each point", seen=Seen.LISTED)
    au2020_vwd_percent = anything("Australia 2020: discharging by voltage, power at each point", seen=Seen.LISTED)
    au2020_vwd_pmax = anything("Australia 2020: discharging by voltage, highest powers", seen=Seen.LISTED)
    au2020_vwd_pmin = anything("Australia 2020: discharging by voltage, lowest powers", seen=Seen.LISTED)
    au2020_vwd_vmax = anything("Australia 2020: discharging by voltage, highest voltages", seen=Seen.LISTED)
    au2020_vwd_vmin = anything("Australia 2020: discharging by voltage, lowest voltages", seen=Seen.LISTED)
    au2020_vwd_voltage = anything("Australia 2020: discharging by voltage, voltage at each point", seen=Seen.LISTED)
    au2020_wgra = anything("Australia 2020: how fast power may change", seen=Seen.LISTED)
    au2020_wgra_max = anything("Australia 2020: highest allowed WGRA", seen=Seen.LISTED)
    au2020_wgra_min = anything("Australia 2020: lowest allowed WGRA", seen=Seen.LISTED)
    au_fixed_fac = anything("Australia: fixed power factor", seen=Seen.LISTED)
    au_grid_code = anything("Australia: grid code", seen=Seen.LISTED)
    au_p_ramp_ch = anything("Australia: how fast charging may change", seen=Seen.LISTED)
    au_p_ramp_di = number("", "Australia: how fast discharging may change")
    au_resp_mode = integer("Australia: responses that are on, bits")
    au_soft_ramp_en = integer("Australia: slow start after a disconnection, 0 or 1")
    au_target_ty = integer("Australia: kind of power factor control")
    au_vrr_max = integers(4, "Australia: voltage points, highest")
    au_vrr_min = integers(4, "Australia: voltage points, lowest")
    au_vvar_percentage = numbers(4, "%", "Australia: reactive power by voltage, % at each point; signed")
    au_vvar_p_max = numbers(4, "W", "Australia: reactive power by voltage, highest at each point")
    au_vvar_p_min = numbers(4, "W", "Australia: reactive power by voltage, lowest at each point")
    au_vvar_voltage = numbers(4, "V", "Australia: reactive power by voltage, voltage at each point")
    au_vwc_voltage = anything("Australia: charging by voltage, voltage at each point", "V", seen=Seen.LISTED)
    au_vwd_voltage = anything("Australia: discharging by voltage, voltage at each point", "V", seen=Seen.LISTED)
    cei_cos_phi = number("", "Italy: power factor")
    cei_cos_phi_enable = flag("Italy: the power factor counts")
    cei_cphi_loin = anything("Italy: voltage at which the power factor control comes in", seen=Seen.LISTED)
    cei_cphi_lout = anything("Italy: voltage at which the power factor control goes out", seen=Seen.LISTED)
    cei_freq_max = number("mHz", "Italy: highest frequency")
    cei_freq_min = number("mHz", "Italy: lowest frequency")
    cei_rec_time = anything("Italy: time until it connects again", seen=Seen.LISTED)
    cei_red_drop = anything("Italy: droop of the reduction", seen=Seen.LISTED)
    cei_segnale_esterno = anything("Italy: external signal", seen=Seen.LISTED)
    cei_stab_ac_de = anything("Italy: stabilising by voltage, activation delay", seen=Seen.LISTED)
    cei_stab_lo_co = anything("Italy: stabilising by voltage, lower coefficient", seen=Seen.LISTED)
    cei_stab_lo_th = anything("Italy: stabilising by voltage, lower threshold", seen=Seen.LISTED)
    cei_stab_up_co = anything("Italy: stabilising by voltage, upper coefficient", seen=Seen.LISTED)
    cei_stab_up_th = anything("Italy: stabilising by voltage, upper threshold", seen=Seen.LISTED)
    cei_stab_vol_th = number("%", "Italy: stabilising by voltage, threshold in % of the nominal voltage")
    pwrcfg_cos_point1 = number("", "power factor curve: factor at the first point")
    pwrcfg_cos_point3 = number("", "power factor curve: factor at the last point")
    pwrcfg_cos_point_2a = number("", "power factor curve: factor at the middle point")
    pwrcfg_cos_point_2b = number("%", "power factor curve: power at the middle point")
    pwrcfg_use_cos_phi_curve = integer("power factor curve: in use, 0 or 1")
    pwrcfg_use_max_pwr_skew = integer("load imbalance is limited, 0 or 1")
    vdecosphitime = integer("Germany: settling time of the power factor", "s")
    vdefixedfac = number("", "Germany: fixed power factor")
    vdelvfrtdisable = integer("Germany: ride-through of voltage dips is off, 0 or 1")
    vdeoverfreqdroop = number("%", "Germany: droop above the frequency limit")
    vdeoverfreqlimit = number("Hz", "Germany: power falls above this frequency")
    vdept1responsetime = integer("Germany: response time of the power factor", seen=Seen.SHOWN)
    vderecovertime = integer("Germany: time until it connects again", "s")
    vdetargetty = integer("Germany: kind of power factor control")
    vdeunderfreqdroop = number("%", "Germany: droop below the frequency limit", seen=Seen.SHOWN)
    vdeurmsmax10 = anything("Germany: limit of the ten-minute voltage", seen=Seen.LISTED)
    vde_freqdropprot = number("Hz", "Germany: disconnects below this frequency", seen=Seen.SHOWN)
    vde_freqdropprotdelay = number("s", "Germany: disconnects below FREQDROPPROT after", seen=Seen.SHOWN)
    vde_freqriseprot = number("Hz", "Germany: disconnects above this frequency", seen=Seen.SHOWN)
    vde_freqriseprotdelay = number("s", "Germany: disconnects above FREQRISEPROT after", seen=Seen.SHOWN)
    vde_underfreqlimit = number("Hz", "Germany: power rises below this frequency", seen=Seen.SHOWN)
    vde_voltdropprot = number("%", "Germany: disconnects below", seen=Seen.SHOWN)
    vde_voltdropprotavg = number(
        "%",
        "Germany: disconnects below this mean",
        seen=Seen.SHOWN,
    )
    vde_voltdropprotavgdelay = integer("Germany: disconnects below VOLTDROPPROTAVG after", "s", seen=Seen.SHOWN)
    vde_voltdropprotdelay = number("s", "Germany: disconnects below VOLTDROPPROT after", seen=Seen.SHOWN)
    vde_voltriseprot = number("%", "Germany: disconnects above", seen=Seen.SHOWN)
    vde_voltriseprotavg = number(
        "%",
        "Germany: disconnects above this mean",
        seen=Seen.SHOWN,
    )
    vde_voltriseprotavgdelay = number("s", "Germany: disconnects above VOLTRISEPROTAVG after", seen=Seen.SHOWN)
    vde_voltriseprotdelay = number("s", "Germany: disconnects above VOLTRISEPROT after", seen=Seen.SHOWN)
