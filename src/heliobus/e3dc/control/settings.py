"""Settings that no common command covers: each a change with its own name (SPEC 6.4, 6.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.e3dc.control.change import Change, flat
from heliobus.e3dc.models import (
    SWITCH_REQUESTS,
    IdlePeriod,
    NamedIdlePeriod,
    container,
    idle_periods,
    named_idle_periods,
    switches,
    unit_of,
)
from heliobus.e3dc.protocol import Item, Type, tags
from heliobus.errors import Refused, UsageError
from heliobus.model.command import Command, SetSwitch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSetting(Command):
    """A vendor's setting by the name of the client's method that writes it."""

    name: str
    value: Any


# -- single numbers


class Register(NamedTuple):
    """One number: the requests that read and write it, and its type if the device does not tell it."""

    read: int
    write: int
    type: int


BATTERY_TO_CAR = Register(tags.EMS_REQ_BATTERY_TO_CAR_MODE, tags.EMS_REQ_SET_BATTERY_TO_CAR_MODE, Type.UCHAR8)
BATTERY_BEFORE_CAR = Register(
    tags.EMS_REQ_BATTERY_BEFORE_CAR_MODE, tags.EMS_REQ_SET_BATTERY_BEFORE_CAR_MODE, Type.UCHAR8
)
DISCHARGE_UNTIL = Register(
    tags.EMS_REQ_GET_WB_DISCHARGE_BAT_UNTIL, tags.EMS_REQ_SET_WB_DISCHARGE_BAT_UNTIL, Type.UCHAR8
)
ENFORCE_POWER_ASSIGNMENT = Register(
    tags.EMS_REQ_GET_WALLBOX_ENFORCE_POWER_ASSIGNMENT, tags.EMS_REQ_SET_WALLBOX_ENFORCE_POWER_ASSIGNMENT, Type.UCHAR8
)
IDLE_PERIODS_ENABLED = Register(tags.EMS_REQ_GET_IDLE_PERIODS_ENABLE, tags.EMS_REQ_SET_IDLE_PERIODS_ENABLE, Type.BOOL)
PRICE_CHARGING = Register(
    tags.EMS_REQ_DPP_PRICE_BASED_BATTERY_CHARGE_ENABLED, tags.EMS_REQ_DPP_SET_BATTERY_CHARGE_ENABLED, Type.BOOL
)
PRICE_LIMIT = Register(tags.EMS_REQ_DPP_PRICE_LIMIT_BATTERY, tags.EMS_REQ_DPP_SET_PRICE_LIMIT_BATTERY, Type.FLOAT32)
PRICE_SOC = Register(tags.EMS_REQ_DPP_SOC_BATTERY, tags.EMS_REQ_DPP_SET_SOC_BATTERY, Type.UCHAR8)
PRICE_MONTHS = Register(tags.EMS_REQ_DPP_MONTHS_ACTIVE, tags.EMS_REQ_DPP_SET_MONTHS_ACTIVE, Type.UINT16)

_NOT_POSSIBLE = 255


def register_change(wanted: Mapping[Register, float | bool]) -> Change:
    """Write numbers, each in the type in which the device tells it."""
    registers = list(wanted)

    def write(answers: Sequence[Item | None]) -> Sequence[Item]:
        return [
            _written(register, answer, value=wanted[register])
            for register, answer in zip(registers, answers, strict=True)
        ]

    return Change(
        state=[Item(register.read) for register in registers],
        words=_by_request(registers),
        write=write,
        wanted={tags.label(register.read): value for register, value in wanted.items()},
    )


def _written(register: Register, answer: Item | None, *, value: float | bool) -> Item:
    told = None if answer is None else answer.number
    if told == _NOT_POSSIBLE and register in {BATTERY_TO_CAR, BATTERY_BEFORE_CAR}:
        raise Refused(f"{tags.label(register.read)} is {_NOT_POSSIBLE}: this is not possible with this system")
    kind = register.type if answer is None or told is None else answer.type
    return Item(register.write, kind, value if kind in {Type.FLOAT32, Type.DOUBLE64} else int(value))


def _by_request(registers: Sequence[Register]) -> Any:
    """Words by the tag that reads: the answer's may be another one."""

    def words(answers: Sequence[Item | None]) -> dict[str, Any]:
        return {
            tags.label(register.read): answer.value
            for register, answer in zip(registers, answers, strict=True)
            if answer is not None and answer.number is not None
        }

    return words


