"""A whole answer, typed, and the requests that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, overload

from heliobus.senec.models.rows import Row, Section
from heliobus.senec.models.sections import appliance, battery, grid, inverter, loads
from heliobus.senec.models.sections import energy as flows
from heliobus.senec.protocol import Absent, merge_answers

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

    energy = _Part(flows.Energy)
    statistic = _Part(flows.Statistic)
    pv1 = _Part(inverter.Pv1)
    pm1 = _Part(grid.Pm1)
    pm1obj1 = _Part(grid.PowerMeter)
    pm1obj2 = _Part(grid.PowerMeter)
    bms = _Part(battery.Bms)
    bms_para = _Part(battery.BmsPara)
    bmz_current_limits = _Part(battery.BmzCurrentLimits)
    cell_deviation_roc = _Part(battery.CellDeviationRoc)
    current_imbalance_control = _Part(battery.CurrentImbalanceControl)
    ampace = _Part(battery.Ampace)
    bat1 = _Part(battery.Bat1)
    bat1obj1 = _Part(battery.Bat1Obj1)
    steca = _Part(inverter.Steca)
    ipu = _Part(inverter.Ipu)
    factory = _Part(appliance.Factory)
    features = _Part(appliance.Features)
    rtc = _Part(appliance.Rtc)
    tempmeasure = _Part(appliance.TempMeasure)
    wallbox = _Part(loads.Wallbox)
    wizard = _Part(appliance.Wizard)
    sys_update = _Part(appliance.SysUpdate)
    log = _Part(appliance.Log)
    sockets = _Part(loads.Sockets)
    pwr_unit = _Part(loads.PwrUnit)
    fan_speed = _Part(inverter.FanSpeed)
    fan_test = _Part(inverter.FanTest)
    casc = _Part(flows.Casc)
    gridconfig = _Part(grid.GridConfig)
    eg_control = _Part(flows.EgControl)
    selftest_results = _Part(inverter.SelftestResults)
    senec_io_input = _Part(appliance.SenecIoInput)
    senec_io_output = _Part(appliance.SenecIoOutput)
    debug = _Part(appliance.Debug)
    test = _Part(appliance.ProductionTest)

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

    @property
    def unread(self) -> Mapping[str, Value]:
        """Values that came and that their row does not take, by path: a number where a text was known, and the like."""
        return {
            f"{name}.{variable}": value
            for name, section in self.answer.items()
            for variable, value in section.items()
            if (row := self.sections.get(name, Section).rows.get(variable)) is not None and _is_lost(value, row)
        }

    def _scalars(self) -> Iterator[tuple[str, Value]]:
        for name, section in self.answer.items():
            for variable, value in section.items():
                if isinstance(value, list):
                    yield from ((f"{name}.{variable}.{place}", item) for place, item in enumerate(value))
                else:
                    yield f"{name}.{variable}", value


def _is_lost(value: Value, row: Row[object]) -> bool:
    if isinstance(value, list):
        read = row.read(value)
        return not isinstance(read, tuple) or any(
            one is None and not isinstance(item, Absent) for one, item in zip(read, value, strict=True)
        )
    return not isinstance(value, Absent) and not row.is_unset(value) and row.read(value) in (None, ())


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

FULL_REQUEST: Request = merge_answers(
    [
        LIVE_REQUEST,
        _ask(
            {
                "BMS": "MODULE_COUNT SERIAL SN SOC SOH VOLTAGE CURRENT CYCLES CHARGED_ENERGY DISCHARGED_ENERGY"
                " TEMP_MIN TEMP_MAX SYSTEM_SOH"
                " CELL_VOLTAGES_MODULE_A CELL_VOLTAGES_MODULE_B CELL_VOLTAGES_MODULE_C CELL_VOLTAGES_MODULE_D"
                " CELL_TEMPERATURES_MODULE_A CELL_TEMPERATURES_MODULE_B CELL_TEMPERATURES_MODULE_C"
                " CELL_TEMPERATURES_MODULE_D",
                "FACTORY": "DESIGN_CAPACITY MAX_CHARGE_POWER_DC MAX_DISCHARGE_POWER_DC",
                "BAT1": "SPARE_CAPACITY",
                "PV1": "STATE_INT INTERNAL_MD_AVAIL",
                "PM1OBJ2": "ENABLED U_AC I_AC P_AC P_TOTAL",
                "WALLBOX": "SET_ICMAX PROHIBIT_USAGE SMART_CHARGE_ACTIVE",
                "SOCKETS": "NUMBER_OF_SOCKETS POWER_ON",
            }
        ),
    ]
)
"""What a snapshot has a place for, still in one round trip: the powers add up."""

_VALUES = 500  # of an answer: some 15 kB, and 22 kB were answered in full (SPEC 2.3)


def _whole() -> Iterator[Request]:
    asked: dict[str, dict[str, str]] = {}
    size = 0
    for name, section in Reading.sections.items():
        usual = sum(max(row.length, 1) for row in section.rows.values())
        if size + usual > _VALUES:
            yield asked
            asked, size = {}, 0
        asked[name] = {}
        size += usual
    yield asked


WHOLE_REQUESTS = tuple(_whole())
"""Every section whole, with what no row describes: several requests, so that no answer is too long."""
