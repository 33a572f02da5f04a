from __future__ import annotations

import inspect
from datetime import timedelta

import pytest

from heliobus.errors import OutOfBounds, Refused
from heliobus.model import command as model
from heliobus.model.command import (
    KINDS,
    Auto,
    Charge,
    Command,
    Discharge,
    LimitCharge,
    LimitDischarge,
    SetReserve,
    SetSwitch,
    WallboxLimit,
)
from heliobus.service import rules
from heliobus.service.config import ControlConfig

ON = ControlConfig(enabled=True)
BOUNDED = ControlConfig(enabled=True, max_charge=3000.0, max_discharge=2000.0, min_reserve=10.0)
EVERY: tuple[Command, ...] = (
    Charge(power=1.0),
    Discharge(power=1.0),
    LimitCharge(power=1.0),
    LimitDischarge(power=1.0),
    Auto(),
    SetReserve(soc=50.0),
    SetSwitch(id="1", on=True),
    WallboxLimit(id="1", current=16.0),
)


def test_every_command_of_the_model_is_thought_of() -> None:
    classes = [value for value in vars(model).values() if inspect.isclass(value) and issubclass(value, Command)]
    assert {command.kind: type(command) for command in EVERY} == KINDS
    assert {*KINDS.values(), Command} == set(classes)


def test_parts() -> None:
    parts = [rules.part_of(command) for command in EVERY]
    assert parts == ["battery"] * 5 + ["SetReserve", "SetSwitch 1", "WallboxLimit 1"]


@pytest.mark.parametrize("command", EVERY, ids=lambda command: command.kind)
def test_nothing_passes_unless_control_is_on(command: Command) -> None:
    with pytest.raises(Refused, match="control is switched off"):
        rules.check_enabled(command, ControlConfig(), read_only=False)
    rules.check_enabled(command, ON, read_only=False)
    with pytest.raises(Refused, match="HELIOBUS_READONLY"):
        rules.check_enabled(command, ON, read_only=True)


def test_only_the_listed_commands_pass_and_the_way_back() -> None:
    control = ControlConfig(enabled=True, commands=("Charge",))
    rules.check_enabled(Charge(), control, read_only=False)
    rules.check_enabled(Auto(), control, read_only=False)
    with pytest.raises(Refused, match="Discharge is not among"):
        rules.check_enabled(Discharge(), control, read_only=False)


@pytest.mark.parametrize("command", EVERY, ids=lambda command: command.kind)
def test_every_command_but_the_way_back_has_a_lease(command: Command) -> None:
    lease = None if isinstance(command, Auto) else timedelta(minutes=15)
    assert rules.with_lease(command, ON).lease == lease


@pytest.mark.parametrize("hours", [0.001, 1, 24])
def test_a_lease_of_its_own_stays(hours: float) -> None:
    lease = timedelta(hours=hours)
    assert rules.with_lease(Charge(lease=lease), ON).lease == lease


@pytest.mark.parametrize("hours", [-1, 0, 24.001])
def test_a_lease_beyond_a_day_or_none_at_all_is_refused(hours: float) -> None:
    with pytest.raises(OutOfBounds, match="lease"):
        rules.with_lease(Charge(lease=timedelta(hours=hours)), ON)


@pytest.mark.parametrize(
    "command",
    [
        Charge(power=3000.0),
        LimitCharge(power=0.0),
        Discharge(power=2000.0),
        LimitDischarge(power=2000.0),
        SetReserve(soc=10.0),
        SetReserve(soc=100.0),
        Auto(),
    ],
    ids=repr,
)
def test_up_to_its_bound_a_value_passes(command: Command) -> None:
    rules.check_bounds(command, BOUNDED)


@pytest.mark.parametrize(
    "command",
    [
        Charge(power=3000.1),
        Charge(power=-0.1),
        Charge(power=float("nan")),
        Charge(),
        LimitCharge(power=3001.0),
        Discharge(power=2000.1),
        Discharge(),
        LimitDischarge(power=float("inf")),
        SetReserve(soc=9.9),
        SetReserve(soc=float("nan")),
    ],
    ids=repr,
)
def test_beyond_its_bound_it_does_not(command: Command) -> None:
    with pytest.raises(OutOfBounds):
        rules.check_bounds(command, BOUNDED)
    if command not in (Charge(), Discharge()):
        return
    rules.check_bounds(command, ON)


def test_one_command_in_ten_seconds() -> None:
    rate = rules.Rate()
    rate.spend(0.0)
    with pytest.raises(Refused, match="moments ago") as caught:
        rate.check(9.9)
    assert caught.value.remedy == "Wait 1 s."
    rate.check(10.0)


def test_sixty_commands_a_day() -> None:
    rate = rules.Rate()
    for number in range(60):
        rate.check(number * 60.0)
        rate.spend(number * 60.0)
    with pytest.raises(Refused, match="60 commands") as caught:
        rate.check(3600.0)
    assert caught.value.remedy == "Wait 1380 min."
    with pytest.raises(Refused):
        rate.check(86_399.0)
    rate.check(86_400.0)
