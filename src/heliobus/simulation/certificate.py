"""A certificate that a simulated box makes for itself at its start, as real ones do: no authority has signed it.

It is ECDSA on P-256 (FIPS 186-4, RFC 5480) in an X.509 certificate (RFC 5280), written out here because Python's
library has neither and a compiled dependency would be too much for one throw-away key.  The arithmetic is not hardened
against eavesdroppers, so nothing but a simulator may use such a key; it never leaves the process that made it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import ssl
import tempfile
from base64 import encodebytes
from pathlib import Path
from typing import NamedTuple, TypeAlias

Point: TypeAlias = "tuple[int, int] | None"
"""A point of the curve; None is the one at infinity."""

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_BYTES = 32

# Object identifiers in their encoded form.
_EC_KEY, _P256 = bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06082a8648ce3d030107")
_ECDSA_SHA256, _COMMON_NAME = bytes.fromhex("06082a8648ce3d040302"), bytes.fromhex("0603550403")
_ALTERNATIVE_NAME = bytes.fromhex("0603551d11")

_INTEGER, _BITS, _OCTETS, _TEXT, _TIME, _SEQUENCE, _SET, _ADDRESS = 0x02, 0x03, 0x04, 0x0C, 0x17, 0x30, 0x31, 0x87
_VALIDITY = (b"200101000000Z", b"491231235959Z")  # simulated clocks show any year


class Certificate(NamedTuple):
    """A self-signed certificate (DER) and its private key (PEM)."""

    der: bytes
    key: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in lower-case hex."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def pem(self) -> str:
        return _pem("CERTIFICATE", self.der)

    def context(self) -> ssl.SSLContext:
        """Give what a server needs to speak TLS with it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:  # the ssl module reads keys from files only
            path = Path(folder, "box.pem")
            path.write_text(self.key + self.pem, encoding="ascii")
            context.load_cert_chain(path)
        return context


def self_signed(name: str, *, address: str | None = None) -> Certificate:
    """Make a new certificate for ``name``, and if given for an IP ``address``."""
    secret = 1 + secrets.randbelow(_N - 1)
    public = _point(_multiple(secret, _G))
    algorithm = _der(_SEQUENCE, _ECDSA_SHA256)
    owner = _der(_SEQUENCE, _der(_SET, _der(_SEQUENCE, _COMMON_NAME, _der(_TEXT, name.encode()))))
    body = _der(
        _SEQUENCE,
        _der(0xA0, _integer(2)),  # version 3
        _integer(1 + secrets.randbits(64)),
        algorithm,
        owner,
        _der(_SEQUENCE, *(_der(_TIME, moment) for moment in _VALIDITY)),
        owner,
        _der(_SEQUENCE, _der(_SEQUENCE, _EC_KEY, _P256), _der(_BITS, b"\0", public)),
        *([] if address is None else [_extensions(address)]),
    )
    key = _der(
        _SEQUENCE,
        _integer(1),
        _der(_OCTETS, secret.to_bytes(_BYTES, "big")),
        _der(0xA0, _P256),
        _der(0xA1, _der(_BITS, b"\0", public)),
    )
    der = _der(_SEQUENCE, body, algorithm, _der(_BITS, b"\0", _signature(body, secret)))
    return Certificate(der, _pem("EC PRIVATE KEY", key))


def _extensions(address: str) -> bytes:
    names = _der(_SEQUENCE, _der(_ADDRESS, ipaddress.ip_address(address).packed))
    return _der(0xA3, _der(_SEQUENCE, _der(_SEQUENCE, _ALTERNATIVE_NAME, _der(_OCTETS, names))))


# -- the curve: y^2 = x^3 - 3x + b modulo _P


def _sum(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % _P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, _P) if one == other else (y2 - y1) * pow(x2 - x1, -1, _P)
    x = (slope * slope - x1 - x2) % _P
    return x, (slope * (x1 - x) - y1) % _P


def _multiple(factor: int, point: Point) -> Point:
    total: Point = None
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        factor >>= 1
    return total


def _signature(message: bytes, secret: int) -> bytes:
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    while True:
        nonce = 1 + secrets.randbelow(_N - 1)
        point = _multiple(nonce, _G)
        r = 0 if point is None else point[0] % _N
        s = pow(nonce, -1, _N) * (digest + r * secret) % _N
        if r and s:
            return _der(_SEQUENCE, _integer(r), _integer(s))


def _point(point: Point) -> bytes:
    return b"\x04" + b"".join(part.to_bytes(_BYTES, "big") for part in point or ())


# -- DER: a tag, a length, the content


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:  # noqa: PLR2004 - the short form
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _pem(label: str, der: bytes) -> str:
    return f"-----BEGIN {label}-----\n{encodebytes(der).decode()}-----END {label}-----\n"
