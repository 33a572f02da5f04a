from __future__ import annotations

import asyncio
import threading

import pytest

from heliobus.errors import StorageError
from heliobus.web.reading import Reading


async def test_a_result_or_the_error_of_the_work() -> None:
    reading = Reading()
    assert await reading(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await reading(lambda: 1 // 0)


def late() -> pytest.RaisesExc[StorageError]:
    return pytest.raises(StorageError, match=r"^the record gave no answer within 0\.3 s$")


async def test_what_hangs_is_given_up_and_keeps_its_place() -> None:
    reading, hanging, asked = Reading(deadline=0.3), threading.Event(), []
    with late():
        await reading(hanging.wait)
    assert await reading(lambda: 7) == 7
    with late():
        await reading(hanging.wait)
    with late():
        await reading(lambda: asked.append(1))
    assert asked == []
    hanging.set()
    async with asyncio.timeout(5):
        while True:
            try:
                assert await reading(lambda: 7) == 7
                break
            except StorageError:
                continue


async def test_few_work_at_once() -> None:
    reading, gate = Reading(), threading.Event()
    running: list[int] = []

    def work() -> int:
        running.append(1)
        gate.wait()
        return len(running)

    tasks = [asyncio.create_task(reading(work)) for _ in range(6)]
    while len(running) < 2:  # noqa: ASYNC110 - threads set no asyncio event
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(running) == 2
    gate.set()
    assert max(await asyncio.gather(*tasks)) == 6
