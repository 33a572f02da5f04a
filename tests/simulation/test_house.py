from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from heliobus.errors import UsageError
from heliobus.simulation.house import Care, House, String, Wallbox


def test_a_seed_draws_one_house_and_seeds_differ() -> None:
    assert House.draw(1) == House.draw(1)
    assert len({House.draw(seed) for seed in range(50)}) == 50


def test_drawn_houses_are_plausible() -> None:
    for seed in range(300):
        house = House.draw(seed)
        assert 4_000 <= house.peak_power <= 15_000
        assert house.peak_power == pytest.approx(sum(string.peak for string in house.strings))
        assert 5_000 <= house.battery_capacity <= 15_000
        assert 800 <= house.max_charge == house.max_discharge <= 5_000
        assert house.base_load * 8760 < house.annual_load
        assert all(0 <= string.azimuth < 360 for string in house.strings)
        assert 47 < house.latitude < 55
        assert 6 < house.longitude < 15


def test_houses_are_of_many_kinds() -> None:
    houses = [House.draw(seed) for seed in range(100)]
    assert {len(house.strings) for house in houses} == {1, 2, 3}
    assert {house.feed_in_limit is None for house in houses} == {True, False}


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"strings": (String(peak=0.0),)}, "strings"),
        ({"battery_capacity": -1.0}, "battery_capacity"),
        ({"meter": False}, "without a meter"),
        ({"standby_loss": -1.0}, "standby_loss"),
        ({"standby_loss": 3_000.0}, "standby_loss"),
        ({"care": Care(every=0)}, "care nights"),
        ({"care": Care(hour=23.0)}, "care charging"),
        ({"care": Care(soc=100.0)}, "care charging"),
        ({"wallbox": Wallbox(phases=2)}, "wallbox"),
        ({"wallbox": Wallbox(min_current=20.0)}, "min_current"),
        ({"wallbox": Wallbox(car_capacity=0.0)}, "capacity"),
        ({"wallbox": Wallbox(returns=9.0)}, "returns"),
        ({"max_charge": -1.0}, "power limit"),
        ({"max_discharge": -1.0}, "power limit"),
        ({"charge_efficiency": 1.1}, "charge_efficiency"),
        ({"discharge_efficiency": 0.0}, "discharge_efficiency"),
        ({"reserve_soc": 100.0}, "reserve_soc"),
        ({"feed_in_limit": -1.0}, "feed_in_limit"),
        ({"base_load": -1.0}, "load"),
        ({"phases": 2}, "phases"),
        ({"commissioned": datetime(2025, 1, 1)}, "time zone"),  # noqa: DTZ001
        ({"timezone": "Europe/Atlantis"}, "Atlantis"),
        ({"timezone": "../etc"}, "etc"),
    ],
)
def test_impossible_houses_are_refused(wrong: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        House(**wrong)
