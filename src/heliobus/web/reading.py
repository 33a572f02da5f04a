"""Reads of the record on behalf of requests: few at a time, none for ever."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from heliobus.errors import StorageError
from heliobus.service.offload import offload

if TYPE_CHECKING:
    from collections.abc import Callable

_AT_ONCE = 2
_DEADLINE_S = 10.0

Result = TypeVar("Result")


class Reading:
    """Call it with blocking work on the record; more than a few at once wait for one another.

    Raises StorageError when there is no result in time: a disk that hangs must not take the page of the present with
    it.  What hangs keeps its place, so threads do not pile up behind it.
    """

    def __init__(self, *, deadline: float = _DEADLINE_S) -> None:
        self._deadline = deadline
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, work: Callable[[], Result]) -> Result:
        try:
            async with asyncio.timeout(self._deadline):
                await self._free.acquire()
                task = asyncio.ensure_future(offload(work))
                task.add_done_callback(self._ended)
                return await asyncio.shield(task)
        except TimeoutError as error:
            raise StorageError(
                f"the record gave no answer within {self._deadline:g} s", remedy="Ask for less, or check the disk."
            ) from error

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._free.release()
        if not task.cancelled():
            task.exception()  # whoever asked may be gone
