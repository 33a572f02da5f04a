"""What every test may use: ``shared``, ``scale``, ``figure``; and two house rules, no network and no silent skip."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

ROOT = Path(__file__).resolve().parent.parent

# A slow machine is not a failure: only pytest's own timeout measures time.
settings.register_profile("heliobus", deadline=None, print_blob=True)
settings.load_profile("heliobus")


class Figure(Protocol):
    def __call__(self, name: str, text: str) -> None: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("heliobus")
    group.addoption("--scale", type=float, default=0.01, help="share of a proof's full count to run (make prove: 1)")
    group.addoption("--no-skips", action="store_true", help="fail what is skipped without a line in allowed_skips.toml")


# -- fixtures


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of recordings and protocol tables beside the checkout, or skip."""
    path = Path(os.environ.get("HELIOBUS_SHARED") or ROOT.parent / "shared")
    if not path.is_dir():
        pytest.skip(f"the recordings are not here: no folder {path} (HELIOBUS_SHARED names another)")
    return path


@pytest.fixture(autouse=True)
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder where clouds' sessions are kept instead of the owner's own; each test begins without any."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "heliobus"


@pytest.fixture(scope="session")
def scale(pytestconfig: pytest.Config) -> float:
    """Give the share of its full count that a proof runs: 1 in ``make prove``, 0.01 in ``make test``."""
    return float(pytestconfig.getoption("--scale"))


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Give ``figure(name, text)``, which adds one line to the list of proofs at the end of the run."""

    def add(name: str, text: str) -> None:
        # Properties travel with the report, also from a worker process.
        request.node.user_properties.append(("figure", f"{name}: {text}"))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports: Iterable[object] = chain.from_iterable(terminalreporter.stats.values())
    figures = [
        str(value)
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for key, value in report.user_properties
        if key == "figure"
    ]
    if figures:
        terminalreporter.section("proofs")
        for line in sorted(figures):
            terminalreporter.line(line)


# -- no silent skip


def _forbid_skip(config: pytest.Config, report: pytest.TestReport | pytest.CollectReport) -> None:
    if not (config.getoption("--no-skips") and report.skipped) or hasattr(report, "wasxfail"):
        return
    allowed = tomllib.loads((ROOT / "tests/allowed_skips.toml").read_text(encoding="utf-8"))["skips"]
    if not any(report.nodeid.startswith(prefix) for prefix in allowed):
        report.outcome = "failed"
        report.longrepr = f"skipped, and tests/allowed_skips.toml does not explain it: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _forbid_skip(item.config, report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _forbid_skip(collector.config, report)
    return report


# -- no network


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_local(host: str) -> bool:
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _refuse_network(event: str, args: tuple[Any, ...]) -> None:
    """Fail the test that leaves this machine.  An audit hook sees every socket, whoever opens it."""
    if event in {"socket.connect", "socket.sendto", "socket.bind"}:
        used, address = args
        if used.family in {socket.AF_INET, socket.AF_INET6} and address and not _is_local(address[0]):
            pytest.fail(f"{event} with {address}: tests use loopback addresses only")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        _refuse_lookup(args[0])


def _refuse_lookup(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    if name.endswith(".invalid"):  # RFC 6761: nobody has to be asked to know that it does not exist
        raise socket.gaierror(socket.EAI_NONAME, f"no such host: {name}")
    if name != "localhost" and _address(name) is None:
        pytest.fail(f"look-up of {name}: tests use loopback addresses, or names that end in .invalid")


sys.addaudithook(_refuse_network)
