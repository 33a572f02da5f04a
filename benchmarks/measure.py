"""What the groups share: CPU time, medians, other processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROUNDS = 5
_ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
"""Where the commands of this environment lie; not resolved: a link leads out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One printed line; smaller is better."""

    what: str
    value: float
    unit: str
    goal: float
    note: str

    def line(self, group: str) -> str:
        verdict = "ok" if self.value <= self.goal else "MISSED"
        figure = f"{self.value:6.2f} {self.unit:<3} (goal <= {self.goal:g})"
        return f"{group:8} {self.what:58} {figure:26} {verdict:6}  {self.note}"


def ratio(what: str, rounds: Iterable[tuple[float, float]], *, calls: int, goal: float) -> Figure:
    """The median of our CPU seconds over theirs, from the rounds of one run with ``calls`` calls a round."""
    pairs = list(rounds)
    ours, theirs = (1e6 * median(times) / calls for times in zip(*pairs, strict=True))
    note = f"{ours:.0f} us against {theirs:.0f} us of CPU"
    return Figure(what=what, value=median(a / b for a, b in pairs), unit="x", goal=goal, note=note)


def cpu(work: Callable[[], object], calls: int) -> float:
    """CPU seconds of this process for that many calls."""
    start = time.process_time()
    for _ in range(calls):
        work()
    return time.process_time() - start


def cpu_of_process(arguments: list[str], calls: int) -> float:
    """CPU seconds, user and system, of whole processes from start to end."""
    total = 0.0
    for _ in range(calls):
        child = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0, arguments
        total += usage.ru_utime + usage.ru_stime
    return total


@contextmanager
def heliobus(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A heliobus command that runs until the block ends."""
    command = [sys.executable, "-m", "heliobus", *arguments]
    with subprocess.Popen(command, text=True, **options) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)


@contextmanager
def simulated(vendor: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """A simulated device in its own process; gives what it announces."""
    with heliobus("simulate", vendor, "--freeze", *arguments, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())


@contextmanager
def serving(group: str, *arguments: object) -> Iterator[Any]:
    """The group's ``serve(*arguments)`` in a process of its own; gives the JSON of its first line."""
    program = f"import asyncio, benchmarks.{group} as it; asyncio.run(it.serve(*{arguments!r}))"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
