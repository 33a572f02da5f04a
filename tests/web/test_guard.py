from __future__ import annotations

import asyncio
import socket
from itertools import product
from typing import TYPE_CHECKING

import pytest

from heliobus.service.config import WebConfig
from heliobus.web.guard import HEADERS, Guard
from tests.web.conftest import config, serving

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from pathlib import Path
    from typing import Any

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice
    from tests.web.conftest import House

OURS = [
    "localhost",
    "LOCALHOST:8765",
    "127.0.0.1:8765",
    "127.1.2.3",
    "192.168.1.5:80",
    "[::1]",
    "[::1]:8765",
    "[::ffff:127.0.0.1]",
    "heliobus.local",
    "heliobus.local:8765",
    socket.gethostname(),
    f"{socket.gethostname()}:8765",
]
FOREIGN = [
    "attacker.com",
    "attacker.com:8765",
    "localhost.attacker.com",
    "attacker.com.",
    "0177.0.0.1",
    "2130706433",
    "127.0.0.1.nip.example",
    "user@localhost",
    "localhost/",
    "localhost:",
    "localhost:999999",
    "[::1",
    "::1",
    "local",
    "",
    "127.0.0.1 attacker.com",
    "xn--lcalhost-54a",
]
METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "BREW"]
PATHS = ["/plain", "/api/v1/now", "/api/v1/events", "/assets/plain.css", "/nowhere", "/"]


async def test_own_names_are_served(house: House) -> None:
    for name in OURS:
        answer = await house.ask("/api/v1/healthz", host=name)
        assert (answer.status, answer.json) == (200, {"status": "ok"}), name


async def test_foreign_names_are_refused_before_routing(house: House) -> None:
    for name, path in product(FOREIGN, PATHS):
        answer = await house.ask(path, host=name)
        assert answer.status == 421, (name, path)
        assert set(answer.json) == {"error", "remedy"}
        assert "attacker" not in answer.text


async def test_without_a_host_nothing_is_served(house: House) -> None:
    assert (await house.ask("/api/v1/healthz", host=None, version="1.0")).status == 421
    assert (await house.ask("/api/v1/healthz", host=None)).status == 400


async def test_two_hosts_are_refused(house: House) -> None:
    answer = await house.ask("/api/v1/healthz", headers=("Host: attacker.com",))
    assert answer.status in (400, 421)


async def test_two_hosts_are_refused_whatever_server_lets_them_through() -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def nothing(*_: object) -> None:
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"host", b"attacker.com")]
    await Guard(nothing)({"type": "http", "method": "GET", "path": "/x", "headers": headers}, None, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 421


async def test_a_configured_name_is_served(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    device("roof")
    named = config(tmp_path, "roof", web=WebConfig(allowed_hosts=("Solar.Example.Org",)))
    async with serving(named, clock) as house:
        assert (await house.ask("/api/v1/healthz", host="solar.example.org:443")).status == 200
        assert (await house.ask("/api/v1/healthz", host="example.org")).status == 421


async def test_nothing_can_be_changed(house: House) -> None:
    for method, path in product(METHODS, PATHS):
        answer = await house.ask(path, method=method, headers=("X-HTTP-Method-Override: GET",))
        assert answer.status == 405, (method, path)
        assert answer.headers["allow"] == "get, head"


async def test_head_is_get_without_the_body(house: House) -> None:
    for path in PATHS[:-1]:
        if path == "/api/v1/events":
            continue
        full, head = await house.ask(path), await house.ask(path, method="HEAD")
        assert head.body == b""
        assert head.status == full.status
        assert head.headers["content-length"] == full.headers["content-length"]


async def test_head_of_the_stream_ends_at_once(house: House) -> None:
    async with asyncio.timeout(5):
        answer = await house.ask("/api/v1/events", method="HEAD")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.body == b""


async def test_every_answer_carries_the_headers(house: House) -> None:
    documented = (await house.ask("/api/v1/openapi.json")).json["paths"]
    assert "/api/v1/events" in documented
    asked: list[tuple[str, dict[str, Any]]] = [
        *[(path, {"method": "HEAD"}) for path in (*PATHS, *documented)],
        *[(path, {}) for path in ("/plain?d=x", "/nowhere", "/api/v1/history?from=x", "/api/v1/energy?by=week")],
        ("/plain", {"host": "attacker.com"}),
        ("/plain", {"method": "POST"}),
    ]
    for path, options in asked:
        answer = await house.ask(path, headers=("Origin: http://attacker.com",), **options)
        for name, value in HEADERS.items():
            if name != "cache-control" or not path.startswith("/assets"):
                assert answer.headers.get(name) == value.lower(), (path, name)
        assert "server" not in answer.headers, path
        assert not [name for name in answer.headers if name.startswith("access-control-")], path


def test_the_policy_lets_nothing_in() -> None:
    policy = dict(part.split(" ", 1) for part in HEADERS["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in HEADERS["content-security-policy"]
    assert "http" not in HEADERS["content-security-policy"]


async def test_a_crash_is_an_error_with_a_number(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def broken(*_: object) -> None:
        raise ZeroDivisionError("the secret of the house")

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError

    scope = {"type": "http", "method": "GET", "path": "/x", "headers": [(b"host", b"localhost")]}
    await Guard(broken)(scope, receive, send)
    assert sent[0]["status"] == 500
    number = sent[1]["body"].decode().split("internal error ")[1][:8]
    assert b"secret" not in sent[1]["body"]
    assert number in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_what_is_not_http_is_not_served() -> None:
    async def nothing(*_: object) -> None:
        raise AssertionError

    with pytest.raises(RuntimeError, match="websocket"):
        await Guard(nothing)({"type": "websocket"}, None, None)  # type: ignore[arg-type]
