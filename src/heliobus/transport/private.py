"""Small files of session secrets that several processes share: readable by their owner only, replaced as a whole.

A lock beside the file (``.lock``) makes read-change-write one step for all processes of this machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import stat
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heliobus.errors import DeadlineExceeded, StorageError
from heliobus.transport.lock import open_lock, try_lock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PATIENCE = 60.0  # seconds of this machine's time, beyond every login
_PAUSE = 0.02


def state_folder() -> Path:
    """Where sessions are kept: ``$XDG_STATE_HOME/heliobus``, else ``~/.local/state/heliobus``."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "heliobus"


class PrivateFile:
    """A JSON object in a file of mode 0600; its folder is made with mode 0700.  Making one does no I/O."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        return self._path

    async def load(self) -> dict[str, Any]:
        """Give what is kept, {} when nothing is or when it is no JSON object.

        Raises StorageError when others may read the file: what stands in it is then no secret any more.
        """
        return await asyncio.to_thread(self._load)

    async def save(self, values: dict[str, Any], *, durable: bool = True) -> None:
        """Replace what is kept; with ``durable`` it is on the disk when this returns.  Raises StorageError."""
        await asyncio.to_thread(self._save, json.dumps(values), durable=durable)

    async def change(self, change: Callable[[dict[str, Any]], dict[str, Any]], *, durable: bool = True) -> None:
        """Do ``locked``, ``load``, ``change`` and ``save`` in one go; what ``change`` raises leaves it as it was."""
        give_up = time.monotonic() + _PATIENCE
        while not await asyncio.to_thread(self._change, change, durable=durable):
            if time.monotonic() > give_up:
                raise self._busy()
            await asyncio.sleep(_PAUSE)

    def stamp(self) -> object:
        """Something that is another one after every ``save``, by whichever process; a quick look at the folder."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Hold the lock; waits for other holders, and raises DeadlineExceeded after a minute and StorageError."""
        handle = await asyncio.to_thread(self._open_lock)
        try:
            give_up = time.monotonic() + _PATIENCE
            while not try_lock(handle):
                if time.monotonic() > give_up:
                    raise self._busy()
                await asyncio.sleep(_PAUSE)
            yield
        finally:
            os.close(handle)  # gives the lock up

    def _change(self, change: Callable[[dict[str, Any]], dict[str, Any]], *, durable: bool) -> bool:
        """Whether the lock was free, and it is done."""
        handle = self._open_lock()
        try:
            if not try_lock(handle):
                return False
            self._save(json.dumps(change(self._load())), durable=durable)
        finally:
            os.close(handle)
        return True

    def _busy(self) -> DeadlineExceeded:
        return DeadlineExceeded(f"another program holds {self._path.name} for too long")

    def _load(self) -> dict[str, Any]:
        try:
            with self._path.open(encoding="utf-8") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & _OTHERS:
                    raise StorageError(
                        f"others may read the session in {self._path}", remedy=f"Run: chmod 600 '{self._path}'"
                    )
                found = json.load(file)
        except FileNotFoundError:
            return {}
        except ValueError:  # cut off by a crash of another program: as good as none
            return {}
        except OSError as error:
            raise self._failed("read", error) from error
        return found if isinstance(found, dict) else {}

    def _save(self, text: str, *, durable: bool) -> None:
        new = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        try:
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                new.unlink()
            raise self._failed("write", error) from error

    def _open_lock(self) -> int:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return open_lock(self._path)
        except OSError as error:
            raise self._failed("lock", error) from error

    def _failed(self, what: str, error: OSError) -> StorageError:
        return StorageError(
            f"cannot {what} {self._path}: {error.strerror or type(error).__name__}",
            remedy="Check the folder's permissions and the free space, or set XDG_STATE_HOME to another folder.",
        )
