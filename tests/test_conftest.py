from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = "192.0.2.1"  # RFC 5737: belongs to nobody

SAMPLE = """
from __future__ import annotations
import pytest

def test_skipped() -> None:
    pytest.skip("no reason on the list")

@pytest.mark.xfail(reason="known")
def test_expected_failure() -> None:
    assert False

@pytest.mark.prove
def test_proof(scale, figure) -> None:
    figure("sample", f"scale {scale}")
"""


def run_sample(folder: Path, *options: str, source: str = SAMPLE) -> subprocess.CompletedProcess[str]:
    (folder / "test_sample.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", f"--rootdir={folder}", *options, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("workers", ["0", "1"])
def test_the_terminal_lists_the_figure_of_every_proof(tmp_path: Path, workers: str) -> None:
    done = run_sample(tmp_path, "-n", workers, "--scale", "0.5")
    assert "\nsample: scale 0.5\n" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("workers", ["0", "1"])
def test_no_skips_fails_what_the_list_does_not_explain(tmp_path: Path, workers: str) -> None:
    done = run_sample(tmp_path, "-n", workers, "--no-skips")
    assert "allowed_skips.toml does not explain it" in done.stdout
    assert "1 failed, 1 passed, 1 xfailed" in done.stdout
    assert done.returncode == 1


def test_no_skips_sees_a_whole_module_that_is_skipped(tmp_path: Path) -> None:
    source = "import pytest\npytest.skip('whole', allow_module_level=True)\n"
    done = run_sample(tmp_path, "-n", "1", "--no-skips", source=source)
    assert "allowed_skips.toml does not explain it" in done.stdout
    assert done.returncode != 0


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
@pytest.mark.parametrize("call", ["connect", "bind"])
def test_a_socket_that_leaves_this_machine_fails_the_test(kind: socket.SocketKind, call: str) -> None:
    with socket.socket(socket.AF_INET, kind) as used, pytest.raises(pytest.fail.Exception, match="loopback"):
        getattr(used, call)((ELSEWHERE, 9))


def test_a_datagram_that_leaves_this_machine_fails_the_test() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as used, pytest.raises(pytest.fail.Exception, match="loopback"):
        used.sendto(b"", (ELSEWHERE, 9))


def test_a_look_up_that_asks_the_network_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match="look-up"):
        socket.getaddrinfo("example.org", 80)


def test_an_unknown_host_needs_no_network() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("roof.invalid", 80)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
