from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING, Protocol

import pytest

from heliobus.model.event import Event
from heliobus.service.hub import Hub, Reading, Subscription
from heliobus.simulation.clock import ManualClock
from heliobus.vendor import vendors
from tests.service.scripted import DEVICES, NOON, SUNNY, Odd, Script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.model.snapshot import Snapshot


@pytest.fixture(autouse=True, scope="module")
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install the scripted vendor as a distribution of its own, for the tests of one file."""
    site = tmp_path_factory.mktemp("site-packages")
    info = site / "heliobus_scripted-1.0.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: heliobus-scripted\nVersion: 1.0\n")
    info.joinpath("entry_points.txt").write_text("[heliobus.vendors]\nscripted = tests.service.scripted:VENDOR\n")
    sys.path.append(str(site))
    vendors.cache_clear()
    yield
    sys.path.remove(str(site))
    vendors.cache_clear()


@pytest.fixture(autouse=True)
def _no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PASSWORD", "KEY", "TOKEN", "TOTP", "READONLY"):
        monkeypatch.delenv(f"HELIOBUS_{name}", raising=False)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def published(hub: Hub) -> Subscription:
    return hub.subscribe(keep="all")


class MakeDevice(Protocol):
    def __call__(self, name: str, *answers: Snapshot | Exception | Odd) -> Script: ...


@pytest.fixture
def device() -> Iterator[MakeDevice]:
    """Give ``device(name, *answers)``: from now on ``scripted://name`` answers so, the last answer for ever."""

    def make(name: str, *answers: Snapshot | Exception | Odd) -> Script:
        DEVICES[name] = Script(answers=deque(answers or (SUNNY,)))
        return DEVICES[name]

    yield make
    DEVICES.clear()


def events(subscription: Subscription) -> list[Event]:
    """Take what waits, and give the events of it."""
    return [item for item in subscription.take() if isinstance(item, Event)]


def readings(subscription: Subscription) -> list[Reading]:
    return [item for item in subscription.take() if isinstance(item, Reading)]
