"""Whom a request reaches, by the certificates that a real TLS server shows."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from heliobus.errors import Refused, StorageError, Unreachable
from heliobus.simulation.certificate import Certificate, self_signed
from heliobus.simulation.host import Host
from heliobus.transport.http import HttpTransport
from heliobus.transport.tls import SYSTEM, UNREADABLE, FilePins, MemoryPins, Trust
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from heliobus.transport.http import HttpAnswer
    from heliobus.transport.tls import Pins


class Box:
    """A device that may show another certificate from one moment to the next."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, str | None]] = []
        self._host = Host(web.Application())
        self._open = AsyncExitStack()

    async def show(self, certificate: Certificate | None) -> None:
        await self._open.aclose()
        app = web.Application()
        app.router.add_post("/ask", self._ask)
        context = None if certificate is None else certificate.context()
        self._host = await self._open.enter_async_context(Host(app, port=self._host.port, ssl_context=context))

    async def close(self) -> None:
        await self._open.aclose()

    @property
    def port(self) -> int:
        return self._host.port

    async def _ask(self, request: web.Request) -> web.Response:
        self.heard.append((await request.read(), request.headers.get("Cookie")))
        answer = web.Response(body=b"heard")
        answer.set_cookie("session", "of the box")
        return answer


class Asker:
    def __init__(self, box: Box, pins: Pins | None = None) -> None:
        self.trust = Trust("box", pins=pins)
        self.transport = HttpTransport(timeout=5, trust=self.trust)
        self._box = box

    async def ask(self, body: bytes = b"", *, confidential: bool = False) -> HttpAnswer:
        url = f"https://127.0.0.1:{self._box.port}/ask"
        return await self.transport.request("POST", url, body=body, repeatable=True, confidential=confidential)


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    one = Box()
    yield one
    await one.close()


@pytest.fixture
async def asker(box: Box) -> AsyncIterator[Asker]:
    one = Asker(box)
    yield one
    await one.transport.close()


FIRST, SECOND = self_signed("first"), self_signed("second")


async def test_the_first_certificate_is_pinned_once_the_device_is_known_to_be_the_right_one(
    box: Box, asker: Asker
) -> None:
    await box.show(FIRST)
    await asker.ask()
    assert (asker.trust.seen, asker.trust.known, asker.trust.proven) == (FIRST.fingerprint, None, False)
    asker.trust.keep()
    assert (asker.trust.known, asker.trust.proven) == (FIRST.fingerprint, True)
    await asker.ask(b"secret", confidential=True)
    assert box.heard[-1][0] == b"secret"


async def test_nothing_confidential_goes_to_a_device_that_is_not_known_yet(box: Box, asker: Asker) -> None:
    await box.show(FIRST)
    with pytest.raises(Refused, match="does not show a certificate"):
        await asker.ask(b"secret", confidential=True)
    assert box.heard == []


async def test_another_certificate_is_read_from_and_gets_no_secret_and_no_cookie(box: Box, asker: Asker) -> None:
    await box.show(FIRST)
    await asker.ask()
    asker.trust.keep()
    await asker.ask()
    assert box.heard[-1][1] == 'session="of the box"'
    await box.show(SECOND)
    box.heard.clear()
    with pytest.raises(Refused):
        await asker.ask(b"secret", confidential=True)
    assert box.heard == []
    await asker.ask(b"harmless")
    asker.trust.keep()
    assert box.heard == [(b"harmless", None)]
    assert (asker.trust.seen, asker.trust.known, asker.trust.proven) == (SECOND.fingerprint, FIRST.fingerprint, False)
    with pytest.raises(Refused):  # the open connection is still alive, and yet not used
        await asker.ask(b"secret", confidential=True)
    assert len(box.heard) == 1


async def test_the_owner_accepts_the_other_certificate(box: Box, asker: Asker) -> None:
    asker.trust.accept(FIRST.fingerprint)
    await box.show(SECOND)
    await asker.ask()
    asker.trust.accept(asker.trust.seen)
    await asker.ask(b"secret", confidential=True)
    assert box.heard[-1][0] == b"secret"


async def test_the_old_certificate_comes_back(box: Box, asker: Asker) -> None:
    for certificate in (FIRST, SECOND, FIRST):
        await box.show(certificate)
        await asker.ask()
        asker.trust.keep()
        assert asker.trust.proven == (certificate is FIRST)
    await asker.ask(b"secret", confidential=True)


async def test_a_stranger_in_between_is_not_taken_for_the_one_that_answers(box: Box, asker: Asker) -> None:
    """The known device's connection stays alive while a handshake elsewhere shows another certificate."""
    await box.show(FIRST)
    await asker.ask()
    asker.trust.keep()
    await asker.ask()
    stranger = Box()
    await stranger.show(SECOND)
    port = stranger.port
    with pytest.raises(Refused):
        await asker.transport.request("POST", f"https://127.0.0.1:{port}/ask", confidential=True)
    await asker.transport.request("POST", f"https://127.0.0.1:{port}/ask")
    assert (asker.trust.seen, asker.trust.proven) == (SECOND.fingerprint, False)
    await stranger.close()
    asker.trust.reset()
    await asker.ask()
    assert (asker.trust.seen, asker.trust.proven) == (FIRST.fingerprint, True)


