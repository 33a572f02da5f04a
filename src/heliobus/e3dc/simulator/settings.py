"""What the device can be told: its state; ``control`` has the requests that read and change it (SPEC 6.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Self

from heliobus.e3dc.protocol import tags

if TYPE_CHECKING:
    from datetime import datetime

    from heliobus.simulation.plant import House

RECOMMENDED = 65
"""W: discharging for less is allowed, but not advised."""
CHARGE, DISCHARGE = 0, 1
"""Types of idle periods: what is blocked."""
_DAYS = range(7)


class Register(NamedTuple):
    """One number that is read by one request and set by another."""

    read: int
    write: int
    initial: int | float | bool
    low: float
    high: float


def _registers(*rows: tuple[str, str, int | float | bool, float, float]) -> dict[int, Register]:
    return {
        tags.code(read): Register(tags.code(read), tags.code(write), initial, low, high)
        for read, write, initial, low, high in rows
    }


REGISTERS = _registers(
    ("EMS_REQ_BATTERY_BEFORE_CAR_MODE", "EMS_REQ_SET_BATTERY_BEFORE_CAR_MODE", 1, 0, 1),
    ("EMS_REQ_BATTERY_TO_CAR_MODE", "EMS_REQ_SET_BATTERY_TO_CAR_MODE", 0, 0, 1),
    ("EMS_REQ_DPP_MONTHS_ACTIVE", "EMS_REQ_DPP_SET_MONTHS_ACTIVE", 0b1100_0000_0111, 0, 0xFFF),
    ("EMS_REQ_DPP_PRICE_BASED_BATTERY_CHARGE_ENABLED", "EMS_REQ_DPP_SET_BATTERY_CHARGE_ENABLED", False, 0, 1),
    ("EMS_REQ_DPP_PRICE_LIMIT_BATTERY", "EMS_REQ_DPP_SET_PRICE_LIMIT_BATTERY", 0.12, -1, 1),
    ("EMS_REQ_DPP_SOC_BATTERY", "EMS_REQ_DPP_SET_SOC_BATTERY", 80, 0, 100),
    ("EMS_REQ_EP_DELAY", "EMS_REQ_SET_EP_DELAY", 5, 0, 255),
    ("EMS_REQ_ERROR_BUZZER_ENABLED", "EMS_REQ_SET_ERROR_BUZZER_ENABLED", True, 0, 1),
    ("EMS_REQ_GET_CONNECTED_POWER", "EMS_REQ_SET_CONNECTED_POWER", 30_000, 0, 100_000),
    ("EMS_REQ_GET_EP_WALLBOX_ALLOW", "EMS_REQ_SET_EP_WALLBOX_ALLOW", False, 0, 1),
    ("EMS_REQ_GET_IDLE_PERIODS_ENABLE", "EMS_REQ_SET_IDLE_PERIODS_ENABLE", True, 0, 1),
    ("EMS_REQ_GET_MAX_EP_WALLBOX_POWER_W", "EMS_REQ_SET_MAX_EP_WALLBOX_POWER_W", 3_600, 0, 22_000),
    ("EMS_REQ_GET_MAX_FUSE_POWER", "EMS_REQ_SET_MAX_FUSE_POWER", 24_000, 0, 100_000),
    ("EMS_REQ_GET_MIN_EP_WALLBOX_POWER_W", "EMS_REQ_SET_MIN_EP_WALLBOX_POWER_W", 1_400, 0, 22_000),
    ("EMS_REQ_GET_PEAK_SHAVING_POWER", "EMS_REQ_SET_PEAK_SHAVING_POWER", 0, 0, 100_000),
    ("EMS_REQ_GET_WALLBOX_ENFORCE_POWER_ASSIGNMENT", "EMS_REQ_SET_WALLBOX_ENFORCE_POWER_ASSIGNMENT", 0, 0, 1),
    ("EMS_REQ_GET_WALLBOX_MODE", "EMS_REQ_SET_WALLBOX_MODE", 1, 0, 4),
    ("EMS_REQ_GET_WB_CHARGE_BAT_UNTIL", "EMS_REQ_SET_WB_CHARGE_BAT_UNTIL", 90, 0, 100),
    ("EMS_REQ_GET_WB_DISCHARGE_BAT_UNTIL", "EMS_REQ_SET_WB_DISCHARGE_BAT_UNTIL", 20, 0, 100),
    ("EMS_REQ_IDLE_PERIOD_MAX_SOC_UCB", "EMS_REQ_SET_IDLE_PERIOD_MAX_SOC_UCB", 100, 0, 100),
    ("EMS_REQ_IDLE_PERIOD_MIN_SOC_UCB", "EMS_REQ_SET_IDLE_PERIOD_MIN_SOC_UCB", 0, 0, 100),
    ("EMS_REQ_REGULATOR_MODE", "EMS_REQ_SET_REGULATOR_MODE", 0, 0, 3),
    ("EMS_REQ_REGULATOR_STRATEGY", "EMS_REQ_SET_REGULATOR_STRATEGY", 0, 0, 3),
)
"""By the request that reads them."""
MODERN = frozenset(
    tags.code(name)
    for name in (
        "EMS_REQ_GET_IDLE_PERIODS_ENABLE",
        "EMS_REQ_GET_WB_CHARGE_BAT_UNTIL",
        "EMS_REQ_GET_WB_DISCHARGE_BAT_UNTIL",
        "EMS_REQ_SET_IDLE_PERIODS_ENABLE",
        "EMS_REQ_SET_WB_CHARGE_BAT_UNTIL",
        "EMS_REQ_SET_WB_DISCHARGE_BAT_UNTIL",
        "EMS_REQ_GET_IDLE_PERIODS_2",
        "EMS_REQ_SET_IDLE_PERIODS_2",
    )
)
"""Requests that old firmware does not know."""
EXCLUSIVE = (tags.EMS_REQ_BATTERY_TO_CAR_MODE, tags.EMS_REQ_BATTERY_BEFORE_CAR_MODE)
"""Registers of which at most one is 1."""


@dataclass(frozen=True, slots=True)
class Idle:
    """An idle period of the first kind: one for each weekday (0 is Monday) and type; hours and minutes."""

    active: bool = False
    start: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An idle period of the second kind; seconds of the day, ``stop`` before ``start`` is on the next morning."""

    active: bool
    description: str
    weekdays: int
    """Bits, Monday is 1 and Sunday 64."""
    start: int
    stop: int
    type: int

    def holds(self, weekday: int, second: int) -> bool:
        """Whether it blocks at a ``second`` of the ``weekday``."""
        if not self.active:
            return False
        today = bool(self.weekdays >> weekday & 1)
        if self.start <= self.stop:
            return today and self.start <= second < self.stop
        yesterday = bool(self.weekdays >> (weekday - 1) % 7 & 1)
        return (today and second >= self.start) or (yesterday and second < self.stop)


