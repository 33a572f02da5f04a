"""One process records into a database.

SQLite would bear two, the house would not: both would ask every device, and the one that starts later would take back
the commands of the other as those of a run that has crashed.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from heliobus.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path


class Lock:
    """Holds ``<database>.lock`` until ``release``, or until the process ends in whatever way.

    Making one raises StorageError if another holds it, OSError if the file cannot be made.  The file stays, since
    removing it would let a third process in.
    """

    def __init__(self, database: Path) -> None:
        # Not the database itself: closing any descriptor of it would drop SQLite's own locks.
        path = database.with_name(f"{database.name}.lock")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise StorageError(
                f"database {database}: another heliobus records into it",
                remedy="End that one (heliobus serve), or name another database.",
            ) from error
        except BaseException:
            os.close(self._file)
            raise

    def release(self) -> None:
        os.close(self._file)
