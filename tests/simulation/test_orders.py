from __future__ import annotations

from datetime import UTC, datetime

import pytest

from heliobus.errors import UsageError
from heliobus.simulation.house import House
from heliobus.simulation.orders import AUTOMATIC, Orders
from heliobus.simulation.state import Charging, Override

NOON = datetime(2025, 6, 21, 12, tzinfo=UTC)


def _of(**order: object) -> Override:
    return Override(start=NOON, **order)  # type: ignore[arg-type]


def test_the_last_that_speaks_of_a_thing_counts_for_it() -> None:
    orders = Orders.of(
        [_of(power=-900.0, max_charge=500.0), _of(max_charge=100.0), _of(charging=Charging(current=8.0))]
    )
    assert orders == Orders(power=-900.0, max_charge=100.0)
    assert Orders.of([]) == AUTOMATIC


def test_what_speaks_of_nothing_gives_the_battery_back() -> None:
    assert Orders.of([_of(power=-900.0, max_discharge=0.0), _of()]) == Orders(max_discharge=0.0)


def test_a_reserve_is_the_house_s_or_the_last_told() -> None:
    house = House(reserve_soc=7.0)
    assert AUTOMATIC.reserve(house) == 7
    assert Orders.of([_of(reserve_soc=30.0), _of(reserve_soc=0.0)]).reserve(house) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_charge": -1.0},
        {"max_discharge": float("nan")},
        {"reserve_soc": 101.0},
        {"charging": Charging(phases=2)},
    ],
)
def test_numbers_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        _of(**wrong)