# -- charging by hand


def manual_charge_change(energy: float) -> Change:
    """Charge ``energy`` Wh now, from the grid if need be; 0 ends it.  A device permits it about once a day."""
    wanted = {"EMS_MANUAL_CHARGE_ACTIVE": energy > 0}
    return Change(
        state=[Item(tags.EMS_REQ_GET_MANUAL_CHARGE)],
        words=flat,
        write=lambda _: [Item(tags.EMS_REQ_START_MANUAL_CHARGE, Type.UINT32, round(energy))],
        wanted=wanted,
        always=energy > 0,
        confirms=True,
        repeatable=False,
    )


# -- idle periods


def idle_periods_change(periods: Sequence[IdlePeriod]) -> Change:
    """Write idle periods of the old form; weekdays and types that are not named stay."""
    wanted = {_name(period): period for period in periods}
    if len(wanted) != len(periods) or not periods:
        raise UsageError("idle periods of the old form are one for each weekday and type")

    def words(answers: Sequence[Item | None]) -> dict[str, Any]:
        return {_name(period): period for answer in answers if answer is not None for period in idle_periods(answer)}

    return Change(
        state=[Item(tags.EMS_REQ_GET_IDLE_PERIODS)],
        words=words,
        write=lambda _: [container(tags.EMS_REQ_SET_IDLE_PERIODS, *(period.item() for period in periods))],
        wanted=wanted,
        confirms=True,
    )


def _name(period: IdlePeriod) -> str:
    return f"EMS_IDLE_PERIOD type {period.type} day {period.day}"


def named_idle_periods_change(periods: Sequence[NamedIdlePeriod], known: Sequence[Item] = ()) -> Change:
    """Write all idle periods of the new form: those that are not named are gone.

    ``known`` are the periods as the device sent them last: it answers with nothing if nothing has changed since, and
    they tell whether it counts in minutes or in seconds (SPEC 6.4).
    """

    def told(answers: Sequence[Item | None]) -> Sequence[Item]:
        (answer,) = answers
        return answer.children if answer is not None and answer.children else known

    def words(answers: Sequence[Item | None]) -> dict[str, Any]:
        (answer,) = answers
        if answer is None or answer.error is not None:
            return {}
        return {_PERIODS: named_idle_periods(told(answers))}

    def write(answers: Sequence[Item | None]) -> Sequence[Item]:
        unit = unit_of(told(answers)) or 1
        return [container(tags.EMS_REQ_SET_IDLE_PERIODS_2, *(period.item(unit=unit) for period in periods))]

    return Change(
        state=[Item(tags.EMS_REQ_GET_IDLE_PERIODS_2)],
        words=words,
        write=write,
        wanted={_PERIODS: tuple(periods)},
        confirms=False,
    )


_PERIODS = "EMS_GET_IDLE_PERIODS_2"


# -- switches


def switch_change(index: int, *, on: bool) -> Change:
    """Switch an actuator of the home automation."""
    word = f"HA_DATAPOINT {index}"
    written = container(
        tags.HA_REQ_COMMAND_ACTUATOR,
        Item(tags.HA_DATAPOINT_INDEX, Type.UINT16, index),
        Item(tags.HA_REQ_COMMAND, Type.CSTRING, "on" if on else "off"),
    )

    def words(answers: Sequence[Item | None]) -> dict[str, Any]:
        return {f"HA_DATAPOINT {one.index}": one.state for one in switches(answers) if one.state is not None}

    def undo(before: Mapping[str, Any]) -> Command | None:
        state = before.get(word)
        return None if state is None else SetSwitch(id=str(index), on=state == 1)

    return Change(
        state=SWITCH_REQUESTS,
        words=words,
        write=lambda _: [written],
        wanted={word: int(on)},
        confirms=True,
        undo=undo,
    )
