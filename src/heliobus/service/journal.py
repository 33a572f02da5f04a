"""The commands in force, in a small file: after a crash the next start takes them back (design: RELIABILITY R12)."""

from __future__ import annotations

import json
import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heliobus.errors import Refused, StorageError, UsageError
from heliobus.model.command import KINDS
from heliobus.service import rules
from heliobus.service.commands import from_plain, to_plain
from heliobus.transport.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from heliobus.model.command import Command

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lease:
    """A command in force at a system, who asked for it, and what takes it back (None: nothing can)."""

    system: str
    command: Command
    who: str
    undo: Command | None

    @property
    def key(self) -> tuple[str, str]:
        """What it holds: a later command for the same replaces it."""
        return self.system, rules.part_of(self.command)


class Journal:
    """Reads and replaces the file at ``path``; both block on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes out: two that wrote the file would forget each other's commands.

        Needed where no other lock does it.  Raises Refused while another process is in, StorageError.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = Lock(self._path)
        except BlockingIOError as error:
            raise Refused(
                "another heliobus control is at this device",
                remedy="End that one with Ctrl-C: it gives the device back.",
            ) from error
        except OSError as error:
            raise StorageError(f"cannot lock {self._path}: {error.strerror}") from error
        try:
            yield
        finally:
            lock.release()

    def read(self) -> tuple[Lease, ...]:
        """Give what was in force; a file that cannot be understood is told in the log and holds nothing."""
        try:
            return tuple(_lease(entry) for entry in json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError, UsageError) as error:
            _log.error("cannot read %s, so a command may still be in force: %s", self._path, error)
            return ()

    def write(self, leases: Iterable[Lease]) -> None:
        """Replace the file, so that it is whole at any moment.  Raises StorageError."""
        entries = [_plain(lease) for lease in leases]
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            if not entries:
                self._path.unlink(missing_ok=True)
                return
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(entries, file)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            raise StorageError(f"cannot write {self._path}: {error.strerror}") from error


def _plain(lease: Lease) -> dict[str, Any]:
    # A vendor's own way back is known to the program that got it only.
    undo = None if lease.undo is None or lease.undo.kind not in KINDS else to_plain(lease.undo)
    return {"system": lease.system, "command": to_plain(lease.command), "who": lease.who, "undo": undo}


def _lease(entry: dict[str, Any]) -> Lease:
    undo = entry["undo"]
    return Lease(
        system=str(entry["system"]),
        command=from_plain(entry["command"]),
        who=str(entry["who"]),
        undo=None if undo is None else from_plain(undo),
    )
