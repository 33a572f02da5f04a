"""What the appliance switches and charges: wallboxes, sockets, power units."""

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
    texts,
)


class Box(NamedTuple):
    """One wallbox, in A and VA; see WALLBOX_STATES.  A place without a box is all 0."""

    place: int
    state: int | None
    ev_connected: bool | None
    apparent_charging_power: float | None
    l1_current: float | None
    l2_current: float | None
    l3_current: float | None
    set_icmax: float | None
    prohibit_usage: bool | None
    smart_charge_active: int | None


class Socket(NamedTuple):
    """One switched socket, in W and min."""

    place: int
    enable: bool | None
    force_on: bool | None
    power_on: bool | None
    upper_limit: float | None
    lower_limit: float | None
    time_limit: int | None


class Unit(NamedTuple):
    """One power unit; see POWER_UNIT_TYPES and POWER_UNIT_FAULTS."""

    place: int
    type: int | None
    power: float | None
    status: int | None


class Wallbox(Section):
    """Up to four wallboxes, one place each; places without a box are 0."""

    __slots__ = ()
    state = integers(4, "see WALLBOX_STATES")
    ev_connected = flags(4, "a vehicle is plugged in")
    apparent_charging_power = numbers(4, "VA", "charging")
    l1_charging_current = numbers(4, "A", "charging", seen=Seen.SHOWN)
    l2_charging_current = numbers(4, "A", "charging", seen=Seen.SHOWN)
    l3_charging_current = numbers(4, "A", "charging", seen=Seen.SHOWN)
    l1_used = flags(4, "phase in use", seen=Seen.SHOWN)
    l2_used = flags(4, "phase in use", seen=Seen.SHOWN)
    l3_used = flags(4, "phase in use", seen=Seen.SHOWN)
    phases_used = integers(4, "number of phases", seen=Seen.SHOWN)
    prohibit_usage = flags(4, "locked", seen=Seen.SHOWN, writable=True)
    smart_charge_active = integers(
        4, "0 fast, 3 solar without interruption, 4 solar with interruptions", seen=Seen.SHOWN, writable=True
    )
    set_icmax = numbers(4, "A", "highest current, as set", seen=Seen.SHOWN, writable=True)
    set_idefault = numbers(4, "A", "usual current, as set", seen=Seen.SHOWN, writable=True)
    min_charging_current = numbers(4, "A", "lowest current", seen=Seen.SHOWN, writable=True)
    max_charging_current_ic = numbers(4, "A", "highest current now", seen=Seen.SHOWN)
    max_charging_current_icmax = numbers(4, "A", "highest current", seen=Seen.SHOWN)
    max_charging_current_rated = numbers(4, "A", "highest current of the box", seen=Seen.SHOWN)
    max_charging_current_default = numbers(4, "A", "usual current", seen=Seen.SHOWN)
    max_phase_current_by_grid = number("A", "all boxes", seen=Seen.SHOWN)
    max_total_current_by_grid = number("A", "all boxes", seen=Seen.SHOWN)
    allow_intercharge = flag("the vehicle may drain the house battery, all boxes", writable=True)
    load_imbalance_detected = flags(4, "reduced by load imbalance", seen=Seen.SHOWN)
    additional_error = integers(4, "0 is none")
    serial_number = texts(4, "serial number", seen=Seen.SHOWN)
    uid = integers(4, "serial number")
    hw_type = integers(4, "hardware", seen=Seen.SHOWN)
    major_rev = integers(4, "firmware", seen=Seen.SHOWN)
    minor_rev = integers(4, "firmware", seen=Seen.SHOWN)
    bus_adr = integers(4, "bus address", seen=Seen.SHOWN)
    cs_enabled = flags(4, "charging station is on", seen=Seen.SHOWN)
    detection_mode = integer("boxes are being searched for", seen=Seen.SHOWN)
    error_details = anything("more about an error", seen=Seen.LISTED)
    id = anything("not known", seen=Seen.LISTED)
    load_imbalance_enabled = flags(4, "load imbalance is limited", seen=Seen.SHOWN)
    meter_enabled = flags(4, "meter of the box", seen=Seen.SHOWN)
    method_en1 = integers(4, "what the release contact does", seen=Seen.SHOWN)
    number_of_phase = anything("phases of the box", seen=Seen.LISTED)
    sap_number = texts(4, "article number", seen=Seen.SHOWN)
    serial_number_internal = texts(4, "serial number of the controller", seen=Seen.SHOWN)
    socket_enabled = flags(4, "the box has a socket", seen=Seen.SHOWN)
    utmp = integers(4, "temperature of the box, likely in 0.01 °C (capture 40)")

    @property
    def boxes(self) -> tuple[Box, ...]:
        currents = (self.l1_charging_current, self.l2_charging_current, self.l3_charging_current)
        settings = (self.set_icmax, self.prohibit_usage, self.smart_charge_active)
        return places(Box, self.state, self.ev_connected, self.apparent_charging_power, *currents, *settings)


