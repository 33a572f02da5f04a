"""Small files of session secrets that several processes share, readable by their owner only.

::

    {"requests": 7, "questions": {"a": 1}}      what is kept, written as a whole into a new file that replaces the old
    {"requests": 8, "questions": {"b": 2}}      what a change made of it since: a merge patch (RFC 7396) a line
    {"questions": {"a": null}}

A change is a line at the end, until there are too many of them: replacing a file costs ten times as much.  A line that
a crash has cut off is as good as none.

A lock beside the file (``.lock``) makes read-change-write one step for all processes of this machine.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import secrets
import stat
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.errors import DeadlineExceeded, StorageError
from heliobus.transport.lock import open_lock, try_lock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PATIENCE = 60.0  # seconds of this machine's time, beyond every login
_PAUSE = 0.02
_NOTHING = b"{}\n"
_ROOM = 32 * 2**10
"""Bytes of changes, and as many as the whole has, before the file is written anew."""


def state_folder() -> Path:
    """Where sessions are kept: ``$XDG_STATE_HOME/heliobus``, else ``~/.local/state/heliobus``."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "heliobus"


class _Seen(NamedTuple):
    """What a file had when it was last read or written here."""

    stamp: object
    values: dict[str, Any]
    room: int
    """How many bytes of changes may follow."""


class PrivateFile:
    """A JSON object in a file of mode 0600; its folder is made with mode 0700.  Making one does no I/O."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = os.fspath(path)
        self._seen = _Seen(None, {}, 0)

    @property
    def path(self) -> Path:
        return self._path

    async def load(self) -> dict[str, Any]:
        """Give what is kept, {} when nothing is or when it is no JSON object.

        Raises StorageError when others may read the file: what stands in it is then no secret any more.
        """
        return (await asyncio.to_thread(self._load)).values

    async def save(self, values: dict[str, Any], *, durable: bool = True) -> None:
        """Replace what is kept; with ``durable`` it is on the disk when this returns.  Raises StorageError."""
        await asyncio.to_thread(self._save, values, durable=durable)

    async def change(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> object:
        """Do ``locked``, ``load``, ``change`` and ``save`` in one go; what ``change`` raises leaves it as it was.

        ``change`` makes a new object, perhaps twice, and leaves the one that it is given alone; a key that has None may
        be left out later.  Gives the ``stamp`` of what is kept then, which outlasts this process, and not the machine's
        sudden end.
        """
        # A line at the end of a file that is known is not worth the way to a thread and back.
        seen = self._change(change, known=True)
        give_up = time.monotonic() + _PATIENCE
        while seen is None and (seen := await asyncio.to_thread(self._change, change)) is None:
            if time.monotonic() > give_up:
                raise self._busy()
            await asyncio.sleep(_PAUSE)
        return seen.stamp

    def stamp(self) -> object:
        """Something that is another one after every ``save``, by whichever process; a quick look at the folder."""
        try:
            return _stamp(os.stat(self._name))  # noqa: PTH116, in half the time of Path.stat
        except OSError:
            return None

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

    def _change(self, change: Callable[[dict[str, Any]], dict[str, Any]], *, known: bool = False) -> _Seen | None:
        """None where the lock was not free; with ``known`` only by a line to a file that is still as seen."""
        handle = self._open_lock()
        try:
            if not try_lock(handle):
                return None
            seen = self._seen
            if not seen.room or seen.stamp != self.stamp():
                if known:
                    return None
                seen = self._load()
            values = change(seen.values)
            line = f"{json.dumps(_patch(seen.values, values))}\n".encode()
            if len(line) > seen.room:
                if known:
                    return None
                self._save(values, durable=False)
            else:
                stamp = self._append(line) if len(line) > len(_NOTHING) else seen.stamp
                self._seen = _Seen(stamp, values, seen.room - len(line))
            return self._seen
        finally:
            os.close(handle)

    def _busy(self) -> DeadlineExceeded:
        return DeadlineExceeded(f"another program holds {self._path.name} for too long")

    def _load(self) -> _Seen:
        stamp = self.stamp()
        try:
            with self._path.open(encoding="utf-8") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & _OTHERS:
                    raise StorageError(
                        f"others may read the session in {self._path}", remedy=f"Run: chmod 600 '{self._path}'"
                    )
                values, room = _read(file.read())
        except (FileNotFoundError, ValueError):  # ValueError: cut off by a crash of another program, as good as none
            values, room = {}, 0
        except OSError as error:
            raise self._failed("read", error) from error
        return _Seen(stamp, values, room)

    def _save(self, values: dict[str, Any], *, durable: bool) -> None:
        text = f"{json.dumps(values)}\n"
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
        self._seen = _Seen(self.stamp(), values, _room(text))

    def _append(self, line: bytes) -> object:
        """Give the stamp that the file has with this line."""
        try:
            handle = os.open(self._name, os.O_WRONLY | os.O_APPEND)
            try:
                written = os.write(handle, line)
                stamp = _stamp(os.fstat(handle))
            finally:
                os.close(handle)
        except OSError as error:
            raise self._failed("write", error) from error
        if written != len(line):
            raise self._failed("write", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        return stamp

    def _open_lock(self) -> int:
        try:
            try:
                return open_lock(self._path)
            except FileNotFoundError:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                return open_lock(self._path)
        except OSError as error:
            raise self._failed("lock", error) from error

    def _failed(self, what: str, error: OSError) -> StorageError:
        return StorageError(
            f"cannot {what} {self._path}: {error.strerror or type(error).__name__}",
            remedy="Check the folder's permissions and the free space, or set XDG_STATE_HOME to another folder.",
        )


def _stamp(found: os.stat_result) -> object:
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size


def _read(text: str) -> tuple[dict[str, Any], int]:
    """What is kept, and the room for changes: none behind what a crash has cut off.  Raises ValueError."""
    whole, *changes = text.split("\n")
    values, room = _object(whole), _room(whole) if changes and not changes[-1] else 0
    for change in changes[:-1]:
        try:
            values = _patched(values, _object(change))
        except ValueError:
            return values, 0
        room -= len(change)
    return values, max(room, 0)


def _object(line: str) -> dict[str, Any]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise ValueError(line)  # noqa: TRY004, as of all else that is no object
    return found


def _room(whole: str) -> int:
    return len(whole) + _ROOM


def _patch(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What makes ``new`` of ``old``."""
    patch: dict[str, Any] = dict.fromkeys(old.keys() - new.keys())
    for name, value in new.items():
        before = old.get(name)
        if before is value:
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            if within := _patch(before, value):
                patch[name] = within
        elif before != value:
            patch[name] = value
    return patch


def _patched(old: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    new = {name: value for name, value in old.items() if name not in patch}
    for name, value in patch.items():
        if isinstance(value, dict):
            before = old.get(name)
            new[name] = _patched(before if isinstance(before, dict) else {}, value)
        elif value is not None:
            new[name] = value
    return new
