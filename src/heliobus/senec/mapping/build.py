"""The parts put together, and the values that need more than one variable."""

from __future__ import annotations

from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from heliobus.model.identity import Device
from heliobus.model.parts import (
    PV,
    Battery,
    BatteryLimits,
    BatteryModule,
    Grid,
    Inverter,
    Load,
    Meter,
    Phase,
    PVString,
    Switch,
    System,
    Wallbox,
)
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot
from heliobus.senec.mapping.columns import members, parts_of
from heliobus.senec.models import INVERTER_STATES, SYSTEM_TYPES, WALLBOX_STATES, Reading, system_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from heliobus.senec.mapping.columns import Columns, Parts, Qualities
    from heliobus.senec.models import Bms
    from heliobus.senec.protocol import Answer

T = TypeVar("T")

_PHASES = ("L1", "L2", "L3")
_BOX_MODES = {0: "fast", 3: "solar", 4: "solar with interruptions"}


def snapshot(
    answer: Answer,
    *,
    received_at: datetime,
    detail: str = "live",
    source: str = "senec/http",
    device: Device | None = None,
) -> Snapshot:
    """Map the answer to ``REQUESTS[detail]``, or any part of it.

    A value that was asked for and did not come is None and MISSING.  One that the appliance does not carry
    (VARIABLE_NOT_FOUND, OBJECT_NOT_FOUND, an empty section, a temperature without a sensor) is None without a quality.
    """
    reading = Reading(answer)
    quality: Qualities = {}
    parts = parts_of(answer, detail, quality)
    state = parts["system"].get("state_code")
    return Snapshot(
        source=source,
        received_at=received_at,
        device=device,
        device_time=reading.rtc.utc,
        pv=PV(**parts["pv"], strings=_members(PVString, parts, "pv.strings", quality)),
        grid=Grid(**parts["grid"], phases=_members(Phase, parts, "grid.phases", quality, letter="L")),
        load=Load(**parts["load"]),
        system=System(**parts["system"], state=None if state is None else system_state(state).name_en),
        batteries=(
            Battery(
                id="1",
                **parts["batteries.1"],
                limits=BatteryLimits(**parts["batteries.1.limits"]),
                modules=tuple(_modules(reading.bms, parts["batteries.1.modules.*"], quality)),
            ),
        ),
        wallboxes=tuple(_wallboxes(reading, parts, quality)),
        inverters=tuple(_inverters(reading, parts["inverters.*"], quality)),
        meters=tuple(_meters(parts, quality)),
        switches=tuple(_switches(reading, parts["switches.*"], quality)),
        quality=MappingProxyType(quality),
    )


def device(answer: Answer) -> Device:
    """Who answered ``IDENTITY_REQUEST``; an appliance that does not tell its serial number has the id "appliance".

    The firmware is that of the main controller, the network unit, its registers and the web pages (SPEC 1).
    """
    reading = Reading(answer)
    serial = reading.factory.device_id or None
    kind = reading.factory.sys_type
    versions = {
        "MCU": reading.wizard.application_version,
        "NPU": reading.sys_update.npu_image_version,
        "REGS": reading.sys_update.npu_ver,
        "GUI": reading.wizard.interface_version,
    }
    return Device(
        id=serial or "appliance",
        vendor="senec",
        model=None if kind is None else SYSTEM_TYPES.get(kind, f"SENEC type {kind}"),
        serial=serial,
        firmware=", ".join(f"{name} {version}" for name, version in versions.items() if version) or None,
    )


def _members(make: Callable[..., T], parts: Parts, path: str, quality: Qualities, letter: str = "") -> tuple[T, ...]:
    return tuple([make(**values) for values in members(parts[f"{path}.*"], path, quality, letter=letter)])


