"""Fork, Ctrl-C and foreign loops happen to whole programs, so most of this runs programs of its own."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
from typing import Any, Self

import pytest

from heliobus import errors
from heliobus.transport import blocking

PROGRAM = """
import asyncio, os, signal, sys, threading
from heliobus.transport.blocking import BlockingClient, run, twin

signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background hands on that it ignores Ctrl-C

class Client:
    async def __aenter__(self):
        self.loop = asyncio.get_running_loop()
        self.pid = os.getpid()
        return self
    async def __aexit__(self, *_):
        print("closed", self.pid == os.getpid(), flush=True)
    async def ask(self):
        assert asyncio.get_running_loop() is self.loop
        await asyncio.sleep(0)
        return self.pid
    async def hang(self):
        try:
            print("hanging", flush=True)
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            print("cancelled", flush=True)
            raise

class Blocking(BlockingClient):
    ask = twin(Client.ask)
    hang = twin(Client.hang)

device = Blocking(Client)
assert device.ask() == os.getpid()
"""


def program(text: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-W", "ignore:This process:DeprecationWarning", "-c", PROGRAM + text],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_fork_gets_a_thread_and_a_connection_of_its_own() -> None:
    child = program("""
pid = os.fork()
if pid == 0:
    assert device.ask() == os.getpid()
    with device:
        pass
    sys.exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
assert device.ask() == os.getpid()
""")
    out, err = child.communicate(timeout=30)
    assert (child.returncode, err) == (0, "")
    # The child left its own client, the parent its own at exit.
    assert out.splitlines() == ["closed True", "closed True"]


def test_a_client_that_is_dropped_is_closed() -> None:
    child = program("""
del device
run(asyncio.sleep(0.01))
print("going on", flush=True)
""")
    assert child.communicate(timeout=30) == ("closed True\ngoing on\n", "")


def test_ctrl_c_cancels_the_request_and_ends_the_program() -> None:
    child = program("device.hang()")
    assert child.stdout is not None
    assert child.stdout.readline() == "hanging\n"
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert child.returncode == -signal.SIGINT
    assert "cancelled" in out
    assert "closed True" in out
    assert err.rstrip().endswith("KeyboardInterrupt")


def test_inside_a_running_loop_as_in_a_notebook() -> None:
    child = program("""
async def cell():
    return device.ask()
assert asyncio.run(cell()) == os.getpid()
""")
    out, err = child.communicate(timeout=30)
    assert (child.returncode, err, out) == (0, "", "closed True\n")


class Counter:
    """An asynchronous client that counts how often it was entered."""

    entered = 0

    async def __aenter__(self) -> Self:
        await asyncio.sleep(0)
        type(self).entered += 1
        return self

    async def __aexit__(self, *_exception: object) -> None:
        return

    async def ask(self) -> int:
        await asyncio.sleep(0)
        return threading.get_ident()


def test_many_threads_share_one_client_and_one_loop() -> None:
    Counter.entered = 0
    portal = blocking.Portal(Counter)
    homes: list[int] = []
    threads = [threading.Thread(target=lambda: homes.append(portal.call(Counter.ask))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(homes), len(set(homes)), Counter.entered) == (8, 1, 1)
    portal.close()
    portal.call(Counter.ask)
    assert Counter.entered == 2
    portal.close()


class Blocking(blocking.BlockingClient[Counter]):
    ask = blocking.twin(Counter.ask)

    @property
    def home(self) -> int:
        return self._portal.look(lambda _: threading.get_ident())


def test_a_twin_and_a_look_run_on_the_loop() -> None:
    with Blocking(Counter) as client:
        assert client.ask() == client.home != threading.get_ident()


def test_wrong_arguments_and_sessions_are_told_when_a_client_is_made() -> None:
    def make() -> Counter:
        raise errors.UsageError("no host")

    with pytest.raises(errors.UsageError, match="no host"):
        Blocking(make)
    with pytest.raises(errors.UsageError, match="session"):
        Blocking(Counter, session=object())


def test_errors_come_through() -> None:
    async def fail() -> None:
        raise errors.Unreachable("nobody there")

    with pytest.raises(errors.Unreachable, match="nobody there"):
        blocking.run(fail())


def test_its_own_loop_is_refused() -> None:
    async def inner() -> Any:
        return blocking.run(asyncio.sleep(0))

    with pytest.raises(errors.UsageError, match="own event loop"):
        blocking.run(inner())
