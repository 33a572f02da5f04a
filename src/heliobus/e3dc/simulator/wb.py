"""WB: the wallboxes, with their old byte arrays and their new requests (SPEC 6.6)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Value, tags
from heliobus.e3dc.simulator.answering import Row, asks, indexed, items, reads

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment
    from heliobus.e3dc.simulator.wallbox import Wallbox

_FORMAT = ErrorAnswer(ErrorCode.FORMAT)
_BOUNDS = ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)
_PHASES = 3
_LOWEST, _HIGHEST = 6, 32  # A
_MAINS = 230  # V
_SUN, _CANCELED, _CHARGING, _LOCKED, _PLUGGED = 0x80, 0x40, 0x20, 0x10, 0x08
_ARRAY = 6  # bytes that the old setters take
_SUN_MODE, _MIXED_MODE = 1, 2


@dataclass(frozen=True, slots=True)
class Box:
    """One wallbox at one moment."""

    moment: Moment
    index: int

    @property
    def state(self) -> Wallbox:
        return self.moment.wallbox(self.index)

    def obeying(self, obey: Callable[[Box, Item], Value], asked: Item) -> Value:
        """Obey, and let the house's wallbox follow."""
        before = self.state.settings
        answer = obey(self, asked)
        settings = self.moment.device.wallboxes[self.index]
        if self.moment.is_real(self.index) and settings.settings != before:
            self.moment.device.set_wallbox(settings, now=self.moment.clock)
        return answer

    @property
    def power(self) -> int:
        """W."""
        return self.moment.flows.wallboxes[self.moment.equipment.wallboxes.index(self.index)]

    def on_phase(self, phase: int) -> float:
        """W."""
        return self.power / self.state.phases if phase < self.state.phases else 0.0

    @property
    def solar(self) -> int:
        """W."""
        total = self.moment.flows.wallbox
        return round(self.moment.flows.wallbox_solar * self.power / total) if total else 0


# -- the byte arrays


def _array(data: bytes) -> list[Item]:
    return items("WB", {"EXTERN_DATA_LEN": len(data), "EXTERN_DATA": data})


def _energies(power: int, energy: int) -> list[Item]:
    return _array(struct.pack("<hixx", power, energy))


def _algorithm(box: Box) -> Value:
    state = box.state
    flags = (
        _SUN * state.sun_mode
        | _CANCELED * state.aborted
        | _CHARGING * state.charging
        | _LOCKED * state.locked
        | _PLUGGED * state.plugged
    )
    return _array(bytes([state.car_soc, state.phases, flags, state.max_current, 0, state.schuko, 0, 0]))


def _set_extern(box: Box, asked: Item) -> Value:
    array = _given(asked)
    if array is None:
        return _FORMAT
    mode, limit, _, phases, charging, schuko = array
    state = box.state
    if mode in {_SUN_MODE, _MIXED_MODE}:
        state.sun_mode = mode == _SUN_MODE
    if limit:
        state.max_current = _within(limit)
    if phases:
        state.phases = 1 if state.phases == _PHASES else _PHASES
    if charging:
        _toggle(state)
    if schuko or not any(array):  # 0 leaves alone, but nothing else could switch it off
        state.schuko = bool(schuko)
    return None


def _set_parameters(box: Box, asked: Item) -> Value:
    array = _given(asked)
    if array is None:
        return _FORMAT
    if array[2]:
        box.state.max_current = _within(array[2])
    return []


def _parameters(box: Box, _: Item) -> Value:
    return _array(bytes([0, 0, box.state.max_current, 0, 0, 0, 0, 0]))


def _given(asked: Item) -> bytes | None:
    data = asked.get(tags.WB_EXTERN_DATA)
    return data.value if data is not None and isinstance(data.value, bytes) and len(data.value) == _ARRAY else None


def _within(current: int) -> int:
    """What the box takes: it clips, and does not say so."""
    return min(max(current, _LOWEST), _HIGHEST)


def _toggle(state: Wallbox) -> None:
    state.charging = state.plugged and not state.charging
    state.aborted = state.plugged and not state.charging


# -- the new requests


def _obeyed(obey: Callable[[Box, Item], Value]) -> Callable[[Box, Item], Value]:
    return lambda box, asked: box.obeying(obey, asked)


def _switch(name: str) -> Callable[[Box, Item], Value]:
    def content(box: Box, asked: Item) -> Value:
        if asked.flag is None:
            return _FORMAT
        setattr(box.state, name, asked.flag)
        return True

    return content


def _set_abort(box: Box, asked: Item) -> Value:
    if asked.flag is None:
        return _FORMAT
    box.state.aborted = asked.flag
    box.state.charging = box.state.plugged and not asked.flag
    return True


def _current(name: str) -> Callable[[Box, Item], Value]:
    def content(box: Box, asked: Item) -> Value:
        if not isinstance(asked.value, int):
            return _FORMAT
        if asked.value not in range(_LOWEST, _HIGHEST + 1):
            return _BOUNDS
        setattr(box.state, name, asked.value)
        return asked.value

    return content


def _set_phases(box: Box, asked: Item) -> Value:
    if not isinstance(asked.value, int):
        return _FORMAT
    if asked.value not in {1, _PHASES}:
        return _BOUNDS
    box.state.phases = int(asked.value)
    return box.state.phases


