"""The truth has what the house has, in the model's paths and signs."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from heliobus.model.fields import declared, declared_path
from heliobus.simulation import truth
from heliobus.simulation.plant import House, Override, Plant, summer_noon

WHOLE = Plant(5, house=House.draw(5, whole=True))
NOON = summer_noon(Plant(5))


def test_every_path_is_one_of_the_model() -> None:
    paths = {*truth.powers(WHOLE, NOON), *truth.energies(WHOLE, NOON), *truth.limits(WHOLE, NOON)}
    assert {declared_path(path) for path in paths} <= declared().keys()


def test_the_powers_balance() -> None:
    for hour in range(24):
        now = truth.powers(WHOLE, NOON + timedelta(hours=hour))
        assert now["pv.power"] + now["grid.power"] + now["battery.power"] == pytest.approx(
            now["load.power"] + now["wallboxes.1.power"]
        )
        assert sum(now[f"grid.phases.L{phase}.power"] for phase in (1, 2, 3)) == pytest.approx(now["grid.power"])


def test_a_drawn_house_has_no_wallbox_unless_it_is_whole() -> None:
    moments = [NOON + timedelta(hours=hour) for hour in range(24)]
    plain = Plant(5)
    assert not any("wallbox" in path for moment in moments for path in truth.powers(plain, moment))
    assert "wallboxes.1.energy" not in truth.energies(plain, NOON)
    assert "wallbox" not in truth.announced(plain, NOON)
    away = ["wallboxes.1.car_soc" not in truth.powers(WHOLE, moment) for moment in moments]
    assert {True, False} == set(away)
    assert truth.announced(WHOLE, NOON)["wallbox"] == truth.powers(WHOLE, NOON)["wallboxes.1.power"]


@pytest.mark.parametrize(
    ("without", "gone"),
    [
        ({"strings": ()}, ("pv",)),
        ({"battery_capacity": 0.0}, ("battery",)),
        ({"battery_capacity": 0.0, "meter": False}, ("battery", "load")),
    ],
)
def test_what_is_not_there_is_not_told(without: dict[str, object], gone: tuple[str, ...]) -> None:
    plant = Plant(5, house=dataclasses.replace(House.draw(5), **without))  # type: ignore[arg-type]
    parts = {path.partition(".")[0] for path in (*truth.powers(plant, NOON), *truth.energies(plant, NOON))}
    assert parts == {"pv", "grid", "battery", "load", "system"} - set(gone)
    told = {part for part in ("pv", "battery", "load") if part in truth.announced(plant, NOON)}
    assert told == {"pv", "battery", "load"} - set(gone)
    now = plant.at(NOON)
    assert now.pv + now.grid + now.battery == pytest.approx(now.load)


def test_limits_are_those_in_force() -> None:
    house = WHOLE.house
    assert house.feed_in_limit is not None
    before = truth.limits(WHOLE, NOON)
    assert before["battery.limits.max_charge"] == house.max_charge
    assert before["battery.limits.reserve_soc"] == house.reserve_soc
    assert before["grid.feed_in_limit"] == house.feed_in_limit
    assert 55 <= before["system.feed_in_limit_share"] <= 75
    end = NOON + timedelta(hours=1)
    limited = WHOLE.with_override(Override(start=NOON, end=end, max_charge=500.0, max_discharge=9e9, reserve_soc=30.0))
    now = truth.limits(limited, NOON)
    assert now["battery.limits.max_charge"] == 500
    assert now["battery.limits.max_discharge"] == house.max_discharge
    assert now["battery.limits.reserve_soc"] == 30
    assert truth.limits(limited, end) == before