@dataclass(slots=True, kw_only=True)
class ManualCharge:
    """The charging that was asked for by hand."""

    until: datetime | None = None
    started: datetime | None = None
    target: int = 0
    starts: int = 0


@dataclass(slots=True, kw_only=True)
class Settings:
    """W, %, and the registers by the tag that reads them."""

    max_charge: int
    max_discharge: int
    discharge_start: int = RECOMMENDED
    limits_used: bool = False
    powersave: bool = True
    weather_regulated: bool = False
    reserve: float = 10.0
    sg_state: int = 2
    modbus: bool = False
    registers: dict[int, int | float | bool]
    idle: dict[tuple[int, int], Idle]
    """By type and weekday."""
    periods: list[Period] = field(default_factory=list)
    manual: ManualCharge = field(default_factory=ManualCharge)

    @classmethod
    def of(cls, house: House) -> Self:
        """What a device leaves the installer with."""
        return cls(
            max_charge=round(house.max_charge),
            max_discharge=round(house.max_discharge),
            reserve=house.reserve_soc,
            registers={tag: register.initial for tag, register in REGISTERS.items()},
            idle={(kind, day): Idle() for kind in (CHARGE, DISCHARGE) for day in _DAYS},
            periods=[
                Period(active=True, description="Nacht", weekdays=31, start=22 * 3600, stop=5 * 3600, type=DISCHARGE),
                Period(active=False, description="Früh", weekdays=127, start=6 * 3600, stop=9 * 3600, type=CHARGE),
            ],
        )

    def blocked(self, kind: int, local: datetime) -> bool:
        """Whether an idle period of ``kind`` holds at a local time."""
        second = local.hour * 3600 + local.minute * 60 + local.second
        idle = self.idle[kind, local.weekday()]
        first = idle.active and idle.start <= (local.hour, local.minute) < idle.end
        if not self.registers[tags.EMS_REQ_GET_IDLE_PERIODS_ENABLE]:
            return first
        return first or any(p.type == kind and p.holds(local.weekday(), second) for p in self.periods)