async def test_what_the_system_trusts_may_change(box: Box, asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    def vouch(certificate: Certificate) -> None:
        asker.trust._made[SYSTEM].load_verify_locations(cadata=certificate.pem)

    asker.trust.context(SYSTEM)
    for number in range(2):
        renewed = self_signed(f"proper {number}", address="127.0.0.1")
        vouch(renewed)
        await box.show(renewed)
        await asker.ask(b"secret", confidential=True)
        asker.trust.keep()
        assert (asker.trust.known, asker.trust.seen, asker.trust.proven) == (SYSTEM, renewed.fingerprint, True)
    await box.show(FIRST)
    await asker.ask()
    asker.trust.keep()
    assert (asker.trust.known, asker.trust.proven) == (SYSTEM, False)
    with pytest.raises(Refused):
        await asker.ask(b"secret", confidential=True)


async def test_without_trust_only_authorities_count(box: Box) -> None:
    await box.show(FIRST)
    transport = HttpTransport()
    with pytest.raises(Refused):
        await transport.request("POST", f"https://127.0.0.1:{box.port}/ask")
    await transport.close()


async def test_a_device_that_speaks_no_tls_is_unreachable_by_https(box: Box, asker: Asker) -> None:
    await box.show(None)
    with pytest.raises(Unreachable, match="no TLS"):
        await asker.ask()


async def test_one_that_takes_the_connection_and_says_nothing_is_unreachable_too(asker: Asker) -> None:
    done = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        done.set()

    async with await asyncio.start_server(silence, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        transport = HttpTransport(timeout=1.0, trust=asker.trust)
        with pytest.raises(Unreachable, match="nobody answers"):
            await transport.request("POST", f"https://127.0.0.1:{port}/ask")
        await transport.close()
        await done.wait()


def test_every_context_wants_tls_1_2() -> None:
    trust = Trust("box")
    for proof in (*trust.proofs(confidential=False), FIRST.fingerprint):
        assert trust.context(proof).minimum_version >= ssl.TLSVersion.TLSv1_2
    assert trust.context(SYSTEM).verify_mode is ssl.CERT_REQUIRED
    assert trust.context(SYSTEM).check_hostname


# -- pins


def test_a_file_keeps_pins_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "state" / "pins.json"
    pins, others = FilePins(path), FilePins(path)
    assert pins.get("a") is None
    pins.put("a", "1")
    others.put("b", "2")
    assert (pins.get("a"), pins.get("b")) == ("1", "2")
    assert path.stat().st_mode & 0o777 == 0o600
    others.put("a", None)
    assert json.loads(path.read_text()) == {"b": "2"}
    assert pins.get("a") is None
    assert [one.name for one in path.parent.iterdir()] == ["pins.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', "\xff", "{"])
def test_a_file_that_cannot_be_understood_fits_no_certificate_and_is_left_alone(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "pins.json"
    path.write_text(text, encoding="latin-1")
    pins = FilePins(path)
    for _ in range(3):
        assert pins.get("a") == UNREADABLE
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    with pytest.raises(StorageError, match=r"pins\.json"):
        pins.put("a", "1")
    assert path.read_text(encoding="latin-1") == text
    path.unlink()
    assert pins.get("a") is None


async def test_while_the_pins_cannot_be_read_devices_can_and_get_no_secret(
    box: Box, asker: Asker, tmp_path: Path
) -> None:
    await box.show(FIRST)
    (tmp_path / "pins.json").write_text("{")
    asker.trust.pins = FilePins(tmp_path / "pins.json")
    await asker.ask()
    asker.trust.keep()
    assert not asker.trust.proven
    with pytest.raises(Refused):
        await asker.ask(b"secret", confidential=True)


async def test_a_pin_that_cannot_be_saved_holds_until_the_end(box: Box, asker: Asker, tmp_path: Path) -> None:
    await box.show(FIRST)
    (tmp_path / "pins.json.new").mkdir()
    asker.trust.pins = FilePins(tmp_path / "pins.json")
    await asker.ask()
    asker.trust.keep()
    assert asker.trust.known == FIRST.fingerprint
    await asker.ask(b"secret", confidential=True)


def test_memory_forgets_what_it_is_told_to() -> None:
    pins = MemoryPins()
    pins.put("a", "1")
    pins.put("a", None)
    pins.put("a", None)
    assert pins.get("a") is None


# -- house rule


def test_verification_is_switched_off_in_one_file_only() -> None:
    words = ("CERT_NONE", "CERT_OPTIONAL", "_create_unverified", "ssl=False", "verify_ssl", "check_hostname = False")
    found = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src").rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in words)
    }
    assert found == {"heliobus/transport/tls.py"}
