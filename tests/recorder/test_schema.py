from __future__ import annotations

import os
import re
import sqlite3
import stat
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import DatabaseTooNew, StorageError
from heliobus.recorder.energy import COLUMNS
from heliobus.recorder.schema import APPLICATION_ID, MIGRATIONS, open_writer, reading
from tests.conftest import ROOT
from tests.recorder.made import record, rows, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heliobus.db"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that a user without rights may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def without_rights() -> Iterator[None]:
    """The administrator may write everywhere: be nobody for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_new_database_is_ours_and_private(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        pragmas = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "journal_mode", "synchronous", "page_size", "busy_timeout")
        ]
    assert pragmas == [APPLICATION_ID, len(MIGRATIONS), "wal", 2, 4096, 5000]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_missing_folders_are_made(tmp_path: Path) -> None:
    open_writer(tmp_path / "a" / "b" / "heliobus.db").close()
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_opening_again_changes_nothing(path: Path) -> None:
    open_writer(path).close()
    before = path.read_bytes()
    open_writer(path).close()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("table", ["energy_15min", "energy_day"])
def test_the_energy_tables_have_the_columns_of_their_rows_in_order(path: Path, table: str) -> None:
    open_writer(path).close()
    names = [name for (name,) in rows(path, f"SELECT name FROM pragma_table_info('{table}')")]
    assert tuple(name for name in names[2:] if name != "rev") == COLUMNS


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.touch()
    open_writer(path).close()
    assert rows(path, "PRAGMA user_version") == [(len(MIGRATIONS),)]


@pytest.mark.parametrize("newer", [len(MIGRATIONS) + 1, 1000])
def test_a_newer_version_is_left_untouched(path: Path, newer: int) -> None:
    open_writer(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {newer}")
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew, match=f"version {newer}"):
        open_writer(path)
    with pytest.raises(DatabaseTooNew), reading(path):
        pass
    assert path.read_bytes() == before


def test_another_programs_database_is_left_untouched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE states (id)")
    before = path.read_bytes()
    with pytest.raises(StorageError, match="another program"):
        open_writer(path)
    assert path.read_bytes() == before


def test_what_is_no_database_is_left_untouched(path: Path) -> None:
    path.write_text("[site]\nname = 'Home'\n" * 100)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="not a database") as caught:
        open_writer(path)
    assert "another file" in caught.value.remedy
    assert path.read_bytes() == before


def test_a_damaged_database_says_so(path: Path) -> None:
    open_writer(path).close()
    data = bytearray(path.read_bytes())
    data[100:4096] = b"\xff" * 3996
    path.write_bytes(data)
    with pytest.raises(StorageError):
        open_writer(path)


def test_an_old_sqlite_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(StorageError, match="too old"):
        open_writer(path)
    assert not path.exists()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        open_writer(tmp_path)


def test_below_a_file_there_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        open_writer(tmp_path / "file" / "heliobus.db")


def test_a_folder_that_may_not_be_written(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with without_rights(), pytest.raises(StorageError) as caught:
        open_writer(open_folder / "heliobus.db")
    assert "permissions" in caught.value.remedy


def test_a_file_that_may_not_be_written(open_folder: Path) -> None:
    path = open_folder / "heliobus.db"
    open_writer(path).close()
    path.chmod(0o444)
    open_folder.chmod(0o777)
    with without_rights(), pytest.raises(StorageError) as caught:
        open_writer(path)
    assert "writable" in caught.value.remedy


def test_reading_what_is_not_there(path: Path) -> None:
    with pytest.raises(StorageError, match="no database"), reading(path):
        pass
    assert not path.exists()


# -- migrations

NEXT = (*MIGRATIONS, "CREATE TABLE later (x INTEGER) STRICT; INSERT INTO later VALUES (1)")


def test_an_older_version_is_copied_and_brought_up_to_date(path: Path) -> None:
    open_writer(path).close()
    open_writer(path, migrations=NEXT).close()
    assert rows(path, "SELECT x FROM later") == [(1,)]
    assert rows(path, "PRAGMA user_version") == [(len(NEXT),)]
    copy = path.with_name(f"{path.name}.v{len(MIGRATIONS)}")
    assert rows(copy, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with pytest.raises(DatabaseTooNew):
        open_writer(path)


def test_a_failing_step_leaves_the_version_before_it(path: Path) -> None:
    open_writer(path).close()
    with pytest.raises(StorageError):
        open_writer(path, migrations=(*NEXT, "CREATE TABLE half (x); CREATE TABLE half (x)"))
    assert rows(path, "PRAGMA user_version") == [(len(NEXT),)]
    assert rows(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == [(0,)]
    open_writer(path, migrations=(*NEXT, "CREATE TABLE half (x INTEGER)")).close()
    assert rows(path, "SELECT count(*) FROM half") == [(0,)]


def test_an_older_version_is_not_read_by_guessing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_writer(path).close()
    monkeypatch.setattr("heliobus.recorder.schema.MIGRATIONS", NEXT)
    with pytest.raises(StorageError, match="older version"), reading(path):
        pass


# -- what the documentation says


def test_every_query_of_the_documentation_runs(path: Path) -> None:
    record(path, [snapshot(number * 10, pv=1.0, grid=1.0) for number in range(3)])
    text = (ROOT / "docs" / "reference" / "database.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    assert len(queries) >= 2
    for query in queries:
        assert rows(path, query), query


def test_the_documentation_names_every_table_and_column_that_is_promised(path: Path) -> None:
    text = (ROOT / "docs" / "reference" / "database.md").read_text(encoding="utf-8")
    open_writer(path).close()
    for table in ("energy_15min", "energy_day", "device", "site", "event"):
        for name in (table, *(one for (one,) in rows(path, f"SELECT name FROM pragma_table_info('{table}')"))):
            assert f"`{name}`" in text, (table, name)
