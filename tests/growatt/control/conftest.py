"""The settings of a simulated inverter as a target, on a clock whose waits are over at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.growatt.protocol.refusals import refused_write
from heliobus.growatt.simulator.settings import SettingsStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heliobus.errors import Error
    from heliobus.growatt.protocol import Json

START = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)


class SkippingClock:
    """A wait is over at once, and its time has passed."""

    def __init__(self) -> None:
        self.gone = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.gone)

    def monotonic(self) -> float:
        return self.gone

    async def sleep(self, seconds: float) -> None:
        self.gone += seconds


class Bench:
    """A store behind the calls of a route; ``on_write`` and ``on_read`` are what goes wrong with the next ones."""

    def __init__(self, family: str, seed: int = 0) -> None:
        self.clock = SkippingClock()
        self.store = SettingsStore(family, self.clock, seed=seed)
        self.family = family
        self.on_write: list[Error | None] = []
        self.on_read: list[Error | None] = []
        self.arrives = True
        """Whether a write arrives whose answer is lost."""
        self.reads = 0

    async def settings(self) -> Mapping[str, Json]:
        self.reads += 1
        if self.on_read and (error := self.on_read.pop(0)):
            raise error
        return self.store.shown()

    async def write(self, setting: str, parameters: Sequence[str]) -> None:
        error = self.on_write.pop(0) if self.on_write else None
        if error is not None and not self.arrives:
            raise error
        if code := self.store.write(setting, parameters):
            raise refused_write(code, setting=setting, family=self.family)
        if error is not None:
            raise error


@pytest.fixture
def bench() -> Callable[..., Bench]:
    """Give ``bench(family, seed)``."""
    return Bench
