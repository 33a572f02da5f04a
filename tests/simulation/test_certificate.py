"""OpenSSL itself judges what is made here."""

from __future__ import annotations

import socket
import ssl
import threading

import pytest

from heliobus.simulation.certificate import Certificate, self_signed


def handshake(server: ssl.SSLContext, client: ssl.SSLContext) -> bytes | None:
    """Give the certificate that the client has seen."""
    near, far = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(far, server_side=True).close()
        except (ssl.SSLError, OSError):
            far.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(near, server_hostname="127.0.0.1") as wrapped:
            return wrapped.getpeercert(binary_form=True)
    finally:
        near.close()
        thread.join()


def trusting(certificate: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=certificate.pem)


def test_whoever_trusts_it_can_verify_its_signature_and_name() -> None:
    for _ in range(20):
        made = self_signed("SENEC", address="127.0.0.1")
        assert handshake(made.context(), trusting(made)) == made.der


def test_nobody_else_does() -> None:
    made = self_signed("SENEC", address="127.0.0.1")
    for context in (ssl.create_default_context(), trusting(self_signed("SENEC", address="127.0.0.1"))):
        with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
            handshake(made.context(), context)


def test_it_is_for_no_address_unless_one_is_given() -> None:
    made = self_signed("SENEC")
    with pytest.raises(ssl.SSLCertVerificationError, match=r"127\.0\.0\.1"):
        handshake(made.context(), trusting(made))


def test_every_one_is_new() -> None:
    first, second = self_signed("SENEC"), self_signed("SENEC")
    assert first.fingerprint != second.fingerprint
    assert first.key != second.key
    assert len(first.fingerprint) == 64


def test_a_forged_certificate_is_seen() -> None:
    made = self_signed("SENEC", address="127.0.0.1")
    last = made.der[:-1] + bytes([made.der[-1] ^ 1])
    forged = Certificate(last, made.key)
    with pytest.raises(ssl.SSLError):
        handshake(forged.context(), ssl.create_default_context(cadata=made.pem))
