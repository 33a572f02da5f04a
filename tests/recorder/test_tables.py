from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.model.event import Event, EventKind
from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, BatteryModule
from heliobus.recorder.query import History
from heliobus.recorder.reading import reading_of
from heliobus.recorder.schema import open_writer
from heliobus.recorder.tables import System, Tables
from tests.recorder.made import at, rows, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heliobus.model.snapshot import Snapshot

ROOF = System(site="home", timezone="Europe/Berlin", name="roof", vendor="test", interval=10_000)
CELLAR = replace(ROOF, name="cellar")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heliobus.db"


@pytest.fixture
def tables(path: Path) -> Iterator[Tables]:
    with closing(open_writer(path)) as connection:
        yield Tables(connection)


def box(serial: str | None) -> Device:
    return Device(id="1", vendor="test", serial=serial)


def write(tables: Tables, *items: System | tuple[str, Snapshot], everything: bool = True) -> None:
    tables.write(
        [item if isinstance(item, System) else reading_of(item[1], system=item[0], number=1) for item in items]
    )
    tables.roll(everything=everything)


def devices(path: Path) -> list[tuple[Any, ...]]:
    return rows(
        path, "SELECT system, serial, active, (SELECT count(*) FROM hot WHERE hot.id >> 42 = device.id) FROM device"
    )


# -- systems and boxes


def test_declaring_twice_changes_nothing(tables: Tables, path: Path) -> None:
    write(tables, ROOF, ROOF)
    write(tables, ROOF)
    assert devices(path) == [("roof", "system:roof", 1, 0)]


def test_a_box_without_serial_number_stands_under_the_name_of_its_system(tables: Tables, path: Path) -> None:
    write(tables, ROOF, ("roof", snapshot(1, pv=1.0)), ("roof", snapshot(2, pv=1.0, device=box(None))))
    assert devices(path) == [("roof", "system:roof", 1, 2)]


def test_a_serial_number_that_is_learned_later_keeps_the_series(tables: Tables, path: Path) -> None:
    write(tables, ROOF, ("roof", snapshot(1, pv=1.0)), ("roof", snapshot(2, pv=1.0, device=box("A"))))
    write(tables, ("roof", snapshot(3, pv=1.0)))
    assert devices(path) == [("roof", "A", 1, 3)]


def test_another_box_begins_another_series_of_the_same_system(tables: Tables, path: Path) -> None:
    first = [("roof", snapshot(number * 10, pv=3600.0, device=box("A"))) for number in range(4)]
    second = [("roof", snapshot(number * 10, pv=3600.0, device=box("B"))) for number in range(4, 7)]
    write(tables, ROOF, *first, *second)
    assert devices(path) == [("roof", "A", 1, 4), ("roof", "B", 1, 3)]
    (bucket,) = History(path).energy(at(0), at(900), by="15min")
    assert bucket.systems["roof"].pv == 50.0  # 30 s and 20 s; nobody knows what was between the boxes
    assert [one.name for one in History(path).systems()] == ["roof"]


