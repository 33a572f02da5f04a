"""What a simulated appliance says about its house: the one place where the device's signs and scales are made.

The wire has battery + charging, the house + discharging; grid is + import on both; PV1.P_TOTAL is negative while
producing.  Everything holds for one moment, so the powers of one answer add up (SPEC 4:
``house = max(0, pv + grid - battery)``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from heliobus.simulation.plant import StringState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from heliobus.senec.protocol import Scalar
    from heliobus.simulation.plant import Energy, Instant, Plant

    Content: TypeAlias = "Scalar | Sequence[float] | Sequence[str]"
    Rows: TypeAlias = "tuple[tuple[str, Content | Callable[[Moment], Content], str], ...]"  # type, content, names

_SENSORS = 6  # of a module
_TRACKERS = 3
_DARK = StringState(voltage=0.0, current=0.0, power=0.0)


@dataclass(frozen=True)
class Moment:
    """The house at one moment, each part computed when a variable of the answer needs it."""

    plant: Plant
    time: datetime
    pressed: frozenset[str] = frozenset()
    """The command bits that are set; they fall back by themselves."""
    storage: int | None = None
    """The system state of the storage mode and of the test after it: the PV stands still."""
    level: int = 0
    """Of the user who is logged in."""
    failures: int = 0
    """Logins that failed."""
    board: int = 0
    """How many times the network unit was replaced."""
    lfp: bool = False
    """Whether the battery is one of the LFP kind: other lists, more cells."""
    skew: timedelta = timedelta(0)
    """How far the appliance's clock is ahead."""

    @property
    def clock(self) -> datetime:
        """What the appliance's clock shows."""
        return self.time + self.skew

    @cached_property
    def now(self) -> Instant:
        now = self.plant.at(self.time)
        return now if self.storage is None else _without_sun(now, self.plant.house.phases)

    @cached_property
    def energy(self) -> Energy:
        return self.plant.counters(self.time)

    @property
    def box_power(self) -> float:
        """What the wallbox takes, W; the house's power is without it."""
        return 0.0 if self.now.wallbox is None else self.now.wallbox.power

    @cached_property
    def charging(self) -> bool:
        """Whether a forced charge is running: the command that counts now asks for one."""
        for order in reversed(self.plant.overrides):
            if order.of_power and order.holds(self.time):
                return order.power is not None and order.power < 0
        return False

    @cached_property
    def offset(self) -> int:
        """Minutes east of UTC."""
        local = self.clock.astimezone(ZoneInfo(self.plant.house.timezone))
        return round((local.utcoffset() or timedelta()) / timedelta(minutes=1))

    @property
    def modules(self) -> int:
        return self.plant.house.battery_modules

    @property
    def places(self) -> int:
        """For battery modules: 4; an LFP battery lists those that there are, at least 2 (marq24 #135)."""
        return max(self.modules, 2) if self.lfp else 4

    def each(self, value: float) -> list[float]:
        """The same for each module that there is; 0 in the empty places."""
        return [value] * self.modules + [0] * (self.places - self.modules)

    def share(self, energy: float) -> list[float]:
        """Each module's share of Wh, as the counters hold it: whole mWh in 32 bits."""
        whole = round(1000 * energy)
        shares = [(whole + number) // self.modules % 2**32 for number in range(self.modules)]
        return [*shares, *[0] * (self.places - self.modules)]

    def cells(self, module: int) -> list[int]:
        """Cell voltages in mV: an even share of the battery's voltage, apart from 2 mV of scatter."""
        count = 16 if self.lfp else 14
        if module >= self.modules:
            return [0] * count
        even = round(1000 * self.now.battery_voltage / count)
        return [even - 2 + (7 * cell + 3 * module) % 5 for cell in range(count)]

    def warmth(self, module: int) -> list[int]:
        """The temperatures of a module in °C."""
        there = module < self.modules
        return [round(self.now.battery_temperature) + sensor % 2 if there else 0 for sensor in range(_SENSORS)]

    def trackers(self) -> list[StringState]:
        return [*self.now.strings[:_TRACKERS], *[_DARK] * (_TRACKERS - len(self.now.strings))]

    @property
    def feed_in_limit(self) -> float:
        """In % of the installed power."""
        house = self.plant.house
        return 100.0 if house.feed_in_limit is None else min(100.0 * house.feed_in_limit / house.peak_power, 100.0)


def serial(plant: Plant, board: int = 0) -> str:
    """A made-up control unit number, one for each seed and each of the boards that a house has had."""
    return f"{2_600_000_000_000_000_000_000_000 + 1_000_000 * board + plant.seed}"


# States of senec.models.states that a healthy house passes through.
_FORCED, _FULL, _CHARGING, _EMPTY, _DISCHARGING, _WITH_PV, _WITH_GRID, _PASSIVE = 8, 13, 14, 15, 16, 17, 18, 19
_STORED = 64
_SOME = 1.0  # W
_ALMOST = 0.005  # %


def _state(moment: Moment) -> int:
    now = moment.now
    if moment.charging or moment.storage is not None:
        return moment.storage or _FORCED
    if now.battery < 0:
        return _CHARGING
    if now.battery > 0:
        if now.pv > _SOME:
            return _WITH_PV
        return _WITH_GRID if now.grid > _SOME else _DISCHARGING
    if now.soc > 100 - _ALMOST:
        return _FULL
    return _EMPTY if now.soc < moment.plant.house.reserve_soc + _ALMOST else _PASSIVE


def _inverter_states(moment: Moment) -> list[int]:
    running, sleeping = 272, 304
    return [running, running if moment.now.pv > 0 else sleeping]


def _module_serials(moment: Moment) -> list[int]:
    first = 10_000 * (moment.plant.seed % 400_000) + 1
    return [first + place if place < moment.modules else 0 for place in range(moment.places)]


def _bits(*names: str) -> Rows:
    """Command bits, each 1 while it is set."""
    return tuple(("u8", lambda m, name=name: int(name in m.pressed), name) for name in names)


def _without_sun(now: Instant, phases: int) -> Instant:
    """The house while the inverter produces nothing: the grid gives what the sun does not."""
    more = [now.pv / phases if number < phases else 0.0 for number in range(len(now.grid_phases))]
    powers = [phase.power + extra for phase, extra in zip(now.grid_phases, more, strict=True)]
    one, two, three = (
        replace(phase, power=power, current=abs(power) / phase.voltage)
        for phase, power in zip(now.grid_phases, powers, strict=True)
    )
    return replace(
        now, pv=0.0, grid=now.grid + now.pv, strings=(_DARK,) * len(now.strings), grid_phases=(one, two, three)
    )


LIVE: Mapping[str, Rows] = {
    "BAT1": (
        ("u8", lambda m: round(m.plant.house.reserve_soc), "SPARE_CAPACITY"),
        ("st", lambda m: f"SIM-V3-{m.plant.seed}", "SERIAL"),
    ),
    "BAT1OBJ1": (
        ("fl", lambda m: m.now.battery_voltage, "U_DC"),
        ("fl", lambda m: -m.now.battery_current, "I_DC"),
        ("u1", lambda m: round(m.now.case_temperature), "TEMP1 TEMP2"),
    ),
    "BMS": (
        ("u1", lambda m: m.each(0x30C0), "BL"),
        ("u1", lambda m: m.each(0x9AD5), "FW"),
        ("u1", lambda m: m.each(2), "HW_EXTENSION"),
        ("u1", lambda m: m.each(0x0C1D), "HW_MAINBOARD"),
        ("u3", lambda m: m.each(1), "STATUS"),
        ("u1", lambda m: [0] * m.places, "ALARM_STATUS BATTERY_STATUS"),
        ("u8", lambda m: [0] * m.places, "CELL_BALANCE_STATUS"),
        ("st", lambda m: [""] * m.places, "SERIAL"),
        ("u3", _module_serials, "SN"),
        ("u8", lambda m: m.modules, "MODULES_CONFIGURED MODULE_COUNT NR_INSTALLED"),
        ("fl", lambda m: m.plant.house.max_charge / m.modules, "NOM_CHARGEPOWER_MODULE"),
        ("fl", lambda m: m.plant.house.max_discharge / m.modules, "NOM_DISCHARGEPOWER_MODULE"),
        ("fl", lambda m: m.each(12), "CHARGE_CURRENT_LIMIT"),
        ("fl", lambda m: m.each(-24), "DISCHARGE_CURRENT_LIMIT"),
        ("u3", lambda m: m.share(m.energy.charge), "CHARGED_ENERGY"),
        ("u3", lambda m: m.share(m.energy.discharge), "DISCHARGED_ENERGY"),
        ("u1", lambda m: m.each(int(m.energy.discharge / m.plant.house.battery_capacity)), "CYCLES"),
        ("fl", lambda m: m.each(-m.now.battery_current / m.modules), "CURRENT"),
        ("fl", lambda m: m.each(m.now.battery_voltage), "VOLTAGE"),
        ("u1", lambda m: m.each(round(m.now.soc)), "SOC"),
        ("u8", lambda m: m.each(99), "SOH"),
        ("u1", lambda m: round(10 * m.now.soc), "SYSTEM_SOC"),
        ("i8", lambda m: [max(m.warmth(module)) for module in range(m.places)], "TEMP_MAX"),
        ("i8", lambda m: [min(m.warmth(module)) for module in range(m.places)], "TEMP_MIN"),
        ("i1", lambda m: 10 * max(m.warmth(0)), "MAX_TEMP"),
        ("i1", lambda m: 10 * min(m.warmth(0)), "MIN_TEMP"),
        ("u1", lambda m: [max(m.cells(module)) for module in range(m.places)], "MAX_CELL_VOLTAGE"),
        ("u1", lambda m: [min(m.cells(module)) for module in range(m.places)], "MIN_CELL_VOLTAGE"),
        ("u1", lambda m: m.cells(0), "CELL_VOLTAGES_MODULE_A"),
        ("u1", lambda m: m.cells(1), "CELL_VOLTAGES_MODULE_B"),
        ("u1", lambda m: m.cells(2), "CELL_VOLTAGES_MODULE_C"),
        ("u1", lambda m: m.cells(3), "CELL_VOLTAGES_MODULE_D"),
        ("i8", lambda m: m.warmth(0), "CELL_TEMPERATURES_MODULE_A"),
        ("i8", lambda m: m.warmth(1), "CELL_TEMPERATURES_MODULE_B"),
        ("i8", lambda m: m.warmth(2), "CELL_TEMPERATURES_MODULE_C"),
        ("i8", lambda m: m.warmth(3), "CELL_TEMPERATURES_MODULE_D"),
    ),
    "CASC": (("fl", lambda m: -m.now.battery, "BATPOWERSUM"),),
    "ENERGY": (
        ("u8", _state, "STAT_STATE"),
        ("u3", lambda m: int((m.time - m.plant.house.commissioned) / timedelta(hours=1)), "STAT_HOURS_OF_OPERATION"),
        ("fl", lambda m: m.now.pv or -0.0, "GUI_INVERTER_POWER"),  # the appliance's zero at night is negative
        ("fl", lambda m: m.now.grid, "GUI_GRID_POW"),
        ("fl", lambda m: max(0.0, m.now.pv + m.now.grid + m.now.battery - m.box_power), "GUI_HOUSE_POW"),
        ("fl", lambda m: -m.now.battery, "GUI_BAT_DATA_POWER"),
        ("fl", lambda m: -m.now.battery_current, "GUI_BAT_DATA_CURRENT"),
        ("fl", lambda m: m.now.battery_voltage, "GUI_BAT_DATA_VOLTAGE"),
        ("fl", lambda m: m.now.soc, "GUI_BAT_DATA_FUEL_CHARGE"),
        ("u8", lambda m: int(m.now.battery < 0), "GUI_CHARGING_INFO"),
        ("u8", lambda m: int(m.now.battery > 0), "GUI_BOOSTING_INFO"),
        *_bits("SAFE_CHARGE_FORCE", "SAFE_CHARGE_PROHIBIT", "LI_STORAGE_MODE_START", "LI_STORAGE_MODE_STOP"),
        ("u8", lambda m: int(m.charging), "SAFE_CHARGE_RUNNING"),
        ("u8", lambda m: int(m.storage == _STORED), "LI_STORAGE_MODE_RUNNING"),
    ),
    "FACTORY": (
        ("fl", lambda m: m.plant.house.battery_capacity, "DESIGN_CAPACITY"),
        ("fl", lambda m: m.plant.house.max_charge, "MAX_CHARGE_POWER_DC"),
        ("fl", lambda m: m.plant.house.max_discharge, "MAX_DISCHARGE_POWER_DC"),
        ("st", lambda m: serial(m.plant, m.board), "DEVICE_ID"),
    ),
    "LOG": (("u8", lambda m: m.level, "USER_LEVEL"), ("u8", lambda m: m.failures % 256, "LOG_IN_NOK_COUNT")),
    "PM1OBJ1": (
        ("fl", lambda m: m.now.grid_frequency, "FREQ"),
        ("fl", lambda m: [phase.voltage for phase in m.now.grid_phases], "U_AC"),
        ("fl", lambda m: [phase.current for phase in m.now.grid_phases], "I_AC"),
        ("fl", lambda m: [phase.power for phase in m.now.grid_phases], "P_AC"),
        ("fl", lambda m: m.now.grid, "P_TOTAL"),
    ),
    "PV1": (
        ("u8", lambda m: [2, 2 if m.now.pv > 0 else 0], "INTERNAL_INV_STATE"),
        ("u3", _inverter_states, "STATE_INT"),
        ("st", lambda m: [f"SIM-LV-{m.plant.seed}", f"SIM-HV-{m.plant.seed}"], "INTERNAL_MD_SERIAL"),
        ("fl", lambda m: [string.voltage for string in m.trackers()], "MPP_VOL"),
        ("fl", lambda m: [string.current for string in m.trackers()], "MPP_CUR"),
        ("fl", lambda m: [string.power for string in m.trackers()], "MPP_POWER"),
        ("fl", lambda m: -m.now.pv, "P_TOTAL"),
    ),
    "RTC": (
        ("u3", lambda m: int(m.clock.timestamp()) + 60 * m.offset, "WEB_TIME"),
        ("i3", lambda m: m.offset, "UTC_OFFSET"),
        ("u3", lambda m: int(1000 * m.time.timestamp()) % 2**32, "TIMESTAMP_MS"),
    ),
    "SYS_UPDATE": _bits("USER_REBOOT_DEVICE"),
    "TEMPMEASURE": (
        ("fl", lambda m: m.now.battery_temperature, "BATTERY_TEMP"),
        ("fl", lambda m: m.now.case_temperature, "CASE_TEMP"),
    ),
    "WIZARD": (
        ("fl", lambda m: m.plant.house.peak_power, "PWRCFG_PEAK_PV_POWER"),
        ("u8", lambda m: round(m.feed_in_limit), "SETUP_POWER_RULE"),
    ),
}
"""What every firmware has."""

_RATIOS = "POWER_RATIO POWER_RATIO_L1 POWER_RATIO_L2 POWER_RATIO_L3"

LIVE_0811: Mapping[str, Rows] = {
    "ENERGY": (("u8", _state, "STAT_STATE_DECODE"),),
    "PV1": (("u3", lambda m: round(m.feed_in_limit), _RATIOS),),
    "STATISTIC": (
        ("u1", _state, "CURRENT_STATE"),
        ("fl", lambda m: m.energy.charge / 1000, "LIVE_BAT_CHARGE LIVE_BAT_CHARGE_MASTER"),
        ("fl", lambda m: m.energy.discharge / 1000, "LIVE_BAT_DISCHARGE LIVE_BAT_DISCHARGE_MASTER"),
        ("fl", lambda m: m.energy.grid_export / 1000, "LIVE_GRID_EXPORT"),
        ("fl", lambda m: m.energy.grid_import / 1000, "LIVE_GRID_IMPORT"),
        ("fl", lambda m: m.energy.load / 1000, "LIVE_HOUSE_CONS"),
        ("fl", lambda m: m.energy.pv / 1000, "LIVE_PV_GEN"),
        ("i3", lambda m: int(m.clock.timestamp()), "MEASURE_TIME"),
    ),
}

LIVE_0826: Mapping[str, Rows] = {
    "ENERGY": (
        ("u1", lambda m: max(m.cells(0)), "GUI_BAT_DATA_MAX_CELL_VOLTAGE"),
        ("u1", lambda m: min(m.cells(0)), "GUI_BAT_DATA_MIN_CELL_VOLTAGE"),
    ),
    "PV1": (("fl", lambda m: m.feed_in_limit, _RATIOS),),
}

LIVE_V21: Mapping[str, Rows] = {
    "BMS": (
        ("u1", lambda m: round(m.now.battery_voltage), "TOTAL_VOLTAGE"),
        ("i1", lambda m: round(-m.now.battery_current), "TOTAL_CURRENT"),
    ),
}
