"""SIGKILL at any moment: the database opens, and what was announced as durable is there, once."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heliobus.recorder.query import History
from heliobus.recorder.schema import open_writer
from heliobus.recorder.store import WINDOWS
from tests.recorder.made import at, record, rows, snapshot

if TYPE_CHECKING:
    from tests.conftest import Figure

ROOT = Path(__file__).resolve().parents[2]
RUNS = 200
APART = 10_000
"""Seconds between the first samples of two runs."""
RUNS_PER_FILE = 10


def announced(child: subprocess.Popen[bytes], *, most: float, after_first: float) -> int:
    """Kill ``after_first`` s after the first announcement, ``most`` s from now at the latest; give the last one."""
    assert child.stdout is not None
    text = b""
    until = time.monotonic() + most
    while (left := until - time.monotonic()) > 0:
        if select.select([child.stdout], [], [], left)[0]:
            if not text:
                until = min(until, time.monotonic() + after_first)
            chunk = os.read(child.stdout.fileno(), 1 << 16)
            if not chunk:
                break
            text += chunk
    child.send_signal(signal.SIGKILL)
    text += child.stdout.read()
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL, "it ended before it was killed"
    lines = text.split(b"\n")[:-1]  # the last line may be cut
    return int(lines[-1]) if lines else 0


def run(path: Path, *, number: int, durability: str, chance: random.Random) -> int:
    start = number * APART
    command = [sys.executable, "-m", "tests.recorder.recording", str(path), str(start), durability]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as child:
        # One in ten dies before it says anything: while it starts, opens or makes the database.
        most = chance.uniform(0.05, 0.6) if chance.random() < 0.1 else 30.0
        return announced(child, most=most, after_first=chance.uniform(0.0, 0.3))


def surviving(path: Path, number: int) -> list[int]:
    """The numbers of the samples of a run that are in the file, whole and in order."""
    with closing(open_writer(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    history = History(path)
    if not history.systems():
        return []
    found = []
    for sample in history.samples(at(number * APART), at((number + 1) * APART)):
        count = round((sample.time.timestamp() - number * APART) * 10)
        assert sample.values == {"pv.power": float(count), "grid.power": -float(count)}
        found.append(count)
    return found


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_kills_lose_nothing_that_was_announced(tmp_path: Path, scale: float, figure: Figure) -> None:
    runs = max(round(RUNS * scale), 3)
    seed = 20261120
    chance = random.Random(seed)
    samples = promised = 0
    for number in range(runs):
        path = tmp_path / f"{number // RUNS_PER_FILE}.db"
        durability = chance.choice(tuple(WINDOWS))
        last = run(path, number=number, durability=durability, chance=chance)
        found = surviving(path, number)
        assert found == list(range(1, len(found) + 1)), f"run {number}: a hole or a doubled row"
        assert len(found) >= last, f"run {number}: {last} announced, {len(found)} there"
        samples, promised = samples + len(found), promised + last
    assert promised > 0
    figure(
        "recorder", f"{runs} kills, {promised} samples announced, {samples} there, 0 lost, 0 doubled, 0 damaged files"
    )


def test_after_a_kill_the_energies_are_those_of_the_surviving_samples(tmp_path: Path) -> None:
    path, clean = tmp_path / "killed.db", tmp_path / "clean.db"
    run(path, number=1, durability="strict", chance=random.Random(1))
    run(path, number=2, durability="normal", chance=random.Random(2))
    record(path, [], interval=0.1)
    history = History(path)
    snapshots = [
        snapshot(sample.time.timestamp(), pv=sample.values["pv.power"], grid=sample.values["grid.power"])
        for sample in history.samples(at(0), at(3 * APART))
    ]
    record(clean, snapshots, interval=0.1)
    query = "SELECT * FROM energy_15min ORDER BY t0"
    assert rows(path, query) == rows(clean, query) != []
