"""A whole answer, typed, and the requests that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, overload

from heliobus.senec.models import sections as tables
from heliobus.senec.models.rows import Section
from heliobus.senec.protocol import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heliobus.senec.protocol import Answer, Request, Value

S = TypeVar("S", bound=Section)


class _Part(Generic[S]):
    """A section of a reading; the attribute's name is the section's."""

    __slots__ = ("name", "type")

    def __init__(self, section: type[S]) -> None:
        self.type = section
        self.name = ""

    def __set_name__(self, owner: type[Reading], name: str) -> None:
        self.name = name.upper()
        owner.sections[self.name] = self.type

    @overload
    def __get__(self, reading: None, owner: type[Reading]) -> _Part[S]: ...
    @overload
    def __get__(self, reading: Reading, owner: type[Reading]) -> S: ...
    def __get__(self, reading: Reading | None, owner: type[Reading]) -> _Part[S] | S:
        return self if reading is None else self.type(reading.answer.get(self.name, {}))


@dataclass(frozen=True, slots=True)
class Reading:
    """A decoded answer: a typed view by section (``reading.energy.gui_grid_pow``), empty where a section is missing."""

    answer: Answer
    sections: ClassVar[dict[str, type[Section]]] = {}
    """The tables of rows by the vendor's names."""

    energy = _Part(tables.Energy)
    statistic = _Part(tables.Statistic)
    pv1 = _Part(tables.Pv1)
    pm1obj1 = _Part(tables.PowerMeter)
    pm1obj2 = _Part(tables.PowerMeter)
    bms = _Part(tables.Bms)
    bat1 = _Part(tables.Bat1)
    bat1obj1 = _Part(tables.Bat1Obj1)
    factory = _Part(tables.Factory)
    rtc = _Part(tables.Rtc)
    tempmeasure = _Part(tables.TempMeasure)
    wallbox = _Part(tables.Wallbox)
    wizard = _Part(tables.Wizard)
    sys_update = _Part(tables.SysUpdate)
    sockets = _Part(tables.Sockets)
    fan_speed = _Part(tables.FanSpeed)
    pwr_unit = _Part(tables.PwrUnit)

    @property
    def absent(self) -> Mapping[str, Absent]:
        """Why there is no value, by path: ``STATISTIC.LIVE_PV_GEN``, ``BAT1OBJ2.OBJECT_NOT_FOUND``, ``BMS.SOC.3``."""
        return {path: value for path, value in self._scalars() if isinstance(value, Absent)}

    @property
    def extra(self) -> Mapping[str, Value]:
        """Values that no row describes, by path: decoded, not interpreted."""
        return {
            f"{name}.{variable}": value
            for name, section in self.answer.items()
            for variable, value in section.items()
            if not isinstance(value, Absent) and variable not in self.sections.get(name, Section).rows
        }

    def _scalars(self) -> Iterator[tuple[str, Value]]:
        for name, section in self.answer.items():
            for variable, value in section.items():
                if isinstance(value, list):
                    yield from ((f"{name}.{variable}.{place}", item) for place, item in enumerate(value))
                else:
                    yield f"{name}.{variable}", value


def _ask(names: Mapping[str, str]) -> Request:
    return {section: dict.fromkeys(variables.split(), "") for section, variables in names.items()}


LIVE_REQUEST = _ask(
    {
        "ENERGY": "STAT_STATE GUI_INVERTER_POWER GUI_GRID_POW GUI_HOUSE_POW GUI_BAT_DATA_POWER GUI_BAT_DATA_CURRENT"
        " GUI_BAT_DATA_VOLTAGE GUI_BAT_DATA_FUEL_CHARGE STAT_HOURS_OF_OPERATION",
        "PV1": "MPP_POWER MPP_VOL MPP_CUR POWER_RATIO",
        "PM1OBJ1": "FREQ U_AC I_AC P_AC P_TOTAL",
        "RTC": "WEB_TIME UTC_OFFSET",
        "TEMPMEASURE": "BATTERY_TEMP CASE_TEMP MCU_TEMP",
        "WALLBOX": "STATE EV_CONNECTED APPARENT_CHARGING_POWER"
        " L1_CHARGING_CURRENT L2_CHARGING_CURRENT L3_CHARGING_CURRENT",
        "STATISTIC": "LIVE_PV_GEN LIVE_HOUSE_CONS LIVE_GRID_IMPORT LIVE_GRID_EXPORT"
        " LIVE_BAT_CHARGE LIVE_BAT_DISCHARGE LIVE_WB_ENERGY",
    }
)
"""The few values of one round trip.  New firmware answers STATISTIC with VARIABLE_NOT_FOUND, which harms nobody."""

BASIC_REQUEST = _ask(
    {
        "STATISTIC": "CURRENT_STATE LIVE_BAT_CHARGE_MASTER LIVE_BAT_DISCHARGE_MASTER LIVE_GRID_EXPORT LIVE_GRID_IMPORT"
        " LIVE_HOUSE_CONS LIVE_PV_GEN MEASURE_TIME",
        "ENERGY": "GUI_BAT_DATA_CURRENT GUI_BAT_DATA_FUEL_CHARGE GUI_BAT_DATA_POWER GUI_BAT_DATA_VOLTAGE GUI_GRID_POW"
        " GUI_HOUSE_POW GUI_INVERTER_POWER STAT_HOURS_OF_OPERATION",
        "BMS": "CHARGED_ENERGY DISCHARGED_ENERGY CYCLES",
        "PV1": "MPP_CUR MPP_POWER MPP_VOL POWER_RATIO P_TOTAL",
        "FACTORY": "DESIGN_CAPACITY MAX_CHARGE_POWER_DC MAX_DISCHARGE_POWER_DC",
    }
)
"""The request of the library that this project started from, name for name."""

IDENTITY_REQUEST = _ask(
    {
        "FACTORY": "SYS_TYPE COUNTRY DEVICE_ID BAT_TYPE DESIGN_CAPACITY MAX_CHARGE_POWER_DC MAX_DISCHARGE_POWER_DC",
        "WIZARD": "APPLICATION_VERSION INTERFACE_VERSION FIRMWARE_VERSION PWRCFG_PEAK_PV_POWER SETUP_NUMBER_WALLBOXES"
        " MASTER_SLAVE_MODE",
        "SYS_UPDATE": "NPU_IMAGE_VERSION NPU_VER",
        "BAT1": "TYPE SERIAL SPARE_CAPACITY ISLAND_ENABLE",
        "BMS": "MANUFACTURER MODULE_COUNT MODULES_CONFIGURED NR_INSTALLED",
        "PV1": "MPP_AVAIL",
    }
)
"""Which appliance this is and what belongs to it.

FACTORY's three first names are also the greeting after which network firmware 2411 hands out its cookie (SPEC 3.4).
"""

FULL_REQUEST: Request = {name: dict.fromkeys(section.rows, "") for name, section in Reading.sections.items()}
"""Every row of every section: one request, below the ceiling."""
