"""Locks in files, for all processes of this machine: the system drops that of a process that dies, so none is stale."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Lock:
    """Holds ``<path>.lock`` until ``release``, or until the process ends in whatever way.

    Making one raises BlockingIOError if another holds it, OSError if the file cannot be made.  The file stays, since
    removing it would let a third process in.
    """

    def __init__(self, path: Path) -> None:
        self._handle = open_lock(path)
        try:
            if not try_lock(self._handle):
                raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK), str(path))
        except OSError:
            os.close(self._handle)
            raise

    def release(self) -> None:
        os.close(self._handle)


def open_lock(path: Path) -> int:
    """Open the lock beside ``path`` without taking it.  Raises OSError."""
    return os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)


if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: int) -> bool:
        """Take an opened lock if it is free; closing the handle gives it up."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(handle: int) -> bool:
        """Take an opened lock if it is free; closing the handle gives it up."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
