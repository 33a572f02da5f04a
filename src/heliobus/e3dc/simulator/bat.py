"""BAT and DCDC: the batteries, down to their cells, and the converters before them (SPEC 6.3).

Batteries of one system lie in parallel: each has the house's voltage and an even share of its current.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Value, tags
from heliobus.e3dc.simulator.answering import asks, indexed, item, items, reads

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment

CELLS, SENSORS = 14, 6  # of a DCB
_MODULE = 2_500.0  # Wh of a DCB
_NOMINAL = 51.8  # V
_EMPTY, _FULL = 42.0, 58.1  # V
_LINK = 680.0  # V between the converter and the inverter
_HEALTH = 98.5  # %
_BOUNDS = ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)


@dataclass(frozen=True, slots=True)
class Battery:
    """One battery at one moment, with the signs of the wire: + charging."""

    moment: Moment
    index: int

    @property
    def share(self) -> float:
        return 1.0 / self.moment.equipment.batteries

    @property
    def current(self) -> float:
        return -self.moment.now.battery_current * self.share

    @property
    def power(self) -> float:
        return -self.moment.now.battery * self.share

    @property
    def voltage(self) -> float:
        return self.moment.now.battery_voltage

    @property
    def capacity(self) -> float:
        """Ah."""
        return self.moment.plant.house.battery_capacity * self.share / _NOMINAL

    @property
    def remaining(self) -> float:
        """Ah."""
        return self.capacity * self.moment.now.soc / 100.0

    @property
    def most(self) -> tuple[float, float]:
        """The currents up to which it charges and discharges."""
        house = self.moment.plant.house
        return house.max_charge * self.share / _NOMINAL, house.max_discharge * self.share / _NOMINAL

    @property
    def modules(self) -> int:
        return max(round(self.moment.plant.house.battery_capacity * self.share / _MODULE), 1)

    @property
    def cycles(self) -> int:
        return int(self.moment.energy.discharge / self.moment.plant.house.battery_capacity)

    def warmth(self, module: int) -> list[float]:
        """The temperatures in a module."""
        return [self.moment.now.battery_temperature + 0.5 * ((sensor + module) % 3 - 1) for sensor in range(SENSORS)]

    def cells(self, module: int) -> list[float]:
        """The voltages of a module's cells: together the battery's, each within 3 mV of an even share."""
        return [self.voltage / CELLS + 0.001 * ((cell + module) % 7 - 3) for cell in range(CELLS)]


def _all_warmth(battery: Battery) -> list[float]:
    return [value for module in range(battery.modules) for value in battery.warmth(module)]


def _all_cells(battery: Battery) -> list[float]:
    return [value for module in range(battery.modules) for value in battery.cells(module)]


def _used(battery: Battery) -> int:
    """Seconds since the commissioning."""
    return int((battery.moment.time - battery.moment.plant.house.commissioned) / timedelta(seconds=1))


def _info(battery: Battery) -> Value:
    names = ("RSOC", "MODULE_VOLTAGE", "CURRENT", "CHARGE_CYCLES", "STATUS_CODE", "ERROR_CODE")
    nothing = Item(0)
    return [_PACK[tags.code(f"BAT_REQ_{name}")].answer(battery, nothing) for name in names]


_PACK: Table[Battery] = reads(
    "BAT",
    {
        "RSOC": lambda b: b.moment.now.soc,
        "RSOC_REAL": lambda b: b.moment.now.soc,
        "ASOC": lambda b: b.moment.now.soc * _HEALTH / 100.0,
        "MODULE_VOLTAGE": lambda b: b.voltage,
        "TERMINAL_VOLTAGE": lambda b: b.voltage,
        "CURRENT": lambda b: b.current,
        "MAX_BAT_VOLTAGE": _FULL,
        "EOD_VOLTAGE": _EMPTY,
        "MAX_CHARGE_CURRENT": lambda b: b.most[0],
        "MAX_DISCHARGE_CURRENT": lambda b: b.most[1],
        "CHARGE_CYCLES": lambda b: b.cycles,
        "STATUS_CODE": 0,
        "ERROR_CODE": 0,
        "DEVICE_NAME": "HB-BAT 51",
        "DCB_COUNT": lambda b: b.modules,
        "FCC": lambda b: b.capacity,
        "RC": lambda b: b.remaining,
        "MAX_DCB_CELL_VOLTAGE": lambda b: max(_all_cells(b)),
        "MIN_DCB_CELL_VOLTAGE": lambda b: min(_all_cells(b)),
        "MAX_DCB_CELL_TEMPERATURE": lambda b: max(_all_warmth(b)),
        "MIN_DCB_CELL_TEMPERATURE": lambda b: min(_all_warmth(b)),
        "READY_FOR_SHUTDOWN": False,
        "TRAINING_MODE": 0,
        "MANUFACTURER_NAME": "heliobus",
        "USABLE_CAPACITY": lambda b: b.capacity,
        "USABLE_REMAINING_CAPACITY": lambda b: b.remaining,
        "DESIGN_CAPACITY": lambda b: b.capacity * 100.0 / _HEALTH,
        "DESIGN_VOLTAGE": _NOMINAL,
        "TOTAL_USE_TIME": _used,
        "TOTAL_DISCHARGE_TIME": lambda b: _used(b) // 3,
        "INTERNALS": lambda b: items("BAT_INTERNAL", {"CURRENT_AVG30": b.current, "MTV_AVG30": b.voltage}),
        "DEVICE_STATE": items("BAT_DEVICE", {"CONNECTED": True, "WORKING": True, "IN_SERVICE": False}),
        "INFO": _info,
    },
)


def _module(battery: Battery, asked: Item) -> int | None:
    """The module that a request means."""
    return asked.value if isinstance(asked.value, int) and asked.value in range(battery.modules) else None


def _dcb(battery: Battery, asked: Item) -> Value:
    module = _module(battery, asked)
    if module is None:
        return _BOUNDS
    part = 1.0 / battery.modules
    current = battery.current * part
    charge, discharge = (limit * part for limit in battery.most)
    serial = 1_000 * (battery.moment.plant.seed % 1_000_000) + 10 * battery.index + module
    return items(
        "BAT_DCB",
        {
            "INDEX": module,
            "LAST_MESSAGE_TIMESTAMP": int(battery.moment.time.timestamp()) * 1_000,
            "MAX_CHARGE_VOLTAGE": _FULL,
            "MAX_CHARGE_CURRENT": charge,
            "END_OF_DISCHARGE": _EMPTY,
            "MAX_DISCHARGE_CURRENT": discharge,
            "FULL_CHARGE_CAPACITY": battery.capacity * part,
            "REMAINING_CAPACITY": battery.remaining * part,
            "SOC": battery.moment.now.soc,
            "SOH": _HEALTH,
            "CYCLE_COUNT": battery.cycles,
            "CURRENT": current,
            "VOLTAGE": battery.voltage,
            "CURRENT_AVG_30S": current,
            "VOLTAGE_AVG_30S": battery.voltage,
            "DESIGN_CAPACITY": battery.capacity * part * 100.0 / _HEALTH,
            "DESIGN_VOLTAGE": _NOMINAL,
            "CHARGE_LOW_TEMPERATURE": 0.0,
            "CHARGE_HIGH_TEMPERATURE": 50.0,
            "MANUFACTURE_DATE": 20_250_106,
            "SERIALNO": serial,
            "PROTOCOL_VERSION": 16,
            "FW_VERSION": 214,
            "DATA_TABLE_VERSION": 3,
            "PCB_VERSION": 2,
            "NR_SERIES_CELL": CELLS,
            "NR_PARALLEL_CELL": 2,
            "MANUFACTURE_NAME": "heliobus",
            "DEVICE_NAME": "HB-DCB",
            "SERIALCODE": f"HB{serial:09d}",
            "NR_SENSOR": SENSORS,
            "STATUS": 0,
            "WARNING": 0,
            "ALARM": 0,
            "ERROR": 0,
        },
    )


def _cell_values(tag: int, values: list[float]) -> list[Item]:
    return [item(tags.BAT_DATA, [item(tag, value) for value in values])]


def _cell_voltages(battery: Battery, asked: Item) -> Value:
    module = _module(battery, asked)
    return _BOUNDS if module is None else _cell_values(tags.BAT_DCB_CELL_VOLTAGE, battery.cells(module))


def _cell_temperatures(battery: Battery, asked: Item) -> Value:
    module = _module(battery, asked)
    return _BOUNDS if module is None else _cell_values(tags.BAT_DCB_CELL_TEMPERATURE, battery.warmth(module))


_MODULES: Table[Battery] = asks(
    "BAT",
    {
        "DCB_INFO": _dcb,
        "DCB_ALL_CELL_VOLTAGES": _cell_voltages,
        "DCB_ALL_CELL_TEMPERATURES": _cell_temperatures,
    },
)

_CONVERTER: Table[Battery] = reads(
    "DCDC",
    {
        "I_BAT": lambda b: b.current,
        "U_BAT": lambda b: b.voltage,
        "P_BAT": lambda b: b.power,
        "I_DCL": lambda b: b.power / _LINK,
        "U_DCL": _LINK,
        "P_DCL": lambda b: b.power,
        "FIRMWARE_VERSION": "D1.22",
        "FPGA_FIRMWARE": "F7",
        "SERIAL_NUMBER": lambda b: f"DC{b.moment.plant.seed % 10**6:06d}{b.index}",
        "BOARD_VERSION": 4,
        "STATUS": items("DCDC", {"STATE": 3, "SUBSTATE": 0}),
        "STATUS_AS_STRING": items("DCDC", {"STATE_AS_STRING": "ON", "SUBSTATE_AS_STRING": "NORMAL"}),
        "IS_FLASHING": False,
        "GET_BAT_CONNECTED": True,
        "DEVICE_STATE": items("DCDC_DEVICE", {"CONNECTED": True, "WORKING": True, "IN_SERVICE": False}),
    },
)


def _battery(moment: Moment, index: int) -> Battery | None:
    return Battery(moment, index) if index in range(moment.equipment.batteries) else None


TABLE: Table[Moment] = {
    **indexed("BAT", {**_PACK, **_MODULES}, _battery),
    **indexed("DCDC", _CONVERTER, _battery),
}
