from __future__ import annotations

from typing import Any

import pytest

from heliobus.errors import UsageError
from heliobus.senec.plugin import VENDOR
from heliobus.senec.protocol.app import HOSTS
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.url import Credentials, DeviceURL, Secret

SECRETS = Credentials(password=Secret("Sonne"), totp=Secret("GEZDGNBVGY3TQOJQ"))


def app(url: str, credentials: Credentials = SECRETS) -> Any:
    return VENDOR.connect(DeviceURL.parse(url), credentials, SYSTEM_CLOCK)


def origins(url: str) -> set[str]:
    return set(app(url)._link._origins.values())


def test_senec_s_own_hosts_unless_a_server_stands_in_for_all() -> None:
    for url in ("senec+app://me@example.org@sso", "senec+app://me@", "senec+app://me@sso.senec.com/123"):
        assert origins(url) == {f"https://{host}" for host in HOSTS.values()}
    assert origins("senec+app://me@127.0.0.1:8080?scheme=http") == {"http://127.0.0.1:8080"}
    assert origins("senec+app://me@[::1]:8080/7?scheme=http") == {"http://[::1]:8080"}


def test_a_path_is_one_system() -> None:
    assert app("senec+app://me@sso/123")._only == "123"
    assert app("senec+app://me@sso")._only is None


@pytest.mark.parametrize("url", ["senec+app://sso", "senec+app://me@sso?colour=blue", "senec+app://me@sso?scheme=http"])
def test_wrong_addresses_are_told(url: str) -> None:
    with pytest.raises(UsageError):
        app(url)


def test_a_one_time_secret_that_is_none_is_told_at_once() -> None:
    with pytest.raises(UsageError, match="one-time"):
        app("senec+app://me@sso", Credentials(password=Secret("x"), totp=Secret("no secret!")))


def test_the_cloud_is_asked_every_five_minutes() -> None:
    assert VENDOR.pace(DeviceURL.parse("senec+app://me@sso")) == 300.0
    assert VENDOR.pace(DeviceURL.parse("senec://192.0.2.1")) == 10.0
