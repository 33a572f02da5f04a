from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import UsageError
from heliobus.url import Credentials, DeviceURL, Secret


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("senec://192.168.1.40", DeviceURL(scheme="senec", host="192.168.1.40")),
        (
            "senec://box.local:8080?scheme=http",
            DeviceURL(scheme="senec", host="box.local", port=8080, options={"scheme": "http"}),
        ),
        (
            "e3dc://me@example.org@192.168.1.20:5033",
            DeviceURL(scheme="e3dc", user="me@example.org", host="192.168.1.20", port=5033),
        ),
        ("growatt+v1://server/7", DeviceURL(scheme="growatt+v1", host="server", path="/7")),
        ("senec+connect://", DeviceURL(scheme="senec+connect")),
        ("senec://[fe80::1]:80", DeviceURL(scheme="senec", host="fe80::1", port=80)),
    ],
)
def test_forms(text: str, parts: DeviceURL) -> None:
    assert DeviceURL.parse(text) == parts
    assert str(parts) == text


@pytest.mark.parametrize(
    "text",
    ["", "192.168.1.40", "senec:/x", "SENEC://x", "senec://a b", "senec://x:99999", "senec://x:port", "senec://[::1"],
)
def test_what_is_no_url(text: str) -> None:
    with pytest.raises(UsageError):
        DeviceURL.parse(text)


@pytest.mark.parametrize("text", ["e3dc://me:hunter2@box", "e3dc://me@box?key=hunter2", "growatt://x?Password=hunter2"])
def test_a_secret_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        DeviceURL.parse(text)
    assert "hunter2" not in raised.value.line()
    assert "HELIOBUS_" in raised.value.remedy


@given(st.text())
def test_any_text_gives_a_url_or_a_usage_error(text: str) -> None:
    try:
        parsed = DeviceURL.parse(text)
    except UsageError:
        return
    assert DeviceURL.parse(str(parsed)) == parsed


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELIOBUS_PASSWORD", "hunter2")
    monkeypatch.delenv("HELIOBUS_KEY", raising=False)
    found = Credentials.from_environment()
    assert "hunter2" not in f"{found} {found!r} {found.password}"
    assert found.password is not None
    assert found.password.reveal() == "hunter2"
    assert found.key is None
    assert Secret("a").__class__.__slots__ == ("_value",)
