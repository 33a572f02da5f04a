"""Batteries, their modules (DCB) and the modules' cells (SPEC 6.3).

Currents are + while charging.  The modules of high-voltage systems answer OUT_OF_BOUNDS, or texts for numbers: then
those values are None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.models.indexed import BATTERY, Unit, answers_inside, holds_values, index_of
from heliobus.e3dc.models.rows import Record, choice, flag, number, read_number, text, whole
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

_INDICES = frozenset({tags.BAT_INDEX, tags.BAT_DCB_INDEX, 0x03000100})


def _values(answer: Item | None) -> tuple[float | None, ...]:
    """All measurements in an answer, which nests them in one or two containers."""
    return () if answer is None or answer.error is not None else tuple(_leaves(answer))


def _leaves(item: Item) -> Iterator[float | None]:
    if item.children:
        for child in item.children:
            yield from _leaves(child)
    elif item.tag not in _INDICES:
        yield read_number(item)


class BriefBattery(Unit):
    """What a live poll asks of a battery."""

    kind = BATTERY

    rsoc = number(tags.BAT_REQ_RSOC, "%", "state of charge as shown")
    current = number(tags.BAT_REQ_CURRENT, "A", "+ charges")
    module_voltage = number(tags.BAT_REQ_MODULE_VOLTAGE, "V", "voltage of the battery")
    usable_capacity = number(tags.BAT_REQ_USABLE_CAPACITY, "Ah", "what lies between 0 and 100 %")
    dcb_count = whole(tags.BAT_REQ_DCB_COUNT, "number of modules")


@dataclass(frozen=True, repr=False, kw_only=True)
class Module(Record):
    """One DCB; ``index`` as the vendor counts: from 0.  Cells and sensors in the order of the device."""

    index: int
    cell_voltages: tuple[float | None, ...] = ()
    cell_temperatures: tuple[float | None, ...] = ()

    soc = number(tags.BAT_DCB_SOC, "%", "state of charge")
    soh = number(tags.BAT_DCB_SOH, "%", "state of health")
    voltage = number(tags.BAT_DCB_VOLTAGE, "V", "voltage")
    voltage_avg_30s = number(tags.BAT_DCB_VOLTAGE_AVG_30S, "V", "its mean over 30 s")
    current = number(tags.BAT_DCB_CURRENT, "A", "+ charges")
    current_avg_30s = number(tags.BAT_DCB_CURRENT_AVG_30S, "A", "its mean over 30 s")
    cycle_count = whole(tags.BAT_DCB_CYCLE_COUNT, "charging cycles")
    design_capacity = number(tags.BAT_DCB_DESIGN_CAPACITY, "Ah", "capacity when new")
    design_voltage = number(tags.BAT_DCB_DESIGN_VOLTAGE, "V", "nominal voltage")
    full_charge_capacity = number(tags.BAT_DCB_FULL_CHARGE_CAPACITY, "Ah", "capacity now")
    remaining_capacity = number(tags.BAT_DCB_REMAINING_CAPACITY, "Ah", "charge now")
    end_of_discharge = number(tags.BAT_DCB_END_OF_DISCHARGE, "V", "voltage at which it is empty")
    max_charge_voltage = number(tags.BAT_DCB_MAX_CHARGE_VOLTAGE, "V", "limit")
    max_charge_current = number(tags.BAT_DCB_MAX_CHARGE_CURRENT, "A", "limit")
    max_discharge_current = number(tags.BAT_DCB_MAX_DISCHARGE_CURRENT, "A", "limit")
    charge_high_temperature = number(tags.BAT_DCB_CHARGE_HIGH_TEMPERATURE, "°C", "limit for charging")
    charge_low_temperature = number(tags.BAT_DCB_CHARGE_LOW_TEMPERATURE, "°C", "limit for charging")
    manufacture_date = whole(tags.BAT_DCB_MANUFACTURE_DATE, "as the maker writes it")
    manufacture_name = text(tags.BAT_DCB_MANUFACTURE_NAME, "maker")
    device_name = text(tags.BAT_DCB_DEVICE_NAME, "model")
    serialno = whole(tags.BAT_DCB_SERIALNO, "serial number")
    serialcode = text(tags.BAT_DCB_SERIALCODE, "serial code")
    fw_version = whole(tags.BAT_DCB_FW_VERSION, "version of the firmware")
    pcb_version = whole(tags.BAT_DCB_PCB_VERSION, "version of the board")
    protocol_version = whole(tags.BAT_DCB_PROTOCOL_VERSION, "version of the protocol")
    nr_series_cell = whole(tags.BAT_DCB_NR_SERIES_CELL, "cells in series")
    nr_parallel_cell = whole(tags.BAT_DCB_NR_PARALLEL_CELL, "cells side by side")
    nr_sensor = whole(tags.BAT_DCB_NR_SENSOR, "temperature sensors")
    status = whole(tags.BAT_DCB_STATUS, "code")
    warning = whole(tags.BAT_DCB_WARNING, "code, 0 is none")
    alarm = whole(tags.BAT_DCB_ALARM, "code, 0 is none")
    error_code = whole(tags.BAT_DCB_ERROR, "code, 0 is none")


@dataclass(frozen=True, repr=False, kw_only=True)
class Battery(BriefBattery):
    """Everything that is told of a battery."""

    modules: tuple[Module, ...] = ()

    device_name = text(tags.BAT_REQ_DEVICE_NAME, "model")
    manufacturer_name = text(tags.BAT_REQ_MANUFACTURER_NAME, "maker")
    rsoc_real = number(tags.BAT_REQ_RSOC_REAL, "%", "state of charge with the reserve")
    asoc = number(tags.BAT_REQ_ASOC, "%", "charge as a share of the capacity when new")
    terminal_voltage = number(tags.BAT_REQ_TERMINAL_VOLTAGE, "V", "at the terminals")
    max_bat_voltage = number(tags.BAT_REQ_MAX_BAT_VOLTAGE, "V", "limit")
    eod_voltage = number(tags.BAT_REQ_EOD_VOLTAGE, "V", "voltage at which it is empty")
    max_charge_current = number(tags.BAT_REQ_MAX_CHARGE_CURRENT, "A", "limit now")
    max_discharge_current = number(tags.BAT_REQ_MAX_DISCHARGE_CURRENT, "A", "limit now")
    charge_cycles = whole(tags.BAT_REQ_CHARGE_CYCLES, "charging cycles")
    design_capacity = number(tags.BAT_REQ_DESIGN_CAPACITY, "Ah", "capacity when new")
    fcc = number(tags.BAT_REQ_FCC, "Ah", "capacity when full")
    rc = number(tags.BAT_REQ_RC, "Ah", "charge now")
    usable_remaining_capacity = number(tags.BAT_REQ_USABLE_REMAINING_CAPACITY, "Ah", "charge above 0 %")
    max_dcb_cell_temperature = number(tags.BAT_REQ_MAX_DCB_CELL_TEMPERATURE, "°C", "of the hottest cell")
    min_dcb_cell_temperature = number(tags.BAT_REQ_MIN_DCB_CELL_TEMPERATURE, "°C", "of the coldest cell")
    max_dcb_cell_voltage = number(tags.BAT_REQ_MAX_DCB_CELL_VOLTAGE, "V", "of the fullest cell")
    min_dcb_cell_voltage = number(tags.BAT_REQ_MIN_DCB_CELL_VOLTAGE, "V", "of the emptiest cell")
    status_code = whole(tags.BAT_REQ_STATUS_CODE, "code")
    error_code = whole(tags.BAT_REQ_ERROR_CODE, "code, 0 is none")
    training_mode = choice(tags.BAT_REQ_TRAINING_MODE, "bat_training_mode", "whether it trains")
    total_use_time = whole(tags.BAT_REQ_TOTAL_USE_TIME, "since it was built in", "s")
    total_discharge_time = whole(tags.BAT_REQ_TOTAL_DISCHARGE_TIME, "in which it discharged", "s")
    ready_for_shutdown = flag(tags.BAT_REQ_READY_FOR_SHUTDOWN, "may be switched off")
    device_connected = flag(tags.BAT_REQ_DEVICE_STATE, "is there", child=tags.BAT_DEVICE_CONNECTED)
    device_working = flag(tags.BAT_REQ_DEVICE_STATE, "works", child=tags.BAT_DEVICE_WORKING)
    device_in_service = flag(tags.BAT_REQ_DEVICE_STATE, "is being serviced", child=tags.BAT_DEVICE_IN_SERVICE)

    @classmethod
    def ask(cls, index: int, *, modules: int = 0) -> Item:
        """The request for the one at ``index``, with that many of its modules."""
        asked = [Item(tag, Type.UINT16, module) for module in range(modules) for tag in _OF_A_MODULE]
        return cls.kind.ask(index, *cls.requests(), *asked)

    @classmethod
    def read(cls, request: Item, answer: Item | None) -> Self | None:
        own, parts = answers_inside(request, answer)
        if not holds_values(own.values()):
            return None
        modules = [module for place, answers in parts.items() if (module := _module(place, answers))]
        return cls(own, index=index_of(request), modules=tuple(modules))


_OF_A_MODULE = (
    tags.BAT_REQ_DCB_INFO,
    tags.BAT_REQ_DCB_ALL_CELL_VOLTAGES,
    tags.BAT_REQ_DCB_ALL_CELL_TEMPERATURES,
)


def _module(place: int, answers: Mapping[int, Item]) -> Module | None:
    """A module of which anything is told."""
    info, voltages, temperatures = (answers.get(tag) for tag in _OF_A_MODULE)
    told = {} if info is None else {child.tag: child for child in info.children}
    module = Module(told, index=place, cell_voltages=_values(voltages), cell_temperatures=_values(temperatures))
    return module if holds_values(told.values()) or module.cell_voltages or module.cell_temperatures else None
