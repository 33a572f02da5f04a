"""The tables, and how a database file is opened, checked and brought up to date.

Tables as in design/STORAGE.md section 4, with what a slice without sealed packs needs, and some additions:
``device.system`` (the configured name of the series) with ``device.active`` (is it configured now) and ``device.grid``
(does it measure the grid of its site), ``layout.interval`` (ms between two polls when the row was written, so that what
counts as a gap is a property of the samples and not of today's configuration), ``layout.source`` (the way that the row
came by), and ``event``.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from heliobus.errors import DatabaseTooNew, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

APPLICATION_ID = 0x48656C69
"""``Heli`` in the file's header: what tells our database from any other SQLite file."""

OLDEST = (3, 37)
"""The first SQLite with STRICT tables."""

_FLOWS = """
    pv INTEGER, imp INTEGER, exp INTEGER, chg INTEGER, dis INTEGER, load INTEGER, ev INTEGER,
    pv_peak INTEGER, soc_min INTEGER, soc_max INTEGER, cover_s INTEGER NOT NULL, src INTEGER NOT NULL"""

_FIRST = f"""
CREATE TABLE site (id INTEGER PRIMARY KEY, uid BLOB NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, tz TEXT NOT NULL)
    STRICT;
CREATE TABLE device (id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES site(id), vendor TEXT NOT NULL,
    serial TEXT NOT NULL, system TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1, UNIQUE(site, serial)) STRICT;
CREATE TABLE channel (id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES device(id), key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK(kind IN ('power', 'gauge', 'counter', 'day_counter', 'state', 'setting')),
    unit TEXT NOT NULL, exp10 INTEGER NOT NULL DEFAULT 0, UNIQUE(device, key)) STRICT;
CREATE TABLE layout (id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES device(id), interval INTEGER NOT NULL,
    fmt TEXT NOT NULL, channels TEXT NOT NULL) STRICT;
CREATE TABLE hot (id INTEGER PRIMARY KEY, layout INTEGER NOT NULL, v BLOB NOT NULL) STRICT;
CREATE TABLE energy_15min (device INTEGER NOT NULL, t0 INTEGER NOT NULL, {_FLOWS},
    PRIMARY KEY(device, t0)) STRICT, WITHOUT ROWID;
CREATE TABLE energy_day (device INTEGER NOT NULL, day INTEGER NOT NULL, {_FLOWS}, rev INTEGER NOT NULL,
    PRIMARY KEY(device, day)) STRICT, WITHOUT ROWID;
CREATE TABLE counter_event (channel INTEGER NOT NULL, ts INTEGER NOT NULL, before INTEGER, after INTEGER,
    reason TEXT NOT NULL, PRIMARY KEY(channel, ts)) STRICT, WITHOUT ROWID;
CREATE TABLE dirty (device INTEGER NOT NULL, t0 INTEGER NOT NULL, PRIMARY KEY(device, t0)) STRICT, WITHOUT ROWID;
CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, system TEXT NOT NULL, kind TEXT NOT NULL,
    text TEXT NOT NULL, data TEXT NOT NULL) STRICT;
CREATE INDEX event_at ON event (at);
PRAGMA application_id = {APPLICATION_ID};
"""

_SECOND = """
ALTER TABLE device ADD COLUMN grid INTEGER NOT NULL DEFAULT 0;
ALTER TABLE layout ADD COLUMN source TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _SECOND)
"""Number n leads from version n to n + 1.  A released one never changes."""


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into StorageError with a remedy."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise storage_error(path, error) from error


def storage_error(path: Path, error: Exception) -> StorageError:
    """Say in one line what ``error`` means for the database at ``path``."""
    code = getattr(error, "sqlite_errorname", "")
    for start, remedy in _REMEDIES:
        if code.startswith(start):
            return StorageError(f"database {path}: {error}", remedy=remedy)
    return StorageError(f"database {path}: {error}")


_REMEDIES = (
    ("SQLITE_FULL", "Free some space; recording goes on by itself."),
    ("SQLITE_READONLY", "Make the file and its folder writable, or name another database."),
    ("SQLITE_BUSY", "End the other program that uses the database; recording goes on by itself."),
    ("SQLITE_NOTADB", "Name another file: this one is not a database."),
    ("SQLITE_CORRUPT", "Keep the file, restore a backup or name another database."),
)


def open_writer(path: Path, *, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """Open the database for writing, made or brought up to date if need be.

    A file of a newer version or of another program is left untouched.  Raises StorageError, DatabaseTooNew.
    """
    if sqlite3.sqlite_version_info < OLDEST:
        raise StorageError(
            f"SQLite {sqlite3.sqlite_version} of this Python is too old",
            remedy="Use a Python with SQLite 3.37 or newer.",
        )
    with reported(path):
        make_folder(path)
        if path.exists():
            with closing(_connect(path, "ro")) as connection:
                _check(connection, path, len(migrations))
        else:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        connection = _connect(path, "rw")
        try:
            _prepare(connection)
            _migrate(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
    return connection


def make_folder(path: Path) -> None:
    """Make the folder of a database, for nobody else to look into."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database read-only for one consistent look.  Raises StorageError, DatabaseTooNew."""
    with reported(path):
        if not path.exists():
            raise StorageError(f"there is no database at {path}", remedy="Name the database of heliobus serve.")
        with closing(_connect(path, "ro")) as connection:
            if _check(connection, path, len(MIGRATIONS)) < len(MIGRATIONS):
                raise StorageError(
                    f"database {path} is of an older version", remedy="Start heliobus serve once; it updates the file."
                )
            connection.execute("BEGIN")
            yield connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Every commit is synced: what is announced as recorded survives a power cut.  Fewer commits spare the flash."""
    connection.execute("PRAGMA page_size = 4096")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 1000")
    connection.execute("PRAGMA journal_size_limit = 4194304")
    connection.execute("PRAGMA cache_size = -8192")
    connection.execute("PRAGMA foreign_keys = ON")
    # A read-only file opens, and even begins to write, without complaint.
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"PRAGMA user_version = {_number(connection, 'user_version')}")
    finally:
        connection.execute("ROLLBACK")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _check(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    """Give the version of the database, 0 for an empty file; refuse what is not ours or is newer."""
    version = _number(connection, "user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if _number(connection, "application_id") != APPLICATION_ID and (tables or version):
        raise StorageError(f"{path} is the database of another program", remedy="Name another file.")
    if version > newest:
        raise DatabaseTooNew(f"database {path} has version {version}; this heliobus knows versions up to {newest}")
    return version


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """Do what is missing, each step in a transaction of its own, after a copy of the file as it was."""
    first = _number(connection, "user_version")
    if 0 < first < len(migrations):
        _copy(connection, path.with_name(f"{path.name}.v{first}"))
    for version in range(first, len(migrations)):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;{migrations[version]};PRAGMA user_version = {version + 1};COMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    """Copy under another name first: a copy that was cut off must never pass for a good one."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(part)) as copy:
        connection.backup(copy)
    part.replace(target)
