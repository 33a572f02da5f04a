from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from heliobus.model.parts import Battery, Phase, Wallbox
from heliobus.web.plain.day import STEP
from heliobus.web.plain.flows import Taps
from tests.web.plain.made import LONG, ORDINARY, SHORT, Powers, day_of, keep, steady

if TYPE_CHECKING:
    from pathlib import Path

STEADY = Taps(1200.0, -500.0, -400.0, 300.0, 0.0)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (ORDINARY, "Europe/Berlin", 24),
        (LONG, "Europe/Berlin", 25),
        (SHORT, "Europe/Berlin", 23),
        (ORDINARY, "Asia/Kolkata", 24),
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
        (date(2026, 10, 4), "Australia/Lord_Howe", 23.5),
    ],
)
def test_a_day_is_as_long_as_it_is(tmp_path: Path, day: date, zone: str, hours: float) -> None:
    keep(tmp_path, day, zone=zone, every=300)
    read = day_of(tmp_path, day, zone=zone)
    assert read.end - read.start == hours * 3600
    assert len(read.taps) == len(read.soc) == hours * 3600 / STEP
    assert read.taps[0] == read.taps[-1] == STEADY
    assert set(read.soc) == {50.0}
    assert read.coverage == pytest.approx(1.0, abs=0.005)
    assert read.energies.pv == pytest.approx(1200 * hours, rel=0.005)
    assert sum(hour.energies.pv or 0 for hour in read.hours) == pytest.approx(read.energies.pv, rel=0.01)
    assert read.peak == 1200
    assert read.recorded


def test_a_gap_stays_a_gap(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, lambda at: None if at.hour in (9, 10) else steady(at))
    read = day_of(tmp_path, ORDINARY)
    unknown = [index * STEP // 3600 for index, tap in enumerate(read.taps) if not tap.complete]
    assert set(unknown) <= {9, 10}
    assert len(unknown) >= 2 * 12 - 1
    assert read.coverage == pytest.approx(22 / 24, abs=0.005)


def test_a_missing_part_is_unknown_and_not_zero(tmp_path: Path) -> None:
    def without_sun(at: datetime) -> Powers | None:
        return {**(steady(at) or {}), "pv": None if at.hour < 12 else 1200.0}

    keep(tmp_path, ORDINARY, without_sun)
    read = day_of(tmp_path, ORDINARY)
    assert read.taps[0] == Taps(None, -500.0, -400.0, 300.0, 0.0)
    assert read.taps[-1] == STEADY


def test_today_ends_now(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY)
    read = day_of(tmp_path, ORDINARY, now=datetime(2026, 6, 21, 10, 0, tzinfo=UTC))
    assert read.until == datetime(2026, 6, 21, 10, 0, tzinfo=UTC).timestamp()
    assert len(read.taps) == 12 * 12
    assert len(read.hours) == 12
    assert read.coverage == 1.0


def test_a_day_to_come_and_a_day_without_data(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, every=600)
    coming = day_of(tmp_path, date(2026, 6, 22), now=datetime(2026, 6, 21, 10, 0, tzinfo=UTC))
    assert (coming.recorded, coming.coverage, coming.hours, coming.peak) == (False, 0.0, [], 0.0)
    before = day_of(tmp_path, date(2026, 6, 1))
    assert not before.recorded
    assert before.energies.pv is None


def test_several_systems_are_one_site(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, every=300)
    keep(tmp_path, ORDINARY, lambda at: {"pv": 800.0} if at.hour < 12 else None, name="garage", every=300)
    read = day_of(tmp_path, ORDINARY, "roof", "garage")
    assert read.taps[1] == Taps(2000.0, -500.0, -400.0, 1100.0, 0.0)
    assert read.taps[-1] == Taps(None, -500.0, -400.0, None, 0.0)
    assert read.soc[0] == 50


def test_charges_are_joined_by_capacity(tmp_path: Path) -> None:
    def battery(soc: float, capacity: float | None) -> Powers:
        return {"batteries": (Battery(id="1", power=-500.0, soc=soc, capacity=capacity),)}

    keep(tmp_path, ORDINARY, lambda _: battery(20.0, 5_000.0), every=300)
    # One that tells its capacity once an hour.
    keep(tmp_path, ORDINARY, lambda at: battery(80.0, None if at.minute else 15_000.0), name="cellar", every=300)
    assert set(day_of(tmp_path, ORDINARY, "roof", "cellar").soc) == {65.0}
    keep(tmp_path, ORDINARY, lambda _: battery(50.0, None), name="attic", every=300)
    assert set(day_of(tmp_path, ORDINARY, "roof", "cellar", "attic").soc) == {None}


def test_a_site_that_never_measured_its_sun_does_not_say_zero(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, lambda _: {"load": 300.0, "grid": 300.0}, every=300)
    assert day_of(tmp_path, ORDINARY).taps[0] == Taps(None, 0.0, 300.0, 300.0, 0.0)


def test_a_system_that_was_replaced_is_still_in_its_days(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, name="old", every=300)
    keep(tmp_path, date(2026, 6, 23), name="roof", every=300)
    assert day_of(tmp_path, ORDINARY).taps[0] == STEADY
    assert day_of(tmp_path, date(2026, 6, 23)).taps[-1] == STEADY


def test_a_silent_system_is_a_missing_part(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, every=300)
    keep(tmp_path, date(2026, 6, 22), every=300)
    keep(tmp_path, ORDINARY, lambda _: {"pv": 800.0}, name="garage", every=300)
    assert day_of(tmp_path, ORDINARY, "roof", "garage").taps[1].sun == 2000
    assert day_of(tmp_path, date(2026, 6, 22), "roof", "garage").taps[-1] == Taps(None, -500.0, -400.0, None, 0.0)


def test_wallboxes_are_the_car(tmp_path: Path) -> None:
    boxes = tuple(Wallbox(id=name, power=700.0, energy=5.0, phases=(Phase(id="L1", power=9.0),)) for name in ("1", "2"))
    keep(tmp_path, ORDINARY, lambda at: {**(steady(at) or {}), "wallboxes": boxes}, every=300)
    assert day_of(tmp_path, ORDINARY).taps[0] == Taps(1200.0, -500.0, -400.0, 300.0, 1400.0)


def test_a_house_without_a_battery_has_none(tmp_path: Path) -> None:
    keep(tmp_path, ORDINARY, lambda _: {"pv": 500.0, "load": 700.0, "grid": 200.0}, every=300)
    read = day_of(tmp_path, ORDINARY)
    assert read.taps[0] == Taps(500.0, 0.0, 200.0, 700.0, 0.0)
    assert set(read.soc) == {None}
    assert read.energies.charge is None
