"""A process that records until it is killed, and says what is durable: one line ``number`` after each commit.

Called with the database's path, the second of its first sample, and the durability.  The house is polled at 10 Hz by
its own clock, which runs as fast as the disk allows.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
from pathlib import Path

from heliobus.recorder.store import Recorder
from tests.recorder.made import snapshot

IN_FLIGHT = 40


def main(path: str, start: str, durability: str) -> None:
    room = threading.Semaphore(IN_FLIGHT)
    done = 0

    def announce(number: int) -> None:
        nonlocal done
        os.write(sys.stdout.fileno(), f"{number}\n".encode())
        room.release(number - done)
        done = number

    recorder = Recorder.open(Path(path), durability=durability, on_commit=announce)
    recorder.add_system(site="home", timezone="Europe/Berlin", name="roof", vendor="test", interval=0.1)
    for number in itertools.count(1):
        if not room.acquire(blocking=False):  # a group that waits for its window is asked for here
            if durability != "strict":
                recorder.flush()
            room.acquire()
        recorder.record("roof", snapshot(float(start) + number / 10, pv=float(number), grid=-float(number)))


if __name__ == "__main__":
    main(*sys.argv[1:])
