"""The PV inverters of the appliance and what watches over them."""

from __future__ import annotations

from typing import NamedTuple

from heliobus.senec.models.rows import (
    Section,
    Seen,
    anything,
    flag,
    flags,
    integer,
    integers,
    number,
    numbers,
    places,
    text,
    texts,
)


class Tracker(NamedTuple):
    """One MPP tracker, in W, V and A."""

    place: int
    power: float | None
    voltage: float | None
    current: float | None


class InternalInverter(NamedTuple):
    """An inverter inside the appliance: low voltage (battery and PV) or high voltage (PV); see INVERTER_STATES."""

    place: int
    model: str | None
    serial: str | None
    version: str | None
    state: int | None
    error: int | None


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
    internal_inv_err_state_valid = flags(2, "internal inverter: its error state can be trusted")
    mpp_int = anything("older firmware; MPP_POWER since", "W", seen=Seen.LISTED)
    version1_int = anything("firmware of the internal inverter; older firmware", seen=Seen.LISTED)
    version2_int = anything("firmware of the internal inverter; older firmware", seen=Seen.LISTED)

    @property
    def trackers(self) -> tuple[Tracker, ...]:
        return places(Tracker, self.mpp_power, self.mpp_vol, self.mpp_cur)

    @property
    def inverters(self) -> tuple[InternalInverter, ...]:
        who = (self.internal_md_model, self.internal_md_serial, self.internal_md_version)
        return places(InternalInverter, *who, self.state_int, self.error_state_int)


class Steca(Section):
    """The internal inverter of a V3; ``{}`` on a V2.1 (capture 40)."""

    __slots__ = ()
    au2020_version_mismatch = integer("the firmware does not suit the Australian grid code", seen=Seen.SHOWN)
    bat = integer("battery part of the inverter", seen=Seen.SHOWN)
    bdc_state = integers(3, "battery converter, bits", seen=Seen.SHOWN)
    error = integer("0 is none", seen=Seen.SHOWN)
    errortext = text("what the error is", seen=Seen.SHOWN)
    island = integer("island part of the inverter", seen=Seen.SHOWN)
    num_pv_config_possible = integer("ways to connect the strings", seen=Seen.SHOWN)
    pv = integer("PV part of the inverter", seen=Seen.SHOWN)
    pvss = integer("not known", seen=Seen.SHOWN)
    pv_config_possible = integers(10, "codes of the ways to connect the strings", seen=Seen.SHOWN)
    pv_inputs = integer("MPP trackers of the inverter", seen=Seen.SHOWN)
    relays = integer("grid relays, bits", seen=Seen.SHOWN)
    startup = integer("see INVERTER_STATES", seen=Seen.SHOWN)
    startup_add = integer("more about STARTUP; all bits set when there is nothing", unset=0xFFFFFFFF, seen=Seen.SHOWN)


class Ipu(Section):
    """The board of the power unit."""

    __slots__ = ()
    version = integer("hardware of the power unit's board", seen=Seen.SHOWN)


class FanSpeed(Section):
    """Fans of the V3 inverters."""

    __slots__ = ()
    inv_lv = integer("low voltage inverter, 0 or 1")
    inv_hv = integer("high voltage inverter, 0 or 1", seen=Seen.SHOWN)


class FanTest(Section):
    """Test of the V3 inverters' fans."""

    __slots__ = ()
    inv_hv = integer("test of the high voltage inverter's fan, 0 or 1", seen=Seen.SHOWN)
    inv_lv = integer("test of the low voltage inverter's fan, 0 or 1", seen=Seen.SHOWN)


class SelftestResults(Section):
    """The self-test at the start, in words."""

    __slots__ = ()
    dc_coil = text("coil of the DC switch", seen=Seen.SHOWN)
    init_battery_modules = text("start of the battery modules", seen=Seen.SHOWN)
    insulation = text("insulation", seen=Seen.SHOWN)
    interrupt = text("what interrupted the self-test", seen=Seen.SHOWN)
    ipu = text("board of the power unit", seen=Seen.SHOWN)
