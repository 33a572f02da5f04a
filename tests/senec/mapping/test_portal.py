"""Signs, scales and times of the portal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from heliobus.model import fields
from heliobus.model.quality import Quality
from heliobus.senec.mapping import portal as mapping
from heliobus.senec.models.portal import AccuState, Navigation, Overview, Point, PortalSocket, sg_ready_state
from heliobus.senec.protocol.portal import week_file

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
TITLES = "Uhrzeit;Netzbezug [kW];Stromerzeugung [kW];Akku-Beladung [kW];Akku Füllstand [%]"


def mapped(**told: Any) -> Any:
    overview = Overview({name: {"now": value} for name, value in told.items()})
    return mapping.snapshot(
        mapping.PortalReading(navigation=Navigation({"steuereinheitnummer": "s"}), overview=overview), received_at=NOW
    )


def test_accuexport_goes_into_the_battery() -> None:
    assert mapped(accuimport=0.0, accuexport=1.5).battery.power == -1500.0
    assert mapped(accuimport=1.5, accuexport=0.0).battery.power == 1500.0
    assert mapped(gridimport=0.2, gridexport=0.5).grid.power == pytest.approx(-300.0)


def test_what_is_not_told_is_unknown_and_never_zero() -> None:
    seen = mapped(accuimport=1.0)
    assert {value.path for value in fields.walk(seen)} == set()
    assert seen.quality_of("batteries.1.power") is Quality.MISSING


@pytest.mark.parametrize(("now", "quality"), [(59.0, Quality.GOOD), (61.0, Quality.SUSPECT)])
def test_no_house_has_so_much(now: float, quality: Quality) -> None:
    seen = mapped(powergenerated=now, consumption=0.5)
    assert {seen.quality_of("pv.power"), seen.quality_of("load.power")} == {quality}


def test_the_battery_of_a_full_reading() -> None:
    reading = mapping.PortalReading(
        navigation=Navigation({}), overview=Overview({}), accu=AccuState({"capacity": 10}), reserve=15
    )
    battery = mapping.snapshot(reading, received_at=NOW).battery
    assert (battery.capacity, battery.voltage, battery.limits.reserve_soc) == (10_000.0, None, 15.0)


def week(*rows: str) -> Any:
    return mapping.week_spans(week_file("\n".join([TITLES, *rows]).encode()), BERLIN, now=NOW)


def test_a_row_holds_until_the_next_and_not_for_ever() -> None:
    first, second, third = week(
        "25.05.2026 00:00:00;1,2;;0,6;50", "25.05.2026 00:05:00;-1;0;0;51", "25.05.2026 02:00:00;12;0;0;52"
    )
    assert (first.grid_import, first.pv, first.charge, first.soc) == (pytest.approx(100.0), None, 50.0, 50.0)
    assert first.start == datetime(2026, 5, 24, 22, tzinfo=UTC)
    assert second.grid_import is None  # less than nothing
    assert second.end - second.start == timedelta(minutes=5)
    assert third.grid_import == pytest.approx(1000.0)


def test_the_hour_that_comes_twice_is_there_twice() -> None:
    clock = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    moments = [clock + timedelta(minutes=5 * step) for step in range(24)]
    spans = week(*[f"{moment.astimezone(BERLIN):%d.%m.%Y %H:%M:%S};1;0;0;0" for moment in moments])
    assert [one.start for one in spans] == moments
    assert sum(one.grid_import for one in spans) == pytest.approx(2000.0)


def test_the_first_row_again_at_the_end_adds_nothing() -> None:
    rows = ["25.05.2026 00:00:00;1;0;0;0", "25.05.2026 00:05:00;1;0;0;0"]
    assert week(*rows, rows[0]) == week(*rows)


@pytest.mark.parametrize(
    ("found", "state"),
    [(1, 1), (4, 4), ("MODE2", 2), ("3", 3), (5, None), (0, None), ("MODE", None), (True, None), (None, None)],
)
def test_the_state_of_sg_ready_comes_as_a_number_or_a_mode(found: Any, state: int | None) -> None:
    assert sg_ready_state(found) == state


def test_sockets_have_a_number_in_two_spellings() -> None:
    assert PortalSocket({"steckdosennummer": 1}).number == 1
    assert PortalSocket({"steckdosenummer": 2}).number == 2


@pytest.mark.parametrize("pair", [None, [], [1], [None, 1], ["1", 2], [1, 2, 3], [1e300, 2]])
def test_a_point_that_is_none_has_no_value(pair: Any) -> None:
    assert (Point(pair).time, Point(pair).value) == (None, None)


@pytest.mark.parametrize("told", [1665062808, 1665062808000])
def test_a_time_comes_in_seconds_or_milliseconds(told: int) -> None:
    assert Overview({"lastupdated": told}).updated == datetime(2022, 10, 6, 13, 26, 48, tzinfo=UTC)
