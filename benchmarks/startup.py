"""What it costs to start: ``heliobus --version`` beside an interpreter that does nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.measure import ROUNDS, SCRIPTS, Figure, cpu_of_process, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARTS = 5


def figures() -> Iterator[Figure]:
    command = [str(SCRIPTS / "heliobus"), "--version"]
    nothing = [sys.executable, "-c", "pass"]
    rounds = [(cpu_of_process(command, _STARTS), cpu_of_process(nothing, _STARTS)) for _ in range(ROUNDS)]
    yield ratio("heliobus --version against python -c pass", rounds, calls=_STARTS, goal=6)
