from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import UsageError
from heliobus.growatt.client.datalogger import Listener, listening
from heliobus.url import DeviceURL


def of(text: str) -> dict[str, object]:
    return listening(DeviceURL.parse(f"growatt+datalogger://{text}"))


def test_the_whole_url() -> None:
    assert of("127.0.0.1") == {"port": 5279}
    assert of(
        "127.0.0.1:6000?family=sph&zone=Europe/Berlin&logger=AB12&forward=example.org:99&commands=yes&wait=5"
    ) == {
        "port": 6000,
        "family": "sph",
        "zone": ZoneInfo("Europe/Berlin"),
        "logger": "AB12",
        "forward": ("example.org", 99),
        "commands": True,
        "wait": 5.0,
    }
    assert of("0.0.0.0?forward=server.growatt.com&fresh=60") == {
        "port": 5279,
        "forward": ("server.growatt.com", 5279),
        "fresh": 60.0,
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("127.0.0.1?colour=blue", "colour"),
        ("127.0.0.1/path", "a path"),
        ("me@127.0.0.1", "a user"),
        ("", "listens on"),
        ("127.0.0.1?zone=Moon/Crater", "zone"),
        ("127.0.0.1?zone=../etc/passwd", "zone"),
        ("127.0.0.1?forward=a@b", "forward"),
        ("127.0.0.1?forward=host/path", "forward"),
        ("127.0.0.1?commands=1", "commands"),
        ("127.0.0.1?wait=-1", "time"),
        ("127.0.0.1?wait=nan", "time"),
        ("127.0.0.1?fresh=soon", "time"),
    ],
)
def test_what_it_cannot_say(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        of(text)


def test_what_a_listener_cannot_be() -> None:
    with pytest.raises(UsageError, match="address"):
        Listener("")
    with pytest.raises(UsageError, match="family"):
        Listener("127.0.0.1", family="toaster")
    with pytest.raises(UsageError, match="forward"):
        Listener("127.0.0.1", commands=True)
