from __future__ import annotations

from datetime import UTC, datetime

import pytest

from heliobus.errors import LockedOut
from heliobus.senec.client.pause import Pause
from heliobus.simulation.clock import ManualClock

NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)


def left(pause: Pause, clock: ManualClock) -> float:
    """Seconds."""
    with pytest.raises(LockedOut, match="busy") as told:
        pause.check()
    return (told.value.until - clock.now()).total_seconds()


async def test_a_pause_is_twice_as_long_each_time_in_a_row() -> None:
    clock = ManualClock(NOON)
    pause = Pause(clock)
    pause.check()
    lengths = []
    for _ in range(7):
        pause.begin("busy")
        lengths.append(left(pause, clock))
        await clock.advance(lengths[-1])
        pause.check()
    assert lengths == [60, 120, 240, 480, 960, 1800, 1800]
    pause.end()
    pause.begin("busy")
    assert left(pause, clock) == 60


@pytest.mark.parametrize(("asked", "given"), [(5.0, 60), (300.0, 300), (1e9, 86_400)])
def test_a_pause_that_the_cloud_asks_for_counts_if_it_is_longer(asked: float, given: float) -> None:
    clock = ManualClock(NOON)
    pause = Pause(clock)
    pause.begin("busy", asked)
    assert left(pause, clock) == given
