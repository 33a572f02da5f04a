from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from heliobus.transport.lock import Lock

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import pathlib, sys
from heliobus.transport.lock import Lock
Lock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_one_holds_it_until_it_lets_go(tmp_path: Path) -> None:
    held = Lock(tmp_path / "a")
    with pytest.raises(BlockingIOError):
        Lock(tmp_path / "a")
    Lock(tmp_path / "b").release()
    held.release()
    Lock(tmp_path / "a").release()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.lock", "b.lock"]


def test_a_process_that_is_killed_leaves_it_free(tmp_path: Path) -> None:
    words = [sys.executable, "-c", HOLD, str(tmp_path / "a")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BlockingIOError):
            Lock(tmp_path / "a")
        other.kill()
    Lock(tmp_path / "a").release()
