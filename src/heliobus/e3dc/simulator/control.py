"""The requests that read and change the settings, and the commands to the battery (SPEC 6.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Timestamp, Type, Value, tags
from heliobus.e3dc.simulator.answering import RESPONSE, Row, asks, items, reads, refusal
from heliobus.e3dc.simulator.house import FULL
from heliobus.e3dc.simulator.settings import EXCLUSIVE, RECOMMENDED, REGISTERS, Register

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment

_FORMAT = ErrorAnswer(ErrorCode.FORMAT)
_BOUNDS = ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)
_OK, _BELOW, _OUT = 0, 1, -1  # Char8 of EMS_RES_...

# -- SET_POWER

AUTOMATIC, IDLE, DISCHARGING, CHARGING, GRID_CHARGING = range(5)


def _set_power(moment: Moment, asked: Item) -> Value:
    mode, value = asked.get(tags.EMS_REQ_SET_POWER_MODE), asked.get(tags.EMS_REQ_SET_POWER_VALUE)
    if mode is None or value is None or not isinstance(mode.value, int) or not isinstance(value.value, int):
        return _FORMAT
    wanted = value.value
    if mode.value not in range(GRID_CHARGING + 1) or wanted not in range(2**31):
        return _BOUNDS
    surplus = max(moment.now.pv - moment.now.load, 0.0)
    power = {
        AUTOMATIC: None,
        IDLE: 0.0,
        DISCHARGING: float(wanted),
        CHARGING: -min(wanted, surplus),
        GRID_CHARGING: -float(wanted),
    }[mode.value]
    moment.device.command(power, now=moment.clock)
    return wanted


# -- limits of power

_LIMITS = {
    tags.EMS_MAX_CHARGE_POWER: "max_charge",
    tags.EMS_MAX_DISCHARGE_POWER: "max_discharge",
    tags.EMS_DISCHARGE_START_POWER: "discharge_start",
}
_FLAGS = {
    tags.EMS_POWER_LIMITS_USED: "limits_used",
    tags.EMS_POWERSAVE_ENABLED: "powersave",
    tags.EMS_WEATHER_REGULATED_CHARGE_ENABLED: "weather_regulated",
}


def _power_settings(moment: Moment) -> Value:
    settings = moment.settings
    return items(
        "EMS",
        {
            "POWER_LIMITS_USED": settings.limits_used,
            "MAX_CHARGE_POWER": settings.max_charge,
            "MAX_DISCHARGE_POWER": settings.max_discharge,
            "DISCHARGE_START_POWER": settings.discharge_start,
            "POWERSAVE_ENABLED": int(settings.powersave),
            "WEATHER_REGULATED_CHARGE_ENABLED": int(settings.weather_regulated),
            "WEATHER_FORECAST_MODE": 0,
        },
    )


def _set_power_settings(moment: Moment, asked: Item) -> Value:
    if asked.type != Type.CONTAINER:
        return _FORMAT
    results = [_set_power_setting(moment, child) for child in asked.children]
    moment.device.set_limits(now=moment.clock)
    return results


def _set_power_setting(moment: Moment, asked: Item) -> Item:
    settings = moment.settings
    if not isinstance(asked.value, int) or asked.tag not in {*_LIMITS, *_FLAGS}:
        return refusal(asked)
    result = _OK
    if asked.tag in _FLAGS:
        setattr(settings, _FLAGS[asked.tag], bool(asked.value))
    else:
        house = moment.plant.house
        most = house.max_charge if asked.tag == tags.EMS_MAX_CHARGE_POWER else house.max_discharge
        if not 0 <= asked.value <= most:
            result = _OUT
        else:
            setattr(settings, _LIMITS[asked.tag], asked.value)
            result = _BELOW if asked.value < RECOMMENDED else _OK
    return Item(asked.tag | RESPONSE, Type.CHAR8, result)


# -- charging by hand

_PAUSE = timedelta(days=1)  # between two permitted ones
_MOST = 1_000_000  # Wh


def _manual_charge(moment: Moment) -> Value:
    manual = moment.settings.manual
    active = manual.until is not None and moment.clock < manual.until
    charged = 0.0
    if manual.started is not None:
        end = moment.time if active or manual.until is None else min(manual.until, moment.time)
        charged = moment.plant.energy(min(manual.started, end), end).charge
    return items(
        "EMS",
        {
            "MANUAL_CHARGE_START_COUNTER": manual.starts,
            "MANUAL_CHARGE_ACTIVE": active,
            "MANUAL_CHARGE_ENERGY_COUNTER": round(charged),
            "MANUAL_CHARGE_LASTSTART": Timestamp(0) if manual.started is None else Timestamp.of(manual.started),
            "MANUAL_CHARGE_LASTTARGET": manual.target,  # 0x0100003E: new in 2024, broke the peers
        },
    )


def _start_manual_charge(moment: Moment, asked: Item) -> Value:
    if not isinstance(asked.value, int):
        return _FORMAT
    manual, now = moment.settings.manual, moment.clock
    if asked.value <= 0:
        if manual.until is not None:
            moment.device.command(None, now=now)
            manual.until = None
        return True
    if asked.value > _MOST or (manual.started is not None and now < manual.started + _PAUSE):
        return False
    house = moment.plant.house
    hold = timedelta(hours=asked.value / max(house.max_charge, 1.0))
    moment.device.command(-house.max_charge, now=now, hold=hold)
    manual.until, manual.started, manual.target = now + hold, now, asked.value
    manual.starts += 1
    return True


# -- single numbers


def _get(register: Register) -> Row[Moment]:
    return Row(register.read | RESPONSE, lambda moment, _: moment.settings.registers[register.read])


def _set(register: Register) -> Row[Moment]:
    response = register.write | RESPONSE
    kind = tags.type_of(response)

    def content(moment: Moment, asked: Item) -> Value:
        value = asked.number
        if value is None:
            return _FORMAT
        if not register.low <= value <= register.high:
            return _BOUNDS
        kept = type(register.initial)(value)
        registers = moment.settings.registers
        if register.read in EXCLUSIVE and kept:
            registers.update(dict.fromkeys(EXCLUSIVE, 0))
        registers[register.read] = kept
        # Some answers repeat the value, some say that it is done, one says nothing.
        return None if kind == Type.NONE else True if kind == Type.BOOL else kept

    return Row(response, content)


# -- reserve for emergency power


def _reserve(moment: Moment) -> list[Item]:
    capacity = moment.plant.house.battery_capacity
    share = moment.settings.reserve
    values: dict[str, Value] = {"INDEX": 0, "EP_RESERVE": share}
    values |= {"EP_RESERVE_W": share / FULL * capacity, "EP_RESERVE_MAX_W": capacity}
    return items("SE_PARAM", values)


def _set_reserve(moment: Moment, asked: Item) -> Value:
    capacity = moment.plant.house.battery_capacity
    share, energy = asked.get(tags.SE_PARAM_EP_RESERVE), asked.get(tags.SE_PARAM_EP_RESERVE_W)
    if asked.get(tags.SE_PARAM_INDEX) is None:
        return _FORMAT
    if share is not None and share.number is not None:
        wanted = share.number
    elif energy is not None and energy.number is not None:
        wanted = FULL * energy.number / capacity
    else:
        return _FORMAT
    if not 0.0 <= wanted <= FULL:
        return _BOUNDS
    moment.settings.reserve = float(wanted)
    moment.device.set_limits(now=moment.clock)
    return _reserve(moment)


_EP_RESERVE_SET = tags.SE_REQ_SET_EP_RESERVE | RESPONSE  # in no list

TABLE: Table[Moment] = {
    **reads("EMS", {"GET_POWER_SETTINGS": _power_settings, "GET_MANUAL_CHARGE": _manual_charge}),
    **asks(
        "EMS",
        {
            "SET_POWER": _set_power,
            "SET_POWER_SETTINGS": _set_power_settings,
            "START_MANUAL_CHARGE": _start_manual_charge,
        },
    ),
    **{register.read: _get(register) for register in REGISTERS.values()},
    **{register.write: _set(register) for register in REGISTERS.values()},
    **reads("SE", {"EP_RESERVE": _reserve}),
    tags.SE_REQ_SET_EP_RESERVE: Row(_EP_RESERVE_SET, _set_reserve),
}
