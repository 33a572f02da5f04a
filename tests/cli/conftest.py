"""The command line is tested as a user has it: a process, its output and its exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Ended(NamedTuple):
    code: int
    out: str
    err: str


class Shell:
    """Runs ``heliobus`` with a home folder of its own."""

    def __init__(self, home: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELIOBUS", "XDG"))}
        self.environment = kept | {"HOME": str(home)}

    @contextmanager
    def start(self, *arguments: object, **variables: str) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            [sys.executable, "-m", "heliobus", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment | variables,
        ) as process:
            try:
                yield process
            except BaseException:
                process.kill()  # a failed test must not wait for a program that never ends
                raise

    def __call__(self, *arguments: object, **variables: str) -> Ended:
        with self.start(*arguments, **variables) as process:
            out, err = process.communicate(timeout=50)
        return Ended(process.returncode, out, err)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def appliance(shell: Shell) -> Iterator[Mapping[str, Any]]:
    """A frozen SENEC appliance in a process of its own; its announcement."""
    with shell.start("simulate", "senec", "--freeze") as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=20) == ("", "")
        assert process.returncode == 0