def _session(box: Box, asked: Item) -> Value:
    if isinstance(asked.value, int) and asked.value not in box.moment.equipment.wallboxes:
        return ErrorAnswer(ErrorCode.NOT_AVAILABLE)
    started = int(box.moment.plant.house.commissioned.timestamp())
    return items(
        "WB_SESSION",
        {
            "ID": f"session-{box.index}",
            "START_TIME": started * 1_000,
            "STATUS": int(box.state.charging),
            "CHARGED_ENERGY": box.state.session_energy,
            "CHARGED_SUN_ENERGY": 4_100.0,
            "ACTIVE_CHARGE_TIME": 5_400_000,
        },
    )


def _cp_state(box: Box) -> str:
    return "C" if box.state.charging else "B" if box.state.plugged else "A"


_VALUES: Table[Box] = reads(
    "WB",
    {
        "EXTERN_DATA_SUN": lambda b: _energies(b.solar, b.state.energy_sun),
        "EXTERN_DATA_NET": lambda b: _energies(b.power - b.solar, b.state.energy_net),
        "EXTERN_DATA_ALL": lambda b: _energies(b.power, b.state.energy),
        "EXTERN_DATA_ALG": _algorithm,
        "ENERGY_ALL": lambda b: b.state.energy,
        "ENERGY_SOLAR": lambda b: b.state.energy_sun,
        "SOC": lambda b: b.state.car_soc,
        "STATUS": lambda b: int(b.state.charging),
        "ERROR_CODE": 0,
        "MODE": lambda b: _SUN_MODE if b.state.sun_mode else _MIXED_MODE,
        "APP_SOFTWARE": 9,
        "BOOTLOADER_SOFTWARE": 2,
        "HW_VERSION": 4,
        "FLASH_VERSION": 1,
        "DEVICE_ID": lambda b: b.index,
        "KEY_STATE": 0,
        "PM_POWER_L1": lambda b: b.on_phase(0),
        "PM_POWER_L2": lambda b: b.on_phase(1),
        "PM_POWER_L3": lambda b: b.on_phase(2),
        "PM_ENERGY_L1": lambda b: b.state.energy / _PHASES,
        "PM_ENERGY_L2": lambda b: b.state.energy / _PHASES,
        "PM_ENERGY_L3": lambda b: b.state.energy / _PHASES,
        "PM_ACTIVE_PHASES": 0b111,
        "PM_MODE": 1,
        "PM_DEVICE_ID": lambda b: 300 + b.index,
        "PM_ERROR_CODE": 0,
        "PM_FIRMWARE_VERSION": 7,
        "DIAG_PHASE_VOLTAGE": ErrorAnswer(ErrorCode.ACCESS_DENIED),
        "DIAG_TEMP_1": 31,
        "DIAG_TEMP_2": 30,
        "DEVICE_STATE": items("WB_DEVICE", {"CONNECTED": True, "WORKING": True, "IN_SERVICE": False}),
    },
)

_NEW: Table[Box] = {
    **reads(
        "WB",
        {
            "SUN_MODE_ACTIVE": lambda b: b.state.sun_mode,
            "NUMBER_PHASES": lambda b: b.state.phases,
            "ABORT_CHARGING": lambda b: b.state.aborted,
            "AUTO_PHASE_SWITCH_ENABLED": lambda b: b.state.auto_phases,
            "UPPER_CURRENT_LIMIT": _HIGHEST,
            "LOWER_CURRENT_LIMIT": _LOWEST,
            "MAX_CHARGE_CURRENT": lambda b: b.state.max_current,
            "MIN_CHARGE_CURRENT": lambda b: b.state.min_current,
            "MAX_CHARGE_POWER": lambda b: b.state.max_current * _MAINS * b.state.phases,
            "MIN_CHARGE_POWER": lambda b: b.state.min_current * _MAINS,
            "SCHUKO_AVAILABLE": True,
            "IS_SCHUKO_LOCKED": False,
            "CP_STATE": _cp_state,
            "MAC_ADDRESS": "00:00:5E:00:53:57",
            "IP_ADDR": "192.0.2.57",
            "DEVICE_NAME": lambda b: f"Stellplatz {b.index + 1}",
            "FIRMWARE_VERSION": "8.2.0",
            "STATION_AVAILABLE": True,
            "STATION_ENABLED": True,
            "AUTH_REQUIRED": False,
            "WALLBOX_TYPE": 2,
            "NUMBER": lambda b: b.index,
        },
    ),
    **asks(
        "WB",
        {
            "SET_SUN_MODE_ACTIVE": _obeyed(_switch("sun_mode")),
            "SET_AUTO_PHASE_SWITCH_ENABLED": _switch("auto_phases"),
            "SET_ABORT_CHARGING": _obeyed(_set_abort),
            "SET_NUMBER_PHASES": _obeyed(_set_phases),
            "SET_MAX_CHARGE_CURRENT": _obeyed(_current("max_current")),
            "SET_MIN_CHARGE_CURRENT": _current("min_current"),
            "SESSION": _session,
        },
    ),
}
"""What firmware before 2023 does not know."""

_OLD: Table[Box] = {
    **_VALUES,
    **asks("WB", {"SET_EXTERN": _obeyed(_set_extern), "SET_PARAM_1": _obeyed(_set_parameters)}),
    tags.WB_REQ_PARAM_1: Row(tags.WB_RSP_PARAM_1, _parameters),
}


def _box(moment: Moment, index: int) -> Box | None:
    return Box(moment, index) if index in moment.equipment.wallboxes else None


TABLE: Table[Moment] = indexed("WB", {**_OLD, **_NEW}, _box)
OLD_TABLE: Table[Moment] = indexed("WB", _OLD, _box)