def _modules(bms: Bms, columns: Columns, quality: Qualities) -> Iterator[BatteryModule]:
    """As many modules as the appliance counts; if it does not count, the places with any value but 0."""
    if not columns:
        return
    count = bms.module_count
    present = (
        {place for place, values in enumerate(zip_longest(*columns.values()), 1) if any(values)}
        if count is None
        else range(1, count + 1)
    )
    for values in members(columns, "batteries.1.modules", quality, only=present):
        place = int(values["id"])
        cells, temperatures = _at(bms.cell_voltages, place), _at(bms.cell_temperatures, place)
        measured = cells is not None and any(cells)  # places without cells are 0 mV and 0 degrees
        yield BatteryModule(
            **values,
            serial=_at(bms.serial, place) or str(_at(bms.sn, place) or "") or None,
            cell_voltages=_cells(cells, 1000) if measured else (),
            cell_temperatures=_cells(temperatures, 1) if measured else (),
        )


def _cells(values: Sequence[float | None] | None, divisor: int) -> tuple[float | None, ...]:
    return tuple([None if value is None else value / divisor for value in values or ()])


def _inverters(reading: Reading, columns: Columns, quality: Qualities) -> Iterator[Inverter]:
    """Those inside the appliance that it does not call absent: 1 at the low voltage, 2 at the high voltage side."""
    if not columns:
        return
    there = reading.pv1.internal_md_avail
    present = [place for place, _ in enumerate(columns["state_code"], 1) if _at(there, place) is not False]
    for values in members(columns, "inverters", quality, only=present):
        code = values.get("state_code")
        yield Inverter(**values, state=None if code is None else INVERTER_STATES.get(round(code)))


def _meters(parts: Parts, quality: Qualities) -> Iterator[Meter]:
    """The meter of the house."""
    if parts["meters.2"] or parts["meters.2.phases.*"]:
        phases = _members(Phase, parts, "meters.2.phases", quality, letter="L")
        yield Meter(id="2", role="load", **parts["meters.2"], phases=phases)


def _switches(reading: Reading, columns: Columns, quality: Qualities) -> Iterator[Switch]:
    """The switched sockets, as many as the appliance counts."""
    if not columns:
        return
    count = reading.sockets.number_of_sockets
    present = range(1, (len(columns["on"]) if count is None else count) + 1)
    for values in members(columns, "switches", quality, only=present):
        yield Switch(**values, type="socket")


def _wallboxes(reading: Reading, parts: Parts, quality: Qualities) -> Iterator[Wallbox]:
    """The places with a state or a car: both are 0 where there is no box."""
    columns = parts["wallboxes.*"]
    signs = zip_longest(columns.get("state_code", ()), columns.get("car_connected", ()))
    present = [place for place, seen in enumerate(signs, 1) if any(seen)]
    if not present:
        return
    section, voltages = reading.wallbox, reading.pm1obj1.u_ac
    for values in members(columns, "wallboxes", quality, only=present):
        place = int(values["id"])
        phases = tuple(_box_phases(parts, place, quality))
        power = _box_power([one.current for one in phases], voltages, _at(section.apparent_charging_power, place))
        quality[f"wallboxes.{place}.power"] = Quality.MISSING if power is None else Quality.DERIVED
        mode = _at(section.smart_charge_active, place)
        yield Wallbox(
            **values,
            power=power,
            state=WALLBOX_STATES.get(values.get("state_code", -1)),
            mode="locked" if _at(section.prohibit_usage, place) else _BOX_MODES.get(-1 if mode is None else mode),
            phases=phases,
        )


def _box_phases(parts: Parts, place: int, quality: Qualities) -> Iterator[Phase]:
    for phase in _PHASES:
        if column := parts[f"wallboxes.*.phases.{phase}"].get("current"):
            current = _at(column, place)
            if current is None:
                quality[f"wallboxes.{place}.phases.{phase}.current"] = Quality.MISSING
            yield Phase(id=phase, current=current)


def _box_power(
    currents: Sequence[float | None], voltages: Sequence[float | None], apparent: float | None
) -> float | None:
    """W, from the box's currents and the voltages at the grid's meter (SPEC 4); VA are not W, but 0 VA are 0 W."""
    if apparent == 0:
        return 0.0
    if not currents or len(currents) != len(voltages):
        return None
    power = 0.0
    for current, voltage in zip(currents, voltages, strict=True):
        if current is None or voltage is None:
            return None
        power += current * voltage
    return power


def _at(column: Sequence[T], place: int) -> T | None:
    """What a list has in a place, counted from 1."""
    return column[place - 1] if place <= len(column) else None
