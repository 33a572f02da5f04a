"""The one writer of the database: a thread with its own connection; everybody else only queues.

Samples wait in memory until the commit window ends (``durability``), then go to disk in one transaction.  While the
disk refuses, they stay queued, and the writer tries again by itself.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Self

from heliobus.errors import StorageError, UsageError
from heliobus.recorder.calendar import zone_of
from heliobus.recorder.reading import Reading, milliseconds, reading_of
from heliobus.recorder.ring import RING, thin
from heliobus.recorder.schema import make_folder, open_writer, reported, storage_error
from heliobus.recorder.tables import Item, System, Tables
from heliobus.transport.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from heliobus.model.event import Event
    from heliobus.model.snapshot import Snapshot

LOG = logging.getLogger(__name__)

WINDOWS = {"strict": 0.0, "normal": 20.0, "flash": 60.0}
"""Seconds that a sample may wait for its commit.  A page per system and commit is what wears flash (STORAGE, 2b):
with 10 s, two systems asked every 10 s write 69 MB a day, with 20 s half as much (RELIABILITY R8: 50)."""
BATCH = 1000
"""Samples that are committed before their time: an import does not wait in memory."""
RETRY, RETRY_MOST = 1.0, 60.0


class Recorder:
    """Takes snapshots from any thread and makes them durable.  Use ``open``, then ``add_system``."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        *,
        lock: Lock,
        window: float,
        on_commit: Callable[[int], None] | None,
    ) -> None:
        self._path = path
        self._lock = lock
        self._connection = connection
        self._tables = Tables(connection)
        self._window = window
        self._on_commit = on_commit
        self._systems: dict[str, System] = {}
        self._state = threading.Condition()
        self._queue: list[Item] = []
        self._due: float | None = None
        self._asked = self._answered = 0
        self._failure: StorageError | None = None
        self._count = 0
        self._thinned = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls, path: Path, *, durability: str = "normal", on_commit: Callable[[int], None] | None = None
    ) -> Recorder:
        """Open or make the database.

        ``durability``: ``strict`` commits each sample at once, ``normal`` after 20 s at most, ``flash`` after 60 s.
        ``on_commit(n)`` is called in the writer's thread after the commit that made samples 1 to n durable.
        Raises StorageError (also while another process records into it), DatabaseTooNew (the file is untouched) and
        UsageError.
        """
        if durability not in WINDOWS:
            raise UsageError(f"no durability {durability!r}", remedy=f"Use one of: {', '.join(WINDOWS)}.")
        with reported(path):
            make_folder(path)
            lock = _lock(path)
        try:
            return cls(open_writer(path), path, lock=lock, window=WINDOWS[durability], on_commit=on_commit)
        except BaseException:
            lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def failure(self) -> StorageError | None:
        """What keeps it from writing now; None while all is well."""
        return self._failure

    @property
    def thinned(self) -> int:
        """Samples that were given up because the disk refused for too long."""
        return self._thinned

    def add_system(
        self, *, site: str, timezone: str, name: str, vendor: str, interval: float, grid: bool = False
    ) -> None:
        """Declare a configured system before its first record; ``interval`` is the time between two polls in s.

        Of several systems of a site the one with ``grid`` says what went through the site's connection.  Raises
        UsageError for a time zone that the tz database does not know.
        """
        zone_of(timezone)
        system = System(
            site=site, timezone=timezone, name=name, vendor=vendor, interval=round(interval * 1000), grid=grid
        )
        with self._state:
            self._systems[name] = system
            self._put(system, within=0.0)

    def record(self, system: str, snapshot: Snapshot, *, interval: float | None = None) -> None:
        """Queue a snapshot; the n-th call is sample number n.  Returns at once, from any thread.

        ``interval`` is the pace in s of the way that it came by, where it is not the system's own.
        """
        if system not in self._systems:
            raise UsageError(f"the recorder does not know the system {system!r}", remedy="Call add_system first.")
        with self._state:
            reading = reading_of(snapshot, system=system, number=self._count + 1, interval=interval)
            self._put(reading, within=self._window)
            self._count += 1

    def event(self, event: Event) -> None:
        """Queue an event; it is committed at once."""
        milliseconds(event.at)
        with self._state:
            self._put(event, within=0.0)

    def flush(self) -> None:
        """Wait until all that was recorded is committed and all energies are rolled up.

        Raises StorageError if the disk refuses; the samples stay queued.
        """
        with self._state:
            self._asked += 1
            ticket = self._asked
            self._state.notify_all()
            self._state.wait_for(lambda: self._answered >= ticket or not self._thread.is_alive())
            if self._failure is not None:
                raise self._failure

    def close(self) -> None:
        """Flush and end.  Raises StorageError if samples could not be written: they are lost then."""
        if self._closing:
            return
        try:
            self.flush()
        finally:
            with self._state:
                self._closing = True
                self._state.notify_all()
            self._thread.join()
            self._connection.close()
            self._lock.release()

    # -- the queue

    def _put(self, item: Item, *, within: float) -> None:
        if self._closing:
            raise UsageError("the recorder is closed", remedy="Open it again.")
        self._queue.append(item)
        if self._failure is not None:  # the next attempt has its own time
            if len(self._queue) > RING:
                self._thin()
        else:
            due = time.monotonic() + (within if len(self._queue) < BATCH else 0.0)
            if self._due is None or due < self._due:
                self._due = due
                self._state.notify_all()

    def _thin(self) -> None:
        kept = thin(self._queue, most=RING)
        self._thinned += len(self._queue) - len(kept)
        self._queue = kept

    # -- the thread

    def _run(self) -> None:
        retry = RETRY
        while True:
            with self._state:
                while not self._is_due():
                    self._state.wait(None if self._due is None else max(self._due - time.monotonic(), 0.0))
                if self._closing:
                    return
                ticket, everything = self._asked, self._asked > self._answered
                items, self._queue, self._due = self._queue, [], None
            failure = self._attempt(items, everything=everything)
            with self._state:
                self._failure = failure
                if failure is None:
                    retry = RETRY
                else:
                    self._queue = items + self._queue
                    self._due = time.monotonic() + retry
                    retry = min(2 * retry, RETRY_MOST)
                self._answered = ticket
                self._state.notify_all()

    def _is_due(self) -> bool:
        late = self._due is not None and time.monotonic() >= self._due
        return late or self._closing or self._asked > self._answered

    def _attempt(self, items: list[Item], *, everything: bool) -> StorageError | None:
        """Write ``items``, empty the list once they are durable, and roll up; tell what went wrong."""
        try:
            self._tables.write(items)
            self._announce(items)
            items.clear()
            self._tables.roll(everything=everything)
        except (sqlite3.Error, OSError) as error:
            return storage_error(self._path, error)
        except Exception as error:
            LOG.exception("the recorder has a fault")
            return StorageError(f"the recorder has a fault: {error!r}", remedy="Report this with the log.")
        return None

    def _announce(self, items: Sequence[Item]) -> None:
        last = max((item.number for item in items if isinstance(item, Reading)), default=None)
        if last is None or self._on_commit is None:
            return
        try:
            self._on_commit(last)
        except Exception:
            LOG.exception("on_commit(%d) failed; the samples are written", last)


def _lock(database: Path) -> Lock:
    """Let one process record into a database.

    SQLite would bear two, the house would not: both would ask every device, and the one that starts later would take
    back the commands of the other as those of a run that has crashed.  The lock is not on the database itself, for
    closing any descriptor of it would drop SQLite's own locks.
    """
    try:
        return Lock(database)
    except BlockingIOError as error:
        raise StorageError(
            f"database {database}: another heliobus records into it",
            remedy="End that one (heliobus serve), or name another database.",
        ) from error
