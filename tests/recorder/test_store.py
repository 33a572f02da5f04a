from __future__ import annotations

import logging
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import StorageError, UsageError
from heliobus.model.event import Event, EventKind
from heliobus.recorder import store
from heliobus.recorder.query import History
from heliobus.recorder.schema import open_writer
from heliobus.recorder.store import Recorder
from tests.recorder.made import at, rows, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 20.0


class Announcements:
    """Collects what ``on_commit`` tells."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._news = threading.Condition()

    def __call__(self, number: int) -> None:
        with self._news:
            self.numbers.append(number)
            self._news.notify_all()

    def wait_for(self, number: int) -> bool:
        with self._news:
            return self._news.wait_for(lambda: self.numbers[-1:] == [number], timeout=PATIENCE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heliobus.db"


@pytest.fixture
def announced() -> Announcements:
    return Announcements()


@pytest.fixture
def opened(path: Path, announced: Announcements) -> Iterator[Callable[[str], Recorder]]:
    recorders: list[Recorder] = []

    def make(durability: str) -> Recorder:
        recorder = Recorder.open(path, durability=durability, on_commit=announced)
        recorder.add_system(site="home", timezone="Europe/Berlin", name="roof", vendor="test", interval=10)
        recorders.append(recorder)
        return recorder

    yield make
    for recorder in recorders:
        recorder.close()


def count(path: Path) -> int:
    return int(rows(path, "SELECT count(*) FROM hot")[0][0])


def test_strict_commits_each_sample_at_once(
    path: Path, opened: Callable[[str], Recorder], announced: Announcements
) -> None:
    recorder = opened("strict")
    for number in (1, 2, 3):
        recorder.record("roof", snapshot(number, pv=1.0))
        assert announced.wait_for(number)
        assert count(path) == number
    assert announced.numbers == [1, 2, 3]


@pytest.mark.parametrize("durability", ["normal", "flash"])
def test_a_group_waits_for_its_commit(
    path: Path, opened: Callable[[str], Recorder], announced: Announcements, durability: str
) -> None:
    recorder = opened(durability)
    for number in (1, 2, 3):
        recorder.record("roof", snapshot(number, pv=1.0))
    recorder.flush()
    assert announced.numbers == [3]
    assert count(path) == 3


def test_a_group_is_committed_when_its_window_ends(
    opened: Callable[[str], Recorder], announced: Announcements, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(store.WINDOWS, "normal", 0.05)
    recorder = opened("normal")
    recorder.record("roof", snapshot(1, pv=1.0))
    assert announced.wait_for(1)


def test_an_import_does_not_wait_in_memory(opened: Callable[[str], Recorder], announced: Announcements) -> None:
    recorder = opened("flash")
    recorder.flush()
    for number in range(store.BATCH):
        recorder.record("roof", snapshot(number, pv=1.0))
    assert announced.wait_for(store.BATCH)


def test_flush_rolls_up_and_can_be_repeated(path: Path, opened: Callable[[str], Recorder]) -> None:
    recorder = opened("flash")
    for number in range(4):
        recorder.record("roof", snapshot(number * 10, pv=3600.0))
        recorder.flush()
        recorder.flush()
    assert rows(path, "SELECT pv FROM energy_15min") == [(30_000,)]
    assert rows(path, "SELECT pv, rev FROM energy_day") == [(30_000, 4)]
    assert rows(path, "SELECT * FROM dirty") == []


def test_an_event_is_committed_at_once_and_what_waits_with_it(
    path: Path, opened: Callable[[str], Recorder], announced: Announcements
) -> None:
    recorder = opened("flash")
    recorder.record("roof", snapshot(1, pv=1.0))
    recorder.event(
        Event(at=at(1.5), system="roof", kind=EventKind.SOURCE_LOST, text="no answer", data={"at": at(1), "n": 2})
    )
    assert announced.wait_for(1)
    assert rows(path, "SELECT at, system, kind, text, data FROM event") == [
        (1500, "roof", "source_lost", "no answer", '{"at": "1970-01-01 00:00:01+00:00", "n": 2}')
    ]


def test_closing_commits_and_a_closed_recorder_takes_nothing(path: Path, announced: Announcements) -> None:
    recorder = Recorder.open(path, durability="flash", on_commit=announced)
    recorder.add_system(site="home", timezone="Europe/Berlin", name="roof", vendor="test", interval=10)
    recorder.record("roof", snapshot(1, pv=1.0))
    recorder.close()
    recorder.close()
    assert announced.numbers == [1]
    with pytest.raises(UsageError, match="closed"):
        recorder.record("roof", snapshot(2, pv=1.0))
    assert {one.name for one in path.parent.iterdir()} == {path.name, f"{path.name}.lock"}


def test_recording_from_many_threads_loses_nothing(
    path: Path, opened: Callable[[str], Recorder], announced: Announcements
) -> None:
    recorder = opened("strict")

    def work(thread: int) -> None:
        for number in range(50):
            recorder.record("roof", snapshot(thread * 1000 + number, pv=1.0))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.flush()
    assert count(path) == 200
    assert announced.numbers[-1] == 200
    assert announced.numbers == sorted(announced.numbers)


def test_a_reader_is_served_while_the_writer_writes(path: Path, opened: Callable[[str], Recorder]) -> None:
    recorder = opened("strict")
    history = History(path)
    recorder.flush()
    for number in range(30):
        recorder.record("roof", snapshot(number * 10, pv=3600.0))
        history.energy(at(0), at(900), by="15min")
    recorder.flush()
    assert history.energy(at(0), at(900), by="15min")[0].systems["roof"].pv == 290.0


@pytest.mark.parametrize(
    "mistake",
    [
        lambda recorder: recorder.record("cellar", snapshot(1)),
        lambda recorder: recorder.add_system(site="s", timezone="Mars/Base", name="n", vendor="v", interval=1),
    ],
)
def test_a_mistake_of_the_caller_is_told_at_once(
    opened: Callable[[str], Recorder], mistake: Callable[[Recorder], None]
) -> None:
    with pytest.raises(UsageError):
        mistake(opened("normal"))


def test_an_unknown_durability(path: Path) -> None:
    with pytest.raises(UsageError, match="durability"):
        Recorder.open(path, durability="eternal")
    assert not path.exists()


def test_who_listens_badly_does_no_harm(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def listener(number: int) -> None:
        raise ZeroDivisionError(number)

    with caplog.at_level(logging.ERROR), Recorder.open(path, on_commit=listener) as recorder:
        recorder.add_system(site="home", timezone="UTC", name="roof", vendor="test", interval=10)
        recorder.record("roof", snapshot(1, pv=1.0))
        recorder.flush()
        assert recorder.failure is None
    assert count(path) == 1
    assert "on_commit(1) failed" in caplog.text


# -- a disk that refuses


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "RETRY", 0.01)


def fill(recorder: Recorder) -> None:
    """Let the database grow no more: SQLite then says what it says of a full disk."""
    pages = recorder._connection.execute("PRAGMA page_count").fetchone()[0]
    recorder._connection.execute(f"PRAGMA max_page_count = {pages}")


def protect(recorder: Recorder) -> None:
    """SQLite then says what it says of a disk that was mounted read-only."""
    recorder._connection.execute("PRAGMA query_only = ON")


def free(recorder: Recorder) -> None:
    recorder._connection.execute("PRAGMA max_page_count = 1000000")
    recorder._connection.execute("PRAGMA query_only = OFF")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("trouble", "words"), [(fill, ("disk is full", "space")), (protect, ("readonly", "writable"))])
def test_a_disk_that_refuses_is_told_and_recording_resumes_by_itself(
    trouble: Callable[[Recorder], None],
    words: tuple[str, str],
    path: Path,
    opened: Callable[[str], Recorder],
    announced: Announcements,
) -> None:
    says, remedy = words
    recorder = opened("normal")
    recorder.record("roof", snapshot(0, pv=1.0))
    recorder.flush()
    trouble(recorder)
    for number in range(1, 500):
        recorder.record("roof", snapshot(number * 10, pv=1.0))
    with pytest.raises(StorageError, match=says) as caught:
        recorder.flush()
    assert remedy in caught.value.remedy
    assert recorder.failure is not None
    assert announced.numbers == [1]
    assert count(path) == 1
    recorder.record("roof", snapshot(5000, pv=1.0))
    free(recorder)
    assert announced.wait_for(501)
    recorder.flush()
    assert recorder.failure is None
    assert count(path) == 501
    assert rows(path, "SELECT sum(cover_s) FROM energy_day") == [(5000,)]


def test_samples_are_durable_though_they_cannot_be_rolled_up(
    path: Path, opened: Callable[[str], Recorder], announced: Announcements, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = opened("normal")
    recorder.record("roof", snapshot(0, pv=1.0))
    with monkeypatch.context() as patch:
        patch.setattr("heliobus.recorder.tables.roll", lambda *_: 1 / 0)
        with pytest.raises(StorageError, match="fault"):
            recorder.flush()
    assert announced.numbers == [1]
    assert count(path) == 1
    recorder.flush()
    assert announced.numbers == [1]
    assert rows(path, "SELECT count(*) FROM energy_day") == [(1,)]


def test_the_oldest_are_thinned_while_the_disk_refuses(
    path: Path, opened: Callable[[str], Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "RING", 2000)
    recorder = opened("normal")
    recorder.flush()
    fill(recorder)
    for number in range(1000):
        recorder.record("roof", snapshot(number * 10, pv=1.0))
    with pytest.raises(StorageError):
        recorder.flush()
    for number in range(1000, 2500):
        recorder.record("roof", snapshot(number * 10, pv=1.0))
    assert recorder.thinned > 0
    assert len(recorder._queue) <= 2000
    free(recorder)
    recorder.flush()
    assert count(path) == 2500 - recorder.thinned


def test_another_writer_is_waited_for(path: Path, opened: Callable[[str], Recorder]) -> None:
    recorder = opened("normal")
    recorder.flush()
    recorder._connection.execute("PRAGMA busy_timeout = 10")
    with closing(open_writer(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        recorder.record("roof", snapshot(1, pv=1.0))
        with pytest.raises(StorageError, match="locked") as caught:
            recorder.flush()
        assert "other program" in caught.value.remedy
        other.execute("ROLLBACK")
    recorder.flush()
    assert count(path) == 1


def test_one_process_at_a_time_records(path: Path, opened: Callable[[str], Recorder]) -> None:
    first = opened("strict")
    with pytest.raises(StorageError, match="another heliobus"):
        Recorder.open(path)
    first.record("roof", snapshot(1, pv=1.0))
    first.close()
    Recorder.open(path).close()
    assert count(path) == 1


def test_a_database_that_cannot_be_opened_is_not_kept_from_others(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)
    for _ in range(2):
        with pytest.raises(StorageError, match="not a database"):
            Recorder.open(path)


def test_closing_while_the_disk_refuses_ends_and_says_so(path: Path) -> None:
    recorder = Recorder.open(path)
    recorder.add_system(site="home", timezone="UTC", name="roof", vendor="test", interval=10)
    recorder.flush()
    fill(recorder)
    for number in range(500):
        recorder.record("roof", snapshot(number * 10, pv=1.0))
    with pytest.raises(StorageError, match="full"):
        recorder.close()
    with pytest.raises(UsageError, match="closed"):
        recorder.record("roof", snapshot(1, pv=1.0))


def test_a_fault_of_our_own_keeps_the_samples(
    path: Path, opened: Callable[[str], Recorder], caplog: pytest.LogCaptureFixture
) -> None:
    recorder = opened("normal")
    recorder.flush()
    good = recorder._tables
    recorder._tables = None  # type: ignore[assignment]
    recorder.record("roof", snapshot(1, pv=1.0))
    with caplog.at_level(logging.ERROR), pytest.raises(StorageError, match="fault"):
        recorder.flush()
    assert "has a fault" in caplog.text
    recorder._tables = good
    recorder.flush()
    assert count(path) == 1