class Sockets(Section):
    """Two switched sockets, one place each."""

    __slots__ = ()
    number_of_sockets = integer("how many there are", seen=Seen.SHOWN)
    enable = flags(2, "automatic", seen=Seen.SHOWN, writable=True)
    force_on = flags(2, "on for good", seen=Seen.SHOWN, writable=True)
    power_on = flags(2, "on now", seen=Seen.SHOWN)
    use_time = flags(2, "switched by time", writable=True)
    switch_on_hour = integers(2, "local time", "h", seen=Seen.SHOWN, writable=True)
    switch_on_minute = integers(2, "local time", "min", writable=True)
    time_limit = integers(2, "stays on", "min", writable=True)
    time_rem = integers(2, "remaining", "min")
    upper_limit = numbers(2, "W", "on above this surplus", writable=True)
    lower_limit = numbers(2, "W", "off below this surplus", seen=Seen.SHOWN, writable=True)
    power_on_time = integers(2, "the surplus must last", "min", seen=Seen.SHOWN, writable=True)
    already_switched = flags(2, "was on today", seen=Seen.SHOWN)
    priority = integers(2, "which goes first", seen=Seen.SHOWN)
    reset_switched = flag("forget what was on today", seen=Seen.SHOWN)

    @property
    def sockets(self) -> tuple[Socket, ...]:
        switches = (self.enable, self.force_on, self.power_on)
        return places(Socket, *switches, self.upper_limit, self.lower_limit, self.time_limit)


class PwrUnit(Section):
    """Up to six heating rods or sockets with a meter, one place each."""

    __slots__ = ()
    type = integers(6, "see POWER_UNIT_TYPES", seen=Seen.SHOWN)
    power = numbers(6, "W", "consumption")
    power_l1 = numbers(6, "W", "consumption")
    power_l2 = numbers(6, "W", "consumption")
    power_l3 = numbers(6, "W", "consumption")
    status = integers(6, "bits, see POWER_UNIT_FAULTS", seen=Seen.SHOWN)
    adress = integers(6, "bus address")
    connpwr = numbers(6, "W", "connected power")
    connpwr_1 = numbers(6, "W", "connected power, first step")
    connpwr_2 = numbers(6, "W", "connected power, second step")
    connpwr_3 = numbers(6, "W", "connected power, third step", seen=Seen.SHOWN)
    currenttemp_max = numbers(6, "°C", "water now, warmest sensor", seen=Seen.SHOWN)
    currenttemp_max_hw = numbers(6, "°C", "water now, warmest sensor, as measured", seen=Seen.SHOWN)
    currenttemp_min = numbers(6, "°C", "water now, coldest sensor", seen=Seen.SHOWN)
    currenttemp_min_hw = numbers(6, "°C", "water now, coldest sensor, as measured", seen=Seen.SHOWN)
    enfluri = integers(6, "meter of the unit, 0 or 1")
    fw_ver = integers(6, "firmware")
    hw_rev = integers(6, "hardware")
    pu_missing = flag("a unit was set up and does not answer", seen=Seen.SHOWN)
    req_power = numbers(6, "W", "power asked for", seen=Seen.SHOWN)
    serial = texts(6, "serial number", seen=Seen.SHOWN)
    tempmax = numbers(6, "°C", "water, highest allowed", seen=Seen.SHOWN)
    tempmin = numbers(6, "°C", "water, lowest allowed", seen=Seen.SHOWN)
    temptarget = numbers(6, "°C", "water, to be reached", seen=Seen.SHOWN)
    temp_count = integers(6, "temperature sensors", seen=Seen.SHOWN)
    temp_limit_lower = number("°C", "lower bound of the settings", seen=Seen.SHOWN)
    temp_limit_upper = number("°C", "upper bound of the settings", seen=Seen.SHOWN)
    watervol = integers(6, "water", "l", seen=Seen.SHOWN)

    @property
    def units(self) -> tuple[Unit, ...]:
        return places(Unit, self.type, self.power, self.status)
