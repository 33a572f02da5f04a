from __future__ import annotations

from datetime import timedelta

import pytest

from heliobus.errors import NotSupported, OutOfBounds
from heliobus.model.capabilities import Ability, Bounds, Capabilities
from heliobus.model.command import Auto, Charge, Durability, LimitDischarge

QUICK = timedelta(seconds=5)
DEVICE = Capabilities(
    commands={
        "Charge": Ability(durability=Durability.VOLATILE, lag=QUICK, arguments={"power": Bounds(high=3000.0)}),
        "Auto": Ability(durability=Durability.VOLATILE, lag=QUICK),
    }
)
FIXED = Capabilities(
    commands={"Charge": Ability(durability=Durability.VOLATILE, lag=QUICK, arguments={"power": Bounds(fixed=True)})}
)


@pytest.mark.parametrize("power", [None, 0.0, 3000.0])
def test_within_the_bounds(power: float | None) -> None:
    assert DEVICE.require(Charge(power=power)).lag == QUICK


@pytest.mark.parametrize("power", [-0.1, 3000.1, float("nan"), float("inf"), float("-inf")])
def test_beyond_the_bounds(power: float) -> None:
    with pytest.raises(OutOfBounds, match="power"):
        DEVICE.require(Charge(power=power))


def test_a_device_that_chooses_itself() -> None:
    FIXED.require(Charge())
    with pytest.raises(OutOfBounds, match="itself"):
        FIXED.require(Charge(power=1.0))


def test_what_the_device_does_not_know_names_the_alternatives() -> None:
    with pytest.raises(NotSupported) as raised:
        DEVICE.require(LimitDischarge(power=0.0))
    assert raised.value.alternatives == ("Auto", "Charge")
    assert DEVICE.require(Auto()).durability is Durability.VOLATILE
