"""The drop-in put in front of other people's test suites, by the script for it, on a suite made for this test."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.interop.other_suites import run, worse

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SUITE = """
import socket

import growattServer
import pytest

def test_names():
    assert growattServer.Timespan.day == 1

def test_only_here():
    assert growattServer.SOMETHING

def test_away():
    with pytest.raises(ConnectionRefusedError, match="not this computer"), socket.socket() as one:
        one.connect(("192.0.2.1", 80))
"""
ORIGINAL = "from enum import IntEnum\nTimespan = IntEnum('Timespan', 'day')\nSOMETHING = True\n"


def test_a_suite_runs_with_ours_and_what_that_loses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    (tmp_path / "test_theirs.py").write_text(SUITE, encoding="utf-8")
    (tmp_path / "growattServer.py").write_text(ORIGINAL, encoding="utf-8")
    where, theirs = run(tmp_path, sys.executable, ours=False)
    assert where == str(tmp_path / "growattServer.py")
    assert theirs == dict.fromkeys(
        ("test_theirs.test_names", "test_theirs.test_only_here", "test_theirs.test_away"), "passed"
    )
    where, ours = run(tmp_path, sys.executable, ours=True)
    assert where.endswith("compat/growattServer/__init__.py")
    assert ours == {**theirs, "test_theirs.test_only_here": "failure"}
    assert worse(theirs, ours) == ["test_theirs.test_only_here"]
    assert not worse(ours, theirs)
    assert {path.name for path in tmp_path.iterdir()} == {"test_theirs.py", "growattServer.py"}