def test_a_renamed_system_keeps_its_series(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        write(Tables(connection), ROOF, ("roof", snapshot(1, pv=1.0, device=box("A"))))
    with closing(open_writer(path)) as connection:
        write(Tables(connection), replace(ROOF, name="top"), ("top", snapshot(2, pv=1.0, device=box("A"))))
    assert ("top", "A", 1, 2) in devices(path)
    assert [(one.name, one.first) for one in History(path).systems()] == [("top", at(1))]


def test_a_box_read_by_two_systems_is_one_series(tables: Tables, path: Path) -> None:
    write(tables, ROOF, CELLAR, ("roof", snapshot(1, pv=1.0, device=box("A"))))
    write(tables, ("cellar", snapshot(2, pv=1.0, device=box("A"))))
    assert devices(path) == [("roof", "A", 1, 2), ("cellar", "system:cellar", 1, 0)]


def test_the_same_serial_number_at_two_sites_is_two_boxes(tables: Tables, path: Path) -> None:
    away = replace(CELLAR, site="away", timezone="Asia/Kolkata")
    write(tables, ROOF, away)
    write(tables, ("roof", snapshot(1, pv=1.0, device=box("A"))), ("cellar", snapshot(1, pv=1.0, device=box("A"))))
    assert [row[:2] for row in devices(path)] == [("roof", "A"), ("cellar", "A")]


def test_a_system_that_is_configured_no_more_is_inactive(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        write(Tables(connection), ROOF, CELLAR)
    with closing(open_writer(path)) as connection:
        write(Tables(connection), CELLAR)
    assert [row[:3:2] for row in devices(path)] == [("roof", 0), ("cellar", 1)]


@pytest.mark.parametrize(
    "moved", [replace(ROOF, timezone="Asia/Kolkata"), replace(ROOF, site="away", timezone="Asia/Kolkata")]
)
def test_another_time_zone_makes_the_days_anew(path: Path, moved: System) -> None:
    evening = 86_400 - 4 * 3600  # 20:00 UTC is another day in India
    with closing(open_writer(path)) as connection:
        write(Tables(connection), ROOF, *(("roof", snapshot(evening + number, pv=3600.0)) for number in (0, 10)))
    assert rows(path, "SELECT day, pv FROM energy_day") == [(0, 10_000)]
    with closing(open_writer(path)) as connection:
        write(Tables(connection), moved)
    assert rows(path, "SELECT day, pv FROM energy_day") == [(1, 10_000)]
    assert [(one.site, one.timezone) for one in History(path).systems()] == [(moved.site, "Asia/Kolkata")]


# -- layouts


def layouts(path: Path) -> list[list[str]]:
    names = dict(rows(path, "SELECT id, key FROM channel"))
    return [[names[one] for one in json.loads(ids)] for (ids,) in rows(path, "SELECT channels FROM layout ORDER BY id")]


def test_a_new_channel_is_a_new_layout_and_old_rows_stay_readable(tables: Tables, path: Path) -> None:
    write(tables, ROOF, ("roof", snapshot(1, pv=1.0)), ("roof", snapshot(2, pv=2.0, grid=3.0)))
    write(tables, ("roof", snapshot(3, pv=4.0)))
    assert layouts(path) == [["pv.power"], ["pv.power", "grid.power"]]
    found = [sample.values for sample in History(path).samples(at(0), at(10), channels=["pv.power", "grid.power"])]
    assert found == [
        {"pv.power": 1.0, "grid.power": None},
        {"pv.power": 2.0, "grid.power": 3.0},
        {"pv.power": 4.0, "grid.power": None},
    ]


def test_values_that_come_and_go_do_not_breed_layouts(
    tables: Tables, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heliobus.recorder.tables._CHOICES", 10)
    parts = ({"pv": 1.0}, {"grid": 1.0}, {"load": 1.0}, {"battery": 1.0}, {"soc": 1.0})
    items = []
    for number in range(32):
        chosen: dict[str, float] = {}
        for index, part in enumerate(parts):
            if number >> index & 1:
                chosen |= part
        items.append(("roof", snapshot(number, **chosen)))
    write(tables, ROOF, *items)
    assert len(tables._chosen) < 32
    assert len(layouts(path)) <= len(parts) + 1  # the first poll told nothing
    assert rows(path, "SELECT count(*) FROM hot") == [(32,)]


def test_a_long_and_a_short_poll_have_a_layout_each(tables: Tables, path: Path) -> None:
    modules = tuple(BatteryModule(id=str(number), soc=50.0, voltage=50.0, current=1.0) for number in range(12))
    full = Battery(power=1.0, soc=50.0, modules=modules)
    write(
        tables,
        ROOF,
        ("roof", snapshot(1, pv=1.0, batteries=(full,))),
        ("roof", snapshot(2, pv=1.0, battery=1.0, soc=50.0)),
        ("roof", snapshot(3, pv=1.0, batteries=(full,))),
        ("roof", snapshot(4, pv=1.0, battery=1.0, soc=50.0)),
    )
    assert [len(channels) for channels in layouts(path)] == [39, 3]
    assert rows(path, "SELECT layout FROM hot ORDER BY id") == [(1,), (2,), (1,), (2,)]


def test_another_interval_is_another_layout(tables: Tables, path: Path) -> None:
    write(tables, ROOF, ("roof", snapshot(1, pv=1.0)))
    write(tables, replace(ROOF, interval=1000), ("roof", snapshot(2, pv=1.0)))
    assert rows(path, "SELECT interval FROM layout") == [(10_000,), (1000,)]


def test_a_poll_that_told_nothing_is_recorded_as_that(tables: Tables, path: Path) -> None:
    write(tables, ROOF, ("roof", snapshot(1)), ("roof", snapshot(2, pv=PV(power=None))))
    assert [dict(sample.values) for sample in History(path).samples(at(0), at(10))] == [{}, {}]


def test_the_same_instant_twice_is_one_row_with_the_later_values(tables: Tables, path: Path) -> None:
    write(tables, ROOF, ("roof", snapshot(1, pv=1.0)), ("roof", snapshot(1, pv=2.0)))
    write(tables, ("roof", snapshot(1, pv=3.0)))
    assert [sample.values for sample in History(path).samples(at(0), at(10))] == [{"pv.power": 3.0}]


# -- transactions


def test_what_cannot_be_kept_harms_nothing_else(tables: Tables, path: Path, caplog: pytest.LogCaptureFixture) -> None:
    good = reading_of(snapshot(1, pv=1.0), system="roof", number=1)
    with caplog.at_level(logging.ERROR):
        tables.write([ROOF, replace(good, at=0, values={"pv.colour": 1.0}), good])
    assert "cannot be recorded" in caplog.text
    assert rows(path, "SELECT count(*) FROM hot") == [(1,)]


def test_half_a_character_in_a_serial_number_or_text(tables: Tables, path: Path) -> None:
    event = Event(at=at(1), system="roof", kind=EventKind.COMMAND, text="bad \ud800", data={"a": "\udfff"})
    tables.write([ROOF, event, reading_of(snapshot(1, device=box("A\ud800")), system="roof", number=1)])
    assert devices(path) == [("roof", "A?", 1, 1)]
    assert rows(path, "SELECT text FROM event") == [("bad ?",)]


def test_a_declaration_that_failed_is_made_again(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        write(Tables(connection), ROOF, CELLAR)
    with closing(open_writer(path)) as connection:
        tables = Tables(connection)
        connection.execute("PRAGMA query_only = ON")
        with pytest.raises(sqlite3.OperationalError):
            write(tables, CELLAR)
        connection.execute("PRAGMA query_only = OFF")
        write(tables, CELLAR)
    assert [row[:3:2] for row in devices(path)] == [("roof", 0), ("cellar", 1)]


def test_a_failed_transaction_leaves_nothing_and_the_next_one_works(tables: Tables, path: Path) -> None:
    write(tables, ROOF)
    before = path.with_name("heliobus.db-wal").stat().st_size
    tables._connection.execute(
        f"PRAGMA max_page_count = {tables._connection.execute('PRAGMA page_count').fetchone()[0]}"
    )
    many = [("roof", snapshot(number, pv=1.0, device=box("A"))) for number in range(500)]
    with pytest.raises(Exception, match="full"):
        write(tables, *many)
    assert devices(path) == [("roof", "system:roof", 1, 0)]
    assert rows(path, "SELECT count(*) FROM channel") == [(0,)]
    tables._connection.execute("PRAGMA max_page_count = 100000")
    write(tables, *many)
    assert devices(path) == [("roof", "A", 1, 500)]
    assert path.with_name("heliobus.db-wal").stat().st_size >= before


def test_the_last_quarter_of_a_day_makes_nothing_of_the_next_day(tables: Tables, path: Path) -> None:
    midnight = 82_800  # in Berlin
    write(tables, ROOF, ("roof", snapshot(midnight - 20, pv=1.0)), ("roof", snapshot(midnight - 10, pv=1.0)))
    assert rows(path, "SELECT day FROM energy_day") == [(0,)]
    write(tables, ("roof", snapshot(midnight - 5, pv=1.0)), everything=False)
    assert [len(History(path).energy(at(midnight - 1), at(midnight + 1), by=by)) for by in ("day", "15min")] == [2, 2]


def test_the_bucket_that_still_grows_stays_dirty(tables: Tables, path: Path) -> None:
    write(tables, ROOF, *(("roof", snapshot(number * 100, pv=1.0)) for number in range(10)), everything=False)
    assert rows(path, "SELECT t0 FROM energy_15min") == [(0,)]
    assert rows(path, "SELECT t0 FROM dirty") == [(900,), (1800,)]
    write(tables)
    assert rows(path, "SELECT t0 FROM energy_15min") == [(0,), (900,)]
    assert rows(path, "SELECT t0 FROM dirty") == []
